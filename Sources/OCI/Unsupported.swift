// What apus does not do yet: one row for each feature. Take a row away when the feature works.
import JSON
import Linux

/// A feature of the schema that apus parses and refuses. A value that asks for nothing is fine.
struct Unsupported {
    /// What is refused, as the message names it.
    let feature: String
    /// Pointers to where the configuration asks for it.
    let requests: @Sendable (Spec) -> [String]

    private init(_ feature: String, _ requests: @escaping @Sendable (Spec) -> [String]) {
        self.feature = feature
        self.requests = requests
    }

    static let rules: [Rule] = [
        Rule("unsupported", "CHANGELOG.md") { spec, report in
            for row in table {
                for pointer in row.requests(spec) {
                    report.error(pointer, "\(row.feature) is not supported yet")
                }
            }
        }
    ]

    /// The pointer when the condition holds.
    private static func at(_ pointer: String, when asked: Bool) -> [String] { asked ? [pointer] : [] }

    private static let table: [Unsupported] = processTable + linuxTable + mountTable

    private static let processTable: [Unsupported] = [
        Unsupported("a container without a process") { at("/process", when: $0.process == nil) },
        Unsupported("a terminal") { at("/process/terminal", when: $0.process?.terminal == true) },
        Unsupported("AppArmor") { at("/process/apparmorProfile", when: $0.process?.apparmorProfile != nil) },
        Unsupported("SELinux") { at("/process/selinuxLabel", when: $0.process?.selinuxLabel != nil) },
        Unsupported("a scheduler") { at("/process/scheduler", when: $0.process?.scheduler != nil) },
        Unsupported("an I/O priority") { at("/process/ioPriority", when: $0.process?.ioPriority != nil) },
        Unsupported("CPU affinity for exec") { spec in
            let affinity = spec.process?.execCPUAffinity
            return at("/process/execCPUAffinity", when: affinity?.initial != nil || affinity?.final != nil)
        },
    ]

    private static let linuxTable: [Unsupported] = [
        Unsupported("a clock offset") { at("/linux/timeOffsets", when: !$0.linux.timeOffsets.isEmpty) },
        Unsupported("moving network devices") { at("/linux/netDevices", when: !$0.linux.netDevices.isEmpty) },
        Unsupported("Intel RDT") {
            at("/linux/intelRdt", when: ($0.linux.intelRdt ?? IntelRdt()) != IntelRdt())
        },
        Unsupported("a memory policy") { at("/linux/memoryPolicy", when: $0.linux.memoryPolicy != nil) },
        Unsupported("an SELinux label for mounts") {
            at("/linux/mountLabel", when: $0.linux.mountLabel != nil)
        },
        Unsupported("a seccomp listener") { spec in
            at("/linux/seccomp/listenerPath", when: spec.linux.seccomp?.usesNotify == true)
        },
    ]

    private static let mountTable: [Unsupported] = [
        Unsupported("an id-mapped mount") { spec in
            spec.mounts.indices.flatMap { index in
                let mount = spec.mounts[index]
                let options = mount.options.indices.filter { Mount.isIDMapOption(mount.options[$0]) }
                return options.map { "/mounts/\(index)/options/\($0)" }
                    + at("/mounts/\(index)/uidMappings", when: !mount.uidMappings.isEmpty)
                    + at("/mounts/\(index)/gidMappings", when: !mount.gidMappings.isEmpty)
            }
        }
    ]
}
