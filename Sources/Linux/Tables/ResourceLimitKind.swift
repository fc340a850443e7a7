// The 16 kinds of resource limits (getrlimit(2), asm-generic/resource.h).

/// A kind of resource limit; the raw value is the kernel's number on x86-64 and arm64.
public enum ResourceLimitKind: Int32, Sendable, CaseIterable {
    case cpu, fsize, data, stack, core, rss, nproc, nofile, memlock, addressSpace, locks, sigpending, msgqueue
    case nice, rtprio, rttime

    /// The kind that config.json calls `name` (`RLIMIT_NOFILE`); nil for any other name.
    public init?(name: String) {
        guard let index = position(of: name, in: Self.names) else { return nil }
        self.init(rawValue: Int32(index))
    }

    public var name: String { Self.names[Int(rawValue)] }

    /// All names; the index is the number.
    public static let names: [String] = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS",
        "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING",
        "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]
}
