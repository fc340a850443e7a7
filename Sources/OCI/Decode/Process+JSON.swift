// Reads the process of config.json (config.md, Process). One call for each property.

extension Process: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("terminal", into: &terminal)
        try object.read("consoleSize", into: &consoleSize)
        try object.read("user", into: &user)
        try object.read("args", into: &args)
        try object.read("env", into: &env)
        try object.read("cwd", into: &cwd, required: true)
        try object.read("capabilities", into: &capabilities)
        try object.read("rlimits", into: &rlimits)
        try object.read("noNewPrivileges", into: &noNewPrivileges)
        try object.read("apparmorProfile", into: &apparmorProfile)
        try object.read("selinuxLabel", into: &selinuxLabel)
        try object.read("oomScoreAdj", into: &oomScoreAdj)
        try object.read("scheduler", into: &scheduler)
        try object.read("ioPriority", into: &ioPriority)
        try object.read("execCPUAffinity", into: &execCPUAffinity)
        object.ignore("commandLine")
    }
}

extension ConsoleSize: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("height", into: &height, required: true)
        try object.read("width", into: &width, required: true)
    }
}

extension User: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("uid", into: &uid)
        try object.read("gid", into: &gid)
        try object.read("umask", into: &umask)
        try object.read("additionalGids", into: &additionalGids)
        object.ignore("username")
    }
}

extension Capabilities: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("bounding", into: &bounding)
        try object.read("effective", into: &effective)
        try object.read("inheritable", into: &inheritable)
        try object.read("permitted", into: &permitted)
        try object.read("ambient", into: &ambient)
    }
}

extension ResourceLimit: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("type", into: &type, required: true)
        try object.read("soft", into: &soft, required: true)
        try object.read("hard", into: &hard, required: true)
    }
}

extension Scheduler: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("policy", into: &policy, required: true)
        try object.read("nice", into: &nice)
        try object.read("priority", into: &priority)
        try object.read("flags", into: &flags)
        try object.read("runtime", into: &runtime)
        try object.read("deadline", into: &deadline)
        try object.read("period", into: &period)
    }
}

extension IOPriority: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("class", into: &`class`, required: true)
        try object.read("priority", into: &priority)
    }
}

extension ExecCPUAffinity: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("initial", into: &initial)
        try object.read("final", into: &final)
    }
}
