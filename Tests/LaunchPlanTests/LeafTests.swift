// Each leaf of config.json has a step in the plan with its pointer, or a reason to have none.
import OCI
import Seccomp
import Testing

@testable import LaunchPlan

@Suite struct LeafTests {
    /// The table has every leaf of the schema once: those that decoding fills.
    @Test func allLeavesAreHere() throws {
        let spec = try Spec(json: Array(Fixture.everything.utf8))
        let schema = Set(leaves(of: spec))
        let table = Leaf.all.map(\.path)
        #expect(schema.count == 170)
        #expect(schema.subtracting(table) == [])
        #expect(Set(table).subtracting(schema) == [])
        #expect(Set(table).count == table.count)
    }

    @Test(arguments: Leaf.all) func reachesThePlan(_ leaf: Leaf) throws {
        let change = Result { try plan(leaf.changes, leaf.host) }
        if case .unsupported = leaf.fate {
            let refusal = #expect(throws: SpecError.self) { try change.get() }
            #expect(
                refusal?.message.contains("not supported yet") ?? false,
                "it works, or fails otherwise: give the row another fate")
            return
        }
        let before = try plan(leaf.without, leaf.host)
        let after = try change.get()
        if case .within(let pointer) = leaf.fate {
            #expect(!difference(after.steps, before.steps, pointer).isEmpty)
            return
        }
        let steps = difference(after.steps, before.steps, leaf.pointer)
        let later = difference(after.later.map(\.planned), before.later.map(\.planned), leaf.pointer)
        switch leaf.fate {
        case .step: #expect(!steps.isEmpty, "no step with \(leaf.pointer) differs")
        case .later:
            #expect(!later.isEmpty, "no later step with \(leaf.pointer) differs")
            #expect(steps.isEmpty)
        default:
            // The reason has to stay true.
            #expect(steps.isEmpty && later.isEmpty, "\(steps.map(\.step.summary))")
        }
    }

    private func plan(_ changes: [String], _ host: String) throws -> LaunchPlan {
        var tree = try #require(JSONTree(Leaf.base))
        for change in changes { try tree.apply(change) }
        let spec = try Spec(json: Array(tree.text.utf8))
        try spec.validate()
        var facts = HostFacts(cgroups: Host.layouts[host] ?? .none)
        facts.sources = ["/srv/data": .directory, "/bundle/rel": .directory]
        facts.rootfsMountPoint = "/"
        (facts.appArmorAttribute, facts.hasSELinux, facts.resctrl) = ("attr/exec", true, "/sys/fs/resctrl")
        var options = LaunchOptions(id: "c1", bundle: "/bundle")
        if let profile = spec.linux.seccomp {
            let filter = try SeccompFilter.compile(profile)
            options.filter = CompiledFilter(program: filter.program, flags: filter.flags)
        }
        return try LaunchPlan(creating: spec, on: facts, options)
    }

    /// The steps that only `after` has and whose pointers lead to the leaf.
    private func difference(
        _ after: [PlannedStep], _ before: [PlannedStep], _ pointer: String
    ) -> [PlannedStep] {
        let known = Set(before.map { "\($0)" })
        return after.filter { planned in
            !known.contains("\(planned)") && !planned.pointer.isEmpty
                && (pointer == planned.pointer || pointer.hasPrefix(planned.pointer + "/")
                    || planned.pointer.hasPrefix(pointer + "/"))
        }
    }

    /// The places of all stored properties, with one element of each list and map.
    private func leaves(of value: Any, path: String = "") -> [String] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct:
            return mirror.children.flatMap { leaves(of: $0.value, path: path + "/" + ($0.label ?? "")) }
        case .optional: return mirror.children.first.map { leaves(of: $0.value, path: path) } ?? [path]
        case .collection, .dictionary:
            return mirror.children.first.map { leaves(of: $0.value, path: path + "/0") } ?? [path]
        case .tuple: return mirror.children.dropFirst().flatMap { leaves(of: $0.value, path: path) }
        default: return [path]
        }
    }
}
