// A bundle and the container made from it, driven only through the runtime's command line.
import Foundation

final class Container {
    unowned let trial: Trial
    let id: String
    let bundle: String
    /// Written to config.json by the first verb that needs it.
    var config: JSON
    /// Global options between `--root DIR` and the verb.
    var globals: [String] = []
    /// A program and arguments in front of the runtime, e.g. `unshare -m`.
    var prefix: [String] = []
    /// Variables for the runtime beside the usual ones.
    var environment: [String: String] = [:]
    /// What the container printed so far goes here when it was created (not run).
    private(set) var outputPath: String
    /// True while a delete is owed.
    var isPresent = false
    private var isWritten = false

    init(_ trial: Trial, id: String, args: [String]) throws {
        self.trial = trial
        self.id = id
        bundle = trial.fresh("bundle")
        outputPath = trial.fresh("output")
        config = .usualConfig(args: args, cgroup: "/conformance.test/\(id)", mark: trial.mark)
        for name in ["proc", "dev", "sys", "tmp", "etc"] { try Files.makeDirectory("\(rootfs)/\(name)") }
        try Files.link(rootfs + "/probe", to: trial.probe)
    }

    var rootfs: String { bundle + "/rootfs" }

    /// A path below the rootfs as seen from the host.
    func inside(_ path: String) -> String { rootfs + (path.hasPrefix("/") ? path : "/" + path) }

    func writeConfig(_ text: String? = nil) throws {
        isWritten = true
        try Files.write(bundle + "/config.json", text ?? config.encoded)
    }

    /// The command for the runtime with these arguments; the verb's own files for output and errors.
    func command(_ arguments: [String]) -> Command {
        var command = trial.command(prefix + [trial.runtime, "--root", trial.root] + globals + arguments)
        command.environment.merge(environment) { $1 }
        return command
    }

    func attempt(_ arguments: [String]) throws -> Outcome { try command(arguments).run() }

    /// A verb on this container that must succeed.
    @discardableResult func must(_ arguments: [String]) throws -> Outcome {
        let outcome = try attempt(arguments)
        try check(outcome.status == 0, outcome.description)
        return outcome
    }

    func writeConfigOnce() throws {
        if !isWritten { try writeConfig() }
    }

    private func creation(_ verb: String, _ options: [String]) throws -> Command {
        if !isWritten { try writeConfig() }
        var command = command([verb, "--bundle", bundle] + options + [id])
        command.output = outputPath
        return command
    }

    func attemptCreate(_ options: [String] = [], passed: [Int32] = []) throws -> Outcome {
        var command = try creation("create", options)
        command.passed = passed
        let outcome = try command.run()
        isPresent = outcome.status == 0
        return outcome
    }

    @discardableResult func create(_ options: [String] = [], passed: [Int32] = []) throws -> Outcome {
        let outcome = try attemptCreate(options, passed: passed)
        try check(outcome.status == 0, outcome.description)
        return outcome
    }

    /// A create that must fail, print a reason and leave nothing.
    @discardableResult func refusedCreate(_ options: [String] = []) throws -> Outcome {
        let outcome = try attemptCreate(options)
        try check(outcome.status != 0, "create succeeded, but must fail")
        try check(!outcome.timedOut, outcome.description)
        try check(!outcome.err.trimmed.isEmpty, "create failed without a message")
        try nothingLeft("after the failed create")
        return outcome
    }

    func nothingLeft(_ when: String) throws {
        var left = trial.leftovers()
        _ = eventually(within: 2) {
            if !left.isEmpty { left = trial.leftovers() }
            return left.isEmpty
        }
        try check(left.isEmpty, "\(when): \(left.joined(separator: "; "))")
    }

    func start() throws { try must(["start", id]) }

    /// `run` in the foreground.
    func run(_ options: [String] = [], passed: [Int32] = [], input: String = "/dev/null") throws -> Outcome {
        var command = try creation("run", options)
        command.passed = passed
        command.input = input
        return try command.run()
    }

    /// `run` in the foreground with exit code 0; what the probe printed.
    func output(_ options: [String] = []) throws -> ProbeOutput {
        let outcome = try run(options)
        try check(outcome.status == 0, outcome.description)
        return ProbeOutput(outcome.out)
    }

    /// `run` in the background; wait with `finish`.
    func startRun(_ options: [String] = []) throws -> (command: Command, pid: pid_t) {
        let command = try creation("run", options)
        return (command, try command.start())
    }

    func state() throws -> JSON {
        let outcome = try must(["state", id])
        do { return try JSON.parse(outcome.out) } catch { throw Failure("state is no JSON: \(outcome.out)") }
    }

    func status() throws -> String { try state().status.text ?? "none" }

    func pid() throws -> Int {
        guard let pid = try state().pid.number, pid > 0 else { throw Failure("state has no pid") }
        return pid
    }

    func waitFor(_ status: String, within limit: Double = 5) throws {
        var last = ""
        let reached = try eventually(within: limit) {
            last = try self.status()
            return last == status
        }
        try check(reached, "status stays \(last), wanted \(status)")
    }

    func delete(force: Bool = false) throws {
        try must(force ? ["delete", "--force", id] : ["delete", id])
        isPresent = false
    }

    /// What a created container printed until now.
    var log: String { Files.read(outputPath) ?? "" }

    func waitForLog(_ text: String, within limit: Double = 5) throws {
        let seen = eventually(within: limit) { log.contains(text) }
        try check(seen, "the container never printed \"\(text)\", only \"\(log)\"")
    }

    /// create, start, wait for the end, delete; what the probe printed.
    func wholeLife() throws -> ProbeOutput {
        try create()
        try start()
        try waitFor("stopped", within: 10)
        try delete()
        return ProbeOutput(log)
    }

    // MARK: - cgroups

    /// The directory of this running container's cgroup for a v1 controller, or of the unified hierarchy ("").
    func group(_ controller: String) throws -> String {
        let paths = Outside.cgroups(of: try pid())
        let mount = controller.isEmpty ? trial.host.unified : trial.host.v1[controller]
        guard let mount else { throw Skip("no cgroup hierarchy for \"\(controller)\"") }
        guard let path = paths[controller] else { throw Failure("no cgroup for \(controller)") }
        return mount + path
    }

    func groupFile(_ controller: String, _ file: String) throws -> String {
        let path = try group(controller) + "/" + file
        guard let text = Files.read(path) else { throw Failure("cannot read \(path)") }
        return text.trimmed
    }
}
