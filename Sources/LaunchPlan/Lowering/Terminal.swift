// The container's terminal: a new pair of its own devpts, taken without trust in what lies at these paths.
import CLinux
import Linux

extension Lowering {
    /// Opens a pseudoterminal, sends its multiplexer end to the runtime, and makes the peer the standard descriptors and
    /// the controlling terminal. With `hasConsole` the peer also appears as /dev/console.
    ///
    /// The image and those who share volumes with it could put anything at these paths (CVE-2025-52565): the file is
    /// opened on the devpts itself and then checked, and the peer comes from it by ioctl, not by its name.
    mutating func openTerminal(_ plan: TerminalPlan) {
        if root == .none {
            root = program.newSlot(named: "root")
            program.syscall(
                .openat, .currentDirectory, program.string("/"), .immediate(Self.pathOnly | Self.directory),
                out: root)
        }
        let master = openMultiplexer()
        // TIOCSPTLCK, TIOCGPTPEER; O_RDWR | O_NOCTTY | O_CLOEXEC.
        let flags = Int(APUS_O_RDWR.rawValue | APUS_O_NOCTTY.rawValue | APUS_O_CLOEXEC.rawValue)
        let peer = program.newSlot()
        program.syscall(.ioctl, .slot(master), .immediate(0x4004_5431), program.words([0]))
        program.syscall(.ioctl, .slot(master), .immediate(0x5441), .value(flags), out: peer)
        if plan.uid != 0 {
            program.syscall(.fchown, .slot(peer), .value(Int(plan.uid)), .value(-1))
        }
        if plan.hasConsole { bindConsole(peer) }
        sendToRuntime(master)
        for number in 0...2 { program.syscall(.dup3, .slot(peer), .value(number), .value(0)) }
        // TIOCSCTTY: the session is new and has none yet.
        program.syscall(.ioctl, .value(0), .immediate(0x540e), .value(0))
        program.close(peer)
        program.close(master)
    }

    /// /dev/pts/ptmx, if that is what is there: of a devpts, its second inode, device 5:2.
    private mutating func openMultiplexer() -> Slot {
        let directory = program.newSlot()
        open("dev/pts", flags: Self.pathOnly | Self.directory, out: directory)
        let buffer = program.space(120)
        program.syscall(.fstatfs, .slot(directory), buffer)
        program.expect(buffer, equals: UInt64(DEVPTS_SUPER_MAGIC), error: .noDevice)
        let master = program.newSlot()
        let flags = UInt64(APUS_O_RDWR.rawValue | APUS_O_NOCTTY.rawValue | APUS_O_CLOEXEC.rawValue)
        let resolve =
            UInt64(RESOLVE_BENEATH) | UInt64(RESOLVE_NO_XDEV) | UInt64(RESOLVE_NO_SYMLINKS)
        open("ptmx", from: directory, flags: flags, resolve: resolve, out: master)
        program.syscall(
            .statx, .slot(master), program.string(""), .value(Self.emptyPath), .value(Int(STATX_BASIC_STATS)),
            .data(status))
        // stx_ino at 32; stx_rdev_major and stx_rdev_minor at 128.
        program.expect(.data(status + 32), equals: 2, error: .noDevice)
        program.expect(.data(status + 128), equals: 5 | 2 << 32, error: .noDevice)
        program.close(directory)
        return master
    }

    /// Mounts the peer on a plain file that nothing was followed to.
    private mutating func bindConsole(_ peer: Slot) {
        let parent = resolve("dev", missing: .directory, policy: .outsideProc)
        program.syscall(
            .mknodat, .slot(parent), program.string("console"), .value(0o100_666), .value(0),
            tolerate: [.exists, .readOnly])
        let target = program.newSlot()
        let resolve = UInt64(RESOLVE_BENEATH) | UInt64(RESOLVE_NO_SYMLINKS)
        open("console", from: parent, resolve: resolve, out: target)
        let mount = program.newSlot()
        cloneMount(peer, out: mount)
        attach(mount, to: target)
        program.close(mount)
        program.close(target)
        program.close(parent)
    }

    /// sendmsg(2) of one byte with the descriptor (struct msghdr, struct iovec, struct cmsghdr).
    private mutating func sendToRuntime(_ descriptor: Slot) {
        let socket = program.inherit(.terminal)
        guard case .data(let control) = program.words([20, 1 | 1 << 32, 0]),
            case .data(let vector) = program.words([0, 1]),
            case .data(let header) = program.words([0, 0, 0, 1, 0, 24, 0])
        else { return }
        program.store(.slot(descriptor), at: control + 16, width: 4)
        program.store(program.string("t"), at: vector)
        program.store(.data(vector), at: header + 16)
        program.store(.data(control), at: header + 32)
        // MSG_NOSIGNAL
        program.syscall(.sendmsg, .slot(socket), .data(header), .value(0x4000))
        program.close(socket)
    }
}
