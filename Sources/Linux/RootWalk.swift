// openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS by hand, for hosts that lack or deny the call.

/// A walk below a directory that counts as the root. Each name is opened by the descriptor of the directory before it and
/// follows nothing; links are read and followed here. ".." goes back to the descriptor from which the walk came down, so
/// that a directory that is moved away meanwhile leads nowhere else.
enum RootWalk {
    /// As many links as the kernel follows (path_resolution(7)).
    private static let most = 40

    /// Opens `path`; with `noFollow` the last name may be a link.
    static func open(_ path: String, _ flags: OpenFlags, below root: Int32) throws(Errno) -> FileDescriptor {
        /// The directories below the root on the way to the present one, which is the last.
        var way: [FileDescriptorBox] = []
        var rest = names(path)
        var links = 0
        while let name = rest.popLast() {
            if name == ".." {
                _ = way.popLast()
                continue
            }
            let here = way.last?.raw ?? root
            let place = try Syscall.open(name, [.pathOnly, .noFollow], at: here)
            let status = try Syscall.status("", at: place.raw)
            let isLast = rest.isEmpty
            if status.isSymlink, !(isLast && flags.contains(.noFollow)) {
                links += 1
                guard links <= most else { throw .loop }
                let target = try Syscall.readLink("", at: place.raw)
                if target.hasPrefix("/") { way = [] }
                rest += names(target)
                continue
            }
            if isLast, flags.contains(.pathOnly) {
                if flags.contains(.directory), !status.isDirectory { throw .notDirectory }
                return place
            }
            // The same name again: should it have become a link since, it is ELOOP.
            if isLast { return try Syscall.open(name, flags.union(.noFollow), at: here) }
            way.append(FileDescriptorBox(place))
        }
        return try Syscall.open(".", flags, at: way.last?.raw ?? root)
    }

    /// The names of a path, the last one first.
    private static func names(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.reversed().map { String($0) }
    }
}
