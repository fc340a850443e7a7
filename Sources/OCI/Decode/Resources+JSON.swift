// Reads the cgroup resources of config.json (config-linux.md, Control groups). One call for each property.

extension Resources: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("devices", into: &devices)
        try object.read("memory", into: &memory)
        try object.read("cpu", into: &cpu)
        try object.read("pids", into: &pids)
        try object.read("blockIO", into: &blockIO)
        try object.read("hugepageLimits", into: &hugepageLimits)
        try object.read("network", into: &network)
        try object.read("rdma", into: &rdma)
        try object.read("unified", into: &unified)
    }
}

extension DeviceRule: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("allow", into: &allow, required: true)
        try object.read("type", into: &type)
        try object.read("major", into: &major)
        try object.read("minor", into: &minor)
        try object.read("access", into: &access)
    }
}

extension Memory: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("limit", into: &limit)
        try object.read("reservation", into: &reservation)
        try object.read("swap", into: &swap)
        try object.read("kernel", into: &kernel)
        try object.read("kernelTCP", into: &kernelTCP)
        try object.read("swappiness", into: &swappiness)
        try object.read("disableOOMKiller", into: &disableOOMKiller)
        try object.read("useHierarchy", into: &useHierarchy)
        try object.read("checkBeforeUpdate", into: &checkBeforeUpdate)
    }
}

extension CPU: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("shares", into: &shares)
        try object.read("quota", into: &quota)
        try object.read("burst", into: &burst)
        try object.read("period", into: &period)
        try object.read("realtimeRuntime", into: &realtimeRuntime)
        try object.read("realtimePeriod", into: &realtimePeriod)
        try object.read("cpus", into: &cpus)
        try object.read("mems", into: &mems)
        try object.read("idle", into: &idle)
    }
}

extension Pids: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("limit", into: &limit)
    }
}

extension BlockIO: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("weight", into: &weight)
        try object.read("leafWeight", into: &leafWeight)
        try object.read("weightDevice", into: &weightDevice)
        try object.read("throttleReadBpsDevice", into: &throttleReadBpsDevice)
        try object.read("throttleWriteBpsDevice", into: &throttleWriteBpsDevice)
        try object.read("throttleReadIOPSDevice", into: &throttleReadIOPSDevice)
        try object.read("throttleWriteIOPSDevice", into: &throttleWriteIOPSDevice)
    }
}

extension WeightDevice: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("major", into: &major, required: true)
        try object.read("minor", into: &minor, required: true)
        try object.read("weight", into: &weight)
        try object.read("leafWeight", into: &leafWeight)
    }
}

extension ThrottleDevice: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("major", into: &major, required: true)
        try object.read("minor", into: &minor, required: true)
        try object.read("rate", into: &rate, required: true)
    }
}

extension HugepageLimit: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("pageSize", into: &pageSize, required: true)
        try object.read("limit", into: &limit, required: true)
    }
}

extension Network: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("classID", into: &classID)
        try object.read("priorities", into: &priorities)
    }
}

extension InterfacePriority: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("name", into: &name, required: true)
        try object.read("priority", into: &priority, required: true)
    }
}

extension Rdma: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("hcaHandles", into: &hcaHandles)
        try object.read("hcaObjects", into: &hcaObjects)
    }
}
