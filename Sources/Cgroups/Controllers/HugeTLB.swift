// hugetlb: linux.resources.hugepageLimits (config-linux.md, Huge page limits).

import OCI

/// Both accounts get the limit: that of reservations where the kernel has it (5.7), which refuses in time, and that of
/// page faults, which holds for pages that nobody reserved.
@Sendable
func hugepageSettings(_ resources: Resources, _ version: CgroupVersion) -> [Setting] {
    if resources.hugepageLimits.isEmpty { return [] }
    var list = SettingList("hugetlb", pointer: "/linux/resources/hugepageLimits")
    let file = version == .v1 ? "limit_in_bytes" : "max"
    for (index, limit) in resources.hugepageLimits.enumerated() {
        let page = "hugetlb." + limit.pageSize
        let value = String(limit.limit)
        list.set("\(page).\(file)", value, from: "\(index)/limit")
        list.set("\(page).rsvd.\(file)", value, from: "\(index)/limit", mayBeMissing: true)
    }
    return list.settings
}
