// Processes: pidfds, waiting, signals, credentials.
import CLinux

/// How a process ended (waitid(2)).
public enum ExitStatus: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// "exit status 1" or "signal 9".
    public var text: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        }
    }

    /// What a shell reports: the status, or 128 and the signal.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
    }
}

extension Syscall {
    public static func processID() -> Int32 { Int32(truncatingIfNeeded: CLinuxCall.raw(.getpid)) }
    public static func effectiveUserID() -> UInt32 { UInt32(truncatingIfNeeded: CLinuxCall.raw(.geteuid)) }
    public static func effectiveGroupID() -> UInt32 { UInt32(truncatingIfNeeded: CLinuxCall.raw(.getegid)) }

    /// pidfd_open(2). Where that is denied, the process's directory of /proc: it names the process as surely and takes
    /// signals, but cannot be polled for its end.
    public static func openProcess(_ pid: Int32) throws(Errno) -> FileDescriptor {
        do throws(Errno) {
            return FileDescriptor(owning: Int32(try call(.pidfdOpen, Int(pid), 0)))
        } catch {
            guard error.isDenial else { throw error }
            do throws(Errno) { return try open("/proc/\(pid)", [.readOnly, .directory]) } catch .noEntry {
                throw .noProcess
            }
        }
    }

    /// pidfd_send_signal(2). Where that is denied, kill(2) to the process that the descriptor holds.
    public static func signal(process pidfd: Int32, _ signal: Int32) throws(Errno) {
        do throws(Errno) {
            try call(.pidfdSendSignal, Int(pidfd), Int(signal), 0, 0)
        } catch {
            guard error.isDenial else { throw error }
            try kill(try processID(of: pidfd), signal)
        }
    }

    /// True for what `openProcess` gives where pidfd_open(2) is denied.
    public static func isProcessDirectory(_ descriptor: Int32) -> Bool {
        (try? fileSystemType(descriptor)) == Int(PROC_SUPER_MAGIC)
    }

    /// The pid behind a pidfd (proc(5), fdinfo) or an open directory /proc/PID.
    private static func processID(of descriptor: Int32) throws(Errno) -> Int32 {
        if isProcessDirectory(descriptor) {
            let bytes = try readFile("/proc/self/fd/\(descriptor)/stat")
            return Int32(String(decoding: bytes.prefix { $0 != 32 }, as: UTF8.self)) ?? 0
        }
        let bytes = try readFile("/proc/self/fdinfo/\(descriptor)")
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: "Pid:".utf8) {
            let digits = line.dropFirst(4).filter { $0 > 32 }
            if let pid = Int32(String(decoding: digits, as: UTF8.self)), pid > 0 { return pid }
        }
        throw .noProcess
    }

    /// kill(2).
    public static func kill(_ pid: Int32, _ signal: Int32) throws(Errno) {
        try call(.kill, Int(pid), Int(signal))
    }

    /// wait4(2) for `pid`, -1 for any child; nil with `noHang` when none has ended.
    public static func wait(_ pid: Int32, noHang: Bool = false) throws(Errno) -> (
        pid: Int32, status: ExitStatus
    )? {
        var raw: Int32 = 0
        let ended = try withAddress(of: &raw) { (status) throws(Errno) -> Int in
            // __WALL: children that were cloned without SIGCHLD count too.
            try call(.wait4, Int(pid), status, 0x4000_0000 | (noHang ? 1 : 0), 0)
        }
        if ended == 0 { return nil }
        let signal = raw & 0x7f
        return (Int32(ended), signal == 0 ? .exited((raw >> 8) & 0xff) : .signalled(signal))
    }

    /// poll(2) for input or hang-up on one descriptor; false after `milliseconds` (-1: no limit).
    public static func poll(_ descriptor: Int32, milliseconds: Int) throws(Errno) -> Bool {
        try poll([descriptor], milliseconds: milliseconds) != nil
    }

    /// The index of the first of `descriptors` with input or a hang-up; nil after `milliseconds`.
    public static func poll(_ descriptors: [Int32], milliseconds: Int) throws(Errno) -> Int? {
        // struct pollfd: the descriptor, then two 16-bit sets of events.
        var entries = descriptors.map { UInt64(UInt32(bitPattern: $0)) | 1 << 32 }
        var timeout = (milliseconds / 1000, milliseconds % 1000 * 1_000_000)
        if entries.isEmpty { entries.append(0) }
        let ready = try withAddress(of: &timeout) { (timeout) throws(Errno) -> Int in
            try withAddress(of: &entries[0]) { (entries) throws(Errno) -> Int in
                try call(.ppoll, entries, descriptors.count, milliseconds < 0 ? 0 : timeout, 0, 8)
            }
        }
        return ready == 0 ? nil : entries.firstIndex { $0 >> 48 != 0 }
    }

    /// prctl(2).
    @discardableResult
    public static func processControl(_ option: Int32, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0)
        throws(Errno) -> Int
    {
        try call(.prctl, Int(option), a, b, c, d)
    }

    /// setns(2).
    public static func joinNamespaces(_ descriptor: Int32, _ types: UInt64) throws(Errno) {
        try call(.setns, Int(descriptor), Int(types))
    }

    /// sched_setaffinity(2) of this process: one bit for each CPU.
    public static func setAffinity(_ mask: [UInt64]) throws(Errno) {
        var bytes: [UInt8] = []
        for word in mask { bytes.append(littleEndian: word) }
        try withAddress(of: bytes) { (start) throws(Errno) in
            _ = try call(.schedSetaffinity, 0, bytes.count, start)
        }
    }

    /// sched_setattr(2) of a process, with the bytes of a `struct sched_attr`.
    public static func setScheduler(of pid: Int32, _ attributes: [UInt8]) throws(Errno) {
        try withAddress(of: attributes) { (start) throws(Errno) in
            _ = try call(.schedSetattr, Int(pid), start, 0)
        }
    }

    /// ioprio_set(2) of a process (IOPRIO_WHO_PROCESS).
    public static func setIOPriority(of pid: Int32, _ value: Int) throws(Errno) {
        try call(.ioprioSet, 1, Int(pid), value)
    }

    /// rt_sigprocmask(2) with SIG_BLOCK (0), SIG_UNBLOCK (1) or SIG_SETMASK (2); the mask before.
    @discardableResult
    public static func signalMask(_ how: Int, _ set: UInt64) throws(Errno) -> UInt64 {
        var set = set
        var old: UInt64 = 0
        try withAddress(of: &set) { (set) throws(Errno) in
            try withAddress(of: &old) { (old) throws(Errno) in
                _ = try call(.rtSigprocmask, how, set, old, 8)
            }
        }
        return old
    }

    /// signalfd4(2), close-on-exec.
    public static func signalDescriptor(_ set: UInt64) throws(Errno) -> FileDescriptor {
        var set = set
        let raw = try withAddress(of: &set) { (set) throws(Errno) -> Int in
            try call(.signalfd4, -1, set, 8, 0o2_000_000)
        }
        return FileDescriptor(owning: Int32(raw))
    }
}

extension Syscall {
    /// flock(2) without waiting: EAGAIN when somebody else has the lock.
    public static func tryLock(_ descriptor: Int32) throws(Errno) {
        try call(.flock, Int(descriptor), 2 | 4)
    }

    /// Gives a lock of `tryLock` back.
    public static func unlock(_ descriptor: Int32) throws(Errno) {
        try call(.flock, Int(descriptor), 8)
    }

    /// Sets all signals to their default action (rt_sigaction(2)): what this process ignores, its children would.
    public static func resetSignals() {
        // struct sigaction of the kernel: SIG_DFL, no flags, no restorer, an empty mask.
        var action: (Int, Int, Int, Int) = (0, 0, 0, 0)
        for signal in 1...64 where signal != 9 && signal != 19 {
            _ = try? withAddress(of: &action) { (action) throws(Errno) in
                _ = try call(.rtSigaction, signal, action, 0, 8)
            }
        }
    }

    /// Sleeps; a signal may end it early.
    public static func sleep(milliseconds: Int) {
        _ = try? poll([], milliseconds: milliseconds)
    }

    /// Seconds and nanoseconds since 1970 (clock_gettime(2), CLOCK_REALTIME).
    public static func now() -> (seconds: Int, nanoseconds: Int) {
        var time = (0, 0)
        _ = try? withAddress(of: &time) { (time) throws(Errno) in _ = try call(.clockGettime, 0, time) }
        return (time.0, time.1)
    }

    /// Milliseconds of a clock that only goes forward (CLOCK_MONOTONIC).
    public static func uptime() -> Int {
        var time = (0, 0)
        _ = try? withAddress(of: &time) { (time) throws(Errno) in _ = try call(.clockGettime, 1, time) }
        return time.0 * 1000 + time.1 / 1_000_000
    }
}

extension Syscall {
    /// The CLONE_NEW* of the namespace that `descriptor` names; EINVAL or ENOTTY when it is none (ioctl_nsfs(2)).
    public static func namespaceKind(_ descriptor: Int32) throws(Errno) -> UInt64 {
        // NS_GET_NSTYPE, _IO(0xb7, 3).
        UInt64(try call(.ioctl, Int(descriptor), 0xb703))
    }
}
