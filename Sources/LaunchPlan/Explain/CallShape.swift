// The table behind strace-like lines: for each system call the kinds of its arguments.
import CLinux
import Linux

/// How one argument of a system call is shown.
enum ArgumentKind: Sendable {
    /// A descriptor: a slot's name, a number, or AT_FDCWD.
    case descriptor
    /// A C string; NULL for 0.
    case string
    /// Bytes, as many as the argument `count` says.
    case bytes(count: Int)
    case flags(FlagNames)
    case choice(ChoiceNames)
    case signed
    case octal
    case hexadecimal
    /// The type and permissions of a file.
    case mode
    /// A dev_t.
    case device
    /// A place that the kernel writes to, or an opaque one.
    case place
    case openHow
    case mountAttributes
    case limits
    case signalSet
    /// gid_t[]; the argument `count` says how many.
    case groups(count: Int)
    /// `struct ifreq` with flags.
    case interfaceFlags
    /// `struct sched_attr`.
    case schedulerAttributes
    case capabilityHeader
    case capabilityData
    case filter
    /// char *[] that ends with NULL: all elements.
    case strings
    /// The same, but only how many: the environment may hold secrets.
    case secretStrings
}

/// A system call and what its arguments are.
struct CallShape: Sendable {
    let call: SystemCall
    /// The first arguments for which this row holds, nil for any one; empty for any.
    let selector: [Int64?]
    let arguments: [ArgumentKind]

    init(_ call: SystemCall, when selector: [Int64?] = [], _ arguments: ArgumentKind...) {
        self.call = call
        self.selector = selector
        self.arguments = arguments
    }

    /// The row for an instruction; nil for calls that no program makes.
    static func shape(of instruction: Instruction) -> CallShape? {
        all.first { row in
            row.call == instruction.call && row.selector.count <= instruction.operands.count
                && zip(row.selector, instruction.operands).allSatisfy { number, operand in
                    number.map { operand == .immediate(UInt64(bitPattern: $0)) } ?? true
                }
        }
    }

    private static let all: [CallShape] = files + mounts + process

    private static let files: [CallShape] = [
        CallShape(.read, .descriptor, .place, .signed),
        CallShape(.write, .descriptor, .bytes(count: 2), .signed),
        CallShape(.close, .descriptor),
        CallShape(.openat, .descriptor, .string, .flags(.open), .octal),
        CallShape(.openat2, .descriptor, .string, .openHow, .signed),
        CallShape(.statx, .descriptor, .string, .flags(.at), .flags(.statx), .place),
        CallShape(.fstatfs, .descriptor, .place),
        CallShape(.mkdirat, .descriptor, .string, .octal),
        CallShape(.mknodat, .descriptor, .string, .mode, .device),
        CallShape(.unlinkat, .descriptor, .string, .flags(.unlink)),
        CallShape(.symlinkat, .string, .descriptor, .string),
        CallShape(.readlinkat, .descriptor, .string, .place, .signed),
        CallShape(.fchmodat, .descriptor, .string, .octal),
        CallShape(.fchmod, .descriptor, .octal),
        CallShape(.fchownat, .descriptor, .string, .signed, .signed, .flags(.at)),
        CallShape(.fchown, .descriptor, .signed, .signed),
        CallShape(.faccessat, .descriptor, .string, .flags(.access)),
        CallShape(.faccessat2, .descriptor, .string, .flags(.access), .flags(.at)),
        CallShape(.chdir, .string),
        CallShape(.fchdir, .descriptor),
        CallShape(.getcwd, .place, .signed),
        CallShape(.closeRange, .signed, .signed, .flags(.closeRange)),
        CallShape(.fcntl, .descriptor, .signed, .signed),
        CallShape(.dup3, .descriptor, .descriptor, .flags(.open)),
        CallShape(.accept4, .descriptor, .place, .place, .flags(.accept)),
    ]

    private static let mounts: [CallShape] = [
        CallShape(.mount, .string, .string, .string, .flags(.mount), .string),
        CallShape(.umount2, .string, .flags(.umount)),
        CallShape(.pivotRoot, .string, .string),
        CallShape(.chroot, .string),
        CallShape(.openTree, .descriptor, .string, .flags(.openTree)),
        CallShape(.moveMount, .descriptor, .string, .descriptor, .string, .flags(.moveMount)),
        CallShape(.fsopen, .string, .flags(.fsopen)),
        CallShape(.fsconfig, .descriptor, .choice(.fsconfig), .string, .string, .signed),
        CallShape(.fsmount, .descriptor, .flags(.fsmount), .flags(.mountAttributes)),
        CallShape(.fspick, .descriptor, .string, .flags(.fspick)),
        CallShape(.mountSetattr, .descriptor, .string, .flags(.at), .mountAttributes, .signed),
    ]

    private static let process: [CallShape] = [
        CallShape(.setns, .descriptor, .flags(.clone)),
        CallShape(.unshare, .flags(.clone)),
        CallShape(.setsid),
        CallShape(.socket, .choice(.families), .flags(.socketType), .signed),
        CallShape(.ioctl, when: [nil, 0x8914], .descriptor, .choice(.ioctl), .interfaceFlags),
        CallShape(.ioctl, when: [nil, 0x4004_5431], .descriptor, .choice(.ioctl), .place),
        CallShape(.ioctl, when: [nil, 0x5441], .descriptor, .choice(.ioctl), .flags(.open)),
        CallShape(.ioctl, .descriptor, .choice(.ioctl), .signed),
        CallShape(.sendmsg, .descriptor, .place, .hexadecimal),
        CallShape(.setgroups, .signed, .groups(count: 0)),
        CallShape(.setresuid, .signed, .signed, .signed),
        CallShape(.setresgid, .signed, .signed, .signed),
        CallShape(.umask, .octal),
        CallShape(.prctl, when: [Int64(PR_CAPBSET_DROP)], .choice(.prctl), .choice(.capabilities)),
        CallShape(
            .prctl, when: [Int64(PR_CAP_AMBIENT), Int64(PR_CAP_AMBIENT_RAISE)], .choice(.prctl),
            .choice(.ambient), .choice(.capabilities)),
        CallShape(.prctl, when: [Int64(PR_CAP_AMBIENT)], .choice(.prctl), .choice(.ambient)),
        CallShape(.prctl, .choice(.prctl), .signed, .signed, .signed, .signed),
        CallShape(.capset, .capabilityHeader, .capabilityData),
        CallShape(.prlimit64, .signed, .choice(.limits), .limits, .place),
        CallShape(.personality, .choice(.personality)),
        CallShape(.seccomp, .choice(.seccomp), .flags(.seccomp), .filter),
        CallShape(.keyctl, when: [1], .choice(.keyctl), .string),
        CallShape(.keyctl, .choice(.keyctl), .descriptor, .hexadecimal),
        CallShape(.rtSigprocmask, .choice(.signalMask), .signalSet, .place, .signed),
        CallShape(.sethostname, .string, .signed),
        CallShape(.setdomainname, .string, .signed),
        CallShape(.schedSetaffinity, .signed, .signed, .place),
        CallShape(.schedSetattr, .signed, .schedulerAttributes, .signed),
        CallShape(.ioprioSet, .signed, .signed, .hexadecimal),
        CallShape(.setMempolicy, .hexadecimal, .place, .signed),
        CallShape(.fsetxattr, .descriptor, .string, .string, .signed, .signed),
        CallShape(.execve, .string, .strings, .secretStrings),
    ]
}
