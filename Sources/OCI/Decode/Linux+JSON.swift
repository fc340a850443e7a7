// Reads the Linux section of config.json (config-linux.md). One call for each property.

extension LinuxConfig: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("uidMappings", into: &uidMappings)
        try object.read("gidMappings", into: &gidMappings)
        try object.read("sysctl", into: &sysctl)
        try object.read("resources", into: &resources)
        try object.read("cgroupsPath", into: &cgroupsPath)
        try object.read("namespaces", into: &namespaces)
        try object.read("devices", into: &devices)
        try object.read("netDevices", into: &netDevices)
        try object.read("seccomp", into: &seccomp)
        try object.read("rootfsPropagation", into: &rootfsPropagation)
        try object.read("maskedPaths", into: &maskedPaths)
        try object.read("readonlyPaths", into: &readonlyPaths)
        try object.read("mountLabel", into: &mountLabel)
        try object.read("intelRdt", into: &intelRdt)
        try object.read("memoryPolicy", into: &memoryPolicy)
        try object.read("personality", into: &personality)
        try object.read("timeOffsets", into: &timeOffsets)
    }
}

extension NamespaceEntry: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("type", into: &type, required: true)
        try object.read("path", into: &path)
    }
}

extension Device: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("path", into: &path, required: true)
        try object.read("type", into: &type, required: true)
        try object.read("major", into: &major, required: type != "p")
        try object.read("minor", into: &minor, required: type != "p")
        try object.read("fileMode", into: &fileMode)
        try object.read("uid", into: &uid)
        try object.read("gid", into: &gid)
    }
}

extension NetDevice: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("name", into: &name)
    }
}

extension IntelRdt: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("closID", into: &closID)
        try object.read("schemata", into: &schemata)
        try object.read("l3CacheSchema", into: &l3CacheSchema)
        try object.read("memBwSchema", into: &memBwSchema)
        try object.read("enableMonitoring", into: &enableMonitoring)
    }
}

extension MemoryPolicy: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("mode", into: &mode, required: true)
        try object.read("nodes", into: &nodes)
        try object.read("flags", into: &flags)
    }
}

extension Personality: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("domain", into: &domain, required: true)
        try object.read("flags", into: &flags)
    }
}

extension TimeOffset: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("secs", into: &secs)
        try object.read("nanosecs", into: &nanosecs)
    }
}
