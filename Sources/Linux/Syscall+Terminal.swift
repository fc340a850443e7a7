// Terminals: their modes, sizes and names (ioctl_tty(2)).
import CLinux

/// The modes of a terminal: `struct termios` of the kernel (ioctl_tty(2), TCGETS).
public struct TerminalModes: Sendable, Equatable {
    /// Four 32-bit sets (input, output, control, local), the line discipline, 19 control characters.
    private var bytes = [UInt8](repeating: 0, count: 36)

    fileprivate init() {}

    fileprivate mutating func withAddress(_ body: (Int) throws(Errno) -> Void) throws(Errno) {
        try Syscall.withAddress(of: &bytes[0]) { (start) throws(Errno) in try body(start) }
    }

    /// The same without any interpretation: cfmakeraw(3).
    public var raw: TerminalModes {
        var modes = self
        // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON; OPOST; CSIZE PARENB; ECHO ECHONL ICANON ISIG IEXTEN.
        modes.clear(0x5eb, at: 0)
        modes.clear(0x1, at: 4)
        modes.clear(0x130, at: 8)
        modes.clear(0x804b, at: 12)
        modes.bytes[8] |= 0x30  // CS8
        modes.bytes[17 + 5] = 0  // VTIME
        modes.bytes[17 + 6] = 1  // VMIN
        return modes
    }

    private mutating func clear(_ mask: UInt32, at offset: Int) {
        for index in 0..<4 {
            bytes[offset + index] &= ~UInt8(truncatingIfNeeded: mask >> UInt32(8 * index))
        }
    }
}

/// `struct winsize`, in characters and pixels.
public struct TerminalSize: Sendable, Equatable {
    public var rows: UInt16
    public var columns: UInt16
    var width: UInt16 = 0
    var height: UInt16 = 0

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }
}

extension Syscall {
    /// The modes of a terminal; ENOTTY when `descriptor` is none.
    public static func terminalModes(_ descriptor: Int32) throws(Errno) -> TerminalModes {
        var modes = TerminalModes()
        // TCGETS
        try modes.withAddress { (start) throws(Errno) in _ = try call(.ioctl, Int(descriptor), 0x5401, start)
        }
        return modes
    }

    /// Sets the modes when all output is written (TCSETSW).
    public static func setTerminalModes(_ descriptor: Int32, _ modes: TerminalModes) throws(Errno) {
        var modes = modes
        try modes.withAddress { (start) throws(Errno) in _ = try call(.ioctl, Int(descriptor), 0x5403, start)
        }
    }

    /// TIOCGWINSZ.
    public static func terminalSize(_ descriptor: Int32) throws(Errno) -> TerminalSize {
        var size = TerminalSize(rows: 0, columns: 0)
        try withAddress(of: &size) { (size) throws(Errno) in
            _ = try call(.ioctl, Int(descriptor), 0x5413, size)
        }
        return size
    }

    /// TIOCSWINSZ: the processes in the terminal's foreground get SIGWINCH.
    public static func setTerminalSize(_ descriptor: Int32, _ size: TerminalSize) throws(Errno) {
        var size = size
        try withAddress(of: &size) { (size) throws(Errno) in
            _ = try call(.ioctl, Int(descriptor), 0x5414, size)
        }
    }

    /// The number N of the peer /dev/pts/N of a pseudoterminal (TIOCGPTN).
    public static func pseudoterminalNumber(_ descriptor: Int32) throws(Errno) -> UInt32 {
        var number: UInt32 = 0
        try withAddress(of: &number) { (number) throws(Errno) in
            _ = try call(.ioctl, Int(descriptor), 0x8004_5430, number)
        }
        return number
    }

    /// Whether this process is in the terminal's foreground (TIOCGPGRP).
    public static func isInForeground(_ descriptor: Int32) -> Bool {
        var group: Int32 = 0
        let asked: Void? = try? withAddress(of: &group) { (group) throws(Errno) in
            _ = try call(.ioctl, Int(descriptor), 0x540f, group)
        }
        return asked != nil && Int(group) == (try? call(.getpgid, 0))
    }

    /// O_NONBLOCK on an open file (fcntl(2), F_SETFL): for all who share it.
    public static func setNonBlocking(_ descriptor: Int32) throws(Errno) {
        let flags = try call(.fcntl, Int(descriptor), 3)
        try call(.fcntl, Int(descriptor), 4, flags | Int(APUS_O_NONBLOCK.rawValue))
    }
}
