// Rules on cgroup resources. Zero and absent ask for nothing, as in every peer.
import JSON

extension Resources {
    static let memoryRules: [Rule] = [
        .resources("memory-sizes", "config-linux.md, Memory") { resources, report in
            guard let memory = resources.memory else { return }
            func check(_ size: Int64?, _ name: StaticString, _ report: inout Report) {
                guard let size, size < -1 else { return }
                report.error("/memory/\(name)", "\(size) is negative; only -1 is allowed, for unlimited")
            }
            check(memory.limit, "limit", &report)
            check(memory.reservation, "reservation", &report)
            check(memory.swap, "swap", &report)
            check(memory.kernel, "kernel", &report)
            check(memory.kernelTCP, "kernelTCP", &report)
        },
        // The value is memory plus swap, so it means nothing without the memory's part.
        .resources("memory-swap", "config-linux.md, Memory") { resources, report in
            guard let memory = resources.memory, let swap = memory.swap, swap > 0 else { return }
            let limit = memory.limit ?? 0
            if limit == 0 {
                report.error(
                    "/memory/swap", "needs a memory limit too", hint: "set /linux/resources/memory/limit")
            } else if limit == -1 {
                report.error("/memory/swap", "\(swap) does not go with unlimited memory")
            } else if swap < limit {
                report.error(
                    "/memory/swap", "\(swap) is below the memory limit \(limit): it is the sum of both")
            }
        },
        .resources("memory-reservation", "config-linux.md, Memory") { resources, report in
            guard let memory = resources.memory, let limit = memory.limit, limit > 0 else { return }
            if let reservation = memory.reservation, reservation > limit {
                report.warning("/memory/reservation", "\(reservation) is above the limit \(limit)")
            }
        },
        .resources("memory-swappiness", "config-linux.md, Memory") { resources, report in
            report.require(resources.memory?.swappiness, in: 0...100, at: "/memory/swappiness")
        },
        .resources("memory-kernel", "config-linux.md, Memory") { resources, report in
            if let size = resources.memory?.kernel, size != 0 {
                report.warning("/memory/kernel", "is ignored: the kernel has no such limit any more")
            }
            if let size = resources.memory?.kernelTCP, size != 0 {
                report.warning("/memory/kernelTCP", "is deprecated by the kernel, and refused on cgroup v2")
            }
        },
    ]

    /// The ranges are those of the kernel's CFS bandwidth control (Documentation/scheduler/sched-bwc.rst).
    static let cpuRules: [Rule] = [
        .resources("cpu-quota", "config-linux.md, CPU") { resources, report in
            guard let quota = resources.cpu?.quota, quota != 0, quota != -1 else { return }
            if quota < -1 {
                report.error("/cpu/quota", "\(quota) is negative; only -1 is allowed, for unlimited")
            } else if quota < 1000 {
                report.error("/cpu/quota", "\(quota) microseconds are below the kernel's minimum of 1000")
            }
        },
        .resources("cpu-period", "config-linux.md, CPU") { resources, report in
            guard let period = resources.cpu?.period, period != 0 else { return }
            report.require(period, in: 1000...1_000_000, at: "/cpu/period")
        },
        .resources("cpu-burst", "config-linux.md, CPU") { resources, report in
            guard let cpu = resources.cpu, let burst = cpu.burst, let quota = cpu.quota, quota > 0 else {
                return
            }
            if burst > UInt64(quota) { report.error("/cpu/burst", "\(burst) is above the quota \(quota)") }
        },
        .resources("cpu-realtime", "config-linux.md, CPU") { resources, report in
            guard let cpu = resources.cpu, let runtime = cpu.realtimeRuntime else { return }
            if runtime < -1 {
                report.error(
                    "/cpu/realtimeRuntime", "\(runtime) is negative; only -1 is allowed, for unlimited")
            }
            if let period = cpu.realtimePeriod, period > 0, runtime > 0, UInt64(runtime) > period {
                report.error("/cpu/realtimeRuntime", "\(runtime) is above the period \(period)")
            }
        },
        .resources("cpu-lists", "config-linux.md, CPU") { resources, report in
            func check(_ list: String?, _ name: StaticString, _ report: inout Report) {
                guard let list, !isNumberList(list) else { return }
                report.error("/cpu/\(name)", "\"\(list)\" is not a list like \"0-3,7\"")
            }
            check(resources.cpu?.cpus, "cpus", &report)
            check(resources.cpu?.mems, "mems", &report)
        },
        .resources("cpu-idle", "config-linux.md, CPU") { resources, report in
            report.require(resources.cpu?.idle, in: 0...1, at: "/cpu/idle")
        },
    ]

    static let otherResourceRules: [Rule] = [
        .resources("pids-limit", "config-linux.md, PIDs") { resources, report in
            if let limit = resources.pids?.limit, limit < -1 {
                report.error("/pids/limit", "\(limit) is negative; only -1 is allowed, for unlimited")
            }
        },
        .resources("device-rules", "config-linux.md, Allowed Device list") { resources, report in
            for (index, rule) in resources.devices.enumerated() {
                check(rule, at: "/devices/\(index)", &report)
            }
        },
        .resources("unified-keys", "config-linux.md, Unified") { resources, report in
            if resources.unified.isEmpty { return }
            for key in orderedKeys(resources.unified)
            where key.isEmpty || key == "." || key == ".." || key.utf8.contains(UInt8(ascii: "/")) {
                report.error(
                    JSONPointer.appending(key, to: "/unified"), "\"\(key)\" is not the name of a cgroup file")
            }
        },
        .resources("block-io", "config-linux.md, Block IO") { resources, report in
            guard let blockIO = resources.blockIO else { return }
            checkWeight(blockIO.weight, at: "/blockIO/weight", &report)
            checkWeight(blockIO.leafWeight, at: "/blockIO/leafWeight", &report)
            for (index, device) in blockIO.weightDevice.enumerated() {
                let pointer = "/blockIO/weightDevice/\(index)"
                checkWeight(device.weight, at: pointer + "/weight", &report)
                checkWeight(device.leafWeight, at: pointer + "/leafWeight", &report)
                if device.weight == nil, device.leafWeight == nil {
                    report.error(pointer, "needs weight or leafWeight")
                }
            }
        },
        .resources("hugepage-size", "config-linux.md, Huge page limits") { resources, report in
            for (index, limit) in resources.hugepageLimits.enumerated() where !isPageSize(limit.pageSize) {
                report.error(
                    "/hugepageLimits/\(index)/pageSize",
                    "\"\(limit.pageSize)\" is not a page size like \"2MB\"")
            }
        },
        .resources("rdma-limits", "config-linux.md, RDMA") { resources, report in
            if resources.rdma.isEmpty { return }
            for (name, limit) in resources.rdma.sorted(by: { $0.key < $1.key })
            where limit.hcaHandles == nil && limit.hcaObjects == nil {
                report.error(JSONPointer.appending(name, to: "/rdma"), "needs hcaHandles or hcaObjects")
            }
        },
    ]

    private static func check(_ rule: DeviceRule, at pointer: String, _ report: inout Report) {
        if let type = rule.type, !["a", "b", "c"].contains(type) {
            report.error(pointer + "/type", "unknown device type \"\(type)\", expected a, b or c")
        }
        if let access = rule.access, let letter = access.first(where: { !"rwm".contains($0) }) {
            report.error(
                pointer + "/access", "unknown access \"\(letter)\" in \"\(access)\", expected r, w and m")
        }
        // Minus one is the wildcard of older engines.
        report.require(rule.major, in: -1...4095, at: pointer + "/major")
        report.require(rule.minor, in: -1...1_048_575, at: pointer + "/minor")
    }

    private static func checkWeight(
        _ weight: UInt16?, at pointer: @autoclosure () -> String, _ report: inout Report
    ) {
        guard let weight, weight != 0 else { return }
        report.require(weight, in: 10...1000, at: pointer())
    }

    /// `<size><K|M|G>B` without leading zeros.
    private static func isPageSize(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 3, bytes[bytes.count - 1] == UInt8(ascii: "B"),
            "KMG".utf8.contains(bytes[bytes.count - 2]), bytes[0] != UInt8(ascii: "0")
        else { return false }
        return bytes.dropLast(2).allSatisfy { (0x30...0x39).contains($0) }
    }
}
