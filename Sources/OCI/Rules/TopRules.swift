// Rules on the top of config.json: version, root, names, annotations.
import JSON
import Linux

extension Spec {
    static let topRules: [Rule] = [
        Rule("oci-version", "config.md, Specification version") { spec, report in
            guard let major = majorVersion(spec.ociVersion) else {
                report.error(
                    "/ociVersion", "\"\(spec.ociVersion)\" is not a semantic version", hint: "use \"1.3.0\"")
                return
            }
            if major != 1 {
                report.error("/ociVersion", "version \(spec.ociVersion) is not supported, expected 1.x")
            }
        },
        Rule("root", "config.md, Root") { spec, report in
            guard let root = spec.root else { return report.error("/root", "is required but missing") }
            report.requireNonEmpty(root.path, at: "/root/path")
        },
        Rule("hostname-uts", "config.md, Hostname") { spec, report in
            if let name = spec.hostname { checkHostName(name, "/hostname", spec, &report) }
        },
        Rule("domainname-uts", "config.md, Domainname") { spec, report in
            if let name = spec.domainname { checkHostName(name, "/domainname", spec, &report) }
        },
        Rule("annotation-keys", "config.md, Annotations") { spec, report in
            if spec.annotations[""] != nil { report.error("/annotations/", "keys must not be empty") }
        },
    ]

    /// The first number of a semantic version; nil when the text is none (semver.org 2.0.0).
    private static func majorVersion(_ version: String) -> Int? {
        let parts = version.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let core = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        for labels in parts.dropFirst() + core.dropFirst() {
            let names = labels.split(separator: ".", omittingEmptySubsequences: false)
            for name in names where name.isEmpty || !name.utf8.allSatisfy(isLabel) { return nil }
        }
        let numbers = core[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3 else { return nil }
        for number in numbers {
            if number.isEmpty || !number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
            if number.utf8.count > 1, number.utf8.first == 0x30 { return nil }
        }
        return Int(numbers[0])
    }

    /// A letter, a digit or a hyphen.
    private static func isLabel(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d
    }

    /// sethostname(2) takes 64 bytes, and changing the host's own name is never meant.
    private static func checkHostName(_ name: String, _ pointer: String, _ spec: Spec, _ report: inout Report)
    {
        if spec.linux.namespace(.uts) == nil {
            report.error(
                pointer, "needs a uts namespace in /linux/namespaces", hint: "add {\"type\": \"uts\"} there")
        }
        if name.utf8.count > 64 { report.error(pointer, "is longer than 64 bytes") }
    }
}

extension LinuxConfig {
    /// The entry of that kind; nil when the container shares the runtime's namespace.
    public func namespace(_ kind: NamespaceKind) -> NamespaceEntry? {
        namespaces.first { $0.type == kind.specName }
    }

    /// Whether the container gets a new namespace of that kind.
    public func createsNamespace(_ kind: NamespaceKind) -> Bool {
        namespace(kind).map { $0.path == nil } ?? false
    }
}
