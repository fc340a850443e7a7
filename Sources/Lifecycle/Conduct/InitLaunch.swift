// Starts an init: composes its image with a program in it, seals it, and clones.
import CInit
import LaunchPlan
import Linux

/// A running init that waits, works or has become the container's process.
final class RunningInit {
    var pid: Int32
    var pidfd: FileDescriptor
    /// The runtime's end of the channel.
    let channel: FileDescriptor

    init(pid: Int32, pidfd: consuming FileDescriptor, channel: consuming FileDescriptor) {
        self.pid = pid
        self.pidfd = pidfd
        self.channel = channel
    }

    /// Takes over the process that this one has forked before it ended.
    func adopt(_ report: InitReport) throws(Errno) {
        _ = try Syscall.wait(pid)
        let forked = Int32(truncatingIfNeeded: report.value)
        pidfd = try Syscall.openProcess(forked)
        pid = forked
    }
}

/// What an init is started with.
struct InitLaunch {
    var program: Program
    /// CLONE_NEW*.
    var namespaces: UInt64 = 0
    /// A cgroup v2 directory's descriptor, or -1.
    var cgroup: Int32 = -1
    /// Descriptors that the program names.
    var inherited: [Int32] = []

    private static let stackSize = 16 << 10

    /// Starts the init.
    mutating func start() throws(Errno) -> RunningInit {
        Syscall.resetSignals()
        if program.needsMarkedDescriptors { try Syscall.closeAtExec(from: 3) }
        let sockets = try Syscall.socketPair()
        let near = FileDescriptor(owning: sockets.near)
        let far = FileDescriptor(owning: sockets.far)
        let image = try Self.image(program.encoded(channel: far.raw), program.data)
        var pidfd: Int32 = -1
        let keep = [far.raw] + inherited
        if program.reservesPlace, keep.contains(Lowering.placeNumber) { throw .tooManyFiles }
        let pid = unsafe withUnsafeTemporaryAllocation(byteCount: Self.stackSize, alignment: 4096) { stack in
            unsafe keep.withUnsafeBufferPointer { keep in
                unsafe clone(image.raw, keep, stack, &pidfd)
            }
        }
        if pid < 0 { throw Errno(rawValue: Int32(-pid)) }
        let process = pidfd >= 0 ? FileDescriptor(owning: pidfd) : try Syscall.openProcess(Int32(pid))
        return RunningInit(pid: Int32(pid), pidfd: process, channel: near)
    }

    private func clone(
        _ image: Int32, _ keep: UnsafeBufferPointer<Int32>, _ stack: UnsafeMutableRawBufferPointer,
        _ pidfd: inout Int32
    ) -> Int {
        var name: [CChar] = [97, 112, 117, 115, 45, 105, 110, 105, 116, 0]  // "apus-init"
        return unsafe name.withUnsafeMutableBufferPointer { name in
            typealias CString = UnsafeMutablePointer<CChar>
            return unsafe withUnsafeTemporaryAllocation(of: CString?.self, capacity: 2) { words in
                unsafe words.initializeElement(at: 0, to: name.baseAddress)
                unsafe words.initializeElement(at: 1, to: nil)
                var launch = unsafe apus_launch()
                unsafe launch.clone_flags = namespaces
                unsafe launch.cgroup_fd = cgroup
                unsafe launch.image_fd = image
                unsafe launch.keep = keep.baseAddress
                unsafe launch.keep_count = UInt32(keep.count)
                unsafe launch.pidfd = -1
                unsafe launch.argv = UnsafePointer(words.baseAddress)
                // No environment: the null pointer behind the name.
                unsafe launch.envp = words.baseAddress.map { unsafe UnsafePointer($0 + 1) }
                let pid = unsafe apus_launch(&launch, stack.baseAddress, stack.count)
                unsafe pidfd = launch.pidfd
                return pid
            }
        }
    }

    /// A sealed file in memory with the init and `program` in it. The container's processes see it as their
    /// /proc/PID/exe until they execute their own: there is nothing of the runtime's to overwrite (CVE-2019-5736).
    private static func image(_ instructions: [UInt64], _ data: [UInt8]) throws(Errno) -> FileDescriptor {
        var size = 0
        let start = unsafe apus_init_image(&size)
        var bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: size))
        unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe apus_image_patch(bytes.baseAddress, UInt64(instructions.count * 8 + data.count))
        }
        var isInMemory = true
        let file: FileDescriptor
        do throws(Errno) {
            file = try Syscall.memoryFile("apus-init")
        } catch {
            // EACCES: vm.memfd_noexec.
            guard error.isDenial || error == .permissionDenied else { throw error }
            isInMemory = false
            file = try Syscall.namelessFile()
        }
        try Syscall.write(file.raw, bytes, offset: 0)
        let place = Int(apus_image_program_offset())
        try Syscall.write(file.raw, instructions, offset: place)
        try Syscall.write(file.raw, data, offset: place + instructions.count * 8)
        // Writing ends with this descriptor: execve(2) refuses a file that is open for it.
        if !isInMemory { return try Syscall.open("/proc/self/fd/\(file.raw)", .readOnly) }
        try Syscall.seal(file.raw)
        return file
    }
}

/// What an init says (struct apus_report).
struct InitReport {
    enum Kind: UInt32 {
        case yield = 1
        case fork = 2
        case failure = 3
    }

    var kind: Kind
    var instruction: Int
    var step: Int
    var error: Errno
    var value: UInt64

    init?(_ bytes: [UInt8]) {
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count == 24, let kind = Kind(rawValue: word(0)) else { return nil }
        self.kind = kind
        instruction = Int(word(4))
        step = Int(word(8))
        error = Errno(rawValue: Int32(bitPattern: word(12)))
        value = UInt64(word(16)) | UInt64(word(20)) << 32
    }

    /// The next report on `channel`; nil when the init has executed its program or has ended.
    static func next(on channel: Int32) throws(Errno) -> InitReport? {
        do throws(Errno) {
            let message = try Syscall.receive(channel, count: 64)
            if message.isEmpty { return nil }
            guard let report = InitReport(message) else { throw Errno.io }
            return report
        } catch .connectionReset {
            return nil
        }
    }

    /// Lets the init go on.
    static func goAhead(on channel: Int32) throws(Errno) {
        try Syscall.send(channel, [UInt8](repeating: 0, count: 8))
    }
}

extension Program {
    /// The last step before execve(2) of a program of the host: standard streams from these descriptors, and nothing open
    /// beyond them. `others` is what the program was started with besides.
    mutating func takeStreams(_ streams: [(from: Int32, to: Int)], kept others: [Int32] = []) {
        for (from, to) in streams { syscall(.dup3, .value(Int(from)), .value(to), .value(0)) }
        let kept = (streams.map(\.from) + others).filter { $0 > 2 }
        closeDescriptors(from: 3, kept: kept.map { .value(Int($0)) }, without: .probe(.closeRange))
    }
}
