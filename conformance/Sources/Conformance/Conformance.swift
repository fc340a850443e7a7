// The command line: which runtime, which cases, which form of report.
import ArgumentParser
import Foundation

@main struct Conformance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance/run",
        abstract: "Checks an OCI runtime against the runtime-spec and the contract that engines rely on.",
        discussion: "Needs root. Ends with 0 when no case failed.")

    @Argument(help: "The runtime: a path, or a name on PATH.") var runtime: String?
    @Option(help: "Only cases whose id contains this, or, as =ID, is this; may be given more than once.")
    var filter: [String] = []
    @Option(help: "Only cases with this tag.") var tag: [String] = []
    @Option(help: "No cases with this tag.") var skipTag: [String] = []
    @Flag(help: "Print the cases instead of running them.") var list = false
    @Flag(help: "TAP (the default).") var tap = false
    @Flag(help: "One JSON object per case.") var json = false
    @Option(help: "Cases at a time.") var jobs = 4
    @Flag(help: "Keep the work directory.") var keep = false
    @Option(help: .hidden) var probe: String

    func validate() throws {
        for name in tag + skipTag where Tag(rawValue: name) == nil {
            let known = Tag.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no tag \(name); there are \(known)")
        }
        if runtime == nil && !list { throw ValidationError("which runtime? Give its path.") }
    }

    private var chosen: [Case] {
        allCases.filter { test in
            let names = Set(test.tags.map(\.rawValue))
            return (filter.isEmpty || filter.contains { $0 == "=" + test.id || test.id.contains($0) })
                && (tag.isEmpty || !names.isDisjoint(with: tag)) && names.isDisjoint(with: skipTag)
        }
    }

    func run() throws {
        if list {
            for test in chosen {
                let tags = test.tags.map(\.rawValue).sorted().joined(separator: ",")
                print("\(test.id)\t\(test.title)\t\(test.source)\t\(tags)")
            }
            return
        }
        guard getuid() == 0 else {
            Report.tell("conformance: needs root\n")
            throw ExitCode(2)
        }
        guard let path = resolve(runtime ?? "") else {
            Report.tell("conformance: \(runtime ?? ""): no such program\n")
            throw ExitCode(2)
        }
        signal(SIGPIPE, SIG_IGN)
        let runner = try Runner(
            runtime: path, probe: probe, cases: chosen, format: json ? .json : .tap, keep: keep)
        if !runner.run(jobs: jobs) { throw ExitCode(1) }
    }

    private func resolve(_ name: String) -> String? {
        if name.contains("/") { return Files.readableProgram(name) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").lazy.compactMap { Files.readableProgram("\($0)/\(name)") }.first
    }
}

extension Files {
    static func readableProgram(_ path: String) -> String? {
        guard access(path, X_OK) == 0 else { return nil }
        return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
