// cpuset: linux.resources.cpu.cpus and mems.

import OCI

@Sendable
func cpusetSettings(_ resources: Resources, _ version: CgroupVersion) -> [Setting] {
    guard let cpu = resources.cpu else { return [] }
    var list = SettingList("cpuset", pointer: "/linux/resources/cpu")
    if let cpus = cpu.cpus, !cpus.isEmpty { list.set("cpuset.cpus", cpus, from: "cpus") }
    if let mems = cpu.mems, !mems.isEmpty { list.set("cpuset.mems", mems, from: "mems") }
    return list.settings
}
