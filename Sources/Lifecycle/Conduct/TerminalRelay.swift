// The foreground with a terminal: bytes go both ways between the host's streams and the container's terminal.
import Linux

/// Copies until the container's process has ended; one poll loop, no threads.
struct TerminalRelay {
    private let master: FileDescriptorBox
    private let host = HostTerminal()
    private var toContainer: [UInt8] = []
    private var toHost: [UInt8] = []
    private var input: Int32 = 0
    private var isOpen = true

    private static let limit = 16 << 10
    private static let (stop, child, urgent) = (19, 17, 23)
    private static let (resume, suspend, inBackground, outBackground, resize) = (18, 20, 21, 22, 28)

    init(_ master: FileDescriptorBox) throws(Errno) {
        self.master = master
        try Syscall.setNonBlocking(master.raw)
        host?.makeRaw()
        resizeContainer()
    }

    /// Until `pid` has ended and all of its output is written.
    mutating func run(
        _ signals: borrowing SignalForwarder, _ pid: Int32, _ pidfd: Int32, _ notify: NotifySocket?
    ) throws(Errno) -> ExitStatus {
        var ended: ExitStatus?
        while true {
            while ended == nil, let one = try signals.reap() {
                if one.pid == pid { ended = one.status }
            }
            var entries = [
                PollTarget(signals.raw, .input),
                PollTarget(toContainer.count < Self.limit ? input : -1, .input),
                PollTarget(isOpen && interests != [] ? master.raw : -1, interests),
                PollTarget(toHost.isEmpty ? -1 : 1, .output),
                PollTarget(notify?.descriptor ?? -1, .input),
            ]
            // What the process has written before its end is still there to read.
            let ready = try Syscall.poll(&entries, milliseconds: ended == nil || !toHost.isEmpty ? -1 : 0)
            if let ended, ready == 0 || !isOpen, toHost.isEmpty { return ended }
            if entries[0].isReady, let signal = try signals.next() {
                // The signal of the end itself may come behind it.
                if let ended, signal != Self.child { return ended }
                try take(signal, signals, pidfd)
            }
            if entries[1].isReady { readInput() }
            if entries[2].isReady { serveContainer(entries[2]) }
            if entries[3].isReady { writeOutput() }
            if entries[4].isReady { notify?.take(mainProcess: Syscall.processID()) }
            if let ended, entries[2].hasHungUp, !entries[2].hasInput, toHost.isEmpty { return ended }
        }
    }

    private var interests: PollEvents {
        var events: PollEvents = []
        if toHost.isEmpty { events.insert(.input) }
        if !toContainer.isEmpty { events.insert(.output) }
        return events
    }

    private mutating func readInput() {
        do throws(Errno) {
            let bytes = try Syscall.read(input, count: 4096)
            if bytes.isEmpty { input = -1 }
            toContainer += bytes
        } catch {
            // EIO: we are in the background, or the terminal is gone.
            if error == .io, host != nil, !Syscall.isInForeground(input) {
                stopSelf()
            } else if error != .again {
                input = -1
            }
        }
    }

    private mutating func serveContainer(_ entry: PollTarget) {
        do throws(Errno) {
            if entry.hasOutput, !toContainer.isEmpty {
                toContainer.removeFirst(try Syscall.writeSome(master.raw, toContainer))
            }
            if entry.hasInput || (entry.hasHungUp && toHost.isEmpty) {
                toHost = try Syscall.read(master.raw, count: 4096)
            }
        } catch .again {
            return
        } catch {
            // EIO: nobody has the peer open. Someone may open it again, as long as the process lives; that is not worth
            // waking up for without end.
            isOpen = false
        }
    }

    private mutating func writeOutput() {
        do throws(Errno) {
            toHost.removeFirst(try Syscall.writeSome(1, toHost))
        } catch {
            // Nobody reads any more; the container need not notice.
            if error != .again { toHost = [] }
        }
    }

    // MARK: - Signals

    private func take(_ signal: Int, _ signals: borrowing SignalForwarder, _ pidfd: Int32) throws(Errno) {
        switch signal {
        case Self.child, Self.urgent: return
        case Self.resize: resizeContainer()
        case Self.suspend, Self.inBackground, Self.outBackground: stopSelf()
        case Self.resume:
            host?.makeRaw()
            resizeContainer()
        default: try signals.forward(signal, to: pidfd)
        }
    }

    /// Gives the terminal back as it was and stops; goes on when somebody continues this process.
    private func stopSelf() {
        host?.restore()
        try? Syscall.kill(Syscall.processID(), Int32(Self.stop))
        host?.makeRaw()
        resizeContainer()
    }

    private func resizeContainer() {
        guard let size = HostTerminal.size, size != (try? Syscall.terminalSize(master.raw)) else { return }
        try? Syscall.setTerminalSize(master.raw, size)
    }
}
