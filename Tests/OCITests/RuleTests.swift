// The rules: one good configuration, and one change each that makes it bad.
import Testing

@testable import JSON
@testable import OCI

@Suite struct RuleTests {
    func problems(after change: String) throws -> [Problem] {
        var tree = try #require(JSONTree(Fixture.good))
        try tree.apply(change)
        return Spec.check(json: Array(tree.text.utf8)).problems
    }

    @Test func goodConfiguration() throws {
        #expect(try problems(after: "/hostname = \"box\"").map(\.description) == [])
    }

    /// Those two ask for ambient capabilities that are not inheritable, which `check` may remark upon.
    @Test(arguments: [Fixture.quietSpec(Fixture.runcSpec), Fixture.quietSpec(Fixture.crunSpec)])
    func goodConfigurations(_ text: String) throws {
        let problems = Spec.check(json: Array(text.utf8)).problems
        #expect(
            problems.filter { $0.rule != "capability-sets" || $0.severity == .error }.map(\.description) == []
        )
        try Spec(json: Array(text.utf8)).validate()
    }

    @Test(arguments: RuleCase.everyBad)
    func bad(_ item: RuleCase) throws {
        let problems = try problems(after: item.change)
        let found = problems.first { $0.pointer == item.pointer && $0.description.contains(item.message) }
        #expect(found?.severity == item.severity, "\(problems.map(\.description))")
        // One mistake, one complaint: no rule repeats what another has said.
        #expect(problems.count == 1, "\(problems.map(\.description))")
    }

    /// These may break more than one rule.
    @Test(arguments: RuleCase.unsupported + RuleCase.badAttributes) func unsupported(_ item: RuleCase) throws
    {
        let problems = try problems(after: item.change)
        #expect(
            problems.contains {
                $0.pointer == item.pointer && $0.message.contains(item.message)
                    && $0.severity == item.severity
            }, "\(problems.map(\.description))")
    }

    @Test(arguments: RuleCase.nothingAsked) func asksForNothing(_ change: String) throws {
        #expect(try problems(after: change).map(\.description) == [])
    }

    @Test func validateThrowsTheFirstErrorAndPassesWarnings() throws {
        var spec = try Spec(json: Array(Fixture.good.utf8))
        spec.mounts[0].destination = "proc"
        try spec.validate()
        spec.process?.cwd = "tmp"
        spec.process?.capabilities?.bounding = ["CAP_NETADMIN"]
        let error = #expect(throws: SpecError.self) { try spec.validate() }
        #expect(error?.description == #"/process/cwd: "tmp" is not an absolute path"#)
    }

    @Test func messageStyle() throws {
        let problems = try problems(after: #"/process/capabilities/bounding/0 = "CAP_NETADMIN""#)
        #expect(
            problems.first?.description
                == #"/process/capabilities/bounding/0: unknown capability "CAP_NETADMIN"; did you mean "CAP_NET_ADMIN"?"#
        )
    }

    @Test func everyRuleHasItsOwnName() {
        let ids =
            Spec.rules.map(\.id) + Spec.adviceRules.map(\.id) + Process.rules.map(\.id)
            + Resources.rules.map(\.id)
            + SeccompProfile.rules.map(\.id)
        #expect(Set(ids.map { "\($0)" }).count == ids.count)
        #expect(ids.count > 50)
    }

    private func deadlineWithCPUSet() throws -> Spec {
        var spec = try Spec(json: Array(Fixture.good.utf8))
        spec.process?.scheduler = Scheduler()
        spec.process?.scheduler?.policy = "SCHED_DEADLINE"
        spec.linux.resources = Resources()
        spec.linux.resources?.cpu = CPU()
        spec.linux.resources?.cpu?.cpus = "0"
        return spec
    }

    @Test func deadlinesDoNotGoWithCPUSets() throws {
        #expect(try deadlineWithCPUSet().problems().map(\.pointer) == ["/process/scheduler/policy"])
    }

    /// A rule without a configuration that breaks it could as well be absent.
    @Test func everyRuleIsBrokenOnce() throws {
        var broken: Set<String> = []
        for item in RuleCase.everyBad + RuleCase.unsupported + RuleCase.badAttributes {
            broken.formUnion(try problems(after: item.change).map(\.rule))
        }
        broken.formUnion(try deadlineWithCPUSet().problems().map(\.rule))
        let rules = Spec.rules + Spec.adviceRules + Process.rules + Resources.rules + SeccompProfile.rules
        #expect(rules.map { "\($0.id)" }.filter { !broken.contains($0) } == [])
    }

    @Test func partsAlone() throws {
        #expect(
            try Process(json: Array(#"{"cwd":"x","args":["a"]}"#.utf8)).problems().map(\.description)
                == [#"/cwd: "x" is not an absolute path"#])
        #expect(
            try Resources(json: Array(#"{"memory":{"limit":-2}}"#.utf8)).problems(at: "/r").map(\.pointer)
                == ["/r/memory/limit"])
    }
}
