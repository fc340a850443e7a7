// The terminal that the runtime was started on: raw while the container has it, and always as it was in the end.
import Linux

/// The modes of standard input's terminal, restored with the end of this object.
final class HostTerminal {
    private let modes: TerminalModes
    private static let input: Int32 = 0

    /// nil when standard input is no terminal: then there is nothing to change.
    init?() {
        guard let modes = try? Syscall.terminalModes(Self.input) else { return nil }
        self.modes = modes
    }

    /// Every key goes to the container. In the background the terminal is somebody else's.
    func makeRaw() {
        guard Syscall.isInForeground(Self.input) else { return }
        try? Syscall.setTerminalModes(Self.input, modes.raw)
    }

    func restore() {
        guard Syscall.isInForeground(Self.input) else { return }
        try? Syscall.setTerminalModes(Self.input, modes)
    }

    deinit { restore() }

    /// Of the first standard stream that is a terminal.
    static var size: TerminalSize? {
        for descriptor: Int32 in [0, 1, 2] {
            if let size = try? Syscall.terminalSize(descriptor), size.rows > 0 { return size }
        }
        return nil
    }
}
