// Route netlink: requests to the kernel about network devices and addresses (netlink(7), rtnetlink(7)).
import CLinux

/// A socket of NETLINK_ROUTE. It belongs to the network namespace in which it was made, wherever its owner goes.
public struct Netlink: ~Copyable {
    private let socket: FileDescriptor

    public init() throws(Errno) {
        // AF_NETLINK, SOCK_RAW, NETLINK_ROUTE.
        socket = FileDescriptor(
            owning: Int32(try Syscall.call(.socket, 16, 3 | Int(APUS_O_CLOEXEC.rawValue), 0)))
    }

    /// Asks for something to be done and waits for the kernel's word.
    public func perform(_ type: UInt16, flags: UInt16 = 0, _ body: [UInt8]) throws(Errno) {
        _ = try exchange(type, flags: flags | 4, body)  // NLM_F_ACK
    }

    /// Asks for all objects of a kind; the bodies of the answers.
    public func dump(_ type: UInt16, _ body: [UInt8]) throws(Errno) -> [[UInt8]] {
        try exchange(type, flags: 0x300, body)  // NLM_F_DUMP
    }

    private func exchange(_ type: UInt16, flags: UInt16, _ body: [UInt8]) throws(Errno) -> [[UInt8]] {
        var message: [UInt8] = []
        message.append(littleEndian: UInt32(16 + body.count))
        message.append(littleEndian: type)
        message.append(littleEndian: flags | 1)  // NLM_F_REQUEST
        message.append(littleEndian: UInt64(1))
        try Syscall.send(socket.raw, message + body)
        var answers: [[UInt8]] = []
        while true {
            let packet = try Syscall.receive(socket.raw, count: 64 << 10)
            if packet.isEmpty { throw .io }
            if try Self.take(packet, into: &answers) { return answers }
        }
    }

    /// Takes the messages of one packet apart; true at the end of the answer.
    private static func take(_ packet: [UInt8], into answers: inout [[UInt8]]) throws(Errno) -> Bool {
        var offset = 0
        while offset + 16 <= packet.count {
            let length = Int(packet.word32(offset))
            guard length >= 16, offset + length <= packet.count else { throw .io }
            switch UInt16(truncatingIfNeeded: packet.word32(offset + 4)) {
            case 2:  // NLMSG_ERROR: 0 is an acknowledgement
                let error = length >= 20 ? Int32(bitPattern: packet.word32(offset + 16)) : -5
                if error != 0 { throw Errno(rawValue: -error) }
                return true
            case 3: return true  // NLMSG_DONE
            default: answers.append(Array(packet[(offset + 16)..<(offset + length)]))
            }
            offset += (length + 3) / 4 * 4
        }
        return false
    }
}

/// An attribute of a netlink message.
public struct NetlinkAttribute: Sendable, Equatable {
    public var type: UInt16
    public var value: [UInt8]

    public init(_ type: UInt16, _ value: [UInt8]) {
        self.type = type
        self.value = value
    }

    /// A 32-bit number.
    public init(_ type: UInt16, _ number: UInt32) {
        self.init(type, [])
        value.append(littleEndian: number)
    }

    /// A string that ends with a zero byte.
    public init(_ type: UInt16, _ text: String) { self.init(type, Array(text.utf8) + [0]) }

    /// The attributes behind the first `header` bytes of a message's body.
    public static func list(_ body: [UInt8], after header: Int) -> [NetlinkAttribute] {
        var found: [NetlinkAttribute] = []
        var offset = header
        while offset + 4 <= body.count {
            let word = body.word32(offset)
            let length = Int(word & 0xffff)
            guard length >= 4, offset + length <= body.count else { break }
            // The two highest bits are flags.
            found.append(
                NetlinkAttribute(UInt16(word >> 16) & 0x3fff, Array(body[(offset + 4)..<(offset + length)])))
            offset += (length + 3) / 4 * 4
        }
        return found
    }

    /// The attribute as the kernel reads it.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt16(4 + value.count))
        bytes.append(littleEndian: type)
        bytes += value
        while bytes.count % 4 != 0 { bytes.append(0) }
        return bytes
    }
}

extension [UInt8] {
    /// The 32-bit number at `offset`, little end first.
    public func word32(_ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
    }
}
