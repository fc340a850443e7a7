// The cgroup resources of config.json (config-linux.md, Control groups).

/// `linux.resources`.
public struct Resources: Sendable, Equatable {
    public var devices: [DeviceRule] = []
    public var memory: Memory?
    public var cpu: CPU?
    public var pids: Pids?
    public var blockIO: BlockIO?
    public var hugepageLimits: [HugepageLimit] = []
    public var network: Network?
    public var rdma: [String: Rdma] = [:]
    public var unified: [String: String] = [:]

    public init() {}
}

/// One entry of `linux.resources.devices`; absent numbers are wildcards.
public struct DeviceRule: Sendable, Equatable {
    public var allow: Bool = false
    public var type: String?
    public var major: Int64?
    public var minor: Int64?
    public var access: String?

    public init() {}
}

/// `linux.resources.memory`, in bytes; -1 is unlimited.
public struct Memory: Sendable, Equatable {
    public var limit: Int64?
    public var reservation: Int64?
    public var swap: Int64?
    public var kernel: Int64?
    public var kernelTCP: Int64?
    public var swappiness: UInt64?
    public var disableOOMKiller: Bool?
    public var useHierarchy: Bool?
    public var checkBeforeUpdate: Bool?

    public init() {}
}

/// `linux.resources.cpu`; times in microseconds.
public struct CPU: Sendable, Equatable {
    public var shares: UInt64?
    public var quota: Int64?
    public var burst: UInt64?
    public var period: UInt64?
    public var realtimeRuntime: Int64?
    public var realtimePeriod: UInt64?
    public var cpus: String?
    public var mems: String?
    public var idle: Int64?

    public init() {}
}

/// `linux.resources.pids`.
public struct Pids: Sendable, Equatable {
    public var limit: Int64?

    public init() {}
}

/// `linux.resources.blockIO`.
public struct BlockIO: Sendable, Equatable {
    public var weight: UInt16?
    public var leafWeight: UInt16?
    public var weightDevice: [WeightDevice] = []
    public var throttleReadBpsDevice: [ThrottleDevice] = []
    public var throttleWriteBpsDevice: [ThrottleDevice] = []
    public var throttleReadIOPSDevice: [ThrottleDevice] = []
    public var throttleWriteIOPSDevice: [ThrottleDevice] = []

    public init() {}
}

/// One entry of `blockIO.weightDevice`.
public struct WeightDevice: Sendable, Equatable {
    public var major: Int64 = 0
    public var minor: Int64 = 0
    public var weight: UInt16?
    public var leafWeight: UInt16?

    public init() {}
}

/// One throttle: bytes or operations a second.
public struct ThrottleDevice: Sendable, Equatable {
    public var major: Int64 = 0
    public var minor: Int64 = 0
    public var rate: UInt64 = 0

    public init() {}
}

/// One entry of `hugepageLimits`; the limit in bytes.
public struct HugepageLimit: Sendable, Equatable {
    public var pageSize: String = ""
    public var limit: UInt64 = 0

    public init() {}
}

/// `linux.resources.network` (cgroup v1 only).
public struct Network: Sendable, Equatable {
    public var classID: UInt32?
    public var priorities: [InterfacePriority] = []

    public init() {}
}

/// One entry of `network.priorities`.
public struct InterfacePriority: Sendable, Equatable {
    public var name: String = ""
    public var priority: UInt32 = 0

    public init() {}
}

/// One value of `rdma`.
public struct Rdma: Sendable, Equatable {
    public var hcaHandles: UInt32?
    public var hcaObjects: UInt32?

    public init() {}
}
