// The foreground: signals go to the container's process, and everything that ends is reaped.
import CLinux
import Linux

/// Blocks all signals of this process and hands them on, until it goes.
struct SignalForwarder: ~Copyable {
    private let descriptor: FileDescriptor

    /// SIGCHLD says that a child has ended, SIGURG and SIGWINCH are for whoever has the terminal.
    private static let child = 17
    private static let notForwarded: [Int] = [child, 23, 28]

    init(reapsOrphans: Bool) throws(Failure) {
        do throws(Errno) {
            // Orphans of the container come to us, or zombies would stay (prctl(2), PR_SET_CHILD_SUBREAPER).
            if reapsOrphans { try Syscall.processControl(PR_SET_CHILD_SUBREAPER, 1) }
            _ = try Syscall.signalMask(2, .max)
            descriptor = try Syscall.signalDescriptor(.max)
        } catch {
            throw Failure("signal forwarding: \(error)", errno: error)
        }
    }

    /// Waits until `pid` has ended.
    consuming func wait(for pid: Int32, pidfd: Int32) throws(Errno) -> ExitStatus {
        while true {
            while let ended = try reap() {
                if ended.pid == pid { return ended.status }
            }
            // struct signalfd_siginfo begins with the signal's number, and is 128 bytes long.
            let bytes = try Syscall.read(descriptor.raw, count: 128)
            guard bytes.count == 128 else { continue }
            let signal = Int(bytes[0])
            if Self.notForwarded.contains(signal) { continue }
            do throws(Errno) { try Syscall.signal(process: pidfd, Int32(signal)) } catch .noProcess {
                continue
            }
        }
    }

    private func reap() throws(Errno) -> (pid: Int32, status: ExitStatus)? {
        do throws(Errno) {
            return try Syscall.wait(-1, noHang: true)
        } catch .noChild {
            return nil
        }
    }
}
