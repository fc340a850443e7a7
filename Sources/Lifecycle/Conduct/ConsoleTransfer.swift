// The way of a container's terminal from its init to whoever holds it: a receiver behind a socket, or this process.
import LaunchPlan
import Linux
import OCI

/// The runtime's side of a terminal that an init opens.
struct ConsoleTransfer {
    /// On this the init sends the descriptor.
    private let near: FileDescriptorBox
    /// The init's end.
    let far: FileDescriptorBox
    /// Absolute path of the receiver's socket; nil to keep the terminal.
    let socket: String?

    init(to socket: String?) throws(Errno) {
        let pair = try Syscall.socketPair()
        near = FileDescriptorBox(FileDescriptor(owning: pair.near))
        far = FileDescriptorBox(FileDescriptor(owning: pair.far))
        self.socket = socket
    }

    /// Takes what the init has sent and gives it a size; nil when a receiver has it now.
    func finish(_ size: ConsoleSize?) throws(Failure) -> FileDescriptorBox? {
        let master = try calls("receive the terminal") { () throws(Errno) in
            let master = try Syscall.receiveDescriptor(near.raw)
            if let size {
                try Syscall.setTerminalSize(
                    master.raw, TerminalSize(rows: size.height, columns: size.width))
            } else if socket == nil, let host = HostTerminal.size {
                try Syscall.setTerminalSize(master.raw, host)
            }
            return FileDescriptorBox(master)
        }
        guard let socket else { return master }
        try calls("send the terminal to console socket \(socket)") { () throws(Errno) in
            let receiver = try Syscall.connectToReceiver(socket)
            let name = "/dev/pts/\(try Syscall.pseudoterminalNumber(master.raw))"
            try Syscall.send(receiver.raw, Array(name.utf8), passing: master.raw)
        }
        return nil
    }

    /// Whether a terminal and a console socket go together (peers.md 3.5; the texts are runc's).
    static func check(terminal: Bool, detaches: Bool, socket: String?) throws(Failure) {
        if detaches, terminal, socket == nil {
            throw Failure("cannot allocate tty if runc will detach without setting console socket")
        }
        if socket != nil, !(detaches && terminal) {
            throw Failure("cannot use console socket if runc will not detach or allocate tty")
        }
    }
}

/// Sends a pidfd to who waits for it at a socket, `--pidfd-socket`: the payload says what the process is, as runc's.
enum PIDFDSocket {
    static func send(_ pidfd: Int32, to path: String?, _ payload: String) throws(Failure) {
        guard let path else { return }
        try calls("send a pidfd to \(path)") { () throws(Errno) in
            let receiver = try Syscall.connectToReceiver(path)
            try Syscall.send(receiver.raw, Array(payload.utf8), passing: pidfd)
        }
    }
}
