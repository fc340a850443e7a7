// Network devices and their addresses, by route netlink (rtnetlink(7), linux/if_link.h, linux/if_addr.h).

/// A network device as RTM_GETLINK tells it.
public struct NetworkDevice: Sendable, Equatable {
    public var index: UInt32
    public var name: String
    public var isUp = false

    public init(index: UInt32, name: String, isUp: Bool = false) {
        self.index = index
        self.name = name
        self.isUp = isUp
    }

    private enum Message {
        static let newLink: UInt16 = 16
        static let getLink: UInt16 = 18
        static let setLink: UInt16 = 19
        static let newAddress: UInt16 = 20
        static let getAddress: UInt16 = 22
    }

    /// All devices of the socket's namespace.
    public static func all(_ netlink: borrowing Netlink) throws(Errno) -> [NetworkDevice] {
        var found: [NetworkDevice] = []
        for body in try netlink.dump(Message.getLink, linkHeader(index: 0)) where body.count >= 16 {
            // IFLA_IFNAME.
            guard let name = NetlinkAttribute.list(body, after: 16).first(where: { $0.type == 3 }) else {
                continue
            }
            let text = String(decoding: name.value.prefix { $0 != 0 }, as: UTF8.self)
            found.append(NetworkDevice(index: body.word32(4), name: text, isUp: body.word32(8) & 1 != 0))
        }
        return found
    }

    /// Moves the device to the namespace of the descriptor, under `name`; with "%d" in it, the kernel chooses a number.
    public func move(to namespace: Int32, as name: String, _ netlink: borrowing Netlink) throws(Errno) {
        // IFLA_NET_NS_FD, IFLA_IFNAME.
        let attributes = [
            NetlinkAttribute(28, UInt32(bitPattern: namespace)), NetlinkAttribute(3, name),
        ]
        try netlink.perform(
            Message.setLink, Self.linkHeader(index: index) + attributes.flatMap(\.encoded))
    }

    /// Sets IFF_UP.
    public func bringUp(_ netlink: borrowing Netlink) throws(Errno) {
        try netlink.perform(Message.newLink, Self.linkHeader(index: index, flags: 1, change: 1))
    }

    /// Gives the device an address.
    public func add(_ address: NetworkAddress, _ netlink: borrowing Netlink) throws(Errno) {
        // NLM_F_CREATE.
        try netlink.perform(Message.newAddress, flags: 0x400, address.encoded(for: index))
    }

    /// The addresses of all families that last and that reach beyond the link: permanent and of global scope.
    public func lastingAddresses(_ netlink: borrowing Netlink) throws(Errno) -> [NetworkAddress] {
        var found: [NetworkAddress] = []
        for body in try netlink.dump(Message.getAddress, [UInt8](repeating: 0, count: 8)) {
            guard body.count >= 8, body.word32(4) == index else { continue }
            let address = NetworkAddress(body)
            if address.isPermanent && address.scope == 0 { found.append(address) }
        }
        return found
    }

    /// `struct ifinfomsg`.
    private static func linkHeader(index: UInt32, flags: UInt32 = 0, change: UInt32 = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [0, index, flags, change] { bytes.append(littleEndian: word) }
        return bytes
    }
}

/// An address of a network device.
public struct NetworkAddress: Sendable, Equatable {
    /// AF_INET, AF_INET6.
    public var family: UInt8
    public var prefixLength: UInt8
    /// IFA_F_*.
    public var flags: UInt32
    /// RT_SCOPE_*: 0 is global.
    public var scope: UInt8
    public var attributes: [NetlinkAttribute]

    private static let permanent: UInt32 = 0x80
    private static let flagsAttribute: UInt16 = 8

    init(_ body: [UInt8]) {
        (family, prefixLength, scope) = (body[0], body[1], body[3])
        attributes = NetlinkAttribute.list(body, after: 8)
        // IFA_FLAGS has 32 bits, the header only 8.
        flags =
            attributes.first { $0.type == Self.flagsAttribute && $0.value.count == 4 }?.value.word32(0)
            ?? UInt32(body[2])
    }

    public var isPermanent: Bool { flags & Self.permanent != 0 }

    /// `struct ifaddrmsg` and what describes the address itself: IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST, IFA_RT_PRIORITY
    /// and IFA_PROTO. A label names the device, which may have a new name, and a lifetime is none.
    func encoded(for index: UInt32) -> [UInt8] {
        let kept: [UInt16] = [1, 2, 4, 9, 11]
        // What the kernel found out, it finds out again: tentative, deprecated, failed.
        let chosen = flags & ~0x68
        var bytes: [UInt8] = [family, prefixLength, UInt8(truncatingIfNeeded: chosen), scope]
        bytes.append(littleEndian: index)
        for attribute in attributes where kept.contains(attribute.type) { bytes += attribute.encoded }
        return bytes + NetlinkAttribute(Self.flagsAttribute, chosen).encoded
    }
}
