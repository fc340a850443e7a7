// Moves network devices of the host into the container (config-linux.md, Network Devices).
import LaunchPlan
import Linux

/// A device that was moved: as it was on the host, and where it is.
struct MovedNetDevice {
    private let original: NetworkDevice
    private let addresses: [NetworkAddress]
    /// The container's network namespace, which this keeps: with the last process of a failed container all virtual
    /// devices in it would go.
    private let namespace: FileDescriptorBox
    /// The devices that were in it before.
    private let others: [UInt32]

    /// Moves the device `name`, which keeps its lasting addresses and is up afterwards. The init of pid `pid` has its
    /// network namespace already.
    init(_ name: String, as newName: String, to pid: Int32) throws(Errno) {
        let host = try Netlink()
        guard let device = try NetworkDevice.all(host).first(where: { $0.name == name }) else {
            throw .noDevice
        }
        original = device
        addresses = try device.lastingAddresses(host)
        namespace = FileDescriptorBox(try Syscall.open("/proc/\(pid)/ns/net", .readOnly))
        let inside = try Self.socket(in: namespace.raw)
        others = try NetworkDevice.all(inside).map(\.index)
        do throws(Errno) {
            try device.move(to: namespace.raw, as: newName, host)
            try Self.configure(find(inside), addresses, isUp: true, inside)
        } catch {
            // The kernel moves first and renames then: that a name is taken is found out when the device has left.
            moveBack()
            throw error
        }
    }

    /// Gives the device back after a failure, as it was; of several devices the last one first.
    func moveBack() {
        let body = { () throws(Errno) in
            let own = try Syscall.open("/proc/self/ns/net", .readOnly)
            let inside = try Self.socket(in: namespace.raw)
            try find(inside).move(to: own.raw, as: original.name, inside)
            let host = try Netlink()
            guard let device = try NetworkDevice.all(host).first(where: { $0.name == original.name }) else {
                throw .noDevice
            }
            try Self.configure(device, addresses, isUp: original.isUp, host)
        }
        try? body()
    }

    /// The device in its new namespace, where its index may be another one, and its name chosen by the kernel: it is the
    /// one that is new.
    private func find(_ inside: borrowing Netlink) throws(Errno) -> NetworkDevice {
        for device in try NetworkDevice.all(inside) where !others.contains(device.index) { return device }
        throw .noDevice
    }

    private static func configure(
        _ device: NetworkDevice, _ addresses: [NetworkAddress], isUp: Bool, _ netlink: borrowing Netlink
    ) throws(Errno) {
        if isUp { try device.bringUp(netlink) }
        for address in addresses {
            do throws(Errno) { try device.add(address, netlink) } catch .exists {}
        }
    }

    /// A socket that belongs to another network namespace: this process, which has one thread, goes there and back.
    private static func socket(in namespace: Int32) throws(Errno) -> Netlink {
        let flag = NamespaceKind.network.cloneFlag
        let own = try Syscall.open("/proc/self/ns/net", .readOnly)
        try Syscall.joinNamespaces(namespace, flag)
        let socket: Netlink
        do throws(Errno) {
            socket = try Netlink()
        } catch {
            try Syscall.joinNamespaces(own.raw, flag)
            throw error
        }
        try Syscall.joinNamespaces(own.raw, flag)
        return socket
    }
}
