// Detached mounts, and what copying a tree into one needs.
import CLinux

extension Syscall {
    /// A new instance of a file system as a mount that is attached nowhere (fsopen(2), fsconfig(2), fsmount(2)). The
    /// caller owns the descriptor.
    public static func detachedMount(
        _ type: String, options: [(key: String, value: String?)], attributes: UInt64
    ) throws(Errno) -> FileDescriptor {
        let context = FileDescriptor(
            owning: Int32(
                try withPath(type) { (type) throws(Errno) -> Int in
                    try call(.fsopen, type, Int(FSOPEN_CLOEXEC))
                }))
        for option in options {
            try withPath(option.key) { (key) throws(Errno) in
                if let value = option.value {
                    try withPath(value) { (value) throws(Errno) in
                        _ = try call(.fsconfig, Int(context.raw), 1, key, value, 0)
                    }
                } else {
                    try call(.fsconfig, Int(context.raw), 0, key, 0, 0)
                }
            }
        }
        try call(.fsconfig, Int(context.raw), 6, 0, 0, 0)
        return FileDescriptor(
            owning: Int32(try call(.fsmount, Int(context.raw), Int(FSMOUNT_CLOEXEC), Int(attributes))))
    }

    /// The mounts at `path` as a tree that is attached nowhere (open_tree(2), OPEN_TREE_CLONE). The caller owns the
    /// descriptor.
    public static func openTree(
        _ path: String, recursive: Bool, follow: Bool = true
    ) throws(Errno) -> FileDescriptor {
        let flags =
            Int(OPEN_TREE_CLONE) | Int(APUS_O_CLOEXEC.rawValue)
            | (follow ? 0 : Int(APUS_AT_SYMLINK_NOFOLLOW.rawValue))
        let tree = recursive ? Int(APUS_AT_RECURSIVE.rawValue) : 0
        return FileDescriptor(
            owning: Int32(
                try withPath(path) { (path) throws(Errno) -> Int in
                    try call(.openTree, Int(currentDirectory), path, flags | tree)
                }))
    }

    /// mount_setattr(2) on the mount that `mount` is the root of, with `recursive` on its tree. `propagation` is one of
    /// MS_SHARED and the like, `userNamespace` the descriptor that MOUNT_ATTR_IDMAP needs.
    public static func setMountAttributes(
        _ mount: Int32, set: UInt64 = 0, propagation: UInt64 = 0, userNamespace: Int32 = 0,
        recursive: Bool = false
    ) throws(Errno) {
        var attributes = mount_attr(
            attr_set: set, attr_clr: 0, propagation: propagation, userns_fd: UInt64(userNamespace))
        let tree = recursive ? Int(APUS_AT_RECURSIVE.rawValue) : 0
        try withPath("") { (path) throws(Errno) in
            try withAddress(of: &attributes) { (attributes) throws(Errno) in
                _ = try call(
                    .mountSetattr, Int(mount), path, Int(APUS_AT_EMPTY_PATH.rawValue) | tree, attributes,
                    MemoryLayout<mount_attr>.size)
            }
        }
    }

    /// symlinkat(2).
    public static func makeLink(_ target: String, name: String, at directory: Int32) throws(Errno) {
        try withPath(target) { (target) throws(Errno) in
            try withPath(name) { (name) throws(Errno) in
                _ = try call(.symlinkat, target, Int(directory), name)
            }
        }
    }

    /// mknodat(2).
    public static func makeNode(
        _ name: String, mode: UInt32, major: UInt32, minor: UInt32, at directory: Int32
    ) throws(Errno) {
        let number =
            UInt64(major & 0xfff) << 8 | UInt64(minor & 0xff) | UInt64(minor & ~0xff) << 12
            | UInt64(major & ~0xfff) << 32
        try withPath(name) { (name) throws(Errno) in
            _ = try call(.mknodat, Int(directory), name, Int(mode), Int(number))
        }
    }

    /// fchownat(2) that does not follow a link.
    public static func changeOwner(
        _ name: String, uid: UInt32, gid: UInt32, at directory: Int32
    ) throws(Errno) {
        try withPath(name) { (name) throws(Errno) in
            _ = try call(
                .fchownat, Int(directory), name, Int(uid), Int(gid), Int(APUS_AT_SYMLINK_NOFOLLOW.rawValue))
        }
    }

    /// fchmod(2).
    public static func changeMode(_ descriptor: Int32, _ mode: UInt16) throws(Errno) {
        try call(.fchmod, Int(descriptor), Int(mode))
    }

    /// fchmodat(2); the name must not be a link.
    public static func changeMode(_ name: String, _ mode: UInt16, at directory: Int32) throws(Errno) {
        try withPath(name) { (name) throws(Errno) in _ = try call(.fchmodat, Int(directory), name, Int(mode))
        }
    }

    /// Moves bytes from one file to another (sendfile(2)); 0 at the end.
    public static func copy(from source: Int32, to target: Int32, count: Int) throws(Errno) -> Int {
        try call(.sendfile, Int(target), Int(source), 0, count)
    }
}
