// What the runtime does for a container in a user namespace: id maps, owners, and mounts that only it may open.
import CLinux
import LaunchPlan
import Linux
import OCI

extension Conductor {
    /// Writes the maps of the init, which waits. The file of one user or group that the kernel lets a user map alone is
    /// written directly; ranges need newuidmap(1) and newgidmap(1) then.
    func writeIDMaps(
        _ uids: [IDMapping], _ gids: [IDMapping], _ planned: PlannedStep
    ) throws(Failure) {
        let pid = initProcess?.pid ?? 0
        let maps = IDMaps(pid: pid, isPrivileged: plan.isPrivileged)
        // Groups first: the order does not matter to the kernel, but setgroups(2) must be settled before its map.
        try maps.write(.groups, gids)
        try maps.write(.users, uids)
    }

    /// Gives standard descriptors to a user of the container.
    func own(_ descriptors: [Int32], _ uid: UInt32, _ planned: PlannedStep) throws(Failure) {
        let owner = try outer(.users, uid, planned)
        for descriptor in descriptors {
            // Sockets and read-only file systems have no owner to change, and rootless may not: all is well then, as
            // the process has the descriptor already.
            try? Syscall.changeOwner(descriptor, uid: owner, gid: .max)
        }
    }

    /// The id of the runtime's namespace that `id` of the init's stands for.
    private func outer(_ kind: IDMaps.Kind, _ id: UInt32, _ planned: PlannedStep) throws(Failure) -> UInt32 {
        guard plan.hasUserNamespace, let pid = initProcess?.pid else { return id }
        if let outer = IDMaps.read(kind, of: pid).first(where: { $0.outer(of: id) != nil })?.outer(of: id) {
            return outer
        }
        throw failure(
            planned, "\(planned.step.summary): \(kind.noun) \(id) is not mapped in the user namespace")
    }

    /// Opens a bind mount's source, with the propagation that it would have in the container's mount namespace.
    mutating func open(
        _ mount: OpenedMount, as name: InheritedDescriptor, _ planned: PlannedStep
    ) throws(Failure) {
        let box: FileDescriptorBox
        do throws(Errno) {
            box = FileDescriptorBox(try mount.open())
        } catch {
            throw failure(planned, "\(planned.step.summary): \(error)", errno: error)
        }
        if let idMap = mount.idMap { try mapIDs(of: box.raw, idMap, planned) }
        inherited.append((name, box))
    }

    private func mapIDs(of mount: Int32, _ map: MountIDMap, _ planned: PlannedStep) throws(Failure) {
        let namespace: FileDescriptorBox
        switch map.source {
        case .joined(let index):
            guard let joined = inherited.first(where: { $0.name == .namespace(index: index) }) else { return }
            namespace = joined.descriptor
        case .maps(let uids, let gids):
            let pointer = planned.pointer.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            namespace = FileDescriptorBox(
                try IDMaps.namespace(uids, gids, isPrivileged: plan.isPrivileged, pointer))
        }
        do throws(Errno) {
            try Syscall.setMountAttributes(
                mount, set: UInt64(MOUNT_ATTR_IDMAP), userNamespace: namespace.raw, recursive: map.recursive)
        } catch {
            var failure = failure(planned, "\(planned.step.summary): mount_setattr: \(error)", errno: error)
            if error == .invalid {
                failure.hint =
                    "the file system\(map.recursive ? ", or one below," : "") cannot have its ids "
                    + "mapped, or they are mapped already"
            }
            throw failure
        }
    }
}

extension OpenedMount {
    /// The mount, detached.
    func open() throws(Errno) -> FileDescriptor {
        let tree = try Syscall.openTree(path, recursive: recursive, follow: !isLink)
        try Syscall.setMountAttributes(tree.raw, propagation: propagation & ~UInt64(MS_REC), recursive: true)
        return tree
    }
}
