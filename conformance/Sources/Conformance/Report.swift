// Results as TAP, as JSON lines, and as progress for a person who waits.
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

enum Format: Sendable { case tap, json }

/// Prints results in the order of the table, as soon as all earlier ones are known.
struct Report {
    let format: Format
    let total: Int
    private var waiting: [Int: Result] = [:]
    private var next = 0
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var skipped = 0
    private let showsProgress = isatty(2) == 1

    init(format: Format, total: Int) {
        self.format = format
        self.total = total
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
        while let ready = waiting.removeValue(forKey: next) {
            next += 1
            show(ready)
        }
        if showsProgress {
            let done = passed + failed + skipped
            Report.tell("\(done)/\(total), \(failed) failed: \(result.test.id)")
        }
        fflush(nil)
    }

    private func show(_ result: Result) {
        let name = "\(result.test.id): \(result.test.title)"
        switch (format, result.verdict) {
        case (.tap, .passed): print("ok \(next) - \(name)")
        case (.tap, .skipped(let reason)): print("ok \(next) - \(name) # SKIP \(reason)")
        case (.tap, .failed(let messages)):
            print("not ok \(next) - \(name)")
            for message in messages {
                for line in message.lines { print("#   \(line)") }
            }
            if !result.test.source.isEmpty { print("#   see \(result.test.source)") }
        case (.json, let verdict):
            print(Report.line(result, verdict).encoded.replacingOccurrences(of: "\n", with: ""))
        }
    }

    private static func line(_ result: Result, _ verdict: Verdict) -> JSON {
        var line: JSON = [
            "id": .string(result.test.id), "title": .string(result.test.title),
            "source": .string(result.test.source),
            "seconds": .double((result.seconds * 1000).rounded() / 1000),
            "tags": JSON(result.test.tags.map(\.rawValue).sorted()),
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
        let sums = "\(passed) passed, \(failed) failed, \(skipped) skipped"
        print(format == .tap ? sums : "{\"passed\":\(passed),\"failed\":\(failed),\"skipped\":\(skipped)}")
    }
}
