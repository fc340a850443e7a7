// Comparing a configuration with a host: a host that has everything is silent, and each lack is one problem.
import Cgroups
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct HostRuleTests {
    /// A host with all that the cases ask for.
    static let goodFacts: HostFacts = {
        var facts = HostFacts(cgroups: Host.layouts["v1"] ?? .none)
        facts.sources = ["/srv/data": .directory]
        return facts
    }()

    static let goodSurvey: HostSurvey = {
        var survey = HostSurvey()
        survey.namespaces = Set(NamespaceKind.allCases)
        survey.userNamespaceLimit = 100
        survey.securityModules = ["apparmor", "selinux"]
        survey.filesystems = ["proc", "tmpfs"]
        survey.oomScoreAdj = 0
        survey.files = ["/bundle/rootfs": .directory, "/dev/fuse": .other]
        survey.executable = .found
        survey.resctrlGroups = ["c"]
        return survey
    }()

    private func problems(
        _ changes: [String], _ facts: HostFacts = Self.goodFacts, _ survey: HostSurvey = Self.goodSurvey
    ) throws -> [Problem] {
        var tree = try #require(JSONTree(Leaf.base))
        for change in changes { try tree.apply(change) }
        let spec = try Spec(json: Array(tree.text.utf8))
        let plan = try? LaunchPlan(creating: spec, on: facts, LaunchOptions(id: "c1", bundle: "/bundle"))
        return HostCase(spec, on: facts, survey, bundle: "/bundle", plan: plan).problems()
    }

    @Test(arguments: HostRuleCase.all) func oneProblem(_ item: HostRuleCase) throws {
        var (facts, survey) = (Self.goodFacts, Self.goodSurvey)
        item.spoil(&facts, &survey)
        // Where the host is good, and not the configuration, nothing is said.
        if item.rule != "host-mounts" || item.severity == .error {
            #expect(
                try problems(item.changes).filter { $0.rule != "host-net-devices" }.map(\.description) == [])
        }
        let problems = try problems(item.changes, facts, survey)
        #expect(problems.count == 1, "\(problems.map(\.description))")
        let problem = try #require(problems.first)
        #expect(problem.rule == item.rule)
        #expect(problem.pointer == item.pointer)
        #expect(problem.severity == item.severity)
        #expect(problem.description.contains(item.message), "\(problem)")
    }

    @Test func everyRuleHasACase() {
        #expect(Set(HostRule.ids) == Set(HostRuleCase.all.map(\.rule)))
        #expect(Set(HostRule.ids).count == HostRule.ids.count)
    }

    /// A survey that saw nothing says so, and accuses nobody.
    @Test func blindness() throws {
        var survey = HostSurvey()
        survey.unseen = [.init("the moon", "it is day")]
        let problems = try problems([], Self.goodFacts, survey)
        #expect(problems.map(\.severity) == [.note])
        #expect(problems.first?.message == "the moon cannot be seen: it is day")
    }
}
