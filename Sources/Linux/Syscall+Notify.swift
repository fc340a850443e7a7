// What sd_notify(3) needs: datagrams to a path or an abstract name, and a pipe for its barrier.
import CLinux

extension Syscall {
    /// An unconnected Unix socket for datagrams.
    public static func datagramSocket() throws(Errno) -> FileDescriptor {
        // AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC
        FileDescriptor(owning: Int32(try call(.socket, 1, 2 | 0o2_000_000, 0)))
    }

    /// connect(2) to what NOTIFY_SOCKET names: a path, or behind `@` a name of the network namespace.
    public static func connectToNotifySocket(_ socket: Int32, _ name: String) throws(Errno) {
        if name.hasPrefix("/") { return try connect(socket, to: name) }
        let bytes = Array(name.utf8.dropFirst())
        if bytes.isEmpty || bytes.count > 107 { throw .nameTooLong }
        let address: [UInt8] = [1, 0, 0] + bytes
        try withAddress(of: address) { (start) throws(Errno) in
            _ = try call(.connect, Int(socket), start, address.count)
        }
    }

    /// pipe2(2), close-on-exec. The caller owns both descriptors.
    public static func pipe() throws(Errno) -> (reading: Int32, writing: Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        try withAddress(of: &pair) { (pair) throws(Errno) in _ = try call(.pipe2, pair, 0o2_000_000) }
        return (pair.0, pair.1)
    }
}
