// The standard streams of a container in an image: which files of the outside they were, and what takes their places.
import JSON
import Linux

/// `descriptors.json` in the directory of the images: the keys of descriptors 0, 1 and 2, as criu has them.
///
/// runc writes what the links in /proc/PID/fd say and reads pipes back; the file is the same for those.
struct CRIUStreams: Equatable {
    var keys: [String] = []

    static let fileName = "descriptors.json"

    /// The key of a descriptor.
    ///
    /// - Parameters:
    ///   - link: what /proc/PID/fd/N links to.
    ///   - mount: the id of the mount that the file lies on.
    ///   - isInside: the mount is one of the container's.
    static func key(link: String, mount: UInt64, inode: UInt64, isInside: Bool) -> String {
        guard link.hasPrefix("/"), !isInside else { return link }
        return "file[\(String(mount, radix: 16)):\(String(inode, radix: 16))]"
    }

    /// The `--external` values without which criu would not let them out.
    var externals: [String] {
        keys.compactMap { key in
            if key.hasPrefix("file[") { return key }
            if key.hasPrefix("socket:[") { return "unix[" + key.dropFirst("socket:[".utf8.count) }
            return nil
        }
    }

    /// Which of the caller's standard streams stands for which key; the first of equal ones is enough.
    var inherited: [(stream: Int32, key: String)] {
        var list: [(stream: Int32, key: String)] = []
        for (number, key) in keys.prefix(3).enumerated() {
            let isOutside = ["pipe:[", "socket:[", "file["].contains { key.hasPrefix($0) }
            if isOutside, !list.contains(where: { $0.key == key }) { list.append((Int32(number), key)) }
        }
        return list
    }
}

extension CRIUStreams {
    /// Looks at the streams of a process.
    init(of pid: Int32, inside mounts: [Mountinfo.Mount]) throws(Errno) {
        for number in 0...2 {
            let path = "/proc/\(pid)/fd/\(number)"
            guard let link = try? Syscall.readLink(path) else {
                keys.append("")
                continue
            }
            let status = try Syscall.status(path)
            let mount = try Self.mount(pid, number)
            keys.append(
                Self.key(
                    link: link, mount: mount, inode: status.inode,
                    isInside: mounts.contains { $0.id == mount }))
        }
    }

    /// `mnt_id` of /proc/PID/fdinfo/N (proc(5)), which criu identifies files by too.
    private static func mount(_ pid: Int32, _ number: Int) throws(Errno) -> UInt64 {
        let text = try Syscall.readText("/proc/\(pid)/fdinfo/\(number)")
        for line in text.split(separator: "\n") where line.hasPrefix("mnt_id:") {
            return UInt64(line.split(whereSeparator: { $0 == "\t" || $0 == " " }).last ?? "") ?? 0
        }
        return 0
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.array(keys)
        return json.bytes
    }

    /// An image without the file has no streams to be replaced.
    init(images: Int32) throws(Failure) {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try Syscall.readFile(Self.fileName, at: images, limit: 64 << 10)
        } catch .noEntry {
            return
        } catch {
            throw Failure("\(Self.fileName) of the images: \(error)", errno: error)
        }
        do throws(JSONError) {
            keys = try JSONDocument(parsing: bytes).withRoot { (root) throws(JSONError) in
                var keys: [String] = []
                for index in 0..<(try root.elementCount()) { keys.append(try root.element(index).string()) }
                return keys
            }
        } catch {
            throw Failure("\(Self.fileName) of the images: \(error)")
        }
    }
}
