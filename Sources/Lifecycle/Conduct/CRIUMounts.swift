// Mounts of a container whose contents lie outside of it: criu is told their names at a dump and their sources at a
// restoration. Pure.
import Linux
import OCI

/// A line of /proc/PID/mountinfo (proc(5)).
struct MountEntry: Equatable {
    var id: UInt64
    var device: String
    /// The directory of the file system that is mounted.
    var root: String
    var point: String
    var type: String

    init?(_ line: some Sequence<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 6, let id = UInt64(fields[0]),
            let dash = fields[6...].firstIndex(of: "-"), dash + 1 < fields.count
        else { return nil }
        self.id = id
        device = fields[2]
        root = Self.unescape(fields[3])
        point = Self.unescape(fields[4])
        type = fields[dash + 1]
    }

    static func list(_ mountinfo: [UInt8]) -> [MountEntry] {
        mountinfo.split(separator: UInt8(ascii: "\n")).compactMap { MountEntry($0) }
    }

    /// Blanks, tabs, newlines and backslashes are three octal digits.
    private static func unescape(_ field: String) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return field }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func isBelow(_ path: String) -> Bool { path == "/" ? point != "/" : point.hasPrefix(path + "/") }
}

extension Mount {
    var isBind: Bool { options.contains { $0 == "bind" || $0 == "rbind" } && !options.contains("remount") }

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
        _ entries: [MountEntry], _ mounts: [Mount], places: [UInt64?]
    ) throws(Failure) -> [String] {
        let whole = Set(entries.lazy.filter { $0.root == "/" }.map(\.device))
        let known = zip(mounts, places)
        var list: [String] = []
        for entry in entries where entry.point != "/" {
            var key: String?
            if let (mount, _) = known.first(where: { $0.1 == entry.id }) {
                key = mount.isBind ? mount.imageKey : nil
            } else if entry.type == "cgroup" || (entry.root != "/" && !whole.contains(entry.device)) {
                key = entry.point
            } else if let above = nearest(entry, entries),
                let bind = known.first(where: { $0.1 == above.id })?.0
            {
                // A mount in the tree that rbind brought along.
                key = bind.isBind ? entry.point : nil
            }
            if let key { list.append("mnt[\(try word(entry.point))]:\(key)") }
        }
        return list
    }

    /// The mount that `entry` lies on.
    private static func nearest(_ entry: MountEntry, _ entries: [MountEntry]) -> MountEntry? {
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
        _ spec: Spec, bundle: String, cgroups: [(name: String, path: String)], host: [MountEntry]
    ) throws(Failure) -> [String] {
        var list: [(key: String, source: String)] = []
        for mount in spec.mounts {
            if mount.isBind, let source = mount.source {
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
