// pids: linux.resources.pids (config-linux.md, PIDs).

import OCI

/// Negative means no limit, which holds without the controller too; zero becomes the smallest limit that a container can
/// live with, as runc has it.
@Sendable
func pidsSettings(_ resources: Resources, _ version: CgroupVersion) -> [Setting] {
    guard let limit = resources.pids?.limit else { return [] }
    var list = SettingList("pids", pointer: "/linux/resources/pids")
    list.set(
        "pids.max", limit < 0 ? "max" : String(max(limit, 1)), from: "limit", mayBeMissing: limit < 0)
    return list.settings
}
