// One run of one case: its directory, its containers, and the proof at the end that nothing is left.
import Foundation

final class Trial {
    let runtime: String
    let host: Host
    let directory: String
    /// Part of every container id, cgroup, environment and path of this trial; no other trial has it.
    let mark: String
    /// Hard-linked into each rootfs; also usable on the host.
    let probe: String
    /// No program of this trial runs longer; set by the runner.
    var deadline = Date.distantFuture
    private(set) var containers: [Container] = []
    private var counter = 0
    private var closing: [() -> Void] = []

    init(runtime: String, host: Host, directory: String, mark: String, probe: String) throws {
        self.runtime = runtime
        self.host = host
        self.directory = directory
        self.mark = mark
        self.probe = probe
        try Files.makeDirectory(directory)
    }

    var root: String { directory + "/root" }

    /// A bundle whose process is the probe with these arguments, not yet created.
    func container(_ probe: [String], id: String? = nil, _ edit: (inout JSON) throws -> Void = { _ in })
        throws
        -> Container
    {
        counter += 1
        let container = try Container(self, id: id ?? "\(mark)-\(counter)", args: ["/probe"] + probe)
        try edit(&container.config)
        containers.append(container)
        return container
    }

    /// Runs the probe in a new container in the foreground and gives what it printed; the exit code must be 0.
    func output(_ probe: [String], _ edit: (inout JSON) throws -> Void = { _ in }) throws -> ProbeOutput {
        try container(probe, edit).output()
    }

    /// A created and started container with the probe's `pause`.
    func paused(_ edit: (inout JSON) throws -> Void = { _ in }) throws -> Container {
        let container = try container(["pause"], edit)
        try container.create()
        try container.start()
        return container
    }

    func fresh(_ name: String) -> String {
        counter += 1
        return "\(directory)/\(counter).\(name)"
    }

    var environment: [String: String] {
        // REAL_RUNTIME is for conformance/broken, which stands between the suite and a runtime.
        let real = ProcessInfo.processInfo.environment["REAL_RUNTIME"].map { ["REAL_RUNTIME": $0] } ?? [:]
        return ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CONFORMANCE_MARK": mark, "HOME": "/root"]
            .merging(real) { $1 }
    }

    func command(_ argv: [String]) -> Command {
        Command(
            argv: argv, environment: environment, directory: directory, output: fresh("out"),
            errors: fresh("err"), deadline: deadline)
    }

    /// Runs a program on the host that must succeed.
    @discardableResult func host(_ argv: String...) throws -> Outcome {
        let outcome = try command(argv).run()
        try check(outcome.status == 0, "the test itself: \(outcome.description)")
        return outcome
    }

    /// The runtime with its global options and these arguments.
    func invoke(_ arguments: [String], globals: [String] = []) throws -> Outcome {
        try command([runtime, "--root", root] + globals + arguments).run()
    }

    func atEnd(_ action: @escaping () -> Void) { closing.append(action) }

    /// Starts the probe on the host in the background; it ends with the trial. Gives its pid and its output file.
    func background(_ arguments: [String]) throws -> (pid: pid_t, output: String) {
        let command = command([probe] + arguments)
        let pid = try command.start()
        atEnd {
            kill(pid, SIGKILL)
            _ = Command.wait(pid, limit: 2)
        }
        return (pid, command.output)
    }

    // MARK: - the end

    /// Deletes what the body left on purpose, then tells what is still there. Removes all of it in the end.
    func finish(failed: Bool) -> [String] {
        var problems: [String] = []
        for container in containers where container.isPresent {
            let outcome = try? container.attempt(["delete", "--force", container.id])
            if outcome?.status != 0 {
                problems.append(
                    "delete --force \(container.id) failed: \(outcome?.description ?? "not started")")
            }
        }
        closing.reversed().forEach { $0() }
        var left = leftovers()
        _ = eventually(within: failed ? 0.2 : 3) {
            if !left.isEmpty { left = leftovers() }
            return left.isEmpty
        }
        problems += left
        if !problems.isEmpty { sweep() }
        // Files with chattr or mounts below would make this fail; both show up as problems above.
        try? FileManager.default.removeItem(atPath: directory)
        if Files.exists(directory) { _ = try? Trial.system(["rm", "-rf", "--one-file-system", directory]) }
        return problems
    }

    /// State, cgroups, mounts and processes of this trial that exist now.
    func leftovers() -> [String] {
        let state = Files.names(root).filter { name in containers.contains { $0.id == name } }
        return state.map { "state directory left: \(root)/\($0)" }
            + Outside.groups(host, marked: mark).map { "cgroup left: \($0)" }
            + Outside.mounts(below: directory).map { "mount left: \($0)" }
            + Outside.processes(marked: mark).map { "process left: \($0)" }
    }

    private func sweep() {
        for container in containers {
            _ = try? container.attempt(["delete", "--force", container.id])
        }
        for process in Outside.processes(marked: mark) {
            if let pid = pid_t(process.prefix { $0.isNumber }) { kill(pid, SIGKILL) }
        }
        for mount in Outside.mounts(below: directory).reversed() { umount2(mount, Int32(MNT_DETACH)) }
        _ = eventually(within: 1) {
            Outside.groups(host, marked: mark).allSatisfy { rmdir($0) == 0 }
        }
    }

    static func system(_ argv: [String]) throws -> Int32 {
        let command = Command(
            argv: argv, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], directory: "/",
            output: "/dev/null", errors: "/dev/null")
        return try command.run().status
    }
}
