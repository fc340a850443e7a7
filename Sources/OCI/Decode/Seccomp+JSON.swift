// Reads the seccomp profile of config.json (config-linux.md, Seccomp). One call for each property.

extension SeccompProfile: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("defaultAction", into: &defaultAction, required: true)
        try object.read("defaultErrnoRet", into: &defaultErrnoRet)
        try object.read("architectures", into: &architectures)
        try object.read("flags", into: &flags)
        try object.read("listenerPath", into: &listenerPath)
        try object.read("listenerMetadata", into: &listenerMetadata)
        try object.read("syscalls", into: &syscalls)
    }
}

extension SeccompRule: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("names", into: &names, required: true)
        try object.read("action", into: &action, required: true)
        try object.read("errnoRet", into: &errnoRet)
        try object.read("args", into: &args)
    }
}

extension SeccompArgument: SpecObject {
    public mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("index", into: &index, required: true)
        try object.read("value", into: &value, required: true)
        try object.read("valueTwo", into: &valueTwo)
        try object.read("op", into: &op, required: true)
    }
}
