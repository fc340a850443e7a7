// Paths in the rootfs: resolved by descriptor, below the root, never through magic links (design.md, section 5).
import CLinux
import Linux

extension Lowering {
    static let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
    static let pathOnly = UInt64(APUS_O_PATH.rawValue) | UInt64(APUS_O_CLOEXEC.rawValue)
    static let directory = UInt64(APUS_O_DIRECTORY.rawValue)
    static let noFollow = UInt64(APUS_O_NOFOLLOW.rawValue)

    /// What to make where a mount has no mount point yet.
    enum Missing { case directory, file, nothing }

    /// `struct open_how`: flags, mode, resolve.
    private mutating func openHow(_ flags: UInt64, mode: UInt64 = 0, _ resolve: UInt64) -> Operand {
        program.words([flags, mode, resolve])
    }

    /// openat2(2) of `path` below `start`, the root if it is nil; errors in `tolerate` skip. Without that call, step by
    /// step.
    mutating func open(
        _ path: String, from start: Slot? = nil, flags: UInt64 = pathOnly, resolve: UInt64 = inRoot,
        out: Slot,
        tolerate: [Errno] = [], skip: Int = 0
    ) {
        let start = start ?? root
        if facts.denied.contains(.openat2) {
            return walk(path, from: start, flags: flags, out: out, tolerate: tolerate, skip: skip)
        }
        program.syscall(
            .openat2, .slot(start), program.string(path.isEmpty ? "." : path), openHow(flags, resolve),
            .value(24),
            out: out, tolerate: tolerate, skip: skip)
    }

    /// A descriptor of `path` below the root, made first where it is missing. With `isOnLink`, of a link itself.
    mutating func resolve(
        _ path: String, missing: Missing, policy: DestinationPolicy, isOnLink: Bool = false
    ) -> Slot {
        let target = program.newSlot()
        let resolve = policy == .noSymlinks ? Self.inRoot | UInt64(RESOLVE_NO_SYMLINKS) : Self.inRoot
        let flags = isOnLink ? Self.pathOnly | Self.noFollow : Self.pathOnly
        if missing == .nothing {
            open(path, flags: flags, resolve: resolve, out: target)
            return target
        }
        open(path, flags: flags, resolve: resolve, out: target, tolerate: [.noEntry], skip: 1)
        let found = program.here
        program.skip(0)
        create(path, as: missing)
        open(path, flags: flags, resolve: resolve, out: target)
        program.land(found)
        return target
    }

    /// Makes `path` below the root, parents first. mkdirat(2) does not follow a link in the last component, and each
    /// parent is opened below the root again, so no race leads outside (CVE-2024-45310).
    mutating func create(_ path: String, as kind: Missing) {
        let parts = path.split(separator: "/")
        var parent = root
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if isLast && kind == .file && facts.denied.contains(.openat2) {
                // Makes nothing behind a link, and follows none.
                program.syscall(
                    .mknodat, .slot(parent), program.string(String(part)), .value(0o100_644), .value(0),
                    tolerate: [.exists])
                break
            }
            if isLast && kind == .file {
                let made = program.newSlot()
                let flags =
                    UInt64(APUS_O_CREAT.rawValue) | UInt64(APUS_O_CLOEXEC.rawValue)
                    | UInt64(APUS_O_NONBLOCK.rawValue)
                program.syscall(
                    .openat2, .slot(root), program.string(path), openHow(flags, mode: 0o644, Self.inRoot),
                    .value(24),
                    out: made)
                program.close(made)
                break
            }
            program.syscall(
                .mkdirat, .slot(parent), program.string(String(part)), .value(0o755), tolerate: [.exists])
            if isLast { break }
            let next = program.newSlot()
            open(String(path[..<part.endIndex]), flags: Self.pathOnly | Self.directory, out: next)
            if parent != root { program.close(parent) }
            parent = next
        }
        if parent != root { program.close(parent) }
    }

    /// The directory of `path` and the last name.
    static func split(_ path: String) -> (directory: String, name: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { String(path[..<$0]) } ?? ""
        let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
        return (directory, name.isEmpty ? "." : name)
    }

    /// Fails with EPERM if `descriptor` lies on a procfs.
    mutating func refuseProc(_ descriptor: Slot) {
        let buffer = program.space(120)
        program.syscall(.fstatfs, .slot(descriptor), buffer)
        program.when(buffer, equals: UInt64(PROC_SUPER_MAGIC), elseSkip: 1)
        program.fail(.notPermitted)
    }

    /// statx(2) of `descriptor` itself; then the mode (type and permissions) in the slot returned.
    mutating func modeOf(_ descriptor: Slot) -> Slot {
        program.syscall(
            .statx, .slot(descriptor), program.string(""), .value(Int(APUS_AT_EMPTY_PATH.rawValue)),
            .value(Int(STATX_TYPE) | Int(STATX_MODE)), .data(status))
        let mode = program.newSlot()
        // stx_mode is the 16-bit field at 28 of struct statx; the 32-bit word there ends with a zero field.
        program.load(at: status + 28, width: 4, out: mode)
        return mode
    }
}
