// The lists of what happens when mounts are added to a container that runs, or removed from it, in order.
import Linux
import OCI

extension LaunchPlan {
    /// Plans `mounts add`. A helper joins the container and attaches what is detached until then, in the order of the list.
    ///
    /// Bind mounts are opened by the runtime, before anything changes: their sources are the host's.
    public init(
        adding mounts: [Mount], to container: JoinedContainer, on facts: HostFacts, _ options: LaunchOptions
    ) throws(SpecError) {
        self.init(mounts, container, facts, options)
        try refuseWithoutMountNamespace()
        var plans: [MountPlan] = []
        for index in mounts.indices { plans.append(try addedPlan(index)) }
        for (index, plan) in plans.enumerated() {
            guard case .bind(let path, let recursive, _) = plan.source else { continue }
            let mount = OpenedMount(path: path, recursive: recursive, propagation: hostPropagation)
            add(.runtime(.openMount(index: index, mount)), "/mounts/\(index)/source")
        }
        try planHelper(container, forProc: mounts.firstIndex { $0.type == "proc" && !$0.isBind })
        for (index, plan) in plans.enumerated() { try addMount(index, plan) }
        planFilledMounts()
    }

    /// Plans `mounts remove`: all must be mount points before the first is unmounted. The last of the list goes first, so
    /// that the list which has added them removes them.
    public init(
        removing mounts: [Mount], from container: JoinedContainer, on facts: HostFacts,
        _ options: LaunchOptions
    ) throws(SpecError) {
        self.init(mounts, container, facts, options)
        try refuseWithoutMountNamespace()
        for index in mounts.indices { try checkDestination(index) }
        try planHelper(container, forProc: nil)
        for (index, mount) in mounts.enumerated() {
            let path = cleanPath(mount.destination)
            add(.container(.requireMountPoint(path)), "/mounts/\(index)/destination")
        }
        for (index, mount) in mounts.enumerated().reversed() {
            add(.container(.unmount(cleanPath(mount.destination))), "/mounts/\(index)/destination")
        }
    }

    private init(
        _ mounts: [Mount], _ container: JoinedContainer, _ facts: HostFacts, _ options: LaunchOptions
    ) {
        var spec = container.spec
        spec.mounts = mounts
        self.spec = spec
        self.facts = facts
        self.options = options
    }

    private func refuseWithoutMountNamespace() throws(SpecError) {
        guard hasMountNamespace else {
            throw SpecError(
                pointer: "/linux/namespaces",
                message: "the container has the host's mount namespace: its mounts are the host's")
        }
    }

    private func checkDestination(_ index: Int) throws(SpecError) {
        let destination = spec.mounts[index].destination
        guard destination.hasPrefix("/"), !cleanPath(destination).isEmpty else {
            throw SpecError(
                pointer: "/mounts/\(index)/destination",
                message: "\"\(destination)\" is not an absolute path below the root")
        }
    }

    private func addedPlan(_ index: Int) throws(SpecError) -> MountPlan {
        try checkDestination(index)
        let mount = spec.mounts[index]
        let pointer = "/mounts/\(index)"
        func refuse(_ option: String, _ message: String) throws(SpecError) {
            guard let number = mount.options.firstIndex(of: option) else { return }
            throw SpecError(pointer: pointer + "/options/\(number)", message: message)
        }
        try refuse("remount", "what is mounted already cannot be added")
        for option in ["copy-symlink", "src-nofollow", "dest-nofollow"] {
            try refuse(option, "links are followed when mounts are added")
        }
        try refuse("tmpcopyup", "the contents of a running container's directory are not copied")
        if mount.mapsIDs {
            throw SpecError(pointer: pointer, message: "the ids of a mount that is added cannot be mapped")
        }
        if mount.type == "cgroup", !mount.isBind {
            throw SpecError(pointer: pointer + "/type", message: "cgroup hierarchies cannot be added")
        }
        var plan = try mountPlan(index)
        switch plan.source {
        case .bind: plan.isOpened = true
        case .filesystem(var filesystem):
            // What stands in for it is the host's, out of the helper's reach.
            filesystem.fallback = nil
            plan.source = .filesystem(filesystem)
        case .remount, .cgroupHierarchies, .link: preconditionFailure("refused above")
        }
        return plan
    }

    /// - Parameter proc: the index of a procfs. It shows the PID namespace of who makes it, and so the helper has to be in
    ///   that of the container; otherwise nobody in there can get at the helper.
    private mutating func planHelper(
        _ container: JoinedContainer, forProc proc: Int?
    ) throws(SpecError) {
        if let proc, container.joins(.pid) {
            guard facts.effectiveUserID == 0 else {
                throw SpecError(
                    pointer: "/mounts/\(proc)/type", message: "only root can add a procfs to a container")
            }
            add(.runtime(.aimAtPIDNamespace), "/linux/namespaces")
        }
        add(.runtime(.startInit(namespaces: 0, cgroup: nil)), "")
        add(.container(.startClean(traceable: false)), "")
        let namespaces = container.namespaces & ~NamespaceKind.pid.cloneFlag
        add(.container(.joinContainer(namespaces: namespaces)), "/linux/namespaces")
        // A mount namespace of its own has the container's root as its root; any other one has not.
        if joinsMountNamespace { add(.container(.enterContainerRoot), "/root/path") }
        add(.container(.enterJoinedRoot("/")), "/root/path")
    }
}
