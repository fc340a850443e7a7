// Phase 3: the rootfs becomes a mount of its own that no mount of the host reaches.
import CLinux
import Linux
import OCI

extension LaunchPlan {
    /// The rootfs as an absolute path on the host.
    public var rootPath: String {
        let path = spec.root?.path ?? "rootfs"
        return path.hasPrefix("/") ? path : options.bundle + "/" + path
    }

    private var rootPropagation: Propagation? {
        spec.linux.rootfsPropagation.flatMap { $0.isEmpty ? nil : Propagation(name: $0) }
    }

    mutating func planRoot() throws(SpecError) {
        if joinsMountNamespace {
            // The mounts of a joined namespace are its owner's: only the root changes.
            add(.container(.enterJoinedRoot(rootPath)), "/root/path")
            return
        }
        let propagation = rootPropagation
        let shares = propagation.map { $0.flag == UInt64(MS_SHARED) } ?? false
        // Slave by default: mounts of the host arrive, those of the container stay. A shared rootfs needs its parent to
        // be private, or the bind mount below would appear on the host.
        let flags = propagation?.mountFlags ?? UInt64(MS_SLAVE) | UInt64(MS_REC)
        add(
            .container(
                .setHostPropagation(flags: flags, privateMountPoint: shares ? facts.rootfsMountPoint : nil)),
            propagation == nil ? "/root" : "/linux/rootfsPropagation")
        add(.container(.attachRoot(rootPath)), "/root/path")
    }

    func refuseMountsWithoutNamespace() throws(SpecError) {
        // Without a mount namespace each of these would change the host's mounts.
        let asked: [(Bool, String)] = [
            (!spec.mounts.isEmpty, "/mounts"), (!spec.linux.maskedPaths.isEmpty, "/linux/maskedPaths"),
            (!spec.linux.readonlyPaths.isEmpty, "/linux/readonlyPaths"),
            (spec.root?.readonly == true, "/root/readonly"),
            (rootPropagation != nil, "/linux/rootfsPropagation"),
            (!spec.linux.devices.isEmpty, "/linux/devices"),
        ]
        for (asks, pointer) in asked where asks {
            throw SpecError(
                pointer: pointer,
                message: "needs a mount namespace, and linux.namespaces has none: it would change the host's")
        }
    }

    mutating func planRootChange() {
        if let readonly = spec.root?.readonly, readonly, hasMountNamespace, !joinsMountNamespace {
            add(.container(.makeRootReadOnly), "/root/readonly")
        }
        guard hasMountNamespace, !joinsMountNamespace else {
            if !hasMountNamespace { add(.container(.enterJoinedRoot(rootPath)), "/root/path") }
            add(.container(.changeRoot), "/root/path")
            return
        }
        if options.noPivot {
            add(.container(.moveRoot), "/root/path")
        } else {
            // Unmounting the old root must not reach the host, which it would through shared mounts.
            add(
                .container(
                    .pivotRoot(detachSlave: rootPropagation.map { $0.flag == UInt64(MS_SHARED) } ?? false)),
                "/root/path")
        }
        if let propagation = rootPropagation {
            add(.container(.setRootPropagation(propagation)), "/linux/rootfsPropagation")
        }
    }
}
