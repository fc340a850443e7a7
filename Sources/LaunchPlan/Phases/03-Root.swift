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

    /// With a shared or a not recursive propagation some mounts of the new namespace stay shared with the host.
    private static func reachesHost(_ propagation: Propagation) -> Bool {
        !propagation.recursive
            || propagation.flag == UInt64(MS_SHARED)
    }

    private var reachesHost: Bool { rootPropagation.map(Self.reachesHost) ?? false }

    /// Whether `HostFacts.rootfsMountPoint` is needed for this value of `linux.rootfsPropagation`.
    public static func needsRootfsMountPoint(_ name: String?) -> Bool {
        name.flatMap { Propagation(name: $0) }.map(reachesHost) ?? false
    }

    mutating func planRoot() throws(SpecError) {
        if joinsMountNamespace {
            // What is mounted, masked or made read-only below the rootfs, is so for all in the namespace, as with crun.
            // The rest of its mounts is its owner's.
            try refuse([propagation], "would change the mount namespace that is joined for all in it")
            add(
                spec.root?.readonly == true
                    ? .container(.attachRoot(rootPath, isOpened: false))
                    : .container(.enterJoinedRoot(rootPath)), "/root/path")
            return
        }
        let propagation = rootPropagation
        // Slave by default: mounts of the host arrive, those of the container stay. Otherwise the rootfs needs its parent
        // to be private, or the bind mount below would appear on the host.
        let flags = hostPropagation
        if reachesHost && facts.rootfsMountPoint == nil {
            throw SpecError(
                pointer: "/linux/rootfsPropagation", message: "cannot find the mount that \(rootPath) lies on"
            )
        }
        let place = opensRoot ? "/" : facts.rootfsMountPoint
        add(
            .container(.setHostPropagation(flags: flags, privateMountPoint: reachesHost ? place : nil)),
            propagation == nil ? "/root" : "/linux/rootfsPropagation")
        add(.container(.attachRoot(rootPath, isOpened: opensRoot)), "/root/path")
    }

    /// What the new mount namespace does to the mounts that it copies, as flags of mount(2).
    var hostPropagation: UInt64 {
        let flags = rootPropagation?.mountFlags ?? UInt64(MS_SLAVE) | UInt64(MS_REC)
        // Nothing could be bound from unbindable mounts; private is as far from the host.
        return flags & UInt64(MS_UNBINDABLE) == 0
            ? flags : flags ^ (UInt64(MS_UNBINDABLE) | UInt64(MS_PRIVATE))
    }

    /// Whether root of the user namespace may not get to `path`, but the runtime may.
    func opens(_ path: String) -> Bool {
        hasUserNamespace && isPrivileged && !joinsMountNamespace && facts.hiddenPaths.contains(path)
    }

    private var opensRoot: Bool { hasMountNamespace && opens(rootPath) }

    /// What the init may not open, and what shall be changed before it is attached, the runtime opens.
    mutating func planOpenedMounts() throws(SpecError) {
        if opensRoot {
            let mount = OpenedMount(path: rootPath, recursive: true, propagation: hostPropagation)
            add(.runtime(.openRoot(mount)), "/root/path")
        }
        guard hasMountNamespace else { return }
        for index in spec.mounts.indices {
            guard let mount = try openedMount(index) else { continue }
            add(.runtime(.openMount(index: index, mount)), "/mounts/\(index)/source")
        }
    }

    func refuseMountsWithoutNamespace() throws(SpecError) {
        try refuse(
            [(!spec.mounts.isEmpty, "/mounts"), masks, readonlyPaths, readonlyRoot, propagation, devices],
            "needs a mount namespace, and linux.namespaces has none: it would change the host's")
    }

    private typealias Asked = (asks: Bool, pointer: String)
    private var masks: Asked { (!spec.linux.maskedPaths.isEmpty, "/linux/maskedPaths") }
    private var readonlyPaths: Asked { (!spec.linux.readonlyPaths.isEmpty, "/linux/readonlyPaths") }
    private var readonlyRoot: Asked { (spec.root?.readonly == true, "/root/readonly") }
    private var propagation: Asked { (rootPropagation != nil, "/linux/rootfsPropagation") }
    private var devices: Asked { (!spec.linux.devices.isEmpty, "/linux/devices") }

    private func refuse(_ list: [Asked], _ message: String) throws(SpecError) {
        for asked in list where asked.asks { throw SpecError(pointer: asked.pointer, message: message) }
    }

    mutating func planRootChange() {
        if let readonly = spec.root?.readonly, readonly, hasMountNamespace {
            add(.container(.makeRootReadOnly), "/root/readonly")
        }
        guard hasMountNamespace, !joinsMountNamespace else {
            if !hasMountNamespace { add(.container(.enterJoinedRoot(rootPath)), "/root/path") }
            add(.container(.changeRoot), "/root/path")
            return
        }
        if options.noPivot {
            add(
                .container(.moveRoot(isOver: opensRoot, hidden: facts.kernelMounts)), "/root/path")
        } else {
            // Unmounting the old root must not reach the host, which it would through shared mounts.
            add(.container(.pivotRoot(detachSlave: reachesHost)), "/root/path")
        }
        if var propagation = rootPropagation {
            // All mounts of the namespace are private already; those that config.json makes shared shall stay so.
            if propagation.flag == UInt64(MS_PRIVATE) {
                propagation = Propagation(flag: propagation.flag, recursive: false)
            }
            add(.container(.setRootPropagation(propagation)), "/linux/rootfsPropagation")
        }
    }
}
