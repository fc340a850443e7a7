// Netlink messages: attributes and addresses, there and back.
import Testing

@testable import Linux

@Suite struct NetlinkTests {
    @Test func attributesAreAlignedAndComeBack() {
        let attributes = [
            NetlinkAttribute(3, "eth0"), NetlinkAttribute(28, UInt32(7)), NetlinkAttribute(1, [1, 2, 3]),
        ]
        #expect(attributes[0].encoded == [9, 0, 3, 0] + Array("eth0".utf8) + [0, 0, 0, 0])
        #expect(attributes[1].encoded == [8, 0, 28, 0, 7, 0, 0, 0])
        let body = [UInt8](repeating: 9, count: 16) + attributes.flatMap(\.encoded)
        #expect(NetlinkAttribute.list(body, after: 16) == attributes)
    }

    /// Whatever a message says of its lengths, reading stays inside.
    @Test func brokenLengthsEndTheList() {
        for length: UInt8 in [0, 3, 200] {
            #expect(NetlinkAttribute.list([length, 0, 1, 0, 5, 5, 5, 5], after: 0).isEmpty)
        }
        #expect(NetlinkAttribute.list([4, 0], after: 0).isEmpty)
    }

    @Test func anAddressKeepsWhatDescribesIt() {
        // 192.0.2.7/24, permanent, with a label and a lifetime.
        var body: [UInt8] = [2, 24, 0x80, 0, 5, 0, 0, 0]
        let kept = [
            NetlinkAttribute(1, [192, 0, 2, 7]), NetlinkAttribute(2, [192, 0, 2, 7]),
            NetlinkAttribute(4, [192, 0, 2, 255]),
        ]
        let dropped = [NetlinkAttribute(3, "eth0"), NetlinkAttribute(6, [UInt8](repeating: 1, count: 16))]
        body += (kept + dropped + [NetlinkAttribute(8, UInt32(0x2c2))]).flatMap(\.encoded)
        let address = NetworkAddress(body)
        #expect(address.isPermanent)
        #expect(address.scope == 0)
        let encoded = address.encoded(for: 9)
        // Tentative (0x40) is for the kernel to find out.
        #expect(Array(encoded[..<8]) == [2, 24, 0x82, 0, 9, 0, 0, 0])
        #expect(NetlinkAttribute.list(encoded, after: 8) == kept + [NetlinkAttribute(8, UInt32(0x282))])
    }

    /// The loopback device of the namespace that the test runs in.
    @Test func theKernelAnswers() throws {
        let netlink = try Netlink()
        let devices = try NetworkDevice.all(netlink)
        let loopback = try #require(devices.first { $0.name == "lo" })
        _ = try loopback.lastingAddresses(netlink)
        #expect(throws: Errno.self) { try NetworkDevice(index: 1 << 30, name: "x").bringUp(netlink) }
    }
}
