// One creation for each step, with exactly that step failing.
import LaunchPlan
import Lifecycle
import Linux

/// How the container is launched: the two verbs have different plans.
enum LaunchMode: String, CaseIterable {
    case create, run
}

/// What has been seen so far.
struct FaultReport {
    var count = 0
    var failures = 0

    mutating func add(_ title: String, _ problems: [String]) {
        count += 1
        if !problems.isEmpty { failures += 1 }
        print("\(problems.isEmpty ? "ok" : "not ok") \(count) - \(title)")
        for problem in problems { print("#   \(problem)") }
    }
}

struct Faults {
    let bundle: String
    let mode: LaunchMode
    private let id = "apus-faults-container"
    private let options = RuntimeOptions(root: "/run/apus-faults", manager: .cgroupfs)

    init(bundle: String, mode: LaunchMode) {
        self.bundle = bundle
        self.mode = mode
    }

    func run(_ report: inout FaultReport) {
        let steps: [PlannedStep]
        do throws(Failure) {
            // Once without a fault: caches are warm then, and the bundle is seen to work.
            try launch(nil)
            try Verb.delete(id, force: true, options)
            steps = try Verb.plan(request(nil), options).steps
        } catch {
            report.add("\(mode): no fault", ["\(error)"])
            return
        }
        Self.reap()
        let before = Traces()
        for (index, planned) in steps.enumerated() {
            let title = "\(mode.rawValue) \(index + 1): \(planned.step.summary)"
            report.add(title, attempt(index, planned, before))
        }
    }

    private func attempt(_ index: Int, _ planned: PlannedStep, _ before: Traces) -> [String] {
        var problems: [String] = []
        do throws(Failure) {
            try launch(index)
            problems.append("nothing failed")
        } catch {
            if error.pointer ?? "" != planned.pointer {
                problems.append("pointer \(error.pointer ?? "none") instead of \(planned.pointer): \(error)")
            }
        }
        // A container that was created before its start failed is there until it is deleted.
        if (try? Verb.state(id, options)) != nil {
            if !isAfterStart(index) { problems.append("the state directory is left") }
            do throws(Failure) { try Verb.delete(id, force: true, options) } catch {
                problems.append("delete: \(error)")
            }
        }
        Self.reap()
        return problems + Traces().differences(from: before, id)
    }

    /// The init of a created container is a child of `create`, which usually is gone when it ends.
    private static func reap() {
        while let ended = try? Syscall.wait(-1, noHang: true), ended.pid > 0 {}
    }

    private func isAfterStart(_ index: Int) -> Bool {
        guard mode == .create, let steps = try? Verb.plan(request(nil), options).steps else { return false }
        return steps[...index].contains { if case .container(.awaitStart) = $0.step { true } else { false } }
    }

    private func request(_ failing: Int?) -> CreateRequest {
        var request = CreateRequest(id: id, bundle: bundle)
        request.failingStep = failing
        request.detach = true
        request.startsAtOnce = mode == .run
        return request
    }

    private func launch(_ failing: Int?) throws(Failure) {
        switch mode {
        case .create:
            _ = try Verb.create(request(failing), options)
            try Verb.start(id, options)
        case .run: _ = try Verb.run(request(failing), options, warn: { _ in })
        }
    }
}
