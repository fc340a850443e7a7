// Reads the top of config.json (config.md). One call for each property.

extension Spec: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("ociVersion", into: &ociVersion, required: true)
        try object.read("root", into: &root)
        try object.read("mounts", into: &mounts)
        try object.read("process", into: &process)
        try object.read("hostname", into: &hostname)
        try object.read("domainname", into: &domainname)
        try object.read("hooks", into: &hooks)
        try object.read("annotations", into: &annotations)
        try object.read("linux", into: &linux)
        object.ignore("solaris", "windows", "vm", "zos", "freebsd")
        readAsOlderVersion()
    }

    /// Until 1.2 zero tasks meant no limit, and engines that write such a version mean that; since 1.3 it is a limit
    /// (config-linux.md, PIDs).
    private mutating func readAsOlderVersion() {
        guard linux.resources?.pids?.limit == 0 else { return }
        for older in ["1.0.", "1.1.", "1.2."] where ociVersion.hasPrefix(older) {
            linux.resources?.pids?.limit = nil
        }
    }
}

extension Root: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("path", into: &path, required: true)
        try object.read("readonly", into: &readonly)
    }
}

extension Mount: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("destination", into: &destination, required: true)
        try object.read("type", into: &type)
        try object.read("source", into: &source)
        try object.read("options", into: &options)
        try object.read("uidMappings", into: &uidMappings)
        try object.read("gidMappings", into: &gidMappings)
    }
}

extension IDMapping: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("containerID", into: &containerID, required: true)
        try object.read("hostID", into: &hostID, required: true)
        try object.read("size", into: &size, required: true)
    }
}

extension Hooks: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("prestart", into: &prestart)
        try object.read("createRuntime", into: &createRuntime)
        try object.read("createContainer", into: &createContainer)
        try object.read("startContainer", into: &startContainer)
        try object.read("poststart", into: &poststart)
        try object.read("poststop", into: &poststop)
    }
}

extension Hook: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("path", into: &path, required: true)
        try object.read("args", into: &args)
        try object.read("env", into: &env)
        try object.read("timeout", into: &timeout)
    }
}
