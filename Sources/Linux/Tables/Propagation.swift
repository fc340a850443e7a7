// The eight values of linux.rootfsPropagation (mount_namespaces(7)).

import CLinux

/// How mounts spread between peers: one of four types, for one mount or for all below it too.
public struct Propagation: Sendable, Equatable {
    /// MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE (also `mount_attr.propagation` of mount_setattr(2)).
    public let flag: UInt64
    public let recursive: Bool

    /// The value that config.json calls `name`; nil for any other name.
    public init?(name: String) {
        guard case .propagation(let flag, let recursive)? = MountOption.effect(of: name) else { return nil }
        self.flag = flag
        self.recursive = recursive
    }

    public init(flag: UInt64, recursive: Bool) {
        self.flag = flag
        self.recursive = recursive
    }

    /// The flags of mount(2).
    public var mountFlags: UInt64 { recursive ? flag | UInt64(MS_REC) : flag }

    public static let names: [String] = [
        "shared", "rshared", "slave", "rslave", "private", "rprivate", "unbindable", "runbindable",
    ]
}
