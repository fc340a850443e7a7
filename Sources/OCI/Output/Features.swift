// What the runtime implements, for `features` (features.md, features-linux.md). The lists come from the tables.
import JSON
import Linux

/// The features structure. What is refused as unsupported is not announced.
public struct Features: Sendable {
    /// `io.github.seccomp.libseccomp.version` and the like, in the order given.
    public var annotations: [(key: String, value: String)]

    /// The architectures that seccomp filters can be made for.
    public var architectures: [String]

    public init(
        annotations: [(key: String, value: String)],
        architectures: [String] = SeccompProfile.architectureNames
    ) {
        self.annotations = annotations
        self.architectures = architectures
    }

    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("ociVersionMin", "1.0.0")
            json.member("ociVersionMax", State.ociVersion)
            json.member("hooks", Hooks.names)
            json.member("mountOptions", MountOption.names)
            json.member("linux", object: writeLinux)
            json.member(
                "annotations",
                object: { json in for (key, value) in annotations { json.member(key, value) } })
            json.member("potentiallyUnsafeConfigAnnotations", Annotation.potentiallyUnsafe)
        }
    }

    private func writeLinux(_ json: inout JSONWriter) {
        json.member("namespaces", NamespaceKind.allCases.map(\.specName).sorted())
        json.member("capabilities", Capability.names)
        json.member(
            "cgroup",
            object: {
                $0.member("v1", true)
                $0.member("v2", true)
                $0.member("systemd", true)
                $0.member("systemdUser", true)
                $0.member("rdma", true)
            })
        json.member("seccomp", object: writeSeccomp)
        for name in ["apparmor", "selinux"] { json.member(name, object: { $0.member("enabled", true) }) }
        json.member(
            "memoryPolicy",
            object: {
                $0.member("modes", MemoryPolicy.modes)
                $0.member("flags", MemoryPolicy.flagNames)
            })
        json.member(
            "intelRdt",
            object: {
                $0.member("enabled", true)
                $0.member("schemata", true)
                $0.member("monitoring", true)
            })
        json.member(
            "mountExtensions", object: { $0.member("idmap", object: { $0.member("enabled", true) }) })
        json.member("netDevices", object: { $0.member("enabled", true) })
    }

    private func writeSeccomp(_ json: inout JSONWriter) {
        json.member("enabled", true)
        json.member("actions", SeccompProfile.actions.sorted())
        json.member("operators", SeccompProfile.operators.sorted())
        json.member("archs", architectures.sorted())
        json.member("knownFlags", SeccompProfile.flagNames)
        json.member("supportedFlags", SeccompProfile.flagNames)
    }
}
