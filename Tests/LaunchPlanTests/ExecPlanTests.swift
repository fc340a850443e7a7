// The plans of exec: golden files, and the rules that each of them keeps.
import CLinux
import Foundation
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct ExecPlanTests {
    static let traces: [Trace] = ExecFixture.all.compactMap { fixture in
        (try? fixture.plan()).map { Trace(name: fixture.name, plan: $0) }
    }

    /// `UPDATE_GOLDEN=1` writes plan.txt anew; review the difference.
    @Test(arguments: ExecFixture.all)
    func outcome(of fixture: ExecFixture) throws {
        let text = Explain.text(try fixture.plan(), syscalls: false)
        if GoldenTests.updates {
            try text.write(to: fixture.file("plan.txt"), atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: fixture.file("plan.txt"), encoding: .utf8)))
    }

    @Test func fixturesAreThere() { #expect(Self.traces.count >= 5) }

    /// Of the rules for creations, those on the process hold for exec as they stand.
    @Test(arguments: processInvariants.filter { !$0.name.hasPrefix("create sees") })
    func holds(_ invariant: Invariant) {
        for trace in Self.traces {
            let violations = invariant.violations(trace)
            #expect(violations.isEmpty, "\(trace.name): \(violations.joined(separator: "; "))")
        }
    }

    /// CVE-2016-9962: neither the runtime, whose memory the child shares at first, nor the init can be traced from inside.
    @Test(arguments: traces)
    func nobodyInsideTraces(_ trace: Trace) {
        let join = trace.calls(.setns).first ?? .max
        let forbids = trace.calls(.prctl).first { trace.immediate($0, 0) == UInt64(PR_SET_DUMPABLE) }
        #expect(forbids ?? .max < join)
    }

    /// The host's files are opened before the container's mounts hide or replace them, and one setns(2) joins all.
    @Test(arguments: traces)
    func hostFilesComeFirst(_ trace: Trace) {
        let joins = trace.calls(.setns)
        #expect(joins.count == 1)
        // Only a terminal is the container's own.
        let opens = (trace.calls(.openat) + trace.calls(.openat2)).filter {
            if case .openTerminal = trace.containerStep(of: $0) { false } else { true }
        }
        #expect(opens.allSatisfy { $0 < joins[0] })
    }

    @Test func theOrderOfPIDNamespaceAndClone() throws {
        for trace in Self.traces {
            let aim = trace.runtimeSteps { if case .aimAtPIDNamespace = $0 { true } else { false } }
            let start = trace.runtimeSteps { if case .startInit = $0 { true } else { false } }
            let forks = trace.instructions.filter { $0.opcode == .fork }.count
            let hasPID = trace.spec.linux.namespaces.contains { $0.type == "pid" }
            #expect(aim.count + forks == (hasPID ? 1 : 0))
            if let aim = aim.first { #expect(aim < start[0]) }
        }
    }
}
