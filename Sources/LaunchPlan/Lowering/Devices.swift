// Device nodes and links, made by directory descriptor (CVE-2026-41579, CVE-2026-47766).
import CLinux
import Linux

extension Lowering {
    /// The directory at `path` below the root, made where it is missing. It stays open for the next device: most are
    /// neighbours, and an open directory is the same one still, whatever happens to its path.
    private mutating func deviceDirectory(_ path: String) -> Slot {
        if let (open, slot) = openDirectory, open == path { return slot }
        closeDeviceDirectory()
        let slot = resolve(path, missing: .directory, policy: .outsideProc)
        openDirectory = (path, slot)
        return slot
    }

    /// To be called before a step that makes no device.
    mutating func closeDeviceDirectory() {
        if let (_, slot) = openDirectory { program.close(slot) }
        openDirectory = nil
    }

    mutating func makeDevice(_ device: DevicePlan) {
        let (directory, name) = Self.split(device.path)
        let parent = deviceDirectory(directory)
        let number =
            UInt64(device.major & 0xfff) << 8 | UInt64(device.minor & 0xff)
            | UInt64(device.minor & ~0xff) << 12 | UInt64(device.major & ~0xfff) << 32
        let made = program.newSlot()
        // What is there already must be this device (config-linux.md, Devices).
        program.syscall(
            .mknodat, .slot(parent), program.string(name), .value(Int(device.type | device.mode)),
            .immediate(number),
            out: made, tolerate: [.exists])
        program.when(.slot(made), equals: UInt64(bitPattern: -Int64(Errno.exists.rawValue)), elseSkip: 4)
        program.syscall(
            .statx, .slot(parent), program.string(name), .value(Int(APUS_AT_SYMLINK_NOFOLLOW.rawValue)),
            .value(Int(STATX_BASIC_STATS)), .data(status))
        program.load(at: status + 28, width: 4, out: made)
        program.expect(.slot(made), mask: 0o170_000, equals: UInt64(device.type), error: .exists)
        if device.type == 0o010_000 {
            program.skip(0)
        } else {
            // stx_rdev_major and stx_rdev_minor, at 128 and 132.
            program.expect(
                .data(status + 128), equals: UInt64(device.major) | UInt64(device.minor) << 32, error: .exists
            )
        }
        if device.uid != 0 || device.gid != 0 {
            program.syscall(
                .fchownat, .slot(parent), program.string(name), .value(Int(device.uid)),
                .value(Int(device.gid)),
                .value(Int(APUS_AT_SYMLINK_NOFOLLOW.rawValue)))
        }
        program.release(made)
    }

    /// Binds the host's node of the same path over a file. The node must be the device that is asked for, and the file
    /// must not be a link that the image put there.
    mutating func bindDevice(_ device: DevicePlan) {
        let node = program.newSlot()
        program.syscall(
            .openTree, .currentDirectory, program.string("/" + device.path),
            .immediate(Self.cloneTree | UInt64(APUS_AT_SYMLINK_NOFOLLOW.rawValue)), out: node)
        let type = modeOf(node)
        program.expect(.slot(type), mask: 0o170_000, equals: UInt64(device.type), error: .noDevice)
        program.expect(
            .data(status + 128), equals: UInt64(device.major) | UInt64(device.minor) << 32, error: .noDevice)
        program.release(type)
        let (directory, name) = Self.split(device.path)
        let parent = deviceDirectory(directory)
        program.syscall(
            .mknodat, .slot(parent), program.string(name), .value(0o100_000), .value(0), tolerate: [.exists])
        let target = program.newSlot()
        program.syscall(
            .openat, .slot(parent), program.string(name), .immediate(Self.pathOnly | Self.noFollow),
            out: target)
        let found = modeOf(target)
        program.when(.slot(found), mask: 0o170_000, equals: 0o120_000, elseSkip: 1)
        program.fail(.exists)
        program.release(found)
        program.syscall(
            .moveMount, .slot(node), program.string(""), .slot(target), program.string(""),
            .value(Self.byDescriptor))
        program.close(target)
        program.close(node)
    }

    mutating func linkDevice(_ name: String, _ target: String) {
        let parent = deviceDirectory("dev")
        if name == "ptmx" {
            // The image's own ptmx would be the host's pty multiplexer; it gives way to the link.
            program.syscall(.unlinkat, .slot(parent), program.string(name), .value(0), tolerate: [.noEntry])
        }
        program.syscall(
            .symlinkat, program.string(target), .slot(parent), program.string(name), tolerate: [.exists])
    }

    /// Makes `path` below the root if it can: entering it later says what is wrong with it.
    mutating func ensureDirectory(_ path: String) {
        let directory = program.newSlot()
        open(path, out: directory, tolerate: [.noEntry], skip: 2)
        program.syscall(.close, .slot(directory))
        let found = program.here
        program.skip(0)
        create(path, as: .directory)
        program.land(found)
        program.release(directory)
    }
}
