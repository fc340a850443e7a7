// What openat2(2) does in one call, step by step: for kernels before 5.6, and where a filter denies it.
import CLinux
import Linux

extension Lowering {
    /// Opens `path`, which has no "..", below `start`, one component after the other, each by the descriptor of the one
    /// before, and follows no link at all: a link on the way is ELOOP, wherever it leads. The links of the image were
    /// followed by the runtime, which looked at them before (`HostFacts.danglingLinks`); whoever puts a new one in the
    /// way meanwhile gets the error. Nothing here goes up, so nothing leads out of `start`.
    ///
    /// Errors in `tolerate` skip `skip` instructions behind all of this, as with one call.
    mutating func walk(
        _ path: String, from start: Slot, flags: UInt64, out: Slot, tolerate: [Errno] = [], skip: Int = 0
    ) {
        let names = path.split(separator: "/").filter { $0 != "." }.map { String($0) }
        precondition(!names.contains(".."), "paths are cleaned before they are lowered")
        guard let last = names.last else {
            return program.syscall(
                .openat, .slot(start), program.string("."), .immediate(flags | Self.noFollow), out: out,
                tolerate: tolerate, skip: skip)
        }
        let mode = program.newSlot()
        let parent = program.newSlot()
        /// Where a tolerated error at the first name, and at a later one, has to jump from.
        var (first, later): ([Int], [Int]) = ([], [])
        for (index, name) in names.dropLast().enumerated() {
            if index == 0 { first.append(program.here) } else { later.append(program.here) }
            let next = program.newSlot()
            // Not O_DIRECTORY: a link would be ENOTDIR then, which may be tolerated.
            program.syscall(
                .openat, .slot(index == 0 ? start : parent), program.string(name),
                .immediate(Self.pathOnly | Self.noFollow), out: next, tolerate: tolerate)
            refuseLink(next, mode)
            if index > 0 { program.syscall(.close, .slot(parent)) }
            program.set(parent, .slot(next))
            program.release(next)
        }
        let isBelow = names.count > 1
        if isBelow { later.append(program.here) } else { first.append(program.here) }
        program.syscall(
            .openat, .slot(isBelow ? parent : start), program.string(last),
            .immediate(Self.pathOnly | Self.noFollow), out: out, tolerate: tolerate)
        // With O_NOFOLLOW a link at the end is what is asked for.
        if flags & Self.noFollow == 0 { refuseLink(out, mode) }
        if flags | Self.noFollow != Self.pathOnly | Self.noFollow {
            // The same name again, for more than a place: should it have become a link, it is ELOOP.
            program.syscall(.close, .slot(out))
            program.syscall(
                .openat, .slot(isBelow ? parent : start), program.string(last),
                .immediate(flags | Self.noFollow), out: out)
        }
        if isBelow { program.syscall(.close, .slot(parent)) }
        if !tolerate.isEmpty {
            program.skip(isBelow ? 2 : 1)
            for instruction in later { program.land(instruction) }
            if isBelow { program.syscall(.close, .slot(parent)) }
            for instruction in first { program.land(instruction) }
            program.skip(skip)
        }
        program.release(parent)
        program.release(mode)
    }

    /// Fails with ELOOP if `descriptor` is a symbolic link.
    private mutating func refuseLink(_ descriptor: Slot, _ mode: Slot) {
        program.syscall(
            .statx, .slot(descriptor), program.string(""), .value(Int(APUS_AT_EMPTY_PATH.rawValue)),
            .value(Int(STATX_TYPE)), .data(status))
        program.load(at: status + 28, width: 4, out: mode)
        program.when(.slot(mode), mask: 0o170_000, equals: 0o120_000, elseSkip: 1)
        program.fail(.loop)
    }

    /// Opens a file of the verified /proc to write. Nobody but the host mounts on it; what is opened must be of a procfs
    /// again. "self" is followed, procfs' own link.
    mutating func walkProc(_ path: String, flags: UInt64, out: Slot) {
        var start = proc
        var rest = path
        if path.hasPrefix("self/") {
            start = program.newSlot()
            program.syscall(
                .openat, .slot(proc), program.string("self"), .immediate(Self.pathOnly | Self.directory),
                out: start)
            rest = String(path.dropFirst(5))
        }
        walk(rest, from: start, flags: flags, out: out)
        if start != proc { program.close(start) }
        let buffer = program.space(120)
        program.syscall(.fstatfs, .slot(out), buffer)
        program.expect(buffer, equals: UInt64(PROC_SUPER_MAGIC), error: .crossDevice)
    }
}
