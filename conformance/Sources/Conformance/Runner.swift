// Runs cases on worker threads, each in a directory and under a mark of its own.
import Foundation
import Synchronization

final class Runner: Sendable {
    let runtime: String
    let probe: String
    let host: Host
    let work: String
    let keep: Bool
    /// Seconds for a case; those tagged slow get five times as many.
    let limit: Double
    private let report: Mutex<Report>
    private let cases: [(index: Int, test: Case)]

    init(
        runtime: String, probe: String, cases: [Case], table: RuleTable, format: Format, keep: Bool,
        limit: Double
    ) throws {
        self.runtime = runtime
        self.keep = keep
        self.limit = limit
        host = Host()
        work = "/var/tmp/conformance.\(getpid())"
        try Files.makeDirectory(work, mode: 0o755)
        self.probe = work + "/probe"
        try Files.copy(probe, to: self.probe)
        self.cases = cases.enumerated().map { ($0.offset, $0.element) }
        report = Mutex(Report(format: format, total: cases.count, table: table))
    }

    /// Why this runtime cannot make the smallest container here; nil when it can.
    func obstacle() -> String? {
        // What it leaves behind is for the cases to tell.
        let made = Mutex(false)
        let test = Case("preflight", "the smallest container can be created") { t in
            try t.container(["pause"]).create()
            made.withLock { $0 = true }
        }
        let verdict = run(test, cases.count).verdict
        if case .failed(let messages) = verdict, !made.withLock({ $0 }) { return messages.first }
        return nil
    }

    func removeWork() { try? FileManager.default.removeItem(atPath: work) }

    /// True when nothing failed.
    func run(jobs: Int) -> Bool {
        report.withLock { $0.open() }
        work(on: cases.filter { !$0.test.tags.contains(.serial) }, jobs: jobs)
        work(on: cases.filter { $0.test.tags.contains(.serial) }, jobs: 1)
        for hierarchy in host.hierarchies { rmdir(hierarchy + "/conformance.test") }
        if !keep { removeWork() }
        return report.withLock { report in
            report.close()
            return report.failed == 0
        }
    }

    private func work(on queue: [(index: Int, test: Case)], jobs: Int) {
        let next = Atomic(0)
        let group = DispatchGroup()
        for _ in 0..<min(jobs, queue.count) {
            group.enter()
            let thread = Thread {
                while true {
                    let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard position < queue.count else { break }
                    let (index, test) = queue[position]
                    let result = self.run(test, index)
                    self.report.withLock { $0.add(result, at: index) }
                }
                group.leave()
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
        group.wait()
    }

    private func run(_ test: Case, _ index: Int) -> Result {
        let began = Date()
        var verdict = Verdict.passed
        do {
            let mark = "conf\(getpid())n\(index)x"
            let trial = try Trial(
                runtime: runtime, host: host, directory: "\(work)/\(mark)", mark: mark, probe: probe)
            trial.deadline = began.addingTimeInterval(test.tags.contains(.slow) ? 5 * limit : limit)
            do { try test.body(trial) } catch let skip as Skip { verdict = .skipped(skip.reason) } catch {
                verdict = .failed([(error as? Failure)?.message ?? String(describing: error)])
            }
            let failed = if case .failed = verdict { true } else { false }
            // What cleans up gets time of its own.
            trial.deadline = Date().addingTimeInterval(limit)
            let problems = trial.finish(failed: failed)
            switch verdict {
            case .failed(let messages): verdict = .failed(messages + problems)
            case .passed where !problems.isEmpty: verdict = .failed(problems)
            default: break
            }
        } catch { verdict = .failed(["the test itself: \(error)"]) }
        return Result(test: test, verdict: verdict, seconds: Date().timeIntervalSince(began))
    }
}
