// Mount points behind links of the image that lead nowhere: where they would be, if they led somewhere.
import CLinux
import Linux
import OCI

/// Images link /etc/resolv.conf or /var/run to places that only a running system has. The kernel makes nothing behind
/// such a link, so the link is read here and its target is made. Nothing is trusted of what is found: the mount itself
/// is made below the root again (openat2(2), RESOLVE_IN_ROOT).
enum DanglingLinks {
    private static let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)

    /// For each destination of `mounts` that lies behind a dangling link: its place without links. `all`: behind any link,
    /// where the init has no call that follows links below the root.
    static func among(_ mounts: [Mount], below root: String, all: Bool = false) -> [String: String] {
        var found: [String: String] = [:]
        guard let directory = try? Syscall.open(root, [.pathOnly, .directory]) else { return found }
        for (index, mount) in mounts.enumerated() {
            let destination = mount.destination
            if covered(destination, by: mounts[..<index]) { continue }
            if !all, exists(destination, directory.raw) { continue }
            var links = 0
            guard let place = follow(destination, from: "", directory.raw, &links), links > 0 else {
                continue
            }
            found[destination] = place
        }
        return found
    }

    /// What lies below an earlier mount is not the image's: what the image has there is never seen.
    private static func covered(_ destination: String, by earlier: ArraySlice<Mount>) -> Bool {
        let path = destination.utf8
        for mount in earlier where path.count > mount.destination.utf8.count {
            let above = mount.destination.utf8
            guard above.count > 1, path.starts(with: above) else { continue }
            let isBelow = path[path.index(path.startIndex, offsetBy: above.count)] == UInt8(ascii: "/")
            if isBelow, !mount.options.contains("remount"), !climbs(destination) { return true }
        }
        return false
    }

    /// Whether `path` may have a component `..`.
    private static func climbs(_ path: String) -> Bool {
        var before: UInt8 = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "."), before == byte { return true }
            before = byte
        }
        return false
    }

    private static func exists(_ path: String, _ root: Int32) -> Bool {
        (try? Syscall.open(path, .pathOnly, resolve: inRoot, at: root)) != nil
    }

    /// Where `path` leads from `base`, with its links followed by hand, at most as many as the kernel would; nil when
    /// there are more.
    private static func follow(_ path: String, from base: String, _ root: Int32, _ links: inout Int)
        -> String?
    {
        var place = base
        for component in path.split(separator: "/") where component != "." {
            if component == ".." {
                place = parent(of: place)
                continue
            }
            let next = place.isEmpty ? String(component) : place + "/" + String(component)
            guard let target = try? link(next, root) else {
                place = next
                continue
            }
            links += 1
            guard links < 40,
                let reached = follow(target, from: target.hasPrefix("/") ? "" : place, root, &links)
            else { return nil }
            place = reached
        }
        return place
    }

    private static func parent(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// What the link at `path` says; an error when it is no link.
    private static func link(_ path: String, _ root: Int32) throws(Errno) -> String {
        let link = try Syscall.open(path, [.pathOnly, .noFollow], resolve: inRoot, at: root)
        return try Syscall.readLink("", at: link.raw)
    }
}
