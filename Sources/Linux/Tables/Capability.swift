// The 41 capabilities and sets of them (capabilities(7), linux/capability.h).

/// One capability, known by its number.
public struct Capability: Sendable, Equatable {
    /// The bit's number in a capability set.
    public let number: UInt8

    /// The capability called `name`, as config.json spells it (`CAP_CHOWN`); nil for any other name.
    public init?(name: String) {
        guard let number = position(of: name, in: Self.names) else { return nil }
        self.number = UInt8(number)
    }

    /// The capability with that number; nil above the last one known.
    public init?(number: Int) {
        guard Self.names.indices.contains(number) else { return nil }
        self.number = UInt8(number)
    }

    public var name: String { Self.names[Int(number)] }

    /// All names; the index is the number.
    public static let names: [String] = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
        "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
        "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE",
        "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ]
}

/// A set of capabilities, as capset(2) and `/proc/PID/status` have it.
public struct CapabilitySet: OptionSet, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// All that this table knows.
    public static let all = CapabilitySet(rawValue: (1 << UInt64(Capability.names.count)) - 1)

    /// The set of one.
    public init(_ capability: Capability) {
        self.init(rawValue: 1 << UInt64(capability.number))
    }

    public func contains(_ capability: Capability) -> Bool {
        rawValue & (1 << UInt64(capability.number)) != 0
    }
}
