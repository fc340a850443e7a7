// Paths by their words alone, without a look at any file.

/// `path` without ".", "..", empty components and the leading slash, as if "/" were its own parent; "" is the root.
public func cleanPath(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    let dot = UInt8(ascii: ".")
    let bytes = Array(path.utf8)
    var clean: [UInt8] = []
    clean.reserveCapacity(bytes.count)
    var start = 0
    while start < bytes.count {
        let end = bytes[start...].firstIndex(of: slash) ?? bytes.count
        let isDot = end == start + 1 && bytes[start] == dot
        let isDotDot = end == start + 2 && bytes[start] == dot && bytes[start + 1] == dot
        if isDotDot {
            while let last = clean.popLast(), last != slash {}
        } else if end > start && !isDot {
            if !clean.isEmpty { clean.append(slash) }
            clean += bytes[start..<end]
        }
        start = end + 1
    }
    return String(decoding: clean, as: UTF8.self)
}
