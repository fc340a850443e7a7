// A key of linux.sysctl, split safely, and the namespace that owns it.
import Linux

/// A kernel parameter. `a.b.c` and `a/b/c` name the same one, as for sysctl(8): the first separator decides, and the
/// other character stands for itself (`net.ipv4.conf.eth0/100.forwarding` is the interface `eth0.100`).
public struct SysctlKey: Sendable, Equatable {
    /// The names below /proc/sys; none is empty, `.` or `..`, and none contains a slash.
    public let components: [String]

    /// nil for a key that could leave /proc/sys (the class of CVE-2022-0811).
    public init?(_ key: String) {
        let (dot, slash) = (UInt8(ascii: "."), UInt8(ascii: "/"))
        var separator: UInt8?
        var components: [String] = []
        var name: [UInt8] = []
        for byte in Array(key.utf8) + [0] {
            if byte == dot || byte == slash, separator == nil { separator = byte }
            if byte != 0, byte != separator {
                name.append(byte == slash ? dot : byte)
                continue
            }
            let component = String(decoding: name, as: UTF8.self)
            if component.isEmpty || component == "." || component == ".." { return nil }
            components.append(component)
            name.removeAll()
        }
        if components.count < 2 { return nil }
        self.components = components
    }

    /// The path relative to /proc/sys.
    public var path: String { components.joined(separator: "/") }

    /// The namespace that keeps a change inside the container; nil for parameters of the whole host.
    public var namespace: NamespaceKind? {
        let name = components.joined(separator: ".")
        if Self.ipcKeys.contains(name) { return .ipc }
        switch components[0] {
        case "net": return .network
        case "user": return .user
        case "fs" where components[1] == "mqueue" && components.count > 2: return .ipc
        case "kernel" where name == "kernel.hostname" || name == "kernel.domainname": return .uts
        default: return nil
        }
    }

    /// ipc_namespaces(7).
    private static let ipcKeys: [String] = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]
}
