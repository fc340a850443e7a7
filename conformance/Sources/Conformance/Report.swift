// Results as TAP, as JSON lines, rule by rule, and as progress for a person who waits.
import Foundation

enum Verdict: Sendable {
    case passed
    case failed([String])
    case skipped(String)
}

struct Result: Sendable {
    let test: Case
    let verdict: Verdict
    let seconds: Double
}

enum Format: Sendable { case tap, json, rules }

/// Prints results in the order of the table, as soon as all earlier ones are known.
struct Report {
    let format: Format
    let total: Int
    let table: RuleTable
    private var waiting: [Int: Result] = [:]
    private var shown: [Result] = []
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var skipped = 0
    private let showsProgress = isatty(2) == 1

    init(format: Format, total: Int, table: RuleTable) {
        self.format = format
        self.total = total
        self.table = table
    }

    func open() {
        if format == .tap { print("TAP version 13\n1..\(total)") }
    }

    mutating func add(_ result: Result, at index: Int) {
        switch result.verdict {
        case .passed: passed += 1
        case .failed: failed += 1
        case .skipped: skipped += 1
        }
        if showsProgress { Report.tell("\r\u{1b}[K") }
        waiting[index] = result
        while let ready = waiting.removeValue(forKey: shown.count) {
            shown.append(ready)
            show(ready)
        }
        if showsProgress {
            let done = passed + failed + skipped
            Report.tell("\(done)/\(total), \(failed) failed: \(result.test.id)")
        }
        fflush(nil)
    }

    private func show(_ result: Result) {
        let name = "\(shown.count) - \(result.test.id): \(result.test.title)"
        switch (format, result.verdict) {
        case (.tap, .passed): print("ok \(name)")
        case (.tap, .skipped(let reason)): print("ok \(name) # SKIP \(reason)")
        case (.tap, .failed(let messages)):
            print("not ok \(name)")
            for message in messages {
                for line in message.lines { print("#   \(line)") }
            }
            if !result.test.source.isEmpty { print("#   see \(result.test.source)") }
        case (.json, let verdict):
            print(line(result, verdict).encoded.replacingOccurrences(of: "\n", with: ""))
        case (.rules, _): break
        }
    }

    private func line(_ result: Result, _ verdict: Verdict) -> JSON {
        var line: JSON = [
            "id": .string(result.test.id), "title": .string(result.test.title),
            "source": .string(result.test.source),
            "seconds": .double((result.seconds * 1000).rounded() / 1000),
            "tags": JSON(result.test.tags.map(\.rawValue).sorted()),
            "rules": JSON(table.rules(provenBy: result.test).map(\.id)),
        ]
        switch verdict {
        case .passed: line.result = "passed"
        case .failed(let messages):
            line.result = "failed"
            line.messages = JSON(messages)
        case .skipped(let reason):
            line.result = "skipped"
            line.reason = .string(reason)
        }
        return line
    }

    static func tell(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    func close() {
        if showsProgress { Report.tell("\r\u{1b}[K") }
        let summary = RuleSummary(table, shown)
        switch format {
        case .tap:
            for line in summary.lines { print("# | \(line)") }
        case .rules:
            print(summary.report)
            beyondSpec()
            for line in summary.lines { print(line) }
        case .json:
            for result in summary.results {
                let line: JSON = [
                    "rule": .string(result.rule.id), "section": .string(result.rule.section),
                    "text": .string(result.rule.text), "keywords": JSON(result.rule.keywords),
                    "verdict": .string(result.verdict.rawValue), "reasons": JSON(result.reasons),
                ]
                print(line.encoded.replacingOccurrences(of: "\n", with: ""))
            }
            print("{\"passed\":\(passed),\"failed\":\(failed),\"skipped\":\(skipped)}")
            return
        }
        print("\(passed) passed, \(failed) failed, \(skipped) skipped")
    }

    /// What failed of that which the spec does not ask.
    private func beyondSpec() {
        let others = shown.filter { result in !table.rules.contains { $0.names(result.test) } }
        if others.isEmpty { return }
        print("beyond the spec: the contract with engines, and attacks (\(others.count) cases)")
        for result in others {
            if case .failed(let messages) = result.verdict {
                print("  FAILED    \(result.test.id): \(messages.first?.lines.first ?? "")")
            }
        }
        print("")
    }
}
