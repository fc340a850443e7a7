// The one list of what happens when a process enters a container, in order.
import Cgroups
import Linux
import OCI

/// A container that a process is to enter: what its creation decided, and what was found about it.
public struct JoinedContainer: Sendable {
    /// The configuration that it was created with.
    public var spec: Spec
    /// The cgroup v2 directory to begin in, and the cgroup.procs files of other hierarchies.
    public var cgroup: String?
    public var cgroupFiles: [String] = []
    /// Where systemd has to move the process, since the runtime may not have it begin there.
    public var unit: UnitGroup?
    /// CLONE_NEW* of the container's namespaces that the runtime is in anyway: setns(2) refuses to join one's own user
    /// namespace.
    public var sharedNamespaces: UInt64 = 0

    public init(spec: Spec) { self.spec = spec }

    /// CLONE_NEW* of what there is to join.
    var namespaces: UInt64 {
        spec.linux.namespaces.reduce(0) { $0 | (NamespaceKind(specName: $1.type)?.cloneFlag ?? 0) }
            & ~sharedNamespaces
    }

    func joins(_ kind: NamespaceKind) -> Bool { namespaces & kind.cloneFlag != 0 }
}

extension LaunchPlan {
    /// Plans `exec`: `process` enters `container`. The process must have passed its rules.
    ///
    /// The order is that of a creation: what needs the host's privileges first, then the container's namespaces, and the
    /// credentials in the same phases. Nothing is opened in the container but by the process' own credentials.
    public init(
        executing process: Process, in container: JoinedContainer, on facts: HostFacts,
        _ options: LaunchOptions
    ) throws(SpecError) {
        var spec = container.spec
        spec.process = process
        self.spec = spec
        self.facts = facts
        self.options = options
        steps.reserveCapacity(32)
        planStandardDescriptors(process)
        let affinity = process.execCPUAffinity
        if let list = affinity?.initial {
            add(.runtime(.moveToCPUs(try cpuMask(list, "initial"))), "/process/execCPUAffinity/initial")
        }
        let final = try affinity?.final.map { list throws(SpecError) in try cpuMask(list, "final") }
        // A runtime that may enter the PID namespace itself spares a fork and a hand-over. The owner of a user namespace
        // may enter its PID namespace only from inside (pid_namespaces(7)).
        let begins = container.joins(.pid) && facts.effectiveUserID == 0
        if begins { add(.runtime(.aimAtPIDNamespace), "/linux/namespaces") }
        planEntry(of: process, into: container, forks: container.joins(.pid) && !begins, affinity: final)
        planTerminal(process, hasConsole: false)
        try planKeyring(process)
        try planCredentials(process)
        planLastMile(process)
    }

    /// There are no pidfds to join namespaces by.
    public var joinsOneByOne: Bool { facts.denied.contains(.pidfdOpen) }

    /// From the clone to the container's root: exec and hooks go the same way.
    mutating func planEntry(
        of process: Process, into container: JoinedContainer, forks: Bool, affinity: [UInt64]? = nil
    ) {
        add(.runtime(.startInit(namespaces: 0, cgroup: container.cgroup)), "/linux/cgroupsPath")
        if let unit = container.unit { add(.runtime(.attachToUnit(unit)), "/linux/cgroupsPath") }
        add(.container(.startClean(traceable: false)), "")
        add(.container(.openProc), "")
        planOOMScore(process)
        planLimits(process)
        for file in container.cgroupFiles { add(.container(.enterCgroup(file)), "/linux/cgroupsPath") }
        if let affinity {
            add(.container(.moveToCPUs(affinity)), "/process/execCPUAffinity/final")
        } else {
            add(.container(.resetAffinity), "")
        }
        planJoin(container, forks: forks)
    }

    private mutating func planJoin(_ container: JoinedContainer, forks: Bool) {
        var namespaces = container.namespaces
        // Begun in it already.
        if !forks { namespaces &= ~NamespaceKind.pid.cloneFlag }
        if namespaces != 0 {
            add(.container(.joinContainer(namespaces: namespaces)), "/linux/namespaces")
        }
        if forks {
            add(.container(.forkIntoPIDNamespace), "/linux/namespaces")
            add(.runtime(.adoptInit), "/linux/namespaces")
        }
        add(.container(.newSession), "")
        // A mount namespace of its own has the container's root as its root; any other one has not.
        if !hasMountNamespace || joinsMountNamespace {
            add(.container(.enterContainerRoot), "/root/path")
        }
    }

    private func cpuMask(_ list: String, _ name: String) throws(SpecError) -> [UInt64] {
        guard let mask = OCI.cpuMask(list) else {
            throw SpecError(
                pointer: "/process/execCPUAffinity/\(name)",
                message: "\"\(list)\" is not a list of CPUs like \"0-3,7\"")
        }
        return mask
    }
}
