// net_cls and net_prio: linux.resources.network (config-linux.md, Network). cgroup v1 only; a class of zero asks for nothing.

import OCI

/// On cgroup v2 the peers drop these values without a word. Packet filters may rely on a class, so here that is an error.
@Sendable
func networkSettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    guard let network = resources.network else { return [] }
    let pointer = "/linux/resources/network"
    var classes = SettingList("net_cls", pointer: pointer)
    var priorities = SettingList("net_prio", pointer: pointer)
    if let id = network.classID, id != 0 {
        if version == .v2 {
            throw classes.refuse("classID", "network classes are not available on cgroup v2")
        }
        classes.set("net_cls.classid", String(id), from: "classID")
    }
    for (index, priority) in network.priorities.enumerated() {
        let member = "priorities/\(index)"
        if version == .v2 {
            throw priorities.refuse(member, "network priorities are not available on cgroup v2")
        }
        priorities.set("net_prio.ifpriomap", "\(priority.name) \(priority.priority)", from: member)
    }
    return classes.settings + priorities.settings
}
