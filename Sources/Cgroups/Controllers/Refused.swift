// The controllers that this runtime cannot set yet: asking for one is an error, asking for nothing is not.

import OCI

@Sendable
func refusedSettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    func refuse(_ member: String) -> CgroupError {
        .invalid(pointer: "/linux/resources/" + member, reason: "\(member) is not supported yet")
    }
    if let block = resources.blockIO {
        let asks =
            block.weight ?? 0 != 0 || block.leafWeight ?? 0 != 0 || !block.weightDevice.isEmpty
            || !block.throttleReadBpsDevice.isEmpty || !block.throttleWriteBpsDevice.isEmpty
            || !block.throttleReadIOPSDevice.isEmpty || !block.throttleWriteIOPSDevice.isEmpty
        if asks { throw refuse("blockIO") }
    }
    if !resources.hugepageLimits.isEmpty { throw refuse("hugepageLimits") }
    if let network = resources.network, network.classID ?? 0 != 0 || !network.priorities.isEmpty {
        throw refuse("network")
    }
    if resources.rdma.values.contains(where: { $0.hcaHandles != nil || $0.hcaObjects != nil }) {
        throw refuse("rdma")
    }
    return []
}
