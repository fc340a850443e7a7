// Descriptors that travel between processes: by pidfd, and in messages of unix sockets.
import CLinux

extension Syscall {
    /// pidfd_getfd(2): a copy, close-on-exec, of descriptor `number` of another process. The caller owns it.
    public static func takeDescriptor(_ number: Int32, of process: Int32) throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: Int32(try call(.pidfdGetfd, Int(process), Int(number), 0)))
    }

    /// An unconnected stream socket, close-on-exec.
    public static func unixStreamSocket() throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: Int32(try call(.socket, 1, 1 | Int(APUS_O_CLOEXEC.rawValue), 0)))
    }

    /// Sends all of `message`, with `descriptors` in its first part (sendmsg(2), unix(7), SCM_RIGHTS).
    public static func send(_ socket: Int32, _ message: [UInt8], passing descriptors: [Int32]) throws(Errno) {
        // struct cmsghdr: its length, SOL_SOCKET, SCM_RIGHTS; then the descriptors, aligned to 8 bytes.
        var control: [UInt64] = [UInt64(16 + 4 * descriptors.count), 1 | 1 << 32]
        for index in stride(from: 0, to: descriptors.count, by: 2) {
            let low = UInt64(UInt32(bitPattern: descriptors[index]))
            let high = index + 1 < descriptors.count ? UInt64(UInt32(bitPattern: descriptors[index + 1])) : 0
            control.append(low | high << 32)
        }
        let controlSize = 16 + 4 * descriptors.count
        let sent = try withAddress(of: message) { (bytes) throws(Errno) -> Int in
            var vector = (bytes, message.count)
            return try withAddress(of: &vector) { (vector) throws(Errno) -> Int in
                try withAddress(of: &control[0]) { (control) throws(Errno) -> Int in
                    // struct msghdr: no name, one vector, the control message.
                    var header = (0, 0, vector, 1, control, controlSize, 0)
                    return try withAddress(of: &header) { (header) throws(Errno) -> Int in
                        try call(.sendmsg, Int(socket), header, 0x4000)
                    }
                }
            }
        }
        if sent < message.count { try sendRest(socket, Array(message[sent...])) }
    }

    private static func sendRest(_ socket: Int32, _ message: [UInt8]) throws(Errno) {
        try withAddress(of: message) { (start) throws(Errno) in
            var sent = 0
            while sent < message.count {
                sent += try call(.sendto, Int(socket), start + sent, message.count - sent, 0x4000)
            }
        }
    }
}
