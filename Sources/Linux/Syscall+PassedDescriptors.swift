// Descriptors through Unix sockets (unix(7), SCM_RIGHTS), and the sockets of receivers.
import CLinux

/// The kernel's `struct msghdr` with one buffer and room for one descriptor, in one block.
private struct DescriptorMessage {
    // struct msghdr
    var name = 0
    var nameLength = 0
    var vector = 0
    var vectorLength = 1
    var control = 0
    var controlLength = 24
    var flags = 0
    // struct iovec
    var base = 0
    var length = 0
    // struct cmsghdr: its length without padding, SOL_SOCKET and SCM_RIGHTS, then the descriptor.
    var header = 20
    var type: UInt64 = 1 | 1 << 32
    var descriptor: UInt64 = 0

    /// Runs `body` with the address of this, pointers filled in.
    mutating func with(buffer: Int, length: Int, _ body: (Int) throws(Errno) -> Void) throws(Errno) {
        self.length = length
        base = buffer
        try Syscall.withAddress(of: &self) { (start) throws(Errno) in
            let words = unsafe UnsafeMutablePointer<Int>(bitPattern: start)!
            unsafe words[2] = start + 7 * 8
            unsafe words[4] = start + 9 * 8
            try body(start)
        }
    }
}

extension Syscall {
    /// Sends `descriptor` with a payload, which must not be empty.
    public static func send(_ socket: Int32, _ payload: [UInt8], passing descriptor: Int32) throws(Errno) {
        var message = DescriptorMessage()
        message.descriptor = UInt64(UInt32(bitPattern: descriptor))
        try withAddress(of: payload) { (start) throws(Errno) in
            try message.with(buffer: start, length: payload.count) { (message) throws(Errno) in
                // MSG_NOSIGNAL
                _ = try call(.sendmsg, Int(socket), message, 0x4000)
            }
        }
    }

    /// The descriptor of the next message, close-on-exec; EBADMSG when it brings none.
    public static func receiveDescriptor(_ socket: Int32) throws(Errno) -> FileDescriptor {
        var message = DescriptorMessage()
        message.descriptor = .max
        var payload = [UInt8](repeating: 0, count: 64)
        try withAddress(of: &payload[0]) { (start) throws(Errno) in
            try message.with(buffer: start, length: 64) { (message) throws(Errno) in
                // MSG_CMSG_CLOEXEC
                _ = try call(.recvmsg, Int(socket), message, 0x4000_0000)
            }
        }
        guard message.controlLength >= 20, message.header >= 20, message.type == 1 | 1 << 32 else {
            throw Errno(rawValue: 74)
        }
        return FileDescriptor(owning: Int32(truncatingIfNeeded: message.descriptor))
    }

    /// Connects to the socket at `path`, a stream or one that keeps messages apart. Paths may be longer than addresses.
    public static func connectToReceiver(_ path: String) throws(Errno) -> FileDescriptor {
        var address = path
        var directory: FileDescriptorBox?
        if path.utf8.count > 107, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            directory = FileDescriptorBox(try open(String(path[...slash]), [.pathOnly, .directory]))
            address = "/proc/self/fd/\(directory?.raw ?? -1)" + path[slash...]
        }
        defer { _ = directory }
        do throws(Errno) {
            let socket = try streamSocket()
            try connect(socket.raw, to: address)
            return socket
        } catch .wrongProtocol {
            let socket = try unixSocket()
            try connect(socket.raw, to: address)
            return socket
        }
    }

    private static func streamSocket() throws(Errno) -> FileDescriptor {
        // AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC
        FileDescriptor(owning: Int32(try call(.socket, 1, 1 | 0o2_000_000, 0)))
    }
}

extension Errno {
    /// EPROTOTYPE: the socket at that path is of another type.
    static let wrongProtocol = Errno(rawValue: 91)
}
