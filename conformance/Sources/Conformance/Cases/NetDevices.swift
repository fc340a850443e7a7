// linux.netDevices: devices of the host that move into the container.
import Foundation

extension Trial {
    /// A veth pair in a network namespace of its own, so that nothing of the host's changes; the runtime runs there.
    /// Gives the prefix for its command.
    fileprivate func network(_ commands: String...) throws -> [String] {
        let name = "conf-\(mark)"
        guard try command(["ip", "netns", "add", name]).run().status == 0 else { throw Skip("no ip netns") }
        atEnd { _ = try? Trial.system(["ip", "netns", "del", name]) }
        for line in ["link add dev one type veth peer name two"] + commands {
            let argv = ["ip", "-n", name] + line.split(separator: " ").map(String.init)
            let outcome = try command(argv).run()
            guard outcome.status == 0 else {
                throw Skip("cannot prepare the network: \(outcome.description)")
            }
        }
        // Not `ip netns exec`, which hides /sys/fs/cgroup.
        return ["nsenter", "--net=/run/netns/\(name)"]
    }

    fileprivate func devices(_ prefix: [String]) throws -> String {
        try command(prefix + [probe, "net"]).run().out
    }
}

let netDeviceCases: [Case] = [
    Case("netdevices.move", "a device moves, keeps its name and is up", "config-linux.md Network Devices") {
        t in
        let prefix = try t.network()
        let c = try t.container(["addresses"]) { $0.linux.netDevices = ["one": [:]] }
        c.prefix = prefix
        try equal(try c.output()["addresses"]["one"], "up", "device")
    },
    Case("netdevices.rename", "a device gets its new name", "config-linux.md Network Devices") { t in
        let prefix = try t.network()
        let c = try t.container(["net"]) { $0.linux.netDevices = ["one": ["name": "inner"]] }
        c.prefix = prefix
        let devices = try c.output()["net"].all("device")
        try check(devices.contains("inner") && !devices.contains("one"), "devices: \(devices)")
    },
    Case("netdevices.gone-from-host", "the device is no longer outside", "config-linux.md Network Devices") {
        t in
        let prefix = try t.network()
        let c = try t.container(["pause"]) { $0.linux.netDevices = ["one": [:]] }
        c.prefix = prefix
        try c.create()
        let outside = try t.devices(prefix)
        try check(!outside.contains("device=one"), outside)
        try check(outside.contains("device=two"), outside)
    },
    Case(
        "netdevices.addresses", "permanent addresses of global scope are kept, of each family",
        "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network(
            "addr add 192.0.2.7/24 brd 192.0.2.255 dev one", "addr add 198.51.100.9/32 dev one",
            "addr add 2001:db8::7/64 nodad dev one", "addr add 203.0.113.1/24 scope link dev one",
            "addr add 198.18.0.77/24 valid_lft 3600 preferred_lft 3600 dev one", "link set one up",
            "link set two up")
        let c = try t.container(["addresses"]) { $0.linux.netDevices = ["one": ["name": "eth9"]] }
        c.prefix = prefix
        let found = try c.output()["addresses"].all("address")
        // The name that comes with an address is its label, which may be the old name.
        func has(_ address: String) -> Bool { found.contains { $0.hasSuffix(" " + address) } }
        for wanted in ["192.0.2.7", "198.51.100.9", "2001:db8::7"] {
            try check(has(wanted), "\(wanted) is not kept: \(found)")
        }
        for other in ["203.0.113.1", "198.18.0.77"] { try check(!has(other), "\(other) was kept: \(found)") }
    },
    Case(
        "netdevices.template", "%d in the new name is the kernel's to fill", "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network()
        let c = try t.container(["addresses"]) { $0.linux.netDevices = ["one": ["name": "net%d"]] }
        c.prefix = prefix
        try equal(try c.output()["addresses"]["net0"], "up", "device")
    },
    Case("netdevices.several", "two devices move", "config-linux.md Network Devices") { t in
        let prefix = try t.network()
        let c = try t.container(["addresses"]) {
            $0.linux.netDevices = ["one": ["name": "two"], "two": ["name": "one"]]
        }
        c.prefix = prefix
        let out = try c.output()["addresses"]
        try equal(out["one"], "up", "one")
        try equal(out["two"], "up", "two")
    },
    Case(
        "netdevices.joined", "devices move into a namespace joined by path", "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network()
        let holder = try t.background(["unshare", "net", "pause"])
        try check(
            eventually { (Files.read(holder.output) ?? "").contains("pid=") }, "the test itself: no holder")
        let c = try t.container(["addresses"]) {
            $0.linux.netDevices = ["one": [:]]
            $0.setNamespace("network", path: "/proc/\(holder.pid)/ns/net")
        }
        c.prefix = prefix
        try equal(try c.output()["addresses"]["one"], "up", "device")
    },
    Case("netdevices.missing", "a device that is not there is an error", "config-linux.md Network Devices") {
        t in
        try t.container(["args"]) { $0.linux.netDevices = ["nosuchdevice": [:]] }.refusedCreate()
    },
    Case(
        "netdevices.conflict", "a name that the container's namespace has already is an error",
        "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network()
        let c = try t.container(["args"]) { $0.linux.netDevices = ["one": ["name": "lo"]] }
        c.prefix = prefix
        try c.refusedCreate()
    },
    Case(
        "netdevices.conflict-back", "after a conflict of names the device is where it was",
        "runtime.md Errors",
        tags: [.contract]
    ) { t in
        let prefix = try t.network()
        let c = try t.container(["args"]) { $0.linux.netDevices = ["one": ["name": "lo"]] }
        c.prefix = prefix
        try c.refusedCreate()
        try contains(try t.devices(prefix), "device=one", "devices after the failure")
    },
    Case(
        "netdevices.failed-later", "after a failed create the device is back as it was", "runtime.md Errors",
        tags: [.contract]
    ) { t in
        let prefix = try t.network("addr add 192.0.2.7/24 dev one", "link set one up")
        let c = try t.container([]) {
            $0.process.args = ["/no/such/program"]
            $0.linux.netDevices = ["one": ["name": "inner"]]
        }
        c.prefix = prefix
        try c.refusedCreate()
        let outside = ProbeOutput(try t.command(prefix + [t.probe, "addresses"]).run().out)["addresses"]
        try equal(outside["one"], "up", "device")
        try check(outside.all("address").contains("one 192.0.2.7"), "addresses: \(outside.text)")
    },
    Case(
        "netdevices.no-namespace", "without a network namespace it is an error",
        "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network()
        let c = try t.container(["args"]) {
            $0.linux.netDevices = ["one": [:]]
            $0.removeNamespace("network")
        }
        c.prefix = prefix
        try c.refusedCreate()
    },
    Case(
        "netdevices.loopback", "a device that cannot leave its namespace is an error",
        "config-linux.md Network Devices"
    ) { t in
        let prefix = try t.network()
        let c = try t.container(["args"]) { $0.linux.netDevices = ["lo": ["name": "lo2"]] }
        c.prefix = prefix
        try c.refusedCreate()
    },
]
