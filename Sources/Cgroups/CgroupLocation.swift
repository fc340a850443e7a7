// Where a container's cgroups are: one directory per hierarchy. This is what the state record keeps.

/// The directories of one container.
public struct CgroupLocation: Sendable, Equatable {
    public var directories: [Directory]

    /// The container's cgroup in one hierarchy.
    public struct Directory: Sendable, Equatable {
        /// What the hierarchy is for: controllers, or `name=systemd`; empty for cgroup v2.
        public var controllers: [String]
        /// Absolute.
        public var path: String
        /// Where the hierarchy is mounted, the part of `path` that is never made nor removed; empty when read from a
        /// record.
        public var mountpoint: String

        public init(controllers: [String], path: String, mountpoint: String) {
            self.controllers = controllers
            self.path = path
            self.mountpoint = mountpoint
        }

        public var isUnified: Bool { controllers.isEmpty }
    }

    public init(directories: [Directory]) {
        self.directories = directories
    }

    /// The places of `path` in a layout. Makes nothing.
    ///
    /// On a hybrid host the container gets a cgroup in the v2 hierarchy too, as with runc: systemd finds its processes
    /// there, `cgroup.kill` ends all of them at once, and clone3(2) can begin the container in it.
    public init(layout: CgroupLayout, path: CgroupPath) {
        directories = []
        switch layout {
        case .unified(let mount): append([], mount, path)
        case .legacy(let hierarchies, let unifiedMount):
            for hierarchy in hierarchies {
                let names =
                    hierarchy.controllers.isEmpty ? ["name=" + (hierarchy.name ?? "")] : hierarchy.controllers
                append(names, hierarchy.mountpoint, path)
            }
            if let unifiedMount { append([], unifiedMount, path) }
        case .none: break
        }
    }

    private mutating func append(_ controllers: [String], _ mountpoint: String, _ path: CgroupPath) {
        directories.append(
            Directory(controllers: controllers, path: mountpoint + path.text, mountpoint: mountpoint))
    }

    /// The container's directory in the v2 hierarchy.
    public var unified: Directory? { directories.first { $0.isUnified } }

    /// The container's directory in the v1 hierarchy with that controller.
    public func directory(of controller: String) -> Directory? {
        directories.first { $0.controllers.contains(controller) }
    }

    /// For the state record: `cpu,cpuacct:/sys/fs/cgroup/cpu/ID`, and `:/sys/fs/cgroup/ID` for v2, in the manner of
    /// /proc/PID/cgroup.
    public var recorded: [String] {
        directories.map { directory in
            // By hand: `joined` costs every start its generic machinery.
            var entry = ""
            for controller in directory.controllers { entry += (entry.isEmpty ? "" : ",") + controller }
            return entry + ":" + directory.path
        }
    }

    /// Reads what `recorded` wrote; nil when an entry is not of that form.
    public init?(recorded: [String]) {
        directories = []
        for entry in recorded {
            guard let colon = entry.firstIndex(of: ":") else { return nil }
            let path = String(entry[entry.index(after: colon)...])
            guard path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return nil }
            directories.append(
                Directory(
                    controllers: entry[..<colon].split(separator: ",").map(String.init), path: path,
                    mountpoint: ""))
        }
    }
}
