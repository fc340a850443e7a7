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
    @Option(help: "Only cases that prove this rule, or rules whose id contains this.") var rule: [String] = []
    @Flag(help: "Print the table of rules instead of running cases.") var rules = false
    @Flag(help: "Check that the table of rules fits the cases.") var check = false
    @Flag(help: "TAP (the default when standard output is no terminal).") var tap = false
    @Flag(help: "One JSON object per case, then one per rule.") var json = false
    @Flag(help: "Rule by rule, for people (the default on a terminal).") var report = false
    @Option(help: "Seconds for a case; slow ones get five times as many.") var limit = 60.0
    @Option(help: "Cases at a time.") var jobs = 4
    @Flag(help: "Keep the work directory.") var keep = false
    @Option(help: .hidden) var probe: String
    @Option(help: .hidden) var table: String

    func validate() throws {
        for name in tag + skipTag where Tag(rawValue: name) == nil {
            let known = Tag.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no tag \(name); there are \(known)")
        }
        if runtime == nil && !list && !rules && !check {
            throw ValidationError("which runtime? Give its path.")
        }
    }

    private func chosenRules(_ table: RuleTable) -> [Rule] {
        table.rules.filter { one in rule.isEmpty || rule.contains { one.id.contains($0) } }
    }

    private func chosen(_ table: RuleTable) -> [Case] {
        let wanted = chosenRules(table)
        return allCases.filter { test in
            let names = Set(test.tags.map(\.rawValue))
            return (filter.isEmpty || filter.contains { $0 == "=" + test.id || test.id.contains($0) })
                && (rule.isEmpty || wanted.contains { $0.names(test) })
                && (tag.isEmpty || !names.isDisjoint(with: tag)) && names.isDisjoint(with: skipTag)
        }
    }

    /// Prints what was asked for instead of a run; false when a run is wanted.
    private func printed(_ table: RuleTable) throws -> Bool {
        if check {
            let problems = table.problems(allCases)
            for problem in problems { print(problem) }
            let pending = table.rules.count(where: \.isPending)
            print("\(table.rules.count) rules, \(pending) pending, \(problems.count) problems")
            if !problems.isEmpty { throw ExitCode(1) }
        } else if rules {
            for one in chosenRules(table) {
                print("\(one.id)  \(one.keywords.joined(separator: ", "))  \(one.section)\n    \(one.text)")
                let names = allCases.filter { one.names($0) }.map(\.id)
                if !names.isEmpty { print("    cases: \(names.joined(separator: " "))") }
                if let why = one.undecided { print("    undecided: \(why)") }
            }
        } else if list {
            for test in chosen(table) {
                let tags = test.tags.map(\.rawValue).sorted().joined(separator: ",")
                print("\(test.id)\t\(test.title)\t\(test.source)\t\(tags)")
            }
        }
        return check || rules || list
    }

    private var format: Format {
        if json { return .json }
        if report { return .rules }
        return tap || isatty(1) == 0 ? .tap : .rules
    }

    func run() throws {
        let table = try RuleTable(path: table)
        if try printed(table) { return }
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
            runtime: path, probe: probe, cases: chosen(table), table: table, format: format, keep: keep,
            limit: limit)
        if let obstacle = runner.obstacle() {
            runner.removeWork()
            Report.tell("conformance: \(path) cannot make the smallest container here: \(obstacle)\n")
            throw ExitCode(2)
        }
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
