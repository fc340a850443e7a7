// rdma: linux.resources.rdma (config-linux.md, RDMA).

import OCI

/// One line for each device, in byte order of their names, so that one config.json always makes the same plan.
@Sendable
func rdmaSettings(_ resources: Resources, _ version: CgroupVersion) -> [Setting] {
    if resources.rdma.isEmpty { return [] }
    var list = SettingList("rdma", pointer: "/linux/resources/rdma")
    for (device, limit) in resources.rdma.sorted(by: { $0.key < $1.key }) {
        var value = device
        if let handles = limit.hcaHandles { value += " hca_handle=\(handles)" }
        if let objects = limit.hcaObjects { value += " hca_object=\(objects)" }
        if value == device { continue }
        list.set("rdma.max", value, from: pointerToken(device))
    }
    return list.settings
}
