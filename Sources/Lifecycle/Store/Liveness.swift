// Whether a recorded process is still there, by pid and start time.
import Linux

/// What /proc/PID/stat says of a process (proc(5)).
struct ProcessStatus {
    var state: UInt8
    var startTime: UInt64

    /// What wait(2) would tell; nil where the kernel keeps it from us. Only of use when the process has ended.
    var exitCode: Int32?

    /// As proc(5) counts the fields, the pid being the first.
    private static let startTimeField = 22
    private static let exitCodeField = 52

    /// nil when there is no such process.
    init?(pid: Int32) {
        guard pid > 0, let bytes = try? Syscall.readFile("/proc/\(pid)/stat") else { return nil }
        // The command's name may hold anything, spaces and parentheses too: fields count from the last ')'.
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        guard end + 2 < bytes.count else { return nil }
        state = bytes[end + 2]
        startTime = 0
        var field = 2
        for byte in bytes[(end + 1)...] {
            if byte == UInt8(ascii: " ") {
                field += 1
            } else if field == Self.startTimeField {
                startTime = startTime &* 10 &+ UInt64(byte &- 48)
            }
        }
        guard field >= Self.startTimeField else { return nil }
        if field >= Self.exitCodeField, !runs {
            let last = bytes.split(separator: UInt8(ascii: " ")).last ?? []
            exitCode = Int32(String(decoding: last.prefix { $0 >= 48 }, as: UTF8.self))
        }
    }

    /// The pid that a process has in its own PID namespace (proc(5), NSpid).
    static func innermostPID(of pid: Int32) -> Int32? {
        guard let bytes = try? Syscall.readFile("/proc/\(pid)/status") else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: "NSpid:".utf8) {
            return line.split(separator: UInt8(ascii: "\t")).last.flatMap {
                Int32(String(decoding: $0, as: UTF8.self))
            }
        }
        return nil
    }

    /// Neither a zombie nor gone: a zombie's container is stopped.
    var runs: Bool { state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") && state != UInt8(ascii: "x") }
}

extension ContainerRecord {
    /// Whether the init that this record names is running.
    var isAlive: Bool {
        guard let status = ProcessStatus(pid: pid) else { return false }
        return status.startTime == startTime && status.runs
    }

    /// A pidfd of the init; nil when it has ended. The start time is checked after the pidfd is there: between the two
    /// a pid could pass to another process.
    func openInit() -> FileDescriptorBox? {
        guard pid > 0, let pidfd = try? Syscall.openProcess(pid), isAlive else { return nil }
        return FileDescriptorBox(pidfd)
    }
}
