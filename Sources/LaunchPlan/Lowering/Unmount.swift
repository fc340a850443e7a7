// Mounts that are taken away: by descriptor, so that no link in the rootfs leads to another one.
import CLinux
import Linux

extension Lowering {
    /// MNT_DETACH and UMOUNT_NOFOLLOW, which <sys/mount.h> alone has.
    private static let detach = 2
    private static let noLink = 8

    /// Fails with EINVAL unless something is mounted at `path`.
    mutating func requireMountPoint(_ path: String) {
        let target = resolve(path, missing: .nothing, policy: .outsideProc)
        program.syscall(
            .statx, .slot(target), program.string(""), .value(Self.emptyPath), .value(0), .data(status))
        // stx_attributes is the 64-bit field at 8 of struct statx.
        let isMountRoot = UInt64(STATX_ATTR_MOUNT_ROOT)
        program.expect(.data(status + 8), mask: isMountRoot, equals: isMountRoot, error: .invalid)
        program.close(target)
    }

    /// umount2(2) takes no descriptor: a directory is entered and is "." then, a file is a name in its directory.
    mutating func unmount(_ path: String) {
        let target = resolve(path, missing: .nothing, policy: .outsideProc)
        program.syscall(.fchdir, .slot(target), tolerate: [.notDirectory], skip: 2)
        program.syscall(.umount2, program.string("."), .value(Self.detach))
        let done = program.here
        program.skip(0)
        let (directory, name) = Self.split(path)
        let parent = program.newSlot()
        open(directory, flags: Self.pathOnly | Self.directory, out: parent)
        program.syscall(.fchdir, .slot(parent))
        program.syscall(
            .umount2, program.string(name), .value(Self.detach | Self.noLink))
        program.close(parent)
        program.land(done)
        program.close(target)
    }
}
