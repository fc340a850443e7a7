// tmpcopyup: fills a tmpfs, attached nowhere yet, with a copy of what it is going to hide.
import CLinux
import LaunchPlan
import Linux

enum CopyUp {
    /// A detached mount of a new tmpfs with the copy in it. The caller owns the descriptor.
    static func make(_ mount: FilesystemMount, root: String) throws(Errno) -> FileDescriptor {
        let tmpfs = try Syscall.detachedMount(
            mount.type, options: mount.options.map { ($0.key, $0.value) }, attributes: 0)
        if let source = try Source(mount.copyUp, root) { try copy(source, to: tmpfs.raw, mount) }
        if mount.attributes != 0 { try Syscall.setMountAttributes(tmpfs.raw, set: mount.attributes) }
        return tmpfs
    }

    /// Fills descriptor `number` of the init `pid`, a tmpfs of its user namespace. Only root of that namespace may read
    /// all that the container owns, and knows its owners by the names that they have inside.
    static func fill(
        _ number: UInt64, of pid: Int32, _ mount: FilesystemMount, root: String
    ) throws(Errno) {
        guard let source = try Source(mount.copyUp, root) else { return }
        let tmpfs = try Syscall.open("/proc/\(pid)/fd/\(number)", [.pathOnly, .directory])
        let namespace = try Syscall.open("/proc/\(pid)/ns/user", .readOnly)
        let (target, user) = (FileDescriptorBox(tmpfs), FileDescriptorBox(namespace))
        try Syscall.inChild { () throws(Errno) in
            // The container's processes may not look into the runtime's memory.
            try Syscall.processControl(PR_SET_DUMPABLE, 0)
            try Syscall.joinNamespaces(user.raw, NamespaceKind.user.cloneFlag)
            try Syscall.becomeRoot()
            try copy(source, to: target.raw, mount)
        }
    }

    /// What to copy: a path below a directory that is open already, since root of a user namespace may not get there.
    private struct Source {
        let base: FileDescriptorBox
        let path: String

        init?(_ source: CopySource?, _ root: String) throws(Errno) {
            switch source {
            case .root(let below): (base, path) = (try Self.open(root), below)
            case .host(let path, let below): (base, self.path) = (try Self.open(path), below)
            case .nothing, nil: return nil
            }
        }

        private static func open(_ path: String) throws(Errno) -> FileDescriptorBox {
            FileDescriptorBox(try Syscall.open(path, [.pathOnly, .directory]))
        }
    }

    private static func copy(_ from: Source, to tmpfs: Int32, _ mount: FilesystemMount) throws(Errno) {
        let clean = from.path.split(separator: "/").joined(separator: "/")
        let resolve = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
        let source: FileDescriptor
        do throws(Errno) {
            source = try Syscall.open(
                clean.isEmpty ? "." : clean, [.readOnly, .directory], resolve: resolve, at: from.base.raw)
        } catch .noEntry {
            return
        }
        let status = try Syscall.status("", at: source.raw)
        let target = try Syscall.open(".", [.readOnly, .directory], at: tmpfs)
        try copyTree(from: source.raw, to: target.raw)
        if mount.takesMode { try Syscall.changeMode(target.raw, status.permissions) }
    }

    /// Copies a directory's contents by descriptor; no link is ever followed.
    private static func copyTree(from source: Int32, to target: Int32) throws(Errno) {
        for name in try Syscall.entries(of: source) {
            let status = try Syscall.status(name, at: source, follow: false)
            switch status.mode & 0o170_000 {
            case 0o040_000:
                try Syscall.makeDirectory(name, mode: 0o700, at: target)
                let from = try Syscall.open(name, [.readOnly, .directory, .noFollow], at: source)
                let to = try Syscall.open(name, [.readOnly, .directory, .noFollow], at: target)
                try copyTree(from: from.raw, to: to.raw)
            case 0o120_000:
                try Syscall.makeLink(try Syscall.readLink(name, at: source), name: name, at: target)
            case 0o100_000:
                let from = try Syscall.open(name, [.readOnly, .noFollow, .nonBlocking], at: source)
                let to = try Syscall.open(name, [.writeOnly, .create, .exclusive], mode: 0o600, at: target)
                while try Syscall.copy(from: from.raw, to: to.raw, count: 1 << 20) > 0 {}
            default:
                try Syscall.makeNode(
                    name, mode: UInt32(status.mode), major: status.nodeMajor, minor: status.nodeMinor,
                    at: target)
            }
            try Syscall.changeOwner(name, uid: status.uid, gid: status.gid, at: target)
            if !status.isSymlink { try Syscall.changeMode(name, status.permissions, at: target) }
        }
    }
}
