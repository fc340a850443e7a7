// Where a process goes that enters a container: sub-cgroups, and where the container's first process really is.

extension CgroupLocation {
    /// The cgroups below these that `exec --cgroup` names: `PATH` for all hierarchies, or `CONTROLLER[,CONTROLLER]:PATH`,
    /// which may be repeated. Nothing leads out of the container's cgroup.
    public func below(_ arguments: [String]) throws(CgroupError) -> CgroupLocation {
        var result = self
        var named: Set<String> = []
        for argument in arguments {
            guard let colon = argument.firstIndex(of: ":") else {
                guard arguments.count == 1 else {
                    throw .invalid(
                        pointer: "",
                        reason: "invalid --cgroup argument: \(argument) (missing <controller>: prefix)")
                }
                for index in directories.indices { try result.enter(argument, at: index) }
                return result
            }
            let path = String(argument[argument.index(after: colon)...])
            for name in argument[..<colon].split(separator: ",", omittingEmptySubsequences: false) {
                guard !name.isEmpty else {
                    throw .invalid(
                        pointer: "",
                        reason: "invalid --cgroup argument: \(argument) (empty <controller> prefix)")
                }
                guard named.insert(String(name)).inserted else {
                    throw .invalid(
                        pointer: "",
                        reason:
                            "invalid --cgroup argument(s): controller \(name) specified multiple times")
                }
                let index = directories.firstIndex { directory in
                    directory.controllers.contains { $0 == name || $0 == "name=" + name }
                }
                guard let index else {
                    throw .invalid(pointer: "", reason: "unknown controller \(name) in --cgroup")
                }
                // Controllers that are mounted together have one directory.
                if result.directories[index].path == directories[index].path {
                    try result.enter(path, at: index)
                }
            }
        }
        return result
    }

    private mutating func enter(_ path: String, at index: Int) throws(CgroupError) {
        var full = directories[index].path
        for component in path.split(separator: "/") where component != "." {
            guard component != ".." else {
                throw .invalid(pointer: "", reason: "\(path) is not a sub cgroup path")
            }
            full += "/" + component
        }
        directories[index].path = full
    }

    /// The cgroups that /proc/PID/cgroup lists (cgroups(7)), in this layout; nil when one lies outside of what is
    /// mounted here.
    public init?(listed text: String, in layout: CgroupLayout) {
        directories = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let mount = layout.mountpoint(of: fields[1]) else { continue }
            guard !fields[2].split(separator: "/").contains("..") else { return nil }
            directories.append(
                Directory(
                    controllers: fields[1].split(separator: ",").map(String.init),
                    path: mount + (fields[2] == "/" ? "" : fields[2]), mountpoint: mount))
        }
    }
}

extension CgroupLayout {
    /// Where the hierarchy is mounted that /proc/PID/cgroup calls `controllers`: "" for v2.
    fileprivate func mountpoint(of controllers: Substring) -> String? {
        switch self {
        case .none: nil
        case .unified(let mount): controllers.isEmpty ? mount : nil
        case .legacy(let hierarchies, let unified):
            if controllers.isEmpty {
                unified
            } else {
                hierarchies.first {
                    $0.controllers.joined(separator: ",") == controllers
                        || "name=" + ($0.name ?? "") == controllers
                }?.mountpoint
            }
        }
    }
}
