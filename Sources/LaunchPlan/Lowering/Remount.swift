// What mount_setattr(2) does, by mount(2): for kernels before 5.12, and where a filter denies it.
import CLinux
import Linux

extension Lowering {
    /// A number that nothing else has: mount(2) knows places by path alone, and /proc/self/fd/63 is the path of a
    /// descriptor, whatever happens to the names that led to it.
    public static let placeNumber: Int32 = 63

    /// Takes that number, so that no other descriptor gets it.
    mutating func reservePlace() {
        guard facts.denied.contains(.mountSetattr) else { return }
        program.reservesPlace = true
        program.syscall(
            .dup3, .slot(proc), .value(Int(Self.placeNumber)), .value(Int(APUS_O_CLOEXEC.rawValue)))
    }

    /// mount(2) at the root of an attached mount that `mount` holds.
    private mutating func change(
        _ mount: Slot, _ flags: UInt64, tolerate: [Errno] = [], skip: Int = 0
    ) {
        program.syscall(
            .dup3, .slot(mount), .value(Int(Self.placeNumber)), .value(Int(APUS_O_CLOEXEC.rawValue)))
        program.syscall(.fchdir, .slot(proc))
        program.syscall(
            .mount, .value(0), program.string("self/fd/\(Self.placeNumber)"), .value(0), .immediate(flags),
            .value(0), tolerate: tolerate, skip: skip)
    }

    mutating func changePropagation(_ mount: Slot, _ propagation: Propagation) {
        change(mount, propagation.mountFlags)
    }

    private static let table: [(attribute: Int32, flag: Int32, shown: UInt64)] = [
        (MOUNT_ATTR_RDONLY, MS_RDONLY, 1), (MOUNT_ATTR_NOSUID, MS_NOSUID, 2), (MOUNT_ATTR_NODEV, MS_NODEV, 4),
        (MOUNT_ATTR_NOEXEC, MS_NOEXEC, 8), (MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW, 0x2000),
    ]

    /// The flags that replace all that a mount has; nil where mount(2) cannot say it.
    private static func flags(_ attributes: MountAttributes) -> UInt64? {
        var flags = UInt64(MS_REMOUNT | MS_BIND)
        for (attribute, flag, _) in Self.table where attributes.set & UInt64(attribute) != 0 {
            flags |= UInt64(flag)
        }
        switch attributes.set & UInt64(MOUNT_ATTR__ATIME) {
        case UInt64(MOUNT_ATTR_NOATIME): flags |= UInt64(MS_NOATIME)
        case UInt64(MOUNT_ATTR_STRICTATIME): flags |= UInt64(MS_STRICTATIME)
        // Without any of these flags a mount keeps how it tells the time.
        default: if attributes.clear & UInt64(MOUNT_ATTR__ATIME) != 0 { flags |= UInt64(MS_RELATIME) }
        }
        let keepsTime = flags & UInt64(MS_NOATIME | MS_STRICTATIME | MS_RELATIME) == 0
        if attributes.set & UInt64(MOUNT_ATTR_NODIRATIME) != 0 {
            flags |= UInt64(MS_NODIRATIME)
        } else if attributes.clear & UInt64(MOUNT_ATTR_NODIRATIME) != 0, keepsTime {
            return nil
        }
        return flags
    }

    /// Gives an attached mount these flags instead of all that it has. Where the kernel has locked some of those
    /// (mount_namespaces(7)), they stay, unless they are to be cleared: that is an error. False if mount(2) cannot do it.
    mutating func replaceAttributes(_ mount: Slot, _ attributes: MountAttributes) -> Bool {
        guard let flags = Self.flags(attributes) else { return false }
        // A flag that config.json wants cleared must not stay.
        let wanted = Self.table.contains { attributes.clear & UInt64($0.attribute) != 0 }
        if wanted {
            change(mount, flags)
            return true
        }
        change(mount, flags, tolerate: [.notPermitted], skip: 1)
        let done = program.here
        program.skip(0)
        addFlags(mount, flags)
        program.land(done)
        return true
    }

    /// Gives an attached mount these flags besides those that it has. False if some are to be taken away.
    mutating func addAttributes(_ mount: Slot, _ attributes: MountAttributes) -> Bool {
        guard attributes.clear == 0, let flags = Self.flags(attributes) else { return false }
        addFlags(mount, flags)
        return true
    }

    /// Makes an attached mount read-only; it keeps the flags that it has.
    mutating func protect(_ mount: Slot) { addFlags(mount, UInt64(MS_REMOUNT | MS_BIND | MS_RDONLY)) }

    /// Changes the flags of an attached mount to `flags` and those that it has: fstatfs(2) tells them, and the one
    /// alternative with exactly them is taken.
    private mutating func addFlags(_ mount: Slot, _ flags: UInt64) {
        let buffer = program.space(120)
        guard case .data(let offset) = buffer else { return }
        program.syscall(.fstatfs, .slot(mount), buffer)
        let all = Self.table.reduce(UInt64(0)) { $0 | $1.shown }
        var done: [Int] = []
        for choice in 0..<1 << Self.table.count {
            var (shown, both) = (UInt64(0), flags)
            for (bit, row) in Self.table.enumerated() where choice & 1 << bit != 0 {
                shown |= row.shown
                both |= UInt64(row.flag)
            }
            let other = program.here
            // f_flags of struct statfs.
            program.when(.data(offset + 80), mask: all, equals: shown, elseSkip: 1)
            change(mount, both)
            done.append(program.here)
            program.skip(0)
            program.land(other)
        }
        for skip in done { program.land(skip) }
    }
}
