// Names of units and slices: cgroupsPath as the systemd driver reads it, and where systemd puts a unit's cgroup.

/// The manager that a unit belongs to.
public struct SystemdInstance: Sendable, Equatable {
    /// A user's own manager, on the user's bus.
    public var isUsers: Bool
    /// Its cgroup below the mount; empty for the root.
    public var cgroup: String

    public init(isUsers: Bool, cgroup: String) {
        self.isUsers = isUsers
        self.cgroup = cgroup
    }

    /// Process 1.
    public static let system = SystemdInstance(isUsers: false, cgroup: "")

    /// The manager of user `uid`, where logind puts it.
    public static func user(_ uid: UInt32) -> SystemdInstance {
        SystemdInstance(isUsers: true, cgroup: "/user.slice/user-\(uid).slice/user@\(uid).service")
    }
}

/// A unit and whose it is: what a state record keeps.
public struct UnitName: Sendable, Equatable {
    public var text: String
    public var isUsers: Bool

    public init(_ text: String, isUsers: Bool) {
        self.text = text
        self.isUsers = isUsers
    }

    public var isSlice: Bool { text.hasSuffix(".slice") }

    /// The bus and the name, as a request begins.
    var words: [String] { [isUsers ? "user" : "system", text] }

    /// "user NAME" or "system NAME".
    public var recorded: String { words[0] + " " + text }

    /// Reads what `recorded` wrote.
    public init?(recorded: String) {
        let words = recorded.split(separator: " ")
        guard words.count == 2 else { return nil }
        self.init(String(words[1]), isUsers: words[0] == "user")
    }
}

/// A unit's cgroup or one below it.
public struct UnitGroup: Sendable, Equatable {
    public let unit: UnitName
    /// "" or "/a/b", from the unit's cgroup on.
    public let below: String

    /// nil when `path` is not at or below `own`, the unit's cgroup.
    public init?(_ unit: UnitName, own: String, path: String) {
        guard path == own || path.hasPrefix(own + "/") else { return nil }
        self.unit = unit
        below = String(path.dropFirst(own.count))
    }
}

/// `slice:prefix:name`, taken apart.
struct UnitPath: Equatable {
    /// The slice that the unit is in; nil when the unit itself is a slice, whose name says it.
    var slice: String?
    var unit: String

    static let pointer = "/linux/cgroupsPath"

    /// Without a path the unit is `apus-ID.scope`; without a slice it is in the manager's usual one, as with runc.
    init(cgroupsPath: String?, id: String, instance: SystemdInstance) throws(CgroupError) {
        let given = cgroupsPath ?? ""
        let parts = (given.isEmpty ? ":apus:" + id : given)
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
            throw .invalid(
                pointer: Self.pointer,
                reason:
                    "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"\(given)\" instead"
            )
        }
        let (prefix, name) = (parts[1], parts[2])
        if name.isEmpty || name == "-.slice" {
            throw .invalid(pointer: Self.pointer, reason: "cgroupsPath \(given) has no name for the unit")
        }
        if name.hasSuffix(".slice") {
            _ = try Self.directories(ofSlice: name)
            unit = name
            return
        }
        let slice = parts[0].isEmpty ? (instance.isUsers ? "user.slice" : "system.slice") : parts[0]
        _ = try Self.directories(ofSlice: slice)
        self.slice = slice
        unit = Self.escaped((prefix.isEmpty ? "" : prefix + "-") + name) + ".scope"
        // systemd.unit(5)
        if unit.utf8.count > 255 {
            throw .invalid(pointer: Self.pointer, reason: "unit name is longer than 255 bytes: \(unit)")
        }
    }

    /// The unit's cgroup below its manager's.
    func cgroup() throws(CgroupError) -> String {
        guard let slice else { return try Self.directories(ofSlice: unit) }
        return try Self.directories(ofSlice: slice) + "/" + unit
    }

    /// A slice's directories: `a-b.slice` is in `a.slice`, and `-.slice` is the root (systemd.slice(5)).
    static func directories(ofSlice name: String) throws(CgroupError) -> String {
        if name == "-.slice" { return "" }
        let stem = name.dropLast(6)
        let isName = stem.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "\\") }
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard name.hasSuffix(".slice"), isName, !parts.contains(""), name.utf8.count <= 255 else {
            throw .invalid(pointer: pointer, reason: "invalid slice name: \(name)")
        }
        var (path, prefix) = ("", "")
        for part in parts {
            prefix += (prefix.isEmpty ? "" : "-") + part
            path += "/" + prefix + ".slice"
        }
        return path
    }

    /// What unit names may not have becomes `\xNN`, as systemd-escape(1) does it. A leading dot too.
    static func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            if isPlain(byte), !(byte == UInt8(ascii: ".") && text.isEmpty) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "@"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
