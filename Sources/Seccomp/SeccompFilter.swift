// A compiled filter: what seccomp(2) takes, and why a profile could not become one.

/// A classic BPF program and the flags to install it with (seccomp(2), SECCOMP_SET_MODE_FILTER).
public struct SeccompFilter: Sendable, Equatable {
    /// `struct sock_filter[]` in the machine's byte order; 8 bytes an instruction, at most 4096 of them.
    public var program: [UInt8]
    /// SECCOMP_FILTER_FLAG_* for the system call.
    public var flags: UInt32

    public init(program: [UInt8], flags: UInt32) {
        self.program = program
        self.flags = flags
    }

    /// The bytes of one `struct sock_filter`.
    static let instructionSize = 8
    /// The kernel's BPF_MAXINSNS.
    static let instructionLimit = 4096
}

/// What is wrong with a profile, and where.
public struct SeccompError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The JSON pointer from the root of config.json, such as "/linux/seccomp/syscalls/2/action".
    public var pointer: String
    public var message: String

    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    init(_ path: String, _ message: String) {
        self.init(pointer: "/linux/seccomp" + path, message: message)
    }

    public var description: String { "\(pointer): \(message)" }
}
