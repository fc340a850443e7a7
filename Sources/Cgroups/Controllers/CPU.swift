// cpu: linux.resources.cpu but cpus and mems (config-linux.md, CPU). Times are in microseconds; zero asks for nothing.

import Linux
import OCI

@Sendable
func cpuSettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    guard let cpu = resources.cpu else { return [] }
    var list = SettingList("cpu", pointer: "/linux/resources/cpu")
    if let idle = cpu.idle, idle != 0, idle != 1 {
        throw list.refuse("idle", "invalid cpu idle value: \(idle) (valid values are 0 and 1)")
    }
    switch version {
    case .v1: try addLegacyCPU(cpu, to: &list)
    case .v2: try addUnifiedCPU(cpu, to: &list)
    }
    return list.settings
}

/// The period goes before the quota and the quota before the burst, since the kernel checks each against the former.
private func addLegacyCPU(_ cpu: CPU, to list: inout SettingList) throws(CgroupError) {
    if let shares = cpu.shares, shares != 0 {
        // The kernel would clamp silently.
        if shares < 2 { throw list.refuse("shares", "the minimum allowed cpu-shares is 2") }
        if shares > 262144 { throw list.refuse("shares", "the maximum allowed cpu-shares is 262144") }
        list.set("cpu.shares", String(shares), from: "shares")
    }
    if let period = cpu.period, period != 0 { list.set("cpu.cfs_period_us", String(period), from: "period") }
    if let quota = cpu.quota, quota != 0 { list.set("cpu.cfs_quota_us", String(quota), from: "quota") }
    if let burst = cpu.burst, burst != 0 { list.set("cpu.cfs_burst_us", String(burst), from: "burst") }
    if let idle = cpu.idle { list.set("cpu.idle", String(idle), from: "idle") }
    if let period = cpu.realtimePeriod, period != 0 {
        list.set("cpu.rt_period_us", String(period), from: "realtimePeriod")
    }
    if let runtime = cpu.realtimeRuntime, runtime != 0 {
        list.set("cpu.rt_runtime_us", String(runtime), from: "realtimeRuntime")
    }
}

private func addUnifiedCPU(_ cpu: CPU, to list: inout SettingList) throws(CgroupError) {
    if let runtime = cpu.realtimeRuntime, runtime != 0 {
        throw list.refuse("realtimeRuntime", "real-time limits are not available on cgroup v2")
    }
    if let period = cpu.realtimePeriod, period != 0 {
        throw list.refuse("realtimePeriod", "real-time limits are not available on cgroup v2")
    }
    if let shares = cpu.shares, shares != 0 {
        list.set("cpu.weight", String(cpuWeight(shares: shares)), from: "shares")
    }
    let quota = cpu.quota ?? 0
    let period = cpu.period ?? 0
    if quota != 0 || period != 0 {
        // The kernel's default period is 100000; "max" is no quota.
        let value = (quota > 0 ? String(quota) : "max") + " " + String(period == 0 ? 100_000 : period)
        list.set("cpu.max", value, from: quota != 0 ? "quota" : "period")
    }
    if let burst = cpu.burst, burst != 0 { list.set("cpu.max.burst", String(burst), from: "burst") }
    // After the weight: the kernel refuses a weight for an idle cgroup.
    if let idle = cpu.idle { list.set("cpu.idle", String(idle), from: "idle") }
}

/// The v2 weight (1 to 10000) of v1 shares (2 to 262144): the curve of runc and crun through (2, 1), (1024, 100) and
/// (262144, 10000).
func cpuWeight(shares: UInt64) -> UInt64 {
    if shares <= 2 { return 1 }
    if shares >= 262144 { return 10000 }
    let l = logarithm2(Double(shares))
    let exponent = (l * l + 125 * l) / 612 - 7.0 / 34
    return UInt64(power(10, exponent).rounded(.up))
}
