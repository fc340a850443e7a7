// tmpcopyup: fills a tmpfs, attached nowhere yet, with a copy of what it is going to hide.
import CLinux
import LaunchPlan
import Linux

enum CopyUp {
    /// A detached mount of a new tmpfs with the copy in it. The caller owns the descriptor.
    static func make(_ mount: FilesystemMount, root: String) throws(Errno) -> FileDescriptor {
        let tmpfs = try Syscall.detachedMount(
            mount.type, options: mount.options.map { ($0.key, $0.value) }, attributes: 0)
        let source: FileDescriptor
        do throws(Errno) {
            source = try open(mount.copyUp ?? .nothing, root)
        } catch .noEntry {
            return try finish(tmpfs, mount)
        }
        let status = try Syscall.status("", at: source.raw)
        let target = try Syscall.open(".", [.readOnly, .directory], at: tmpfs.raw)
        try copyTree(from: source.raw, to: target.raw)
        if mount.takesMode { try Syscall.changeMode(target.raw, status.permissions) }
        return try finish(tmpfs, mount)
    }

    private static func finish(
        _ tmpfs: consuming FileDescriptor, _ mount: FilesystemMount
    ) throws(Errno) -> FileDescriptor {
        if mount.attributes != 0 { try Syscall.setMountAttributes(tmpfs.raw, set: mount.attributes) }
        return tmpfs
    }

    private static func open(_ source: CopySource, _ root: String) throws(Errno) -> FileDescriptor {
        let (base, path): (String, String) =
            switch source {
            case .root(let path): (root, path)
            case .host(let path, let below): (path, below)
            case .nothing: throw .noEntry
            }
        let directory = try Syscall.open(base, [.pathOnly, .directory])
        let clean = path.split(separator: "/").joined(separator: "/")
        let resolve = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
        return try Syscall.open(
            clean.isEmpty ? "." : clean, [.readOnly, .directory], resolve: resolve, at: directory.raw)
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
