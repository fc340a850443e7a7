// The process of config.json (config.md, Process).

/// `process`: what runs in the container (config.md, Process).
public struct Process: Sendable, Equatable {
    public var terminal: Bool = false
    public var consoleSize: ConsoleSize?
    public var user: User = User()
    public var args: [String] = []
    public var env: [String] = []
    public var cwd: String = ""
    public var capabilities: Capabilities?
    public var rlimits: [ResourceLimit] = []
    public var noNewPrivileges: Bool = false
    public var apparmorProfile: String?
    public var selinuxLabel: String?
    public var oomScoreAdj: Int32?
    public var scheduler: Scheduler?
    public var ioPriority: IOPriority?
    public var execCPUAffinity: ExecCPUAffinity?

    public init() {}
}

/// `process.consoleSize`, in characters.
public struct ConsoleSize: Sendable, Equatable {
    public var height: UInt16 = 0
    public var width: UInt16 = 0

    public init() {}
}

/// `process.user` on POSIX platforms.
public struct User: Sendable, Equatable {
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    public var umask: UInt32?
    public var additionalGids: [UInt32] = []

    public init() {}
}

/// `process.capabilities`: the five sets, by name (capabilities(7)).
public struct Capabilities: Sendable, Equatable {
    public var bounding: [String] = []
    public var effective: [String] = []
    public var inheritable: [String] = []
    public var permitted: [String] = []
    public var ambient: [String] = []

    public init() {}
}

/// One entry of `process.rlimits` (getrlimit(2)).
public struct ResourceLimit: Sendable, Equatable {
    public var type: String = ""
    public var soft: UInt64 = 0
    public var hard: UInt64 = 0

    public init() {}
}

/// `process.scheduler` (sched_setattr(2)).
public struct Scheduler: Sendable, Equatable {
    public var policy: String = ""
    public var nice: Int32 = 0
    public var priority: Int32 = 0
    public var flags: [String] = []
    public var runtime: UInt64 = 0
    public var deadline: UInt64 = 0
    public var period: UInt64 = 0

    public init() {}
}

/// `process.ioPriority` (ioprio_set(2)).
public struct IOPriority: Sendable, Equatable {
    public var `class`: String = ""
    public var priority: Int32 = 0

    public init() {}
}

/// `process.execCPUAffinity`: CPU lists for exec.
public struct ExecCPUAffinity: Sendable, Equatable {
    public var initial: String?
    public var final: String?

    public init() {}
}
