// blockIO: linux.resources.blockIO (config-linux.md, Block IO): blkio of cgroup v1, io of v2. A weight of zero asks for nothing.

import OCI

@Sendable
func blockIOSettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    guard let block = resources.blockIO else { return [] }
    switch version {
    case .v1: return legacyBlockIO(block)
    case .v2: return try unifiedBlockIO(block)
    }
}

/// The four lists of throttles with their v1 files and v2 keys.
private struct Throttle {
    let member: String
    let file: String
    let key: String
    let devices: @Sendable (BlockIO) -> [ThrottleDevice]

    static let all = [
        Throttle(member: "throttleReadBpsDevice", file: "read_bps_device", key: "rbps") {
            $0.throttleReadBpsDevice
        },
        Throttle(member: "throttleWriteBpsDevice", file: "write_bps_device", key: "wbps") {
            $0.throttleWriteBpsDevice
        },
        Throttle(member: "throttleReadIOPSDevice", file: "read_iops_device", key: "riops") {
            $0.throttleReadIOPSDevice
        },
        Throttle(member: "throttleWriteIOPSDevice", file: "write_iops_device", key: "wiops") {
            $0.throttleWriteIOPSDevice
        },
    ]
}

/// The names of CFQ come first; kernels since 5.0 have those of BFQ, and none for leaves.
private func legacyBlockIO(_ block: BlockIO) -> [Setting] {
    var list = SettingList("blkio", pointer: "/linux/resources/blockIO")
    func weight(_ value: String, _ suffix: String, _ member: String) {
        list.set(
            "blkio.weight" + suffix, value, from: member,
            otherwise: [.init(file: "blkio.bfq.weight" + suffix, value: value)])
    }
    if let value = block.weight, value != 0 { weight(String(value), "", "weight") }
    if let value = block.leafWeight, value != 0 {
        list.set("blkio.leaf_weight", String(value), from: "leafWeight")
    }
    for (index, device) in block.weightDevice.enumerated() {
        let place = "weightDevice/\(index)"
        let number = "\(device.major):\(device.minor) "
        if let value = device.weight, value != 0 {
            weight(number + String(value), "_device", place + "/weight")
        }
        if let value = device.leafWeight, value != 0 {
            list.set("blkio.leaf_weight_device", number + String(value), from: place + "/leafWeight")
        }
    }
    for throttle in Throttle.all {
        for (index, device) in throttle.devices(block).enumerated() {
            list.set(
                "blkio.throttle." + throttle.file, "\(device.major):\(device.minor) \(device.rate)",
                from: "\(throttle.member)/\(index)")
        }
    }
    return list.settings
}

/// BFQ takes the weight as it is, the kernel's other I/O controllers on a scale of their own.
private func unifiedBlockIO(_ block: BlockIO) throws(CgroupError) -> [Setting] {
    var list = SettingList("io", pointer: "/linux/resources/blockIO")
    func weight(_ value: UInt16, _ prefix: String, _ member: String) {
        list.set(
            "io.bfq.weight", prefix + String(value), from: member,
            otherwise: [.init(file: "io.weight", value: prefix + String(ioWeight(blkio: value)))])
    }
    if let value = block.leafWeight, value != 0 {
        throw list.refuse("leafWeight", "leaf weights are not available on cgroup v2")
    }
    if let value = block.weight, value != 0 { weight(value, "", "weight") }
    for (index, device) in block.weightDevice.enumerated() {
        let place = "weightDevice/\(index)"
        if let value = device.leafWeight, value != 0 {
            throw list.refuse(place + "/leafWeight", "leaf weights are not available on cgroup v2")
        }
        if let value = device.weight, value != 0 {
            weight(value, "\(device.major):\(device.minor) ", place + "/weight")
        }
    }
    for throttle in Throttle.all {
        for (index, device) in throttle.devices(block).enumerated() {
            // Zero lifts a limit of v1; v2 has a word for that and refuses the number.
            let rate = device.rate == 0 ? "max" : String(device.rate)
            list.set(
                "io.max", "\(device.major):\(device.minor) \(throttle.key)=\(rate)",
                from: "\(throttle.member)/\(index)")
        }
    }
    return list.settings
}

/// The weight of io.weight (1 to 10000) for one of blkio (10 to 1000): the straight line of runc and crun.
func ioWeight(blkio weight: UInt16) -> Int {
    1 + (Int(min(max(weight, 10), 1000)) - 10) * 9999 / 990
}
