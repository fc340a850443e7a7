// The eight kinds of namespaces: config.json's name, /proc's name and clone's flag (namespaces(7)).

import CLinux

/// A kind of namespace. Adding one is one case here; the exhaustive switches name each other spot.
public enum NamespaceKind: UInt8, Sendable, CaseIterable {
    case user, mount, pid, network, ipc, uts, cgroup, time

    /// The kind that config.json calls `specName` (config-linux.md, Namespaces); nil for any other name.
    public init?(specName: String) {
        for kind in Self.allCases where kind.specName == specName {
            self = kind
            return
        }
        return nil
    }

    /// The name in config.json's `linux.namespaces`.
    public var specName: String {
        switch self {
        case .user: "user"
        case .mount: "mount"
        case .pid: "pid"
        case .network: "network"
        case .ipc: "ipc"
        case .uts: "uts"
        case .cgroup: "cgroup"
        case .time: "time"
        }
    }

    /// The name of the link in `/proc/PID/ns`.
    public var procName: String {
        switch self {
        case .mount: "mnt"
        case .network: "net"
        case .user, .pid, .ipc, .uts, .cgroup, .time: specName
        }
    }

    /// The flag of clone3(2), unshare(2) and setns(2).
    public var cloneFlag: UInt64 {
        switch self {
        case .user: UInt64(CLONE_NEWUSER)
        case .mount: UInt64(CLONE_NEWNS)
        case .pid: UInt64(CLONE_NEWPID)
        case .network: UInt64(CLONE_NEWNET)
        case .ipc: UInt64(CLONE_NEWIPC)
        case .uts: UInt64(CLONE_NEWUTS)
        case .cgroup: UInt64(CLONE_NEWCGROUP)
        case .time: UInt64(CLONE_NEWTIME)
        }
    }
}
