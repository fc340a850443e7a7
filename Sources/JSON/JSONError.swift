// What is wrong with a JSON text, and where.

/// A JSON text that cannot be parsed, or a value of the wrong type.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer (RFC 6901) to the value; empty for the whole document.
    public var pointer: String
    public var message: String

    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    public var description: String { pointer.isEmpty ? message : pointer + ": " + message }
}

/// JSON pointers as text (RFC 6901).
public enum JSONPointer {
    /// One reference token with `~` and `/` escaped.
    public static func escape(_ token: String) -> String {
        if !token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) {
            return token
        }
        var bytes: [UInt8] = []
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += [byte, UInt8(ascii: "0")]
            case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `parent` extended by an object's key.
    public static func appending(_ token: String, to parent: String) -> String {
        parent + "/" + escape(token)
    }

    /// `parent` extended by an array's index.
    public static func appending(_ index: Int, to parent: String) -> String {
        parent + "/" + String(index)
    }
}
