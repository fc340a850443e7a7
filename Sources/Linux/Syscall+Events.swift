// Waiting for what the kernel tells: several descriptors at once, eventfds, how a process ended, terminals.
import CLinux

/// What poll(2) waits for at one descriptor.
public struct PollEntry: Sendable {
    public let descriptor: Int32
    /// A change of a kernel file (POLLPRI) instead of input (POLLIN).
    public let isChange: Bool

    public init(_ descriptor: Int32, isChange: Bool = false) {
        self.descriptor = descriptor
        self.isChange = isChange
    }
}

extension Syscall {
    private static let eventfd2 = SystemCall(__NR_eventfd2)

    /// ppoll(2): for each entry whether it is ready, hung up, or in error; all false after `milliseconds` (-1: no limit).
    public static func poll(entries: [PollEntry], milliseconds: Int) throws(Errno) -> [Bool] {
        // struct pollfd: the descriptor, then two 16-bit sets of events; POLLIN is 1, POLLPRI 2.
        var raw = entries.map { UInt64(UInt32(bitPattern: $0.descriptor)) | ($0.isChange ? 2 : 1) << 32 }
        if raw.isEmpty { raw.append(0) }
        var timeout = (milliseconds / 1000, milliseconds % 1000 * 1_000_000)
        try withAddress(of: &timeout) { (timeout) throws(Errno) in
            try withAddress(of: &raw[0]) { (first) throws(Errno) in
                _ = try call(.ppoll, first, entries.count, milliseconds < 0 ? 0 : timeout, 0, 8)
            }
        }
        return entries.indices.map { index in
            let events = raw[index] >> 48
            // A kernel file is always readable and, when it has changed, in error too: only POLLPRI counts.
            return entries[index].isChange ? events & 2 != 0 : events != 0
        }
    }

    /// eventfd2(2), close-on-exec, with a count of zero.
    public static func eventDescriptor() throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: Int32(try call(eventfd2, 0, 0o2_000_000)))
    }

    /// How the process of a pidfd ended, once its parent has taken note of it (PIDFD_GET_INFO with PIDFD_INFO_EXIT,
    /// Linux 6.15); nil before that, and ENOTTY or EINVAL from older kernels.
    public static func exitStatus(of pidfd: Int32) throws(Errno) -> ExitStatus? {
        // struct pidfd_info, 64 bytes in its first version: the mask first, the exit code last.
        var info = [UInt32](repeating: 0, count: 16)
        info[0] = 1 << 3
        try withAddress(of: &info[0]) { (info) throws(Errno) in
            // _IOWR(0xFF, 11, struct pidfd_info)
            _ = try call(.ioctl, Int(pidfd), 0xC040_FF0B, info)
        }
        guard info[0] & 1 << 3 != 0 else { return nil }
        return ExitStatus(waitStatus: Int32(bitPattern: info[15]))
    }

    /// Whether a descriptor is a terminal (ioctl_tty(2), TCGETS).
    public static func isTerminal(_ descriptor: Int32) -> Bool {
        var settings = [UInt8](repeating: 0, count: 64)
        return
            (try? withAddress(of: &settings[0]) { (settings) throws(Errno) in
                _ = try call(.ioctl, Int(descriptor), 0x5401, settings)
            }) != nil
    }
}

extension ExitStatus {
    /// From the number that wait(2) and the kernel's files give.
    public init(waitStatus raw: Int32) {
        let signal = raw & 0x7f
        self = signal == 0 ? .exited((raw >> 8) & 0xff) : .signalled(signal)
    }
}
