// The kernel's names of flags and of numbered choices, for system calls that programs make.
import CLinux
import Linux

/// Names of bits that are or'ed together.
struct FlagNames: Sendable {
    let rows: [(name: String, bits: UInt64)]

    /// "O_PATH|O_CLOEXEC"; bits without a name as a number; "0" for none.
    func text(_ flags: UInt64) -> String {
        var rest = flags
        var words: [String] = []
        for row in rows where rest & row.bits == row.bits {
            words.append(row.name)
            rest &= ~row.bits
        }
        if rest != 0 { words.append("0x" + String(rest, radix: 16)) }
        return words.isEmpty ? "0" : words.joined(separator: "|")
    }

    private static func table(_ rows: [(String, Int64)]) -> FlagNames {
        FlagNames(rows: rows.map { (name: $0.0, bits: UInt64(bitPattern: $0.1)) })
    }

    static let open = table([
        ("O_WRONLY", Int64(APUS_O_WRONLY.rawValue)), ("O_RDWR", Int64(APUS_O_RDWR.rawValue)),
        ("O_CREAT", Int64(APUS_O_CREAT.rawValue)), ("O_EXCL", Int64(APUS_O_EXCL.rawValue)),
        ("O_NOCTTY", Int64(APUS_O_NOCTTY.rawValue)), ("O_TRUNC", Int64(APUS_O_TRUNC.rawValue)),
        ("O_APPEND", Int64(APUS_O_APPEND.rawValue)), ("O_NONBLOCK", Int64(APUS_O_NONBLOCK.rawValue)),
        ("O_DIRECTORY", Int64(APUS_O_DIRECTORY.rawValue)),
        ("O_NOFOLLOW", Int64(APUS_O_NOFOLLOW.rawValue)), ("O_PATH", Int64(APUS_O_PATH.rawValue)),
        ("O_CLOEXEC", Int64(APUS_O_CLOEXEC.rawValue)),
    ])
    static let resolve = table([
        ("RESOLVE_NO_XDEV", Int64(RESOLVE_NO_XDEV)), ("RESOLVE_NO_SYMLINKS", Int64(RESOLVE_NO_SYMLINKS)),
        ("RESOLVE_BENEATH", Int64(RESOLVE_BENEATH)), ("RESOLVE_IN_ROOT", Int64(RESOLVE_IN_ROOT)),
        ("RESOLVE_NO_MAGICLINKS", Int64(RESOLVE_NO_MAGICLINKS)),
    ])
    static let at = table([
        ("AT_SYMLINK_NOFOLLOW", Int64(APUS_AT_SYMLINK_NOFOLLOW.rawValue)),
        ("AT_SYMLINK_FOLLOW", Int64(APUS_AT_SYMLINK_FOLLOW.rawValue)),
        ("AT_EMPTY_PATH", Int64(APUS_AT_EMPTY_PATH.rawValue)),
        ("AT_RECURSIVE", Int64(APUS_AT_RECURSIVE.rawValue)),
    ])
    static let unlink = table([("AT_REMOVEDIR", Int64(APUS_AT_REMOVEDIR.rawValue))])
    static let openTree = table([
        ("OPEN_TREE_CLONE", Int64(OPEN_TREE_CLONE)), ("OPEN_TREE_CLOEXEC", Int64(APUS_O_CLOEXEC.rawValue)),
        ("AT_EMPTY_PATH", Int64(APUS_AT_EMPTY_PATH.rawValue)),
        ("AT_RECURSIVE", Int64(APUS_AT_RECURSIVE.rawValue)),
    ])
    static let moveMount = table([
        ("MOVE_MOUNT_F_EMPTY_PATH", Int64(MOVE_MOUNT_F_EMPTY_PATH)),
        ("MOVE_MOUNT_T_EMPTY_PATH", Int64(MOVE_MOUNT_T_EMPTY_PATH)),
    ])
    static let fsopen = table([("FSOPEN_CLOEXEC", Int64(FSOPEN_CLOEXEC))])
    static let fsmount = table([("FSMOUNT_CLOEXEC", Int64(FSMOUNT_CLOEXEC))])
    static let fspick = table([
        ("FSPICK_CLOEXEC", Int64(FSPICK_CLOEXEC)), ("FSPICK_EMPTY_PATH", Int64(FSPICK_EMPTY_PATH)),
    ])
    static let mountAttributes = table([
        ("MOUNT_ATTR_RDONLY", Int64(MOUNT_ATTR_RDONLY)), ("MOUNT_ATTR_NOSUID", Int64(MOUNT_ATTR_NOSUID)),
        ("MOUNT_ATTR_NODEV", Int64(MOUNT_ATTR_NODEV)), ("MOUNT_ATTR_NOEXEC", Int64(MOUNT_ATTR_NOEXEC)),
        ("MOUNT_ATTR__ATIME", Int64(MOUNT_ATTR__ATIME)), ("MOUNT_ATTR_NOATIME", Int64(MOUNT_ATTR_NOATIME)),
        ("MOUNT_ATTR_STRICTATIME", Int64(MOUNT_ATTR_STRICTATIME)),
        ("MOUNT_ATTR_NODIRATIME", Int64(MOUNT_ATTR_NODIRATIME)),
        ("MOUNT_ATTR_NOSYMFOLLOW", Int64(MOUNT_ATTR_NOSYMFOLLOW)),
    ])
    static let mount = table([
        ("MS_RDONLY", Int64(MS_RDONLY)), ("MS_NOSUID", Int64(MS_NOSUID)), ("MS_NODEV", Int64(MS_NODEV)),
        ("MS_NOEXEC", Int64(MS_NOEXEC)), ("MS_REMOUNT", Int64(MS_REMOUNT)), ("MS_BIND", Int64(MS_BIND)),
        ("MS_MOVE", Int64(MS_MOVE)), ("MS_REC", Int64(MS_REC)), ("MS_UNBINDABLE", Int64(MS_UNBINDABLE)),
        ("MS_PRIVATE", Int64(MS_PRIVATE)), ("MS_SLAVE", Int64(MS_SLAVE)), ("MS_SHARED", Int64(MS_SHARED)),
    ])
    static let umount = table([
        ("MNT_FORCE", 1), ("MNT_DETACH", 2), ("MNT_EXPIRE", 4), ("UMOUNT_NOFOLLOW", 8),
    ])
    static let statx = table([
        ("STATX_BASIC_STATS", Int64(STATX_BASIC_STATS)), ("STATX_TYPE", Int64(STATX_TYPE)),
        ("STATX_MODE", Int64(STATX_MODE)),
    ])
    static let access = table([("R_OK", 4), ("W_OK", 2), ("X_OK", 1)])
    static let clone = table([
        ("CLONE_NEWTIME", Int64(NamespaceKind.time.cloneFlag)), ("CLONE_PARENT", Int64(CLONE_PARENT)),
        ("CLONE_NEWNS", Int64(NamespaceKind.mount.cloneFlag)),
        ("CLONE_NEWCGROUP", Int64(NamespaceKind.cgroup.cloneFlag)),
        ("CLONE_NEWUTS", Int64(NamespaceKind.uts.cloneFlag)),
        ("CLONE_NEWIPC", Int64(NamespaceKind.ipc.cloneFlag)),
        ("CLONE_NEWUSER", Int64(NamespaceKind.user.cloneFlag)),
        ("CLONE_NEWPID", Int64(NamespaceKind.pid.cloneFlag)),
        ("CLONE_NEWNET", Int64(NamespaceKind.network.cloneFlag)),
    ])
    static let closeRange = table([("CLOSE_RANGE_UNSHARE", 2), ("CLOSE_RANGE_CLOEXEC", 4)])
    static let accept = table([
        ("SOCK_NONBLOCK", Int64(APUS_O_NONBLOCK.rawValue)), ("SOCK_CLOEXEC", Int64(APUS_O_CLOEXEC.rawValue)),
    ])
    static let socketType = table([
        ("SOCK_DGRAM", 2), ("SOCK_CLOEXEC", Int64(APUS_O_CLOEXEC.rawValue)),
    ])
    static let interface = table([("IFF_UP", 1)])
    static let seccomp = table([
        ("SECCOMP_FILTER_FLAG_TSYNC", 1), ("SECCOMP_FILTER_FLAG_LOG", 2),
        ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4), ("SECCOMP_FILTER_FLAG_NEW_LISTENER", 8),
        ("SECCOMP_FILTER_FLAG_TSYNC_ESRCH", 16), ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 32),
    ])
}

/// Names of one number out of several.
struct ChoiceNames: Sendable {
    let rows: [(name: String, number: Int64)]

    func text(_ number: Int64) -> String {
        rows.first { $0.number == number }?.name ?? String(number)
    }

    private static func numbered(_ names: [String]) -> ChoiceNames {
        ChoiceNames(rows: names.enumerated().map { (name: $0.element, number: Int64($0.offset)) })
    }

    static let fsconfig = numbered([
        "FSCONFIG_SET_FLAG", "FSCONFIG_SET_STRING", "FSCONFIG_SET_BINARY", "FSCONFIG_SET_PATH",
        "FSCONFIG_SET_PATH_EMPTY", "FSCONFIG_SET_FD", "FSCONFIG_CMD_CREATE", "FSCONFIG_CMD_RECONFIGURE",
        "FSCONFIG_CMD_CREATE_EXCL",
    ])
    static let signalMask = numbered(["SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"])
    static let seccomp = numbered(["SECCOMP_SET_MODE_STRICT", "SECCOMP_SET_MODE_FILTER"])
    static let limits = numbered(ResourceLimitKind.names)
    static let capabilities = numbered(Capability.names)
    static let personality = ChoiceNames(rows: [
        (name: "PER_LINUX", number: 0), (name: "PER_LINUX32", number: 8),
    ])
    static let families = ChoiceNames(rows: [(name: "AF_UNIX", number: 1), (name: "AF_INET", number: 2)])
    static let ioctl = ChoiceNames(rows: [
        (name: "SIOCSIFFLAGS", number: 0x8914), (name: "TIOCSPTLCK", number: 0x4004_5431),
        (name: "TIOCGPTPEER", number: 0x5441), (name: "TIOCSCTTY", number: 0x540e),
    ])
    static let keyctl = ChoiceNames(rows: [
        (name: "KEYCTL_JOIN_SESSION_KEYRING", number: 1), (name: "KEYCTL_SETPERM", number: 5),
    ])
    static let prctl = ChoiceNames(rows: [
        (name: "PR_SET_DUMPABLE", number: Int64(PR_SET_DUMPABLE)),
        (name: "PR_SET_KEEPCAPS", number: Int64(PR_SET_KEEPCAPS)),
        (name: "PR_CAPBSET_DROP", number: Int64(PR_CAPBSET_DROP)),
        (name: "PR_SET_NO_NEW_PRIVS", number: Int64(PR_SET_NO_NEW_PRIVS)),
        (name: "PR_CAP_AMBIENT", number: Int64(PR_CAP_AMBIENT)),
        (name: "PR_SET_PDEATHSIG", number: Int64(PR_SET_PDEATHSIG)),
        (name: "PR_SET_NAME", number: Int64(PR_SET_NAME)),
        (name: "PR_SET_SECUREBITS", number: Int64(PR_SET_SECUREBITS)),
    ])
    static let ambient = ChoiceNames(rows: [
        (name: "PR_CAP_AMBIENT_IS_SET", number: 1), (name: "PR_CAP_AMBIENT_RAISE", number: 2),
        (name: "PR_CAP_AMBIENT_LOWER", number: 3), (name: "PR_CAP_AMBIENT_CLEAR_ALL", number: 4),
    ])
}
