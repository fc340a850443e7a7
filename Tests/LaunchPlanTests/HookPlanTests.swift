// The plans of startContainer hooks: no right that the process has not, in the order that exec has.
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct HookPlanTests {
    private static func hook(args: [String]? = nil, env: [String]? = nil) -> Hook {
        var hook = Hook()
        hook.path = "/hook"
        hook.args = args
        hook.env = env
        return hook
    }

    private static func plan(_ fixture: ExecFixture, _ hook: Hook = hook()) throws -> LaunchPlan {
        let exec = try fixture.plan()
        var container = JoinedContainer(spec: exec.spec)
        container.cgroup = "/sys/fs/cgroup/c1"
        return try LaunchPlan(running: hook, in: container, on: exec.facts, exec.options)
    }

    private static let traces: [Trace] = ExecFixture.all.compactMap { fixture in
        (try? plan(fixture)).map { Trace(name: fixture.name, plan: $0) }
    }

    @Test func fixturesAreThere() { #expect(Self.traces.count >= 5) }

    @Test(arguments: processInvariants.filter { !$0.name.hasPrefix("create sees") })
    func holds(_ invariant: Invariant) {
        for trace in Self.traces {
            let violations = invariant.violations(trace)
            #expect(violations.isEmpty, "\(trace.name): \(violations.joined(separator: "; "))")
        }
    }

    /// What the process of the container goes through, the hook does, in the same order; all but the terminal.
    @Test(arguments: ExecFixture.all)
    func sameCredentials(of fixture: ExecFixture) throws {
        func lines(_ plan: LaunchPlan) -> [String] {
            plan.steps.compactMap { planned in
                guard case .container(let step) = planned.step else { return nil }
                switch step {
                case .openTerminal, .takeStandardStreams, .findExecutable, .execute, .moveToCPUs,
                    .resetAffinity,
                    .forkIntoPIDNamespace, .joinContainer, .closeDescriptors, .enterCgroup:
                    return nil
                default: return planned.step.summary
                }
            }
        }
        #expect(lines(try Self.plan(fixture)) == lines(try fixture.plan()))
    }

    @Test func theProgramIsTheHook() throws {
        let fixture = ExecFixture.all[0]
        func executed(_ hook: Hook) throws -> ExecutablePlan {
            for planned in try Self.plan(fixture, hook).steps {
                if case .container(.execute(let plan)) = planned.step { return plan }
            }
            preconditionFailure("nothing is executed")
        }
        let own = try executed(Self.hook(args: ["name"], env: ["A=1"]))
        #expect(own.candidates == ["/hook"])
        #expect(own.arguments == ["name"])
        #expect(own.environment == ["A=1"])
        let inherited = try executed(Self.hook())
        #expect(inherited.arguments == ["/hook"])
        #expect(inherited.environment.contains { $0.hasPrefix("HOME=") })
    }

    /// The streams are taken where the container's root is entered already, and before any right is given up.
    @Test func streamsComeFromTheRuntime() {
        for trace in Self.traces {
            let streams = trace.calls(.dup3)
            #expect(streams.count == 3)
            #expect(trace.calls(.setns).allSatisfy { $0 < streams[0] })
            #expect(trace.calls(.closeRange).allSatisfy { $0 > streams[2] })
        }
    }
}
