// What a container has used and met, from the files of its cgroups. Times are in nanoseconds, sizes in bytes.

/// The statistics of one container at one moment. What the kernel does not count is zero or absent.
public struct CgroupStatistics: Sendable, Equatable {
    public var cpu = CPUUse()
    public var cpuset = CPUSetState()
    public var memory = MemoryUse()
    public var pids = Count()
    public var blockIO = BlockIOUse()
    /// By page size: `2MB`.
    public var hugetlb: [(size: String, use: Amount)] = []

    public init() {}

    public static func == (a: CgroupStatistics, b: CgroupStatistics) -> Bool {
        a.cpu == b.cpu && a.cpuset == b.cpuset && a.memory == b.memory && a.pids == b.pids
            && a.blockIO == b.blockIO && a.hugetlb.elementsEqual(b.hugetlb) { $0 == $1 }
    }

    public struct CPUUse: Sendable, Equatable {
        public var total: UInt64 = 0
        public var kernel: UInt64 = 0
        public var user: UInt64 = 0
        /// One number for each processor; empty on cgroup v2.
        public var perCPU: [UInt64] = []
        public var perCPUKernel: [UInt64] = []
        public var perCPUUser: [UInt64] = []
        public var periods: UInt64 = 0
        public var throttledPeriods: UInt64 = 0
        public var throttledTime: UInt64 = 0
        public var pressure: Pressure?
    }

    public struct CPUSetState: Sendable, Equatable {
        public var cpus: [UInt16] = []
        public var mems: [UInt16] = []
        /// The switches of cgroup v1, in the order of `CPUSetState.switches`.
        public var values: [Int64] = Array(repeating: 0, count: switches.count)

        /// Files of cgroup v1 behind `cpuset.`.
        public static let switches = [
            "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page",
            "memory_spread_slab", "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
        ]
    }

    /// An account: what is used, the most that ever was, and how often the limit refused.
    public struct Amount: Sendable, Equatable {
        /// `UInt64.max` where there is none.
        public var limit: UInt64 = 0
        public var usage: UInt64 = 0
        public var peak: UInt64 = 0
        public var failures: UInt64 = 0

        public init(limit: UInt64 = 0, usage: UInt64 = 0, peak: UInt64 = 0, failures: UInt64 = 0) {
            self.limit = limit
            self.usage = usage
            self.peak = peak
            self.failures = failures
        }
    }

    public struct MemoryUse: Sendable, Equatable {
        public var cache: UInt64 = 0
        public var usage = Amount()
        /// Memory and swap together, as cgroup v1 counts them.
        public var swap = Amount()
        public var kernel = Amount()
        public var kernelTCP = Amount()
        /// All of memory.stat.
        public var raw: [KeyedNumber] = []
        public var pressure: Pressure?
    }

    public struct Count: Sendable, Equatable {
        public var current: UInt64 = 0
        /// Zero is no limit.
        public var limit: UInt64 = 0

        public init(current: UInt64 = 0, limit: UInt64 = 0) {
            self.current = current
            self.limit = limit
        }
    }

    public struct BlockIOUse: Sendable, Equatable {
        public var tables: [[BlockEntry]] = Array(repeating: [], count: Table.allCases.count)
        public var pressure: Pressure?

        /// What is counted, in the order of runc's JSON.
        public enum Table: Int, CaseIterable, Sendable {
            case serviceBytes, serviced, queued, serviceTime, waitTime, merged, time, sectors
        }

        public subscript(_ table: Table) -> [BlockEntry] {
            get { tables[table.rawValue] }
            set { tables[table.rawValue] = newValue }
        }
    }
}

/// A name with a number, as in memory.stat.
public struct KeyedNumber: Sendable, Equatable {
    public var key: String
    public var value: UInt64
}

/// A count of one block device; `operation` is empty where the kernel tells none apart.
public struct BlockEntry: Sendable, Equatable {
    public var major: UInt64
    public var minor: UInt64
    public var operation: String
    public var value: UInt64
}

/// How long tasks stood still for want of a resource (Documentation/accounting/psi.rst).
public struct Pressure: Sendable, Equatable {
    /// At least one task stood still.
    public var some = Share()
    /// All did.
    public var full = Share()

    public init() {}

    public struct Share: Sendable, Equatable {
        /// Hundredths of a percent over the last 10, 60 and 300 seconds.
        public var averages: [UInt64] = [0, 0, 0]
        /// Microseconds in all.
        public var total: UInt64 = 0

        public init(averages: [UInt64] = [0, 0, 0], total: UInt64 = 0) {
            self.averages = averages
            self.total = total
        }
    }
}
