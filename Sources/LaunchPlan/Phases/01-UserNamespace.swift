// Phase 1 with a user namespace, new or joined: what needs the host's privileges comes before it (user_namespaces(7)).
import Cgroups
import Linux
import OCI

extension LaunchPlan {
    /// The init starts in the runtime's namespaces, joins those of others, and then forks into the new user and PID
    /// namespaces, where it waits until its ids are mapped. As root of the user namespace it makes the others: so they
    /// belong to it, and what the kernel makes in them, like the root of the message queues, belongs to a mapped user.
    /// It has executed nothing since the fork, so its capabilities are whole, and its memory is still guarded by the
    /// outer user namespace: nobody inside may trace it (CVE-2016-9962).
    mutating func planUserNamespace(_ process: Process) {
        guard let user = namespace(.user) else { return }
        let pointer = "/linux/namespaces/\(user.index)"
        planClone(into: 0)
        // The files in /proc of a process that may not be traced are root's: one without privileges could not write its
        // score then, nor the runtime its maps.
        add(.container(.startClean(traceable: !isPrivileged)), "")
        add(.container(.openProc), "")
        planOOMScore(process)
        let traceable = !isPrivileged && user.path == nil
        if !isPrivileged, !traceable, forbidsTracing { add(.container(.forbidTracing), "") }
        if isPrivileged { planLimits(process) }
        // Whoever may do all outside may join what others own, from outside. Whoever may not owns at best what the user
        // namespace owns.
        if isPrivileged { planJoins() }
        if user.path != nil {
            add(.container(.joinNamespace(index: user.index, kind: .user)), pointer)
            add(.container(.becomeRoot), pointer)
            if !isPrivileged { planJoins() }
        }
        planFork(pointer)
        if user.path == nil {
            add(
                .runtime(.writeIDMaps(uids: spec.linux.uidMappings, gids: spec.linux.gidMappings)),
                "/linux/uidMappings")
        }
        planOwners(process)
        if user.path == nil { add(.container(.becomeRoot), pointer) }
        // Offsets are set through a file of the init's own in /proc, which is root's once nobody may trace it.
        let forbids = traceable && forbidsTracing
        if forbids, spec.linux.timeOffsets.isEmpty { add(.container(.forbidTracing), "") }
        let others = newNamespaces([.mount, .network, .ipc, .uts])
        if others != 0 { add(.container(.newNamespaces(others)), "/linux/namespaces") }
        planOwnNamespaces()
        if forbids, !spec.linux.timeOffsets.isEmpty { add(.container(.forbidTracing), "") }
    }

    /// Who may not trace a process may not enter its namespaces either (setns(2)): a runtime without privileges leaves
    /// that open for hooks that do, and for the copies of tmpcopyup. Its init has nothing that its user has not.
    private var forbidsTracing: Bool {
        if hasMountNamespace, spec.mounts.contains(where: { $0.options.contains("tmpcopyup") }) {
            return false
        }
        guard let hooks = spec.hooks else { return true }
        return hooks.createContainer.isEmpty && hooks.startContainer.isEmpty
    }

    private mutating func planFork(_ pointer: String) {
        add(.container(.forkIntoNamespaces(newNamespaces([.user, .pid]))), pointer)
        add(.runtime(.adoptInit), pointer)
    }

    /// CLONE_NEW* of those of `kinds` that are to be made.
    func newNamespaces(_ kinds: [NamespaceKind]) -> UInt64 {
        var flags: UInt64 = 0
        for kind in kinds {
            if let entry = namespace(kind), entry.path == nil { flags |= kind.cloneFlag }
        }
        return flags
    }

    /// What belongs to the container's users from now on, and the cgroups that a clone cannot enter.
    private mutating func planOwners(_ process: Process) {
        planStandardDescriptors(process)
        planJoinedCgroups()
    }

    /// The runtime may do in its own user namespace what root may.
    public var isPrivileged: Bool { facts.capabilities.contains(.sysAdmin) }

    /// An ordinary user can make namespaces only together with a user namespace.
    func checkPrivileges() throws(SpecError) {
        if createsUserNamespace, !isPrivileged {
            for (index, entry) in spec.linux.namespaces.enumerated() where !(entry.path ?? "").isEmpty {
                throw SpecError(
                    pointer: "/linux/namespaces/\(index)/path",
                    message: "a new user namespace has no rights in the \(entry.type) namespace of another",
                    hint: "join the user namespace that it belongs to as well")
            }
        }
        if isPrivileged || hasUserNamespace || facts.effectiveUserID == 0 { return }
        throw SpecError(
            pointer: "/linux/namespaces",
            message:
                "user \(facts.effectiveUserID) has no privileges, and the container has no user namespace",
            hint: "add {\"type\": \"user\"} with uidMappings and gidMappings, as spec --rootless writes them")
    }

    // MARK: - Ids

    /// Ids that the new user namespace has no map for would end as an error of setresuid(2), late and without a pointer.
    func checkMappedIDs(_ process: Process) throws(SpecError) {
        guard createsUserNamespace else { return }
        let (users, groups) = (spec.linux.uidMappings, spec.linux.gidMappings)
        try require(0, in: users, "/linux/uidMappings", "user 0 sets the container up, and")
        try require(0, in: groups, "/linux/gidMappings", "group 0 sets the container up, and")
        try require(process.user.uid, in: users, "/process/user/uid", "user \(process.user.uid)")
        try require(process.user.gid, in: groups, "/process/user/gid", "group \(process.user.gid)")
        for (index, gid) in process.user.additionalGids.enumerated() {
            let pointer = "/process/user/additionalGids/\(index)"
            if !allowsGroups {
                throw SpecError(
                    pointer: pointer,
                    message: "a user namespace that an unprivileged user maps alone has no additional groups "
                        + "(setgroups is denied, user_namespaces(7))")
            }
            try require(gid, in: groups, pointer, "group \(gid)")
        }
    }

    private func require(
        _ id: UInt32, in map: [IDMapping], _ pointer: String, _ subject: String
    ) throws(SpecError) {
        if map.contains(where: { $0.outer(of: id) != nil }) { return }
        throw SpecError(pointer: pointer, message: "\(subject) is not mapped in the new user namespace")
    }

    /// Whether the process may change its supplementary groups. A group map that an unprivileged user writes alone is
    /// taken only with setgroups(2) denied (CVE-2014-8989); one by newgidmap(1) leaves it.
    var allowsGroups: Bool {
        if !createsUserNamespace { return true }
        return isPrivileged || !spec.linux.gidMappings.isOwn(facts.effectiveGroupID)
    }
}

extension IDMapping {
    /// The id outside that `id` stands for; nil outside of this range.
    public func outer(of id: UInt32) -> UInt32? {
        guard id >= containerID, UInt64(id) < UInt64(containerID) + UInt64(size) else { return nil }
        return hostID + (id - containerID)
    }
}

extension [IDMapping] {
    /// One id, the caller's own: all that the kernel lets an unprivileged user map.
    public func isOwn(_ id: UInt32) -> Bool { count == 1 && self[0].size == 1 && self[0].hostID == id }
}
