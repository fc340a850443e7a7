// Mounts of a container whose contents lie outside of it: criu is told their names at a dump and their sources at a
// restoration. Pure.
import Linux
import OCI

extension Mountinfo.Mount {
    func isBelow(_ path: String) -> Bool { path == "/" ? point != "/" : point.hasPrefix(path + "/") }
}

extension Mount {
    /// Whether this makes a bind mount rather than changes one.
    var bindsAnew: Bool { isBind && !options.contains("remount") }

    /// The key of the mount in an image, as runc has it: the destination.
    var imageKey: String { "/" + cleanPath(destination) }
}

enum CRIUMounts {
    /// The `--external` values of a dump.
    ///
    /// External is what config.json binds, and every part of a file system that the container does not have whole: masks,
    /// devices, the directories of cgroup v1.
    ///
    /// - Parameter places: the ids of the mounts that `spec.mounts` has led to, in its order; nil where one is gone.
    static func dumped(
        _ entries: [Mountinfo.Mount], _ mounts: [Mount], places: [UInt64?]
    ) throws(Failure) -> [String] {
        let whole = Set(entries.lazy.filter { $0.root == "/" }.map(\.device))
        let known = zip(mounts, places)
        var list: [String] = []
        for entry in entries where entry.point != "/" {
            var key: String?
            if let (mount, _) = known.first(where: { $0.1 == entry.id }) {
                key = mount.bindsAnew ? mount.imageKey : nil
            } else if entry.type == "cgroup" || (entry.root != "/" && !whole.contains(entry.device)) {
                key = entry.point
            } else if let above = nearest(entry, entries),
                let bind = known.first(where: { $0.1 == above.id })?.0
            {
                // A mount in the tree that rbind brought along.
                key = bind.bindsAnew ? entry.point : nil
            }
            if let key { list.append("mnt[\(try word(entry.point))]:\(key)") }
        }
        return list
    }

    /// The mount that `entry` lies on.
    private static func nearest(_ entry: Mountinfo.Mount, _ entries: [Mountinfo.Mount]) -> Mountinfo.Mount? {
        entries.filter { entry.isBelow($0.point) }.max { $0.point.utf8.count < $1.point.utf8.count }
    }

    private static let defaultDevices = ["null", "zero", "full", "random", "urandom", "tty"].map {
        "/dev/" + $0
    }

    /// The `--external` values of a restoration: more than the image may need does no harm.
    ///
    /// - Parameters:
    ///   - cgroups: the container's directory in each v1 hierarchy, by the hierarchy's name.
    ///   - host: the runtime's own mounts.
    static func restored(
        _ spec: Spec, bundle: String, cgroups: [(name: String, path: String)], host: [Mountinfo.Mount]
    ) throws(Failure) -> [String] {
        var list: [(key: String, source: String)] = []
        for mount in spec.mounts {
            if mount.bindsAnew, let source = mount.source {
                let path = "/" + cleanPath(source.hasPrefix("/") ? source : bundle + "/" + source)
                list.append((key: mount.imageKey, source: path))
                guard mount.options.contains("rbind") else { continue }
                for entry in host where entry.isBelow(path) {
                    let rest = entry.point.dropFirst(path == "/" ? 0 : path.utf8.count)
                    list.append((key: mount.imageKey + rest, source: entry.point))
                }
            } else if mount.type == "cgroup" {
                for cgroup in cgroups {
                    list.append((key: mount.imageKey + "/" + cgroup.name, source: cgroup.path))
                }
            }
        }
        // In a user namespace no nodes can be made: devices are the host's, bound (config-linux.md, Default Devices).
        if spec.linux.namespaces.contains(where: { $0.type == NamespaceKind.user.specName }) {
            let devices = defaultDevices + spec.linux.devices.map { "/" + cleanPath($0.path) }
            list += devices.map { (key: $0, source: $0) }
        }
        for path in spec.linux.maskedPaths {
            list.append((key: "/" + cleanPath(path), source: "/dev/null"))
        }
        var words: [String] = []
        for (key, source) in list { words.append("mnt[\(try word(key))]:\(source)") }
        return words
    }

    /// criu reads up to the bracket.
    private static func word(_ path: String) throws(Failure) -> String {
        if path.utf8.contains(UInt8(ascii: "]")) {
            throw Failure("criu cannot take a mount at \(path): its name has a bracket in it")
        }
        return path
    }
}
