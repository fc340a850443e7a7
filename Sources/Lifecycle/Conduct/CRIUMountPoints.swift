// Mount points in the rootfs of a container that is restored: its image may come with another rootfs than it had.
import CLinux
import Linux
import OCI

/// Makes what is missing, below the root only: the rootfs is the image's, and not to be trusted.
enum CRIUMountPoints {
    private static let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)

    static func make(_ mounts: [Mount], root: String, bundle: String) throws(Failure) {
        let directory = try calls("rootfs \(root)") { () throws(Errno) in
            try Syscall.open(root, [.pathOnly, .directory])
        }
        for (index, mount) in mounts.enumerated() where !isBelow(mount, mounts[..<index]) {
            do throws(Errno) {
                try make(
                    cleanPath(mount.destination), isDirectory: isDirectory(mount, bundle), at: directory.raw)
            } catch {
                throw Failure(
                    "mount point \(mount.destination): \(error)", pointer: "/mounts/\(index)/destination",
                    errno: error)
            }
        }
    }

    private static func isDirectory(_ mount: Mount, _ bundle: String) -> Bool {
        guard mount.bindsAnew, let source = mount.source else { return true }
        let path = source.hasPrefix("/") ? source : bundle + "/" + source
        return (try? Syscall.status(path))?.isDirectory ?? true
    }

    /// What lies below another mount is not the rootfs'.
    private static func isBelow(_ mount: Mount, _ earlier: ArraySlice<Mount>) -> Bool {
        earlier.contains { $0.imageKey == "/" || mount.imageKey.hasPrefix($0.imageKey + "/") }
    }

    private static func make(_ path: String, isDirectory: Bool, at root: Int32) throws(Errno) {
        if path.isEmpty || exists(path, root) { return }
        let parts = path.split(separator: "/")
        var place = ""
        for (number, part) in parts.enumerated() {
            let parent = try Syscall.open(
                place.isEmpty ? "." : place, [.pathOnly, .directory], resolve: inRoot, at: root)
            place += (place.isEmpty ? "" : "/") + part
            if exists(place, root) { continue }
            if isDirectory || number + 1 < parts.count {
                try Syscall.makeDirectory(String(part), mode: 0o755, at: parent.raw)
            } else {
                _ = try Syscall.open(
                    String(part), [.writeOnly, .create, .exclusive, .noFollow], mode: 0o644, at: parent.raw)
            }
        }
    }

    private static func exists(_ path: String, _ root: Int32) -> Bool {
        (try? Syscall.open(path, .pathOnly, resolve: inRoot, at: root)) != nil
    }
}
