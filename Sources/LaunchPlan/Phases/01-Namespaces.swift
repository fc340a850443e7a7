// Phase 1: namespaces to join are opened before anything exists; new ones come with the clone.
import Linux
import OCI

extension LaunchPlan {
    /// Namespaces that come with clone3(2). The cgroup namespace is made later, inside the container's cgroup, since its
    /// root is where its creator stands; clone3 refuses a time namespace together with CLONE_VM.
    private static let cloned: [NamespaceKind] = [.mount, .pid, .network, .ipc, .uts]

    /// The order of joining: the mount namespace last, since its root hides the host's paths.
    private static let joinOrder: [NamespaceKind] = [.network, .ipc, .uts, .cgroup, .time, .mount, .pid]

    mutating func planNamespaceSources() throws(SpecError) {
        for (index, entry) in spec.linux.namespaces.enumerated() {
            guard let path = entry.path, !path.isEmpty, let kind = NamespaceKind(specName: entry.type) else {
                continue
            }
            add(
                .runtime(.openNamespace(index: index, kind: kind, path: path)),
                "/linux/namespaces/\(index)/path")
        }
    }

    mutating func planStandardDescriptors(_ process: Process) {
        // Otherwise a process without privileges could not reopen its own standard streams (runc 1.0).
        guard process.user.uid != 0, !process.terminal, !facts.ownableStandardDescriptors.isEmpty else {
            return
        }
        add(
            .runtime(.ownStandardDescriptors(facts.ownableStandardDescriptors, uid: process.user.uid)),
            "/process/user/uid")
    }

    mutating func planStart() {
        planClone(into: newNamespaces(Self.cloned))
        planJoinedCgroups()
    }

    /// Clones the init into new namespaces (CLONE_NEW*), and into its cgroup, if that is there.
    mutating func planClone(into namespaces: UInt64) {
        let cgroup = unit == nil ? cgroups?.cloneDirectory : nil
        add(.runtime(.startInit(namespaces: namespaces, cgroup: cgroup)), "/linux/namespaces")
        if unit == nil, let filter = cgroups?.deviceFilter {
            add(.runtime(.filterDevices(filter)), "/linux/resources/devices")
        }
    }

    /// The cgroups that a clone cannot enter: those of v1, and a unit's, since systemd makes a scope around a process
    /// that is there.
    mutating func planJoinedCgroups() {
        if let unit {
            add(.runtime(.startUnit(unit)), "/linux/cgroupsPath")
        } else if let files = cgroups?.joins(cloned: true), !files.isEmpty {
            add(.runtime(.joinCgroups(files)), "/linux/cgroupsPath")
        }
    }

    /// The first steps of the init: a clean state, then all namespaces.
    mutating func planEntry() {
        add(.container(.startClean(traceable: false)), "")
        add(.container(.openProc), "")
        planJoins()
        if let entry = namespace(.pid), entry.path != nil {
            add(.container(.forkIntoPIDNamespace), "/linux/namespaces/\(entry.index)")
            add(.runtime(.adoptInit), "/linux/namespaces/\(entry.index)")
        }
        planOwnNamespaces()
    }

    /// The namespaces of others but a user namespace.
    mutating func planJoins() {
        for kind in Self.joinOrder {
            guard let entry = namespace(kind), entry.path != nil else { continue }
            add(
                .container(.joinNamespace(index: entry.index, kind: kind)), "/linux/namespaces/\(entry.index)"
            )
        }
    }

    /// What is to be done once the clone's namespaces are there.
    mutating func planOwnNamespaces() {
        if let entry = namespace(.network), entry.path == nil {
            add(.container(.raiseLoopback), "/linux/namespaces/\(entry.index)")
        }
        if let entry = namespace(.cgroup), entry.path == nil {
            add(.container(.newCgroupNamespace), "/linux/namespaces/\(entry.index)")
        }
        if let path = unit?.delegatedPath {
            // The container sees the cgroup above as its root, and manages the one it is in.
            add(.runtime(.enterDelegatedCgroup(path)), "/annotations/run.oci.delegate-cgroup")
        }
        if let entry = namespace(.time), entry.path == nil {
            planTimeNamespace("/linux/namespaces/\(entry.index)")
        }
        // After the fork into a joined PID namespace, or the process would not be the leader of its session.
        add(.container(.newSession), "")
    }

    private mutating func planTimeNamespace(_ pointer: String) {
        add(.container(.newTimeNamespace), pointer)
        for clock in TimeOffset.clocks {
            guard let offset = spec.linux.timeOffsets[clock] else { continue }
            // In a user namespace the init may not open its own file, which belongs to root outside.
            let step: Step =
                hasUserNamespace && isPrivileged
                ? .runtime(.setTimeOffset(clock: clock, offset))
                : .container(.setTimeOffset(clock: clock, offset))
            add(step, "/linux/timeOffsets/" + clock)
        }
        add(.container(.enterTimeNamespace), pointer)
    }
}
