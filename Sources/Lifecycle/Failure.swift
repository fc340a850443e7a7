// The one error that a verb throws: what a person reads, and the particulars for the log.
import Linux
import OCI

/// Why a command failed. Composed once, where the cause is known; printed once, by the executable.
public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Lower case, no full stop, subject first, cause last. Engines match on these texts.
    public var message: String
    /// JSON pointer (RFC 6901) into config.json; empty for the whole document.
    public var pointer: String?
    /// What to do about it: `did you mean "CAP_NET_ADMIN"?`.
    public var hint: String?
    public var errno: Errno?
    /// The system call that failed, by its name: `openat2`.
    public var syscall: String?
    /// What the runtime was doing: the verb, or the part of the plan.
    public var phase: String?
    public var exitStatus: Int32 = 1

    public init(
        _ message: String, pointer: String? = nil, hint: String? = nil, errno: Errno? = nil,
        syscall: String? = nil, phase: String? = nil
    ) {
        self.message = message
        self.pointer = pointer
        self.hint = hint
        self.errno = errno
        self.syscall = syscall
        self.phase = phase
    }

    /// Of `error`, the pointer and the hint are kept apart from the message.
    public init(_ error: SpecError) {
        self.init(error.message, pointer: error.pointer, hint: error.hint)
    }

    /// The message behind its pointer: `/process/cwd: must be an absolute path`.
    public var description: String {
        guard let pointer, !pointer.isEmpty else { return message }
        return pointer + ": " + message
    }

    /// The line that is printed and logged: the description, and what to do about it.
    public var line: String {
        guard let hint, !hint.isEmpty else { return description }
        return description + "; " + hint
    }
}
