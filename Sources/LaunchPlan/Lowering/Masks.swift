// Masked and read-only paths.
import CLinux
import Linux

extension Lowering {
    /// The host's /dev/null, checked to be it, and one empty read-only tmpfs for all masked directories.
    mutating func prepareMasks() {
        maskFile = program.newSlot(named: "null")
        program.syscall(
            .openat, .currentDirectory, program.string("/dev/null"),
            .immediate(Self.pathOnly | Self.noFollow), out: maskFile)
        program.syscall(
            .statx, .slot(maskFile), program.string(""), .value(Self.emptyPath),
            .value(Int(STATX_BASIC_STATS)),
            .data(status))
        program.expect(.data(status + 128), equals: 1 | 3 << 32, error: .noDevice)
        maskDirectory = program.newSlot(named: "empty")
        let context = program.newSlot()
        program.syscall(.fsopen, program.string("tmpfs"), .value(Int(FSOPEN_CLOEXEC)), out: context)
        for (key, value) in [("nr_inodes", "2"), ("nr_blocks", "1"), ("mode", "755")] {
            program.syscall(
                .fsconfig, .slot(context), .value(1), program.string(key), program.string(value), .value(0))
        }
        program.syscall(.fsconfig, .slot(context), .value(0), program.string("ro"), .value(0), .value(0))
        program.syscall(.fsconfig, .slot(context), .value(6), .value(0), .value(0), .value(0))
        let attributes =
            Int(MOUNT_ATTR_RDONLY) | Int(MOUNT_ATTR_NOSUID) | Int(MOUNT_ATTR_NODEV) | Int(MOUNT_ATTR_NOEXEC)
        program.syscall(
            .fsmount, .slot(context), .value(Int(FSMOUNT_CLOEXEC)), .value(attributes), out: maskDirectory)
        program.close(context)
        maskDirectoryIsUsed = program.newSlot(named: "empty is used")
        program.set(maskDirectoryIsUsed, .value(0))
    }

    /// The empty tmpfs itself goes over the first masked directory, clones of it over the others: kernels before 6.15 do
    /// not clone a mount that is attached nowhere, and a place of the host to attach it to may be shared with the host.
    mutating func mask(_ path: String) {
        let target = program.newSlot()
        // A path that is not there needs no mask.
        open(path, out: target, tolerate: [.noEntry, .notDirectory], skip: 1)
        program.skip(1)
        let missing = program.here
        program.skip(0)
        let mode = modeOf(target)
        let mount = program.newSlot()
        let ifFile = program.here
        program.when(.slot(mode), mask: 0o170_000, equals: 0o040_000, elseSkip: 1)
        let ifUsed = program.here
        program.when(.slot(maskDirectoryIsUsed), equals: 0, elseSkip: 1)
        attach(maskDirectory, to: target)
        program.set(maskDirectoryIsUsed, .value(1))
        let masked = program.here
        program.skip(0)
        program.land(ifUsed)
        cloneMount(maskDirectory, out: mount)
        program.skip(1)
        program.land(ifFile)
        cloneMount(maskFile, out: mount)
        attach(mount, to: target)
        program.close(mount)
        program.land(masked)
        program.close(target)
        program.land(missing)
        program.release(mode)
    }

    mutating func attach(_ mount: Slot, to target: Slot) {
        program.syscall(
            .moveMount, .slot(mount), program.string(""), .slot(target), program.string(""),
            .value(Self.byDescriptor))
    }

    mutating func cloneMount(_ mount: Slot, recursive: Bool = false, out: Slot) {
        program.syscall(
            .openTree, .slot(mount), program.string(""),
            .immediate(Self.cloneTree | UInt64(Self.emptyPath) | (recursive ? Self.recursive : 0)), out: out)
    }

    mutating func makeReadOnly(_ path: String) {
        let target = program.newSlot()
        open(path, out: target, tolerate: [.noEntry, .notDirectory], skip: 1)
        program.skip(1)
        let missing = program.here
        program.skip(0)
        let mount = program.newSlot()
        cloneMount(target, recursive: true, out: mount)
        let isLate = facts.denied.contains(.mountSetattr)
        if !isLate { setAttributes(mount, set: UInt64(MOUNT_ATTR_RDONLY)) }
        attach(mount, to: target)
        if isLate { protect(mount) }
        program.close(mount)
        program.close(target)
        program.land(missing)
    }
}
