// The runtime's own environment and arguments.
import Glibc

public enum Environment {
    /// All entries, "NAME=value".
    public static var all: [String] {
        var entries: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            entries.append(unsafe String(cString: entry))
            unsafe next += 1
        }
        return entries
    }

    /// The value of a variable; nil when it is unset.
    public static subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The arguments without the program's name; `array` is what main gets (execve(2)).
    public static func arguments(_ array: UnsafePointer<UnsafePointer<CChar>?>) -> [String] {
        var strings: [String] = []
        // There may be none at all, not even the name.
        guard unsafe array.pointee != nil else { return strings }
        var next = unsafe array + 1
        while let string = unsafe next.pointee {
            unsafe strings.append(String(cString: string))
            unsafe next += 1
        }
        return strings
    }
}
