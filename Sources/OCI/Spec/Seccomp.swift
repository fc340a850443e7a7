// The seccomp profile of config.json (config-linux.md, Seccomp).

/// `linux.seccomp`.
public struct SeccompProfile: Sendable, Equatable {
    public var defaultAction: String = ""
    public var defaultErrnoRet: UInt32?
    public var architectures: [String] = []
    /// Absent is not the same as empty: without a word, SPEC_ALLOW is set.
    public var flags: [String]?
    public var listenerPath: String?
    public var listenerMetadata: String?
    public var syscalls: [SeccompRule] = []

    public init() {}
}

/// One entry of `seccomp.syscalls`.
public struct SeccompRule: Sendable, Equatable {
    public var names: [String] = []
    public var action: String = ""
    public var errnoRet: UInt32?
    public var args: [SeccompArgument] = []

    public init() {}
}

/// One comparison of a system call's argument.
public struct SeccompArgument: Sendable, Equatable {
    public var index: UInt32 = 0
    public var value: UInt64 = 0
    public var valueTwo: UInt64 = 0
    public var op: String = ""

    public init() {}
}
