// The words of /proc/PID/mountinfo (proc(5)).

public enum Mountinfo {
    /// One line: what of a file system is mounted where.
    public struct Mount: Equatable, Sendable {
        public let id: UInt64
        /// The numbers of the file system's device: `8:1`.
        public let device: String
        /// The root of the mount in its file system.
        public let root: String
        public let point: String
        public let type: String
    }

    /// The mounts of a text like /proc/self/mountinfo, in its order; lines that are none are left out.
    public static func mounts(_ text: [UInt8]) -> [Mount] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            guard let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash > 4,
                fields.count > dash + 1, let id = UInt64(String(decoding: fields[0], as: UTF8.self))
            else { return nil }
            return Mount(
                id: id, device: String(decoding: fields[2], as: UTF8.self), root: unescape(fields[3]),
                point: unescape(fields[4]),
                type: String(decoding: fields[dash + 1], as: UTF8.self))
        }
    }

    /// Blanks, tabs, newlines and backslashes are written as three octal digits (proc(5)).
    public static func unescape(_ field: ArraySlice<UInt8>) -> String {
        guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
        var bytes: [UInt8] = []
        var index = field.startIndex
        while index < field.endIndex {
            if field[index] == UInt8(ascii: "\\"), index + 3 < field.endIndex {
                let digits = field[(index + 1)...(index + 3)].map { Int($0) - 48 }
                bytes.append(UInt8(truncatingIfNeeded: digits[0] << 6 | digits[1] << 3 | digits[2]))
                index += 4
            } else {
                bytes.append(field[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
