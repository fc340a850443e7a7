// Rules on the rest of the Linux section: devices, paths, labels, personality.
import JSON
import Linux

extension Spec {
    static let deviceRules: [Rule] = [
        Rule("device-type", "config-linux.md, Devices") { spec, report in
            for (index, device) in spec.linux.devices.enumerated()
            where !["c", "b", "u", "p"].contains(device.type) {
                report.error(
                    "/linux/devices/\(index)/type",
                    "unknown device type \"\(device.type)\", expected c, b, u or p")
            }
        },
        Rule("device-path", "config-linux.md, Devices") { spec, report in
            let devices = spec.linux.devices
            for (index, device) in devices.enumerated() {
                report.requireAbsolute(device.path, at: "/linux/devices/\(index)/path")
                if hasDotDot(device.path) {
                    report.error("/linux/devices/\(index)/path", "\"\(device.path)\" must not contain \"..\"")
                }
                let twin = devices[..<index].first { $0.path == device.path && !$0.isSameNode(as: device) }
                if twin != nil {
                    report.error(
                        "/linux/devices/\(index)/path", "another device has the path \"\(device.path)\"")
                }
            }
        },
        // dev_t has 12 bits for major and 20 for minor numbers (makedev(3)).
        Rule("device-numbers", "config-linux.md, Devices") { spec, report in
            for (index, device) in spec.linux.devices.enumerated() where device.type != "p" {
                report.require(device.major, in: 0...4095, at: "/linux/devices/\(index)/major")
                report.require(device.minor, in: 0...1_048_575, at: "/linux/devices/\(index)/minor")
            }
        },
        // Engines copy the file type bits of the host's node along.
        Rule("device-mode", "config-linux.md, Devices") { spec, report in
            for (index, device) in spec.linux.devices.enumerated() {
                guard let mode = device.fileMode, mode & ~0o170000 > 0o7777 else { continue }
                report.error(
                    "/linux/devices/\(index)/fileMode",
                    "\(mode) (octal \(String(mode, radix: 8))) is not a file mode",
                    hint: "fileMode is a decimal number: octal 0666 is 438")
            }
        },
    ]

    static let linuxRules: [Rule] = [
        Rule("rootfs-propagation", "config-linux.md, Rootfs Mount Propagation") { spec, report in
            guard let name = spec.linux.rootfsPropagation else { return }
            report.requireKnown(name, in: Propagation.names, "propagation", at: "/linux/rootfsPropagation")
        },
        Rule("masked-paths", "config-linux.md, Masked Paths and Readonly Paths") { spec, report in
            for (index, path) in spec.linux.maskedPaths.enumerated() {
                report.requireAbsolute(path, at: "/linux/maskedPaths/\(index)")
            }
            for (index, path) in spec.linux.readonlyPaths.enumerated() {
                report.requireAbsolute(path, at: "/linux/readonlyPaths/\(index)")
            }
        },
        Rule("cgroups-path", "config-linux.md, Cgroups Path") { spec, report in
            if let path = spec.linux.cgroupsPath, hasDotDot(path) {
                report.error("/linux/cgroupsPath", "\"\(path)\" must not contain \"..\"")
            }
        },
        Rule("personality", "config-linux.md, Personality") { spec, report in
            guard let personality = spec.linux.personality else { return }
            report.requireKnown(
                personality.domain, in: PersonalityDomain.names, "execution domain",
                at: "/linux/personality/domain")
            if let flag = personality.flags.first {
                report.error("/linux/personality/flags/0", "unknown flag \"\(flag)\": there are none")
            }
        },
        Rule("memory-policy", "config-linux.md, Memory policy") { spec, report in
            guard let policy = spec.linux.memoryPolicy else { return }
            let pointer = "/linux/memoryPolicy"
            report.requireKnown(policy.mode, in: MemoryPolicy.modes, "memory policy", at: pointer + "/mode")
            for (index, flag) in policy.flags.enumerated() {
                report.requireKnown(flag, in: MemoryPolicy.flagNames, "flag", at: "\(pointer)/flags/\(index)")
            }
            checkNodes(policy, pointer, &report)
        },
        Rule("intel-rdt", "config-linux.md, IntelRdt") { spec, report in
            if let rdt = spec.linux.intelRdt { checkRdt(rdt, &report) }
        },
        Rule("net-devices", "config-linux.md, Network Devices") { spec, report in
            if spec.linux.netDevices.isEmpty { return }
            for (host, device) in spec.linux.netDevices.sorted(by: { $0.key < $1.key }) {
                let pointer = JSONPointer.appending(host, to: "/linux/netDevices")
                checkInterface(host, at: pointer, &report)
                if let name = device.name { checkInterface(name, at: pointer + "/name", &report) }
            }
            if spec.linux.namespace(.network) == nil {
                report.error("/linux/netDevices", "needs a network namespace in /linux/namespaces")
            }
        },
        // A template lets the kernel choose a name; a fixed one can be given once.
        Rule("net-device-names", "config-linux.md, Network Devices") { spec, report in
            if spec.linux.netDevices.count < 2 { return }
            var taken: [String] = []
            for (host, device) in spec.linux.netDevices.sorted(by: { $0.key < $1.key }) {
                let name = device.name ?? host
                if taken.contains(name), !name.hasSuffix("%d") {
                    report.error(
                        JSONPointer.appending(host, to: "/linux/netDevices"),
                        "another device gets the name \"\(name)\"", hint: "append %d to the name")
                }
                taken.append(name)
            }
        },
    ]

    /// The kernel says EINVAL and no more (set_mempolicy(2)).
    private static func checkNodes(_ policy: MemoryPolicy, _ pointer: String, _ report: inout Report) {
        if let nodes = policy.nodes, !isNumberList(nodes) {
            report.error(pointer + "/nodes", "\"\(nodes)\" is not a list of nodes like \"0-3,7\"")
        }
        switch MemoryPolicyMode.all.first(where: { $0.name == policy.mode })?.nodes {
        case .some(.none) where policy.nodes != nil:
            report.error(pointer + "/nodes", "does not go with \(policy.mode)")
        case .some(.some) where policy.nodes == nil:
            report.error(pointer + "/nodes", "is required but missing: \(policy.mode) needs nodes")
        default: break
        }
        if let index = policy.flags.firstIndex(of: "MPOL_F_RELATIVE_NODES"),
            policy.flags.contains("MPOL_F_STATIC_NODES")
        {
            report.error("\(pointer)/flags/\(index)", "does not go with MPOL_F_STATIC_NODES")
        }
    }

    private static func checkRdt(_ rdt: IntelRdt, _ report: inout Report) {
        let pointer = "/linux/intelRdt"
        if let id = rdt.closID, id != "/", id == "." || id == ".." || id.utf8.contains(UInt8(ascii: "/")) {
            report.error(pointer + "/closID", "\"\(id)\" is not the name of a directory")
        }
        if let schema = rdt.l3CacheSchema, !schema.hasPrefix("L3:") || schema.utf8.contains(0x0a) {
            report.warning(pointer + "/l3CacheSchema", "should be one line that starts with \"L3:\"")
        }
        if let schema = rdt.memBwSchema, !schema.hasPrefix("MB:") || schema.utf8.contains(0x0a) {
            report.error(pointer + "/memBwSchema", "must be one line that starts with \"MB:\"")
        }
        for (index, line) in rdt.schemata.enumerated() where line.utf8.contains(0x0a) {
            report.error("\(pointer)/schemata/\(index)", "must not contain a line break")
        }
    }

    /// The kernel's dev_valid_name: up to 15 bytes, no slash, colon or white space.
    private static func checkInterface(_ name: String, at pointer: String, _ report: inout Report) {
        let isValid =
            (1...15).contains(name.utf8.count) && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 <= 0x20 }
        if !isValid { report.error(pointer, "\"\(name)\" is not a name of a network interface") }
    }

    static func hasDotDot(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }
}

extension Device {
    func isSameNode(as other: Device) -> Bool {
        type == other.type && major == other.major && minor == other.minor
    }
}
