// Unix sockets: the channel to an init, and the socket on which a created container waits for `start`.
import CLinux

extension Syscall {
    private static let unix = 1
    private static let sequencedPacket = 5
    private static let closeOnExec = 0o2_000_000
    private static let noSignal = 0x4000

    /// socketpair(2): a connected pair that keeps messages apart. The caller owns both descriptors.
    public static func socketPair() throws(Errno) -> (near: Int32, far: Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        try withAddress(of: &pair) { (pair) throws(Errno) in
            _ = try call(.socketpair, unix, sequencedPacket | closeOnExec, 0, pair)
        }
        return (pair.0, pair.1)
    }

    /// An unconnected socket that keeps messages apart.
    public static func unixSocket() throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: Int32(try call(.socket, unix, sequencedPacket | closeOnExec, 0)))
    }

    /// bind(2) to a path; ENAMETOOLONG above 107 bytes. Abstract names are never used: they belong to the
    /// network namespace, which a container may share (CVE-2020-15257).
    public static func bind(_ socket: Int32, to path: String) throws(Errno) {
        try withSocketAddress(path) { (address, size) throws(Errno) in
            _ = try call(.bind, Int(socket), address, size)
        }
    }

    public static func listen(_ socket: Int32) throws(Errno) {
        try call(.listen, Int(socket), 1)
    }

    /// connect(2) to a path.
    public static func connect(_ socket: Int32, to path: String) throws(Errno) {
        try withSocketAddress(path) { (address, size) throws(Errno) in
            _ = try call(.connect, Int(socket), address, size)
        }
    }

    private static func withSocketAddress(
        _ path: String, _ body: (_ address: Int, _ size: Int) throws(Errno) -> Void
    ) throws(Errno) {
        let bytes = Array(path.utf8)
        if bytes.count > 107 || bytes.isEmpty { throw .nameTooLong }
        let address: [UInt8] = [UInt8(unix), 0] + bytes + [0]
        try withAddress(of: address) { (start) throws(Errno) in try body(start, address.count) }
    }

    /// Sends one message; EPIPE when the peer is gone, never SIGPIPE.
    public static func send(_ socket: Int32, _ message: [UInt8]) throws(Errno) {
        try withAddress(of: message) { (start) throws(Errno) in
            _ = try call(.sendto, Int(socket), start, message.count, noSignal)
        }
    }

    /// One message of at most `count` bytes; empty when the peer is gone.
    public static func receive(_ socket: Int32, count: Int) throws(Errno) -> [UInt8] {
        try read(socket, count: count)
    }
}
