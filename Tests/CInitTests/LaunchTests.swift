// The image with a program in it, started for real: no namespaces, no root.
import CInit
import Glibc
import Linux
import Testing

/// An init that a test started.
private struct StartedInit: ~Copyable {
    let pid: Int32
    let channel: FileDescriptor

    func report() throws -> apus_report {
        let bytes = try Syscall.receive(channel.raw, count: MemoryLayout<apus_report>.size)
        try #require(bytes.count == MemoryLayout<apus_report>.size)
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: apus_report.self) }
    }

    func goAhead(_ value: UInt64 = 0) throws { try Syscall.send(channel.raw, word(value)) }

    func end() throws -> Linux.ExitStatus? { try Syscall.wait(pid)?.status }
}

/// The image and `program` in a sealed memory file.
private func compose(_ program: TestProgram) throws -> FileDescriptor {
    var size = 0
    let start = try #require(apus_init_image(&size))
    var image = [UInt8](UnsafeBufferPointer(start: start, count: size))
    let bytes = program.bytes
    apus_image_patch(&image, UInt64(bytes.count))
    let file = try Syscall.memoryFile("init")
    try Syscall.write(file.raw, image, offset: 0)
    try Syscall.write(file.raw, bytes, offset: Int(apus_image_program_offset()))
    try Syscall.seal(file.raw)
    return file
}

/// Calls apus_launch and gives back its result and what it wrote.
private func launch(
    _ image: Int32, keep: [Int32] = [], flags: UInt64 = 0, cgroup: Int32 = -1
) -> (pid: Int, launch: UnsafeMutablePointer<apus_launch>) {
    let stack = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 1)
    let kept = UnsafeMutablePointer<Int32>.allocate(capacity: keep.count)
    for (index, descriptor) in keep.enumerated() { kept[index] = descriptor }
    let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 2)
    arguments[0] = strdup("apus-init")
    arguments[1] = nil
    let launch = UnsafeMutablePointer<apus_launch>.allocate(capacity: 1)
    launch.pointee = apus_launch(
        clone_flags: flags, cgroup_fd: cgroup, image_fd: image, keep: kept, keep_count: UInt32(keep.count),
        pidfd: 77, error: 77, argv: arguments, envp: arguments + 1)
    return (apus_launch(launch, stack, 4096), launch)
}

private func start(_ instructions: [apus_instruction], data: [UInt8] = []) throws -> StartedInit {
    let pair = try SocketPair()
    var program = TestProgram(instructions, data: data)
    program.channel = pair.far.raw
    let image = try compose(program)
    let (pid, launch) = launch(image.raw, keep: [pair.far.raw])
    try #require(pid > 0 && launch.pointee.error == 0)
    let pidfd = FileDescriptor(owning: launch.pointee.pidfd)
    #expect(fcntl(pidfd.raw, F_GETFD) == FD_CLOEXEC)
    // The caller's copy of the init's end goes with the pair, or the end of file would never come.
    return StartedInit(pid: Int32(pid), channel: copy(pair.near.raw))
}

private func copy(_ descriptor: Int32) -> FileDescriptor {
    FileDescriptor(owning: fcntl(descriptor, F_DUPFD_CLOEXEC, 0))
}

private func number(_ call: SystemCall) -> UInt16 { UInt16(call.number) }

private let exit7 = instruction(APUS_SYSCALL, [.immediate(7)], nr: number(.exitGroup))

@Suite struct LaunchTests {
    @Test func initRunsItsProgram() throws {
        let started = try start([
            instruction(APUS_SYSCALL, nr: number(.getpid), out: 1),
            instruction(APUS_YIELD, [.slot(1)], out: 2, step: 40),
            instruction(APUS_YIELD, [.slot(2)]), exit7,
        ])
        let report = try started.report()
        #expect(report.kind == APUS_REPORT_YIELD.rawValue && report.pc == 1 && report.step == 40)
        #expect(report.value == UInt64(started.pid))
        try started.goAhead(99)
        #expect(try started.report().value == 99)
        try started.goAhead()
        #expect(try started.end() == .exited(7))
    }

    @Test func initWritesToItsData() throws {
        let started = try start(
            [
                instruction(
                    APUS_SYSCALL, [.data(8), .immediate(8), .immediate(0)], nr: number(.getrandom)),
                instruction(APUS_STORE, [.immediate(0), .immediate(1 << 40), .immediate(8)]),
                instruction(APUS_LOAD, [.immediate(0), .immediate(0), .immediate(8)], out: 1),
                instruction(APUS_YIELD, [.slot(1)]),
            ], data: word(5) + word(0))
        #expect(try started.report().value == 1 << 40)
        try started.goAhead()
        #expect(try started.end() == .exited(0))
    }

    @Test func failureComesBackWithItsErrno() throws {
        let started = try start([
            instruction(APUS_SKIP),
            instruction(APUS_SYSCALL, [.immediate(1 << 20)], nr: number(.close), step: 3),
        ])
        let report = try started.report()
        #expect(report.kind == APUS_REPORT_FAILURE.rawValue && report.pc == 1 && report.step == 3)
        #expect(report.error == EBADF)
        #expect(try started.end() == .exited(APUS_EXIT_FAILURE))
    }

    /// The size that the init checks against is that of its segment, so a lying header is refused.
    @Test func illFormedProgramIsRefused() throws {
        let pair = try SocketPair()
        var program = TestProgram([exit7])
        program.instructionCount = 2
        program.channel = pair.far.raw
        let image = try compose(program)
        let (pid, _) = launch(image.raw, keep: [pair.far.raw])
        let started = StartedInit(pid: Int32(pid), channel: copy(pair.near.raw))
        #expect(try started.report().error == EBADMSG)
        #expect(try started.end() == .exited(APUS_EXIT_PROGRAM))
    }

    @Test func initEndsWithTheRuntime() throws {
        let started = try start([instruction(APUS_YIELD), exit7])
        _ = try started.report()
        #expect(shutdown(started.channel.raw, Int32(SHUT_RDWR)) == 0)
        #expect(try started.end() == .exited(APUS_EXIT_ORPHAN))
    }

    @Test func forkedChildGoesOn() throws {
        // CLONE_PARENT: the test is the child's parent, too, and can wait for it.
        let started = try start([
            instruction(APUS_FORK, [.immediate(0x8000)], out: 1),
            instruction(APUS_SYSCALL, nr: number(.getpid), out: 2), instruction(APUS_YIELD, [.slot(1)]),
            instruction(APUS_YIELD, [.slot(2)]), exit7,
        ])
        let fork = try started.report()
        #expect(fork.kind == APUS_REPORT_FORK.rawValue && fork.pc == 0)
        #expect(try started.end() == .exited(0))
        try started.goAhead(31)
        #expect(try started.report().value == 31)
        try started.goAhead()
        #expect(try started.report().value == fork.value)
        try started.goAhead()
        #expect(try Syscall.wait(Int32(fork.value))?.status == .exited(7))
    }

    /// Only what is kept passes the exec, and all signals are blocked.
    @Test func initInheritsNothingElse() throws {
        let stray = try Syscall.memoryFile("stray")
        let started = try start(
            [
                instruction(
                    APUS_SYSCALL, [.immediate(UInt64(stray.raw)), .immediate(1)], nr: number(.fcntl),
                    out: 1, tolerate: (9, 0)),
                instruction(APUS_YIELD, [.slot(1)]),
                instruction(
                    APUS_SYSCALL, [.immediate(0), .immediate(0), .data(0), .immediate(8)],
                    nr: number(.rtSigprocmask)),
                instruction(APUS_LOAD, [.immediate(0), .immediate(0), .immediate(8)], out: 1),
                instruction(APUS_YIELD, [.slot(1)]),
            ], data: word(0))
        #expect(try started.report().value == UInt64(bitPattern: -9))
        try started.goAhead()
        // All but SIGKILL and SIGSTOP, which no mask can hold.
        #expect(try started.report().value == ~(1 << 8 | 1 << 18))
        try started.goAhead()
        #expect(try started.end() == .exited(0))
    }

    @Test func callersSignalMaskIsAsBefore() throws {
        let image = try compose(TestProgram([exit7]))
        let mask: UInt64 = 1 << 9 | 1 << 11
        let before = try Syscall.signalMask(2, mask)
        let (pid, _) = launch(image.raw)
        #expect(try Syscall.signalMask(2, before) == mask)
        #expect(try Syscall.wait(Int32(pid))?.status == .exited(7))
    }

    @Test func failedExecLeavesNoChildAndNoDescriptor() throws {
        let text = try Syscall.memoryFile("text")
        try Syscall.write(text.raw, Array("no program".utf8), offset: 0)
        let (result, launch) = launch(text.raw)
        #expect(result == Int(-ENOEXEC))
        #expect(launch.pointee.error == ENOEXEC && launch.pointee.pidfd == -1)
        #expect(CInitTests.launch(-1).pid == Int(-EBADF))
        let image = try compose(TestProgram([exit7]))
        #expect(CInitTests.launch(image.raw, keep: [1 << 20]).pid == Int(-EBADF))
    }

    @Test func failedCloneIsItsErrno() throws {
        let image = try compose(TestProgram([exit7]))
        // A cgroup that is none, and a flag that no kernel knows.
        let (result, launch) = launch(image.raw, cgroup: image.raw)
        #expect(result < 0 && launch.pointee.pidfd == -1 && launch.pointee.error == 0)
        let (pid, other) = CInitTests.launch(image.raw, flags: 1 << 63)
        #expect(pid == Int(-EINVAL) && other.pointee.pidfd == -1)
    }

    @Test func imageIsOnePageWithoutSections() throws {
        var size = 0
        let start = try #require(apus_init_image(&size))
        let image = UnsafeRawBufferPointer(start: start, count: size)
        #expect(size <= 4096 && UInt64(size) <= apus_image_program_offset())
        #expect(apus_image_program_offset() % 4096 == 0)
        // e_type EXEC, e_shoff, e_shnum: no interpreter, nothing to relocate, no section table past the end.
        #expect(image.loadUnaligned(fromByteOffset: 16, as: UInt16.self) == 2)
        #expect(image.loadUnaligned(fromByteOffset: 40, as: UInt64.self) == 0)
        #expect(image.loadUnaligned(fromByteOffset: 60, as: UInt16.self) == 0)
        // The segments: code that cannot be written, the program and the stack, which cannot be executed.
        let flags = (0..<3).map { image.loadUnaligned(fromByteOffset: 64 + 56 * $0 + 4, as: UInt32.self) }
        #expect(flags == [5, 6, 6])
    }
}

/// A socket pair that its owner closes.
private struct SocketPair: ~Copyable {
    let near: FileDescriptor
    let far: FileDescriptor

    init() throws {
        let pair = try Syscall.socketPair()
        near = FileDescriptor(owning: pair.near)
        far = FileDescriptor(owning: pair.far)
    }
}
