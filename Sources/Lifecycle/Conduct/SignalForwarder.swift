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

    /// Waits until the process `pid` has ended, and copies to and from its terminal meanwhile.
    consuming func serve(
        _ pid: Int32, pidfd: Int32, _ terminal: FileDescriptorBox?, _ notify: NotifySocket? = nil
    ) throws(Failure) -> ExitStatus {
        do throws(Errno) {
            guard let terminal else { return try wait(for: pid, pidfd, notify) }
            var relay = try TerminalRelay(terminal)
            return try relay.run(self, pid, pidfd, notify)
        } catch {
            throw Failure("wait for the container's process: \(error)", errno: error)
        }
    }

    /// Waits until `pid` has ended.
    private func wait(
        for pid: Int32, _ pidfd: Int32, _ notify: NotifySocket?
    ) throws(Errno) -> ExitStatus {
        while true {
            while let ended = try reap() {
                if ended.pid == pid { return ended.status }
            }
            if let notify, notify.descriptor >= 0,
                try Syscall.poll([descriptor.raw, notify.descriptor], milliseconds: -1) == 1
            {
                notify.take(mainProcess: Syscall.processID())
                continue
            }
            guard let signal = try next(), !Self.notForwarded.contains(signal) else { continue }
            try forward(signal, to: pidfd)
        }
    }

    /// Becomes readable with a signal.
    var raw: Int32 { descriptor.raw }

    /// The next signal; waits for it.
    func next() throws(Errno) -> Int? {
        // struct signalfd_siginfo begins with the signal's number, and is 128 bytes long.
        let bytes = try Syscall.read(descriptor.raw, count: 128)
        return bytes.count == 128 ? Int(bytes[0]) : nil
    }

    func forward(_ signal: Int, to pidfd: Int32) throws(Errno) {
        do throws(Errno) { try Syscall.signal(process: pidfd, Int32(signal)) } catch .noProcess { return }
    }

    /// What has ended since.
    func reap() throws(Errno) -> (pid: Int32, status: ExitStatus)? {
        do throws(Errno) {
            return try Syscall.wait(-1, noHang: true)
        } catch .noChild {
            return nil
        }
    }
}
