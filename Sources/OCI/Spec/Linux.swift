// The Linux section of config.json (config-linux.md).

/// `linux` (config-linux.md).
public struct LinuxConfig: Sendable, Equatable {
    public var uidMappings: [IDMapping] = []
    public var gidMappings: [IDMapping] = []
    public var sysctl: [String: String] = [:]
    public var resources: Resources?
    public var cgroupsPath: String?
    public var namespaces: [NamespaceEntry] = []
    public var devices: [Device] = []
    public var netDevices: [String: NetDevice] = [:]
    public var seccomp: SeccompProfile?
    public var rootfsPropagation: String?
    public var maskedPaths: [String] = []
    public var readonlyPaths: [String] = []
    public var mountLabel: String?
    public var intelRdt: IntelRdt?
    public var memoryPolicy: MemoryPolicy?
    public var personality: Personality?
    public var timeOffsets: [String: TimeOffset] = [:]

    public init() {}
}

/// One entry of `linux.namespaces`; a path joins, its absence creates.
public struct NamespaceEntry: Sendable, Equatable {
    public var type: String = ""
    public var path: String?

    public init() {}
}

/// One entry of `linux.devices`.
public struct Device: Sendable, Equatable {
    public var path: String = ""
    public var type: String = ""
    public var major: Int64 = 0
    public var minor: Int64 = 0
    public var fileMode: UInt32?
    public var uid: UInt32?
    public var gid: UInt32?

    public init() {}
}

/// One value of `linux.netDevices`.
public struct NetDevice: Sendable, Equatable {
    public var name: String?

    public init() {}
}

/// `linux.intelRdt`.
public struct IntelRdt: Sendable, Equatable {
    public var closID: String?
    public var schemata: [String] = []
    public var l3CacheSchema: String?
    public var memBwSchema: String?
    public var enableMonitoring: Bool = false

    public init() {}
}

/// `linux.memoryPolicy` (set_mempolicy(2)).
public struct MemoryPolicy: Sendable, Equatable {
    public var mode: String = ""
    public var nodes: String?
    public var flags: [String] = []

    public init() {}
}

/// `linux.personality` (personality(2)).
public struct Personality: Sendable, Equatable {
    public var domain: String = ""
    public var flags: [String] = []

    public init() {}
}

/// One value of `linux.timeOffsets`.
public struct TimeOffset: Sendable, Equatable {
    public var secs: Int64 = 0
    public var nanosecs: UInt32 = 0

    public init() {}
}
