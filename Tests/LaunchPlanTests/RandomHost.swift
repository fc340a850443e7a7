// Random hosts: for random configurations, and for the fuzzer, whose configurations come from its corpus.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension CgroupLayout {
    /// "hybrid" is Debian's layout without systemd: v1 controllers and an empty v2 hierarchy beside them.
    static let named: [String: CgroupLayout] = [
        "none": .none,
        "v2": .unified(mount: "/sys/fs/cgroup"),
        "v1": .legacy(hierarchies, unifiedMount: nil),
        "v1-all": .legacy(
            hierarchies
                + ["blkio", "hugetlb", "net_cls", "net_prio", "rdma"].map {
                    Hierarchy(controllers: [$0], mountpoint: "/sys/fs/cgroup/" + $0)
                }, unifiedMount: nil),
        "hybrid": .legacy(hierarchies, unifiedMount: "/sys/fs/cgroup/unified"),
    ]

    private static let hierarchies: [Hierarchy] =
        [["cpuset"], ["cpu", "cpuacct"], ["memory"], ["devices"], ["freezer"], ["pids"]].map {
            Hierarchy(controllers: $0, mountpoint: "/sys/fs/cgroup/" + $0.joined(separator: ","))
        } + [Hierarchy(controllers: [], mountpoint: "/sys/fs/cgroup/systemd", name: "systemd")]
}

/// What a host is, and what the command line says, by chance.
struct RandomHost {
    var facts = HostFacts(cgroups: .none)
    var options = LaunchOptions(id: "c1", bundle: "/bundle")

    /// - Parameter sources: paths of bind mounts that are there.
    init(_ chance: inout Chance, sources: [String: SourceKind]) {
        facts.cgroups = CgroupLayout.named[chance.one(of: ["v1", "v1-all", "v2", "hybrid", "none"])] ?? .none
        facts.sources = sources
        facts.sourceLinks = sources.keys.sorted().prefix(1).reduce(into: [:]) { $0[$1] = "../target" }
        facts.rootfsMountPoint = "/"
        if chance.happens(30) { facts.home = "/home/u" }
        if chance.happens(20) {
            facts.capabilities = CapabilitySet(rawValue: chance.next() & CapabilitySet.all.rawValue)
        }
        if chance.happens(20) {
            facts.danglingLinks = ["/proc": "a", "/sys": "b", "/data": "../c", "/etc/hosts": "proc/x"]
        }
        options.noPivot = chance.happens(15)
        options.noNewKeyring = chance.happens(40)
        options.preservedDescriptors = chance.happens(20) ? chance.below(5) : 0
        options.listenDescriptors = min(options.preservedDescriptors, chance.below(3))
        options.startsAtOnce = chance.happens(40)
        if facts.cgroups == .none || chance.happens(10) { options.manager = .disabled }
        if chance.happens(50) {
            options.filter = CompiledFilter(
                program: [UInt8](repeating: 6, count: 8 * (1 + chance.below(40))), flags: 0)
        }
    }

    /// What `check` would see of it; about half of the facts are missing.
    static func survey(_ chance: inout Chance) -> HostSurvey {
        var survey = HostSurvey()
        for call in chance.some(of: [SystemCall.clone3, .openTree, .mount, .fsopen], percent: 10) {
            survey.refusedCalls[call] = chance.one(of: [.notImplemented, .notPermitted])
        }
        if chance.happens(50) {
            survey.namespaces = Set(chance.some(of: NamespaceKind.allCases, percent: 80))
        }
        if chance.happens(50) { survey.userNamespaceLimit = UInt64(chance.below(2)) }
        if chance.happens(50) { survey.securityModules = chance.some(of: ["apparmor", "selinux"]) }
        if chance.happens(50) { survey.filesystems = Set(chance.some(of: ["proc", "tmpfs", "sysfs"])) }
        if chance.happens(50) { survey.oomScoreAdj = Int32(chance.below(2001) - 1000) }
        if chance.happens(50) { survey.mostOpenFiles = chance.next() }
        if chance.happens(50) { survey.onlineCPUs = chance.one(of: ["0", "0-3", "", "x", "0-99999999"]) }
        if chance.happens(50) { survey.onlineNodes = "0" }
        if chance.happens(50) { survey.controllers = Set(chance.some(of: ["cpu", "memory", "pids"])) }
        for kind in ResourceLimitKind.allCases where chance.happens(50) {
            survey.hardLimits[kind] = chance.next()
        }
        survey.mapsIDs.hasPrograms = chance.happens(50)
        survey.mapsIDs.users = [100_000..<165_536]
        survey.idMappedMounts = chance.one(of: [nil, true, false])
        survey.accountsSwap = chance.one(of: [nil, true, false])
        survey.noNewPrivileges = chance.happens(20)
        return survey
    }
}
