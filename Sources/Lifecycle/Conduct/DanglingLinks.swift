// Mount points behind links of the image that lead nowhere: where they would be, if they led somewhere.
import CLinux
import Linux

/// Images link /etc/resolv.conf or /var/run to places that only a running system has. The kernel makes nothing behind
/// such a link, so the link is read here and its target is made. Nothing is trusted of what is found: the mount itself
/// is made below the root again (openat2(2), RESOLVE_IN_ROOT).
enum DanglingLinks {
    private static let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)

    /// For each of `destinations` that lies behind a dangling link: its place without links.
    static func among(_ destinations: [String], below root: String) -> [String: String] {
        var found: [String: String] = [:]
        guard let directory = try? Syscall.open(root, [.pathOnly, .directory]) else { return found }
        for destination in destinations where found[destination] == nil {
            if exists(destination, directory.raw) { continue }
            var budget = 40
            let place = resolve(destination.split(separator: "/").map(String.init), directory.raw, &budget)
            let plain = destination.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
            if let place, place != plain { found[destination] = place }
        }
        return found
    }

    private static func exists(_ path: String, _ root: Int32) -> Bool {
        (try? Syscall.open(path, .pathOnly, resolve: inRoot, at: root)) != nil
    }

    /// Follows the links by hand, at most as many as the kernel would; nil when there are more.
    private static func resolve(_ components: [String], _ root: Int32, _ budget: inout Int) -> String? {
        var place: [String] = []
        for component in components {
            if component == "." { continue }
            if component == ".." {
                _ = place.popLast()
                continue
            }
            let path = (place + [component]).joined(separator: "/")
            guard let link = try? link(path, root) else {
                place.append(component)
                continue
            }
            budget -= 1
            guard budget > 0 else { return nil }
            let target = link.split(separator: "/").map(String.init)
            let base = link.hasPrefix("/") ? [] : place
            guard let resolved = resolve(base + target, root, &budget) else { return nil }
            place = resolved.split(separator: "/").map(String.init)
        }
        return place.joined(separator: "/")
    }

    /// What the link at `path` says; an error when it is no link.
    private static func link(_ path: String, _ root: Int32) throws(Errno) -> String {
        let link = try Syscall.open(path, [.pathOnly, .noFollow], resolve: inRoot, at: root)
        return try Syscall.readLink("", at: link.raw)
    }
}
