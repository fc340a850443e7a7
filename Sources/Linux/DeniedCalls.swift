// System calls that an old kernel lacks, or that a filter around the runtime denies, and that have a second lowering.
import CLinux

/// Of those calls the ones that are missing here.
public struct DeniedCalls: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let closeRange = DeniedCalls(rawValue: 1)
    public static let pidfdOpen = DeniedCalls(rawValue: 2)
    public static let openat2 = DeniedCalls(rawValue: 4)
    public static let mountSetattr = DeniedCalls(rawValue: 8)

    /// Asks the kernel, with arguments that change nothing.
    public static func probe(_ calls: DeniedCalls) -> DeniedCalls {
        var denied: DeniedCalls = []
        // CLOSE_RANGE_CLOEXEC (4) is younger than the call; no descriptor is that high.
        if calls.contains(.closeRange), CLinuxCall.raw(.closeRange, Int(UInt32.max), Int(UInt32.max), 4) < 0 {
            denied.insert(.closeRange)
        }
        if calls.contains(.pidfdOpen), isDenial(CLinuxCall.raw(.pidfdOpen, -1)) { denied.insert(.pidfdOpen) }
        // EINVAL of a kernel that has it: a structure of no size, and flags that there are not.
        if calls.contains(.openat2), isDenial(CLinuxCall.raw(.openat2, -1)) { denied.insert(.openat2) }
        if calls.contains(.mountSetattr), isDenial(CLinuxCall.raw(.mountSetattr, -1, 0, -1)) {
            denied.insert(.mountSetattr)
        }
        return denied
    }

    private static func isDenial(_ result: Int) -> Bool {
        result < 0 && Errno(rawValue: Int32(truncatingIfNeeded: -result)).isDenial
    }
}

extension Syscall {
    /// Has execve(2) close all descriptors from `first` on that are open now, by the list in /proc/self/fd: what
    /// close_range(2) does in one call.
    public static func closeAtExec(from first: Int32) throws(Errno) {
        let list = try open("/proc/self/fd", [.readOnly, .directory])
        guard try fileSystemType(list.raw) == Int(PROC_SUPER_MAGIC) else { throw .notSupported }
        for name in try entries(of: list.raw) {
            guard let number = Int(name), number >= Int(first) else { continue }
            // F_SETFD, FD_CLOEXEC. EBADF: this process has one thread, so the list cannot be out of date.
            try call(.fcntl, number, 2, 1)
        }
    }

    /// Waits until the process of a pidfd, or of what `openProcess` gives instead, has ended; false after `milliseconds`
    /// (-1: no limit). A directory of /proc cannot be polled: its file is read a hundred times in a second.
    public static func waitForEnd(of process: Int32, milliseconds: Int) throws(Errno) -> Bool {
        guard try poll(process, milliseconds: milliseconds) else { return false }
        if !isProcessDirectory(process) { return true }
        let end = uptime() + milliseconds
        while runs(process) {
            if milliseconds >= 0, uptime() >= end { return false }
            sleep(milliseconds: 10)
        }
        return true
    }

    /// A namespace of the process of an open directory /proc/PID; ESRCH when it has ended.
    public static func openNamespace(_ kind: NamespaceKind, of directory: Int32) throws(Errno)
        -> FileDescriptor
    {
        do throws(Errno) { return try open("ns/" + kind.procName, .readOnly, at: directory) } catch .noEntry {
            throw .noProcess
        }
    }

    /// Whether the process of an open directory /proc/PID has not ended: then the directory is empty, or it is a zombie.
    private static func runs(_ directory: Int32) -> Bool {
        guard let bytes = try? readFile("stat", at: directory),
            let name = bytes.lastIndex(of: UInt8(ascii: ")")),
            name + 2 < bytes.count
        else { return false }
        return !"ZXx".utf8.contains(bytes[name + 2])
    }
}
