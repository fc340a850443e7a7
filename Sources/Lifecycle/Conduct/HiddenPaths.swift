// Paths that only some may get to: root of a user namespace is not root of the directories above its rootfs.
import Linux

enum HiddenPaths {
    /// Those of `paths` that lie below a directory which others may not search.
    static func among(_ paths: [String]) -> Set<String> {
        var open: [String: Bool] = [:]
        var hidden: Set<String> = []
        for path in paths {
            // Both ways count: the one that is written, and the one that links lead to.
            let isOpen = isSearchable(path, &open) && isSearchable(resolved(path) ?? path, &open)
            if !isOpen { hidden.insert(path) }
        }
        return hidden
    }

    private static func resolved(_ path: String) -> String? {
        guard let file = try? Syscall.open(path, .pathOnly) else { return nil }
        return try? Syscall.readLink("/proc/self/fd/\(file.raw)")
    }

    /// Whether everybody may search all directories above `path`.
    private static func isSearchable(_ path: String, _ known: inout [String: Bool]) -> Bool {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
            return true
        }
        let parent = String(path[..<slash])
        if let known = known[parent] { return known }
        let mode = (try? Syscall.status(parent))?.permissions ?? 0
        let result = mode & 0o001 != 0 && isSearchable(parent, &known)
        known[parent] = result
        return result
    }
}
