// memory: linux.resources.memory (config-linux.md, Memory). Zero asks for nothing, -1 is unlimited.

import OCI

@Sendable
func memorySettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    guard let memory = resources.memory else { return [] }
    var list = SettingList("memory", pointer: "/linux/resources/memory")
    try checkSigns(memory, list)
    if let limit = memory.limit, let swap = memory.swap, limit > 0, swap > 0, swap < limit {
        throw list.refuse("swap", "memory+swap limit should be >= memory limit")
    }
    if let swappiness = memory.swappiness, swappiness > 100 {
        throw list.refuse(
            "swappiness", "invalid memory swappiness value: \(swappiness) (valid range is 0-100)")
    }
    // The limit of the kernel's own memory asks for nothing: kernels since 5.16 refuse or ignore it.
    switch version {
    case .v1: addLegacyMemory(memory, to: &list)
    case .v2: try addUnifiedMemory(memory, to: &list)
    }
    return list.settings
}

private func checkSigns(_ memory: Memory, _ list: SettingList) throws(CgroupError) {
    for (member, value) in [
        ("limit", memory.limit), ("reservation", memory.reservation), ("swap", memory.swap),
        ("kernelTCP", memory.kernelTCP),
    ] {
        if let value, value < -1 {
            throw list.refuse(member, "invalid memory value: \(value) (-1 is unlimited)")
        }
    }
}

/// The kernel demands limit <= memory + swap at every moment, and a new cgroup begins without limits: so the limit of
/// memory goes first. The hierarchy is told before there are limits and children.
private func addLegacyMemory(_ memory: Memory, to list: inout SettingList) {
    if let wanted = memory.useHierarchy {
        list.set("memory.use_hierarchy", wanted ? "1" : "0", from: "useHierarchy")
    }
    let limit = memory.limit ?? 0
    if limit != 0 { list.set("memory.limit_in_bytes", String(limit), from: "limit") }
    if let swap = memory.swap, swap != 0 {
        list.set("memory.memsw.limit_in_bytes", String(swap), from: "swap")
    } else if limit == -1 {
        // Unlimited memory without a word on swap means unlimited swap too.
        list.set("memory.memsw.limit_in_bytes", "-1", from: "limit", mayBeMissing: true)
    }
    if let reservation = memory.reservation, reservation != 0 {
        list.set("memory.soft_limit_in_bytes", String(reservation), from: "reservation")
    }
    if let tcp = memory.kernelTCP, tcp != 0 {
        list.set("memory.kmem.tcp.limit_in_bytes", String(tcp), from: "kernelTCP")
    }
    if memory.disableOOMKiller == true { list.set("memory.oom_control", "1", from: "disableOOMKiller") }
    if let swappiness = memory.swappiness {
        list.set("memory.swappiness", String(swappiness), from: "swappiness")
    }
}

/// What only v1 can do is refused: the spec demands an error for what cannot be applied.
private func addUnifiedMemory(_ memory: Memory, to list: inout SettingList) throws(CgroupError) {
    if memory.disableOOMKiller == true {
        throw list.refuse("disableOOMKiller", "the OOM killer cannot be disabled on cgroup v2")
    }
    if memory.swappiness != nil {
        throw list.refuse("swappiness", "memory swappiness cannot be set on cgroup v2")
    }
    if memory.useHierarchy == false {
        throw list.refuse("useHierarchy", "cgroup v2 always accounts memory by hierarchy")
    }
    if let tcp = memory.kernelTCP, tcp != 0 {
        throw list.refuse("kernelTCP", "memory of TCP buffers has no limit of its own on cgroup v2")
    }
    if let swap = try unifiedSwap(memory, list) {
        // Without swap in the kernel there is no file, and neither "none" nor "no limit" needs one.
        list.set(
            "memory.swap.max", swap, from: memory.swap ?? 0 == 0 ? "limit" : "swap",
            mayBeMissing: swap == "max" || swap == "0")
    }
    if let limit = memory.limit, limit != 0 { list.set("memory.max", maximum(limit), from: "limit") }
    if let reservation = memory.reservation, reservation != 0 {
        list.set("memory.low", maximum(reservation), from: "reservation")
    }
}

/// config.json has memory and swap together as v1 counts them; v2 limits swap alone.
private func unifiedSwap(_ memory: Memory, _ list: SettingList) throws(CgroupError) -> String? {
    let limit = memory.limit ?? 0
    let swap = memory.swap ?? 0
    if swap == 0 { return limit == -1 ? "max" : nil }
    if swap == -1 { return "max" }
    if limit == -1 { return String(swap) }
    if limit == 0 { throw list.refuse("swap", "unable to set swap limit without memory limit") }
    return String(swap - limit)
}

private func maximum(_ value: Int64) -> String { value == -1 ? "max" : String(value) }
