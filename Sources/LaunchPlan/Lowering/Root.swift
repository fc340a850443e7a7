// The root: attached as a mount of its own, made read-only, and entered.
import CLinux
import Linux

extension Lowering {
    static let emptyPath = Int(APUS_AT_EMPTY_PATH.rawValue)
    /// Move a detached mount by descriptor onto a mount point by descriptor.
    static let byDescriptor = Int(MOVE_MOUNT_F_EMPTY_PATH) | Int(MOVE_MOUNT_T_EMPTY_PATH)
    static let cloneTree = UInt64(OPEN_TREE_CLONE) | UInt64(APUS_O_CLOEXEC.rawValue)
    static let recursive = UInt64(APUS_AT_RECURSIVE.rawValue)

    mutating func setHostPropagation(_ flags: UInt64, _ privateMountPoint: String?) {
        program.syscall(.mount, .value(0), program.string("/"), .value(0), .immediate(flags), .value(0))
        if let privateMountPoint {
            program.syscall(
                .mount, .value(0), program.string(privateMountPoint), .value(0),
                .immediate(UInt64(MS_PRIVATE)),
                .value(0))
        }
    }

    /// An opened root goes over "/", where everybody gets: the place where it comes from may be closed to the init.
    mutating func attachRoot(_ path: String, isOpened: Bool) {
        root = program.newSlot(named: "root")
        if isOpened {
            program.inherit(.root, in: root)
            program.syscall(
                .moveMount, .slot(root), program.string(""), .currentDirectory, program.string("/"),
                .value(Int(MOVE_MOUNT_F_EMPTY_PATH)))
            return
        }
        program.syscall(
            .openTree, .currentDirectory, program.string(path), .immediate(Self.cloneTree | Self.recursive),
            out: root)
        program.syscall(
            .moveMount, .slot(root), program.string(""), .currentDirectory, program.string(path),
            .value(Int(MOVE_MOUNT_F_EMPTY_PATH)))
    }

    mutating func enterJoinedRoot(_ path: String) {
        root = program.newSlot(named: "root")
        program.syscall(
            .openat, .currentDirectory, program.string(path), .immediate(Self.pathOnly | Self.directory),
            out: root)
    }

    /// mount_setattr(2) of one mount, or of its tree.
    mutating func setAttributes(
        _ mount: Slot, set: UInt64 = 0, clear: UInt64 = 0, propagation: UInt64 = 0, recursive: Bool = false,
        tolerate: [Errno] = [], skip: Int = 0
    ) {
        program.syscall(
            .mountSetattr, .slot(mount), program.string(""),
            .value(Self.emptyPath | (recursive ? Int(Self.recursive) : 0)),
            program.words([set, clear, propagation, 0]), .value(32), tolerate: tolerate, skip: skip)
    }

    /// Of a mount that is attached.
    mutating func makeReadOnly(attached mount: Slot) {
        if facts.denied.contains(.mountSetattr) { return protect(mount) }
        setAttributes(mount, set: UInt64(MOUNT_ATTR_RDONLY))
    }

    /// Of a mount that is attached.
    mutating func setPropagation(_ mount: Slot, _ plan: MountPlan) {
        for propagation in plan.propagation {
            if facts.denied.contains(.mountSetattr) {
                changePropagation(mount, propagation)
            } else {
                setAttributes(mount, propagation: propagation.flag, recursive: propagation.recursive)
            }
        }
    }

    mutating func makeRootReadOnly() {
        makeReadOnly(attached: root)
    }

    mutating func pivotRoot(detachSlave: Bool) {
        let old = detachSlave ? program.newSlot() : nil
        if let old {
            program.syscall(
                .openat, .currentDirectory, program.string("/"), .immediate(Self.pathOnly | Self.directory),
                out: old)
        }
        program.syscall(.fchdir, .slot(root))
        program.syscall(.pivotRoot, program.string("."), program.string("."))
        if let old {
            // For mount(2), "." would be the new root, all of whose mounts would become slaves.
            program.syscall(.fchdir, .slot(old))
            program.close(old)
            program.syscall(
                .mount, .value(0), program.string("."), .value(0),
                .immediate(UInt64(MS_SLAVE) | UInt64(MS_REC)),
                .value(0))
        }
        // The old root lies on top of the new one now; "." is the old one (pivot_root(2), NOTES).
        program.syscall(.umount2, program.string("."), .value(2))
        program.syscall(.chdir, program.string("/"))
    }

    mutating func moveRoot(isOver: Bool, hidden: [String]) {
        // What covers a shared "/" would cover the host's too.
        if !isOver || !hidden.isEmpty {
            program.syscall(
                .mount, .value(0), program.string("/"), .value(0), .immediate(UInt64(MS_PRIVATE)), .value(0))
        }
        for path in hidden { hide(path) }
        if isOver { return changeRoot() }
        program.syscall(.fchdir, .slot(root))
        program.syscall(
            .moveMount, .slot(root), program.string(""), .currentDirectory, program.string("/"),
            .value(Int(MOVE_MOUNT_F_EMPTY_PATH)))
        program.syscall(.chroot, program.string("."))
        program.syscall(.chdir, program.string("/"))
    }

    /// Unmounts what the kernel shows on `path`. It would stay below the new root, and with it in the namespace a user
    /// namespace in the container could mount a procfs or sysfs without what is masked in the container's own
    /// (mount_namespaces(7)). What is locked there is covered; what something else covers, no path leads to.
    private mutating func hide(_ path: String) {
        // Unmounting goes by the propagation of the mount that it lies on: where that is shared, it would reach the host.
        var place = path[...]
        while !place.isEmpty {
            program.attempt(
                .mount, .value(0), program.string(String(place)), .value(0), .immediate(UInt64(MS_SLAVE)),
                .value(0))
            place = place[..<(place.lastIndex(of: "/") ?? place.startIndex)]
        }
        program.attempt(.umount2, program.string(path), .value(2), skip: 1)
        let isGone = program.here
        program.skip(0)
        let cover = newMount(FilesystemMount(type: "tmpfs", source: "tmpfs", options: []))
        program.syscall(
            .moveMount, .slot(cover), program.string(""), .currentDirectory, program.string(path),
            .value(Int(MOVE_MOUNT_F_EMPTY_PATH)), tolerate: [.noEntry])
        program.close(cover)
        program.land(isGone)
    }

    mutating func changeRoot() {
        program.syscall(.fchdir, .slot(root))
        program.syscall(.chroot, program.string("."))
        program.syscall(.chdir, program.string("/"))
    }

    mutating func setRootPropagation(_ propagation: Propagation) {
        program.syscall(
            .mount, .value(0), program.string("/"), .value(0), .immediate(propagation.mountFlags), .value(0))
    }
}
