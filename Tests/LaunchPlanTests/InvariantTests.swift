// The rules that every plan keeps, over all fixtures and some hundred random configurations.
import OCI
import Testing

@testable import LaunchPlan

@Suite struct InvariantTests {
    static let all =
        pathInvariants + processInvariants + orderInvariants + programInvariants
        + userNamespaceInvariants

    /// All traces: made once.
    static let traces: [Trace] = fixtures + random

    static let fixtures: [Trace] = PlanFixture.all.compactMap { fixture in
        (try? fixture.plan()).map { Trace(name: fixture.name, plan: $0) }
    }

    static let random: [Trace] = (0..<400).compactMap { seed in
        RandomConfiguration(seed: UInt64(seed)).plan().map { Trace(name: "seed \(seed)", plan: $0) }
    }

    @Test func thereIsEnoughToLookAt() {
        #expect(Self.fixtures.count >= 25)
        #expect(Self.random.count >= 300)
    }

    @Test(arguments: all)
    func holds(_ invariant: Invariant) {
        for trace in Self.traces {
            let violations = invariant.violations(trace)
            if !violations.isEmpty {
                Issue.record("\(trace.name): \(violations.prefix(3).joined(separator: "; "))")
            }
        }
    }

    /// Each invariant sees the fault that it is there for.
    @Test(arguments: all)
    func seesItsFault(_ invariant: Invariant) throws {
        var trace = try #require(Self.fixtures.first { $0.name == invariant.fixture })
        #expect(invariant.violations(trace).isEmpty)
        invariant.breaking(&trace)
        #expect(!invariant.violations(trace).isEmpty)
    }
}
