// Devices, controllers, CPUs and interfaces of the host, as far as the configuration names them.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension HostSurvey {
    mutating func probeDevices(for spec: Spec) {
        guard Self.exists("/sys/dev/char") else {
            if !spec.linux.devices.isEmpty { note("the devices of the host", "no /sys is mounted") }
            return
        }
        for device in spec.linux.devices where device.type != "p" {
            if !Self.isThere(device.hostName) { missingDevices.insert(device.hostName) }
            files[device.path] = Self.exists(device.path) ? .other : .missing
        }
        guard let blockIO = spec.linux.resources?.blockIO else { return }
        let numbers =
            blockIO.weightDevice.map { "b \($0.major):\($0.minor)" }
            + blockIO.throttles.flatMap { $0.devices.map { "b \($0.major):\($0.minor)" } }
        for name in numbers where !Self.isThere(name) { missingDevices.insert(name) }
    }

    /// "c 10:229" is /sys/dev/char/10:229.
    private static func isThere(_ name: String) -> Bool {
        exists("/sys/dev/" + (name.hasPrefix("b") ? "block/" : "char/") + name.dropFirst(2))
    }

    mutating func probeResources(for spec: Spec, _ facts: HostFacts) {
        switch facts.cgroups {
        case .unified(let mount):
            controllers = Self.words(mount + "/cgroup.controllers")
            if controllers == nil { note("the cgroup controllers", "\(mount) cannot be read") }
        case .legacy(let hierarchies, _):
            if let memory = hierarchies.first(where: { $0.controllers.contains("memory") }) {
                accountsSwap = Self.exists(memory.mountpoint + "/memory.memsw.limit_in_bytes")
            }
        case .none: break
        }
        onlineCPUs = Self.text("/sys/devices/system/cpu/online")
        onlineNodes = Self.text("/sys/devices/system/node/online")
        networkInterfaces = Self.names(in: "/sys/class/net")
        rdmaDevices = Self.exists("/sys/class") ? Self.names(in: "/sys/class/infiniband") ?? [] : nil
        hugepageSizes = Self.names(in: "/sys/kernel/mm/hugepages").map { Set($0.compactMap(Self.pageSize)) }
        if Self.exists("/sys/fs/resctrl/schemata") {
            resctrlGroups = Self.names(in: "/sys/fs/resctrl")
        }
    }

    /// "hugepages-2048kB" is "2MB".
    private static func pageSize(_ name: String) -> String? {
        guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
            var size = UInt64(name.dropFirst(10).dropLast(2))
        else { return nil }
        for unit in ["KB", "MB"] {
            if size % 1024 != 0 { return "\(size)\(unit)" }
            size /= 1024
        }
        return "\(size)GB"
    }
}
