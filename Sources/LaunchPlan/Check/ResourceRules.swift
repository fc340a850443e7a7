// What a configuration asks of the host's controllers and devices.
import Cgroups
import JSON
import Linux
import OCI

extension HostRule {
    static let resourceRules: [HostRule] = [
        // On v1 the plan itself looks for the hierarchies.
        HostRule("host-controllers") { host, report in
            guard let offered = host.survey.controllers else { return }
            for controller in host.plan?.cgroups?.enable ?? [] where !offered.contains(controller.name) {
                guard let pointer = controller.pointer else { continue }
                report.error(
                    pointer, "needs the cgroup controller \(controller.name), which this host does not offer",
                    hint: "offered are \(offered.isEmpty ? "none" : offered.sorted().joined(separator: ", "))"
                )
            }
        },
        HostRule("host-swap") { host, report in
            guard let swap = host.spec.linux.resources?.memory?.swap, swap > 0,
                host.survey.accountsSwap == false
            else { return }
            report.error(
                "/linux/resources/memory/swap", "this kernel does not account swap",
                hint: "start it with swapaccount=1")
        },
        HostRule("host-devices") { host, report in
            for (index, device) in host.spec.linux.devices.enumerated() where device.type != "p" {
                let pointer = "/linux/devices/\(index)"
                if !host.has("CAP_MKNOD"), !host.createsUserNamespace {
                    report.error(pointer, "making a device needs CAP_MKNOD, which the runtime lacks")
                } else if host.createsUserNamespace, host.survey.files[device.path] == .missing {
                    report.error(
                        pointer + "/path",
                        "\(device.path) is bound from the host in a user namespace, but is not there")
                } else if host.survey.missingDevices.contains(device.hostName) {
                    report.warning(pointer, "no driver of this host has the device \(device.hostName)")
                }
            }
        },
        HostRule("host-block-devices") { host, report in
            guard let blockIO = host.spec.linux.resources?.blockIO else { return }
            func check(_ name: String, _ index: Int, _ major: Int64, _ minor: Int64) {
                if host.survey.missingDevices.contains("b \(major):\(minor)") {
                    report.error(
                        "/linux/resources/blockIO/\(name)/\(index)",
                        "this host has no block device \(major):\(minor)")
                }
            }
            for (index, device) in blockIO.weightDevice.enumerated() {
                check("weightDevice", index, device.major, device.minor)
            }
            for (name, list) in blockIO.throttles {
                for (index, device) in list.enumerated() { check(name, index, device.major, device.minor) }
            }
        },
        HostRule("host-hugepages") { host, report in
            guard let sizes = host.survey.hugepageSizes else { return }
            for (index, limit) in (host.spec.linux.resources?.hugepageLimits ?? []).enumerated()
            where !sizes.contains(limit.pageSize) {
                report.error(
                    "/linux/resources/hugepageLimits/\(index)/pageSize",
                    "this host has no huge pages of \(limit.pageSize)",
                    hint: "there are \(sizes.isEmpty ? "none" : sizes.sorted().joined(separator: ", "))")
            }
        },
        HostRule("host-rdma") { host, report in
            guard let devices = host.survey.rdmaDevices else { return }
            for name in (host.spec.linux.resources?.rdma ?? [:]).keys.sorted() where !devices.contains(name) {
                report.error(
                    JSONPointer.appending(name, to: "/linux/resources/rdma"),
                    "this host has no RDMA device \"\(name)\"",
                    hint: nearest(name, in: devices.sorted()).map { "did you mean \"\($0)\"?" })
            }
        },
        HostRule("host-net-devices") { host, report in
            guard let there = host.survey.networkInterfaces else { return }
            for name in host.spec.linux.netDevices.keys.sorted() {
                let pointer = JSONPointer.appending(name, to: "/linux/netDevices")
                if !there.contains(name) {
                    report.error(
                        pointer, "this host has no network interface \"\(name)\"",
                        hint: nearest(name, in: there.sorted()).map { "did you mean \"\($0)\"?" })
                } else if !host.has("CAP_NET_ADMIN") {
                    report.error(pointer, "moving it needs CAP_NET_ADMIN, which the runtime lacks")
                }
            }
        },
        HostRule("host-resctrl") { host, report in
            guard let rdt = host.spec.linux.intelRdt, rdt != IntelRdt() else { return }
            guard let groups = host.survey.resctrlGroups else {
                return report.error("/linux/intelRdt", "no resctrl file system is mounted here")
            }
            let setsSchema = rdt.l3CacheSchema != nil || rdt.memBwSchema != nil || !rdt.schemata.isEmpty
            if let id = rdt.closID, id != "/", !setsSchema, !groups.contains(id) {
                report.error(
                    "/linux/intelRdt/closID", "resctrl has no group \"\(id)\", and no schema to make it with")
            }
        },
    ]
}

extension Device {
    /// "c 10:229", as the kernel names a device's numbers.
    public var hostName: String { "\(type == "b" ? "b" : "c") \(major):\(minor)" }
}

extension BlockIO {
    /// The four lists of throttles with their names.
    public var throttles: [(name: String, devices: [ThrottleDevice])] {
        [
            ("throttleReadBpsDevice", throttleReadBpsDevice),
            ("throttleWriteBpsDevice", throttleWriteBpsDevice),
            ("throttleReadIOPSDevice", throttleReadIOPSDevice),
            ("throttleWriteIOPSDevice", throttleWriteIOPSDevice),
        ]
    }
}
