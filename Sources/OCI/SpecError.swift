// The error of a config.json that cannot be used.
import JSON

/// What is wrong with a configuration, and where. Thrown by decoding and by the rules.
public struct SpecError: Error, Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer (RFC 6901) to the value; empty for the whole document.
    public var pointer: String
    public var message: String
    /// What to do about it, without the message: `did you mean "CAP_NET_ADMIN"?`.
    public var hint: String?

    public init(pointer: String, message: String, hint: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }

    public init(_ error: JSONError) {
        self.init(pointer: error.pointer, message: error.message)
    }

    public var description: String {
        (pointer.isEmpty ? "" : pointer + ": ") + message + (hint.map { "; " + $0 } ?? "")
    }
}
