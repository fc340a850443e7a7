// The one list of what happens when a container is created, in order.
import Cgroups
import Linux
import OCI

/// The steps of `create` or `run` for one configuration on one host. The order of the list is the order of operations;
/// a hand-over happens wherever two neighbours belong to different actors.
public struct LaunchPlan: Sendable {
    public internal(set) var steps: [PlannedStep] = []
    /// What the specification says to warn of: pointer and message.
    public internal(set) var warnings: [SpecError] = []
    /// What else differs from config.json, for `explain` and `check` alone: engines take what create prints for the
    /// container's own words, and some ask for this with every container.
    public internal(set) var notes: [SpecError] = []
    /// The cgroups of the container; nil when nobody manages them.
    public internal(set) var cgroups: CgroupPlan?

    /// With the systemd driver: the container's unit, whose limits are those of `cgroups`.
    public internal(set) var unit: SystemdUnit?
    /// A hook that is executed instead of the process' own program.
    var hook: Hook?
    /// Indices of the mounts that become read-only late.
    var filledMounts: [Int] = []

    let spec: Spec
    let facts: HostFacts
    let options: LaunchOptions

    /// Plans the creation of `spec`, which must have passed its rules.
    public init(creating spec: Spec, on facts: HostFacts, _ options: LaunchOptions) throws(SpecError) {
        self.spec = spec
        self.facts = facts
        self.options = options
        steps.reserveCapacity(96)
        guard let process = spec.process else {
            throw SpecError(pointer: "/process", message: "process property must not be empty")
        }
        try checkPrivileges()
        try checkMappedIDs(process)
        try planNamespaceSources()
        try planCopies()
        try planOpenedMounts()
        if !hasUserNamespace { planStandardDescriptors(process) }
        try planCgroups()
        let rdt = try planRdt()
        if hasUserNamespace {
            planUserNamespace(process)
        } else {
            planStart()
            planEntry()
        }
        if let rdt { add(.runtime(.joinRdt(rdt)), "/linux/intelRdt") }
        if hasMountNamespace {
            try planRoot()
            try planMounts()
            planDevices()
        } else {
            try refuseMountsWithoutNamespace()
        }
        planNetDevices()
        planCreationHooks()
        if hasMountNamespace { planTerminal(process, hasConsole: !joinsMountNamespace) }
        try planIdentity()
        if hasMountNamespace { planMasks(process) }
        planRootChange()
        if !hasMountNamespace { planTerminal(process, hasConsole: false) }
        try planProcess(process)
        add(.runtime(.announceCreated), "")
        if options.startsAtOnce {
            planHooks(.startContainer)
        } else {
            add(.container(.awaitStart), "")
        }
        planLastMile(process)
    }

    /// What other commands than the one that is planned do because of config.json. Made when asked for: `explain` alone
    /// wants to know.
    public var later: [LaterStep] {
        [(HookKind.startContainer, "start"), (.poststart, "start"), (.poststop, "delete")].flatMap {
            (kind, command) -> [LaterStep] in
            if kind == .startContainer, options.startsAtOnce { return [] }
            return (spec.hooks?[kind] ?? []).enumerated().map { index, hook in
                LaterStep(
                    command: command,
                    planned: PlannedStep(
                        step: .runtime(.runHook(kind, hook)), pointer: "/hooks/\(kind.rawValue)/\(index)"))
            }
        }
    }

    /// What the runtime does each time that the init waits for it; a fork is answered as it comes.
    public var handOvers: [[PlannedStep]] {
        var groups: [[PlannedStep]] = []
        var isOpen = false
        guard
            let start = steps.firstIndex(where: {
                if case .runtime(.startInit) = $0.step { true } else { false }
            })
        else { return [] }
        for planned in steps[(start + 1)...] {
            guard case .runtime(let step) = planned.step else {
                isOpen = false
                continue
            }
            if case .adoptInit = step { continue }
            if step.runsBesideInit { continue }
            if !isOpen { groups.append([]) }
            isOpen = true
            groups[groups.count - 1].append(planned)
        }
        return groups
    }

    mutating func add(_ step: Step, _ pointer: String) {
        steps.append(PlannedStep(step: step, pointer: pointer))
    }

    func namespace(_ kind: NamespaceKind) -> (index: Int, path: String?)? {
        guard let index = spec.linux.namespaces.firstIndex(where: { $0.type == kind.specName }) else {
            return nil
        }
        let path = spec.linux.namespaces[index].path
        return (index, path?.isEmpty == true ? nil : path)
    }

    /// The container's processes live in a user namespace of their own, new or joined.
    public var hasUserNamespace: Bool { namespace(.user) != nil }
    var createsUserNamespace: Bool { namespace(.user).map { $0.path == nil } ?? false }
    var joinsUserNamespace: Bool { namespace(.user)?.path != nil }

    /// The process gets a terminal.
    public var hasTerminal: Bool { spec.process?.terminal ?? false }

    var hasMountNamespace: Bool { namespace(.mount) != nil }
    var joinsMountNamespace: Bool { namespace(.mount)?.path != nil }
}
