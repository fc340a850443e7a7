// The plans of `mounts add` and `mounts remove`.
import CLinux
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct MountsPlanTests {
    private static let spec: Spec = {
        var spec = Spec()
        spec.linux.namespaces = ["mount", "pid", "user"].map {
            var entry = NamespaceEntry()
            entry.type = $0
            return entry
        }
        return spec
    }()

    private static func mount(_ destination: String, _ type: String, options: [String] = []) -> Mount {
        var mount = Mount()
        mount.destination = destination
        mount.type = type
        mount.source = type == "bind" ? "/src" : type
        mount.options = options
        return mount
    }

    private static let options = LaunchOptions(id: "c1", bundle: "/b")
    private static let facts: HostFacts = {
        var facts = HostFacts(cgroups: .none)
        facts.sources = ["/src": .directory]
        return facts
    }()

    private func added(_ mounts: [Mount], _ spec: Spec = MountsPlanTests.spec) throws(SpecError) -> LaunchPlan
    {
        try LaunchPlan(adding: mounts, to: JoinedContainer(spec: spec), on: Self.facts, Self.options)
    }

    private func removed(_ mounts: [Mount]) throws(SpecError) -> LaunchPlan {
        try LaunchPlan(
            removing: mounts, from: JoinedContainer(spec: Self.spec), on: Self.facts, Self.options)
    }

    private func pointer(_ mounts: [Mount], _ spec: Spec = MountsPlanTests.spec) -> String {
        do throws(SpecError) { _ = try added(mounts, spec) } catch { return error.pointer }
        return "none"
    }

    @Test func sourcesAreOpenedBeforeTheHelperStarts() throws {
        let plan = try added([
            Self.mount("/fresh", "tmpfs"), Self.mount("/below", "bind", options: ["bind", "ro"]),
        ])
        let kinds = plan.steps.map { planned in
            switch planned.step {
            case .runtime(.openMount(let index, _)): "open \(index)"
            case .runtime(.startInit): "start"
            case .container(.joinContainer(let namespaces)):
                namespaces & NamespaceKind.pid.cloneFlag == 0 ? "join" : "join with processes"
            case .container(.mount(let index, _)): "mount \(index)"
            default: "-"
            }
        }
        #expect(kinds.filter { $0 != "-" } == ["open 1", "start", "join", "mount 0", "mount 1"])
    }

    /// The helper cannot be traced from inside (CVE-2016-9962), and opens nothing by a path but below the root.
    @Test func theProgramIsSafe() throws {
        for plan in [
            try added([Self.mount("/a/b", "bind", options: ["rbind"]), Self.mount("/p", "proc")]),
            try removed([Self.mount("/a/b", "bind"), Self.mount("/p", "proc")]),
        ] {
            let trace = Trace(name: "mounts", plan: plan)
            let join = trace.calls(.setns).first ?? .max
            let forbids = trace.calls(.prctl).first { trace.immediate($0, 0) == UInt64(PR_SET_DUMPABLE) }
            #expect(forbids ?? .max < join)
            #expect(trace.calls(.openat).count == 1, "the root")
            #expect(trace.calls(.openTree).isEmpty)
        }
    }

    @Test func aReadOnlyTmpfsIsFilledFirst() throws {
        let plan = try added([
            Self.mount("/t", "tmpfs", options: ["ro"]), Self.mount("/t/below", "bind", options: ["bind"]),
        ])
        #expect(plan.steps.last?.step.summary == "make the mount read-only")
    }

    @Test func aProcfsNeedsThePIDNamespace() throws {
        let aims = try [Self.mount("/p", "proc"), Self.mount("/t", "tmpfs")].map { mount in
            try added([mount]).steps.contains {
                if case .runtime(.aimAtPIDNamespace) = $0.step { true } else { false }
            }
        }
        #expect(aims == [true, false])
    }

    @Test func removalChecksAllAndGoesBackwards() throws {
        let plan = try removed([Self.mount("/a", ""), Self.mount("/a/b", "")])
        #expect(
            plan.steps.suffix(4).map(\.step.summary) == [
                "check that something is mounted on /a", "check that something is mounted on /a/b",
                "unmount /a/b", "unmount /a",
            ])
    }

    @Test func refusals() {
        let good = Self.mount("/t", "tmpfs")
        #expect(pointer([good]) == "none")
        #expect(pointer([good, Self.mount("/", "tmpfs")]) == "/mounts/1/destination")
        #expect(pointer([Self.mount("a", "tmpfs")]) == "/mounts/0/destination")
        #expect(
            pointer([Self.mount("/a", "bind", options: ["ro", "remount"])]) == "/mounts/0/options/1")
        #expect(pointer([Self.mount("/a", "tmpfs", options: ["tmpcopyup"])]) == "/mounts/0/options/0")
        #expect(pointer([Self.mount("/a", "bind", options: ["bind", "idmap"])]) == "/mounts/0")
        #expect(pointer([Self.mount("/a", "cgroup")]) == "/mounts/0/type")
        #expect(pointer([Self.mount("/proc/sys", "tmpfs")]) == "/mounts/0/destination")
        var missing = Self.mount("/a", "bind", options: ["bind"])
        missing.source = "/nowhere"
        #expect(pointer([missing]) == "/mounts/0/source")
        var shared = Self.spec
        shared.linux.namespaces = []
        #expect(pointer([good], shared) == "/linux/namespaces")
    }
}
