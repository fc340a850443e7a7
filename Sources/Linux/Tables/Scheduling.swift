// When and where a process runs: scheduling policies, I/O classes and memory policies, with the kernel's numbers.

/// A scheduling policy (sched(7), linux/sched.h).
public struct SchedulingPolicy: Sendable, Equatable {
    public let name: String
    public let number: UInt32

    /// In the order of config.md, Linux Process.
    public static let all: [SchedulingPolicy] = [
        SchedulingPolicy(name: "SCHED_OTHER", number: 0), SchedulingPolicy(name: "SCHED_FIFO", number: 1),
        SchedulingPolicy(name: "SCHED_RR", number: 2), SchedulingPolicy(name: "SCHED_BATCH", number: 3),
        // Reserved: no kernel has it.
        SchedulingPolicy(name: "SCHED_ISO", number: 4), SchedulingPolicy(name: "SCHED_IDLE", number: 5),
        SchedulingPolicy(name: "SCHED_DEADLINE", number: 6),
    ]

    public init?(name: String) {
        guard let policy = Self.all.first(where: { $0.name == name }) else { return nil }
        self = policy
    }

    private init(name: String, number: UInt32) {
        self.name = name
        self.number = number
    }
}

/// A bit with its name.
public struct NamedFlag: Sendable, Equatable {
    public let name: String
    public let bit: UInt64

    /// The bits of those names that are known.
    public static func bits(of names: [String], in table: [NamedFlag]) -> UInt64 {
        names.reduce(0) { bits, name in bits | (table.first { $0.name == name }?.bit ?? 0) }
    }

    /// Flags of sched_setattr(2).
    public static let scheduler: [NamedFlag] = [
        NamedFlag(name: "SCHED_FLAG_RESET_ON_FORK", bit: 0x01),
        NamedFlag(name: "SCHED_FLAG_RECLAIM", bit: 0x02),
        NamedFlag(name: "SCHED_FLAG_DL_OVERRUN", bit: 0x04),
        NamedFlag(name: "SCHED_FLAG_KEEP_POLICY", bit: 0x08),
        NamedFlag(name: "SCHED_FLAG_KEEP_PARAMS", bit: 0x10),
        NamedFlag(name: "SCHED_FLAG_UTIL_CLAMP_MIN", bit: 0x20),
        NamedFlag(name: "SCHED_FLAG_UTIL_CLAMP_MAX", bit: 0x40),
    ]

    /// Mode flags of set_mempolicy(2), or'ed to the mode.
    public static let memoryPolicy: [NamedFlag] = [
        NamedFlag(name: "MPOL_F_NUMA_BALANCING", bit: 1 << 13),
        NamedFlag(name: "MPOL_F_RELATIVE_NODES", bit: 1 << 14),
        NamedFlag(name: "MPOL_F_STATIC_NODES", bit: 1 << 15),
    ]
}

/// A class of I/O priority (ioprio_set(2)).
public struct IOPriorityClass: Sendable, Equatable {
    public let name: String
    public let number: UInt32

    public static let all: [IOPriorityClass] = [
        IOPriorityClass(name: "IOPRIO_CLASS_RT", number: 1),
        IOPriorityClass(name: "IOPRIO_CLASS_BE", number: 2),
        IOPriorityClass(name: "IOPRIO_CLASS_IDLE", number: 3),
    ]

    /// What ioprio_set(2) takes: the class stands above 13 bits.
    public func value(_ level: Int32) -> Int { Int(number) << 13 | Int(level) }
}

/// A NUMA memory policy (set_mempolicy(2), linux/mempolicy.h).
public struct MemoryPolicyMode: Sendable, Equatable {
    /// Whether the mode goes with nodes.
    public enum Nodes: Sendable { case none, some, any }

    public let name: String
    public let number: UInt32
    public let nodes: Nodes

    /// In the order of config-linux.md, Memory policy.
    public static let all: [MemoryPolicyMode] = [
        MemoryPolicyMode(name: "MPOL_DEFAULT", number: 0, nodes: .none),
        MemoryPolicyMode(name: "MPOL_BIND", number: 2, nodes: .some),
        MemoryPolicyMode(name: "MPOL_INTERLEAVE", number: 3, nodes: .some),
        MemoryPolicyMode(name: "MPOL_WEIGHTED_INTERLEAVE", number: 6, nodes: .some),
        // Without nodes it is MPOL_LOCAL.
        MemoryPolicyMode(name: "MPOL_PREFERRED", number: 1, nodes: .any),
        MemoryPolicyMode(name: "MPOL_PREFERRED_MANY", number: 5, nodes: .some),
        MemoryPolicyMode(name: "MPOL_LOCAL", number: 4, nodes: .none),
    ]
}
