// Which cgroup hierarchies this host has and where they are mounted: read from /proc/self/mountinfo (cgroups(7)).
import Linux

/// The hierarchies of a host.
public enum CgroupLayout: Sendable, Equatable {
    /// cgroup v2 alone, mounted at `mount`.
    case unified(mount: String)
    /// cgroup v1, and for a hybrid host the place of the v2 hierarchy next to it.
    case legacy([Hierarchy], unifiedMount: String?)
    /// No cgroup file system is mounted.
    case none

    /// One v1 hierarchy.
    public struct Hierarchy: Sendable, Equatable {
        /// Those mounted together: `["cpu", "cpuacct"]`; empty for a named hierarchy without any.
        public var controllers: [String]
        public var mountpoint: String
        /// The `name=` of the mount options.
        public var name: String?

        public init(controllers: [String], mountpoint: String, name: String? = nil) {
            self.controllers = controllers
            self.mountpoint = mountpoint
            self.name = name
        }
    }

    /// Where hosts mount their hierarchies.
    static let root = "/sys/fs/cgroup"

    /// Reads the layout of a host whose /sys/fs/cgroup is not cgroup v2 itself.
    ///
    /// Of several mounts of one hierarchy the first counts. Hierarchies that are hidden by a later mount on
    /// /sys/fs/cgroup do not count: that is how a container sees its own ones over the host's.
    ///
    /// - Parameter mountinfo: the bytes of /proc/self/mountinfo (proc(5)).
    public init(mountinfo: [UInt8]) {
        var hierarchies: [Hierarchy] = []
        var unified: String?
        for line in mountinfo.split(separator: UInt8(ascii: "\n")) {
            guard let entry = MountinfoLine(line) else { continue }
            if entry.mountpoint == Self.root {
                hierarchies.removeAll { Self.isBelowRoot($0.mountpoint) }
                if let mount = unified, Self.isBelowRoot(mount) { unified = nil }
            }
            if entry.type == "cgroup2" {
                if unified == nil { unified = entry.mountpoint }
            } else if entry.type == "cgroup" {
                let found = Hierarchy(
                    superblockOptions: entry.superblockOptions, mountpoint: entry.mountpoint)
                let known = hierarchies.contains {
                    $0.controllers == found.controllers && $0.name == found.name
                }
                if !known, found.isForContainers { hierarchies.append(found) }
            }
        }
        if !hierarchies.isEmpty {
            self = .legacy(hierarchies, unifiedMount: unified)
        } else if let unified {
            self = .unified(mount: unified)
        } else {
            self = .none
        }
    }

    private static func isBelowRoot(_ path: String) -> Bool { path.hasPrefix(root + "/") }
}

extension CgroupLayout.Hierarchy {
    /// All controllers that v1 ever had.
    private static let known = [
        "cpuset", "cpu", "cpuacct", "blkio", "memory", "devices", "freezer", "net_cls", "perf_event",
        "net_prio",
        "hugetlb", "pids", "rdma", "misc",
    ]

    /// Takes what is a controller out of a superblock's options (`rw,cpu,cpuacct`, `rw,xattr,name=systemd`).
    init(superblockOptions: Substring, mountpoint: String) {
        self.init(controllers: [], mountpoint: mountpoint)
        for option in superblockOptions.split(separator: ",") {
            if option.hasPrefix("name=") {
                name = String(option.dropFirst(5))
            } else if Self.known.contains(where: { $0 == option }) {
                controllers.append(String(option))
            }
        }
    }

    /// Containers live in every hierarchy with a controller and in systemd's own one, as runc has it: engines read
    /// statistics there, and systemd finds the processes. Other named hierarchies belong to other programs.
    var isForContainers: Bool { !controllers.isEmpty || name == "systemd" }
}

/// The fields of one line of /proc/PID/mountinfo that matter here; only cgroup mounts and /sys/fs/cgroup are read.
private struct MountinfoLine {
    var mountpoint: String
    var type: String
    var superblockOptions: Substring

    /// nil for any other mount.
    init?(_ line: ArraySlice<UInt8>) {
        // ID parent major:minor root mountpoint options [optional fields] - type source superblock-options
        let space = UInt8(ascii: " ")
        var rest = line
        func next() -> ArraySlice<UInt8> {
            let end = rest.firstIndex(of: space) ?? rest.endIndex
            defer { rest = rest[min(end + 1, rest.endIndex)...] }
            return rest[..<end]
        }
        for _ in 0..<4 { _ = next() }
        let place = next()
        // A host may have thousands of mounts: those that cannot matter are left as early as possible.
        guard let dash = Self.separator(in: rest) else { return nil }
        rest = rest[dash...]
        let kind = next()
        let isCgroup = kind.elementsEqual("cgroup".utf8) || kind.elementsEqual("cgroup2".utf8)
        guard isCgroup || place.elementsEqual(CgroupLayout.root.utf8) else { return nil }
        _ = next()
        type = String(decoding: kind, as: UTF8.self)
        mountpoint = Mountinfo.unescape(place)
        superblockOptions = Substring(decoding: next(), as: UTF8.self)
    }

    /// The index behind the field that is a single `-`: the end of the optional fields.
    private static func separator(in line: ArraySlice<UInt8>) -> Int? {
        var index = line.startIndex
        while index + 2 < line.endIndex {
            if line[index] == UInt8(ascii: " "), line[index + 1] == UInt8(ascii: "-"),
                line[index + 2] == UInt8(ascii: " ")
            {
                return index + 3
            }
            index += 1
        }
        return nil
    }
}
