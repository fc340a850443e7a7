// features.md, features-linux.md: what a runtime says of itself is true.
import Foundation
import Launch

extension Trial {
    /// The features structure; a runtime without one skips, since it is optional.
    fileprivate func features() throws -> JSON {
        let outcome = try command([runtime, "features"]).run()
        if outcome.status != 0 {
            throw Skip("the runtime has no features: \(outcome.err.trimmed.prefix(80))")
        }
        return try JSON.parse(outcome.out)
    }

    /// The list at a path of the structure; it may be absent.
    fileprivate func announced(_ path: String...) throws -> [String] {
        var place = try features()
        for name in path { place = place[name] }
        if place == .null { throw Skip("features does not say \(path.joined(separator: "."))") }
        return place.items.compactMap(\.text)
    }

    /// A container with this config runs.
    fileprivate func taken(_ what: String, _ edit: (inout JSON) -> Void) throws {
        let outcome = try container(["args"], edit).run()
        try check(outcome.status == 0, "\(what): \(outcome.description)")
    }
}

private func version(_ text: String) -> [Int] {
    text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
}

private func profile(_ action: String, more: JSON = [:], op: String? = nil) -> JSON {
    var profile = more
    profile.defaultAction = "SCMP_ACT_ALLOW"
    var rule: JSON = ["names": ["mknod"], "action": .string(action)]
    if let op { rule.args = [["index": 0, "value": 1, "valueTwo": 1, "op": .string(op)]] }
    profile.syscalls = [rule]
    return profile
}

/// The properties that the spec defines; nil: a list or a plain value.
private let known: [String: [String]] = [
    "": [
        "ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "annotations", "linux",
        "potentiallyUnsafeConfigAnnotations",
    ],
    "linux": [
        "namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "intelRdt", "memoryPolicy",
        "mountExtensions", "netDevices",
    ],
    "linux.cgroup": ["v1", "v2", "systemd", "systemdUser", "rdma"],
    "linux.seccomp": [
        "enabled", "actions", "operators", "archs", "knownFlags", "supportedFlags",
    ],
    "linux.apparmor": ["enabled"], "linux.selinux": ["enabled"], "linux.netDevices": ["enabled"],
    "linux.intelRdt": ["enabled", "schemata", "monitoring"], "linux.memoryPolicy": ["modes", "flags"],
    "linux.mountExtensions": ["idmap"], "linux.mountExtensions.idmap": ["enabled"],
]

private let lists: Set<String> = [
    "hooks", "mountOptions", "potentiallyUnsafeConfigAnnotations", "linux.namespaces", "linux.capabilities",
    "linux.seccomp.actions", "linux.seccomp.operators", "linux.seccomp.archs", "linux.seccomp.knownFlags",
    "linux.seccomp.supportedFlags", "linux.memoryPolicy.modes", "linux.memoryPolicy.flags",
]

private func walk(_ value: JSON, _ path: String, _ visit: (String, JSON) throws -> Void) throws {
    for name in value.names {
        let below = path.isEmpty ? name : path + "." + name
        try visit(below, value[name])
        if known[below] != nil { try walk(value[name], below, visit) }
    }
}

let featuresCases: [Case] =
    ["min": "ociVersionMin", "max": "ociVersionMax"].sorted { $0.key > $1.key }.map { name, property in
        Case("features.version-\(name)", "\(property) is taken as ociVersion", "features.md") { t in
            let version = try t.features()[property]
            try check(version.text?.isEmpty == false, "no \(property)")
            try t.taken("ociVersion \(version)") { $0.ociVersion = version }
        }
    }
    + [
        Case("features.version-order", "ociVersionMax is not below ociVersionMin", "features.md") { t in
            let features = try t.features()
            let least = version(features.ociVersionMin.text ?? "")
            let most = version(features.ociVersionMax.text ?? "")
            try check(least.count == 3 && most.count == 3, "not two versions: \(least), \(most)")
            try check(!most.lexicographicallyPrecedes(least), "\(most) is below \(least)")
        },
        Case("features.known-properties", "there are no properties but those of the spec", "features.md") {
            t in
            try walk(try t.features(), "") { path, _ in
                let parent = path.split(separator: ".").dropLast().joined(separator: ".")
                let name = String(path.split(separator: ".").last ?? "")
                if let names = known[parent] { try check(names.contains(name), "\(path) is not of the spec") }
            }
        },
        Case("features.types", "every property has the type of the spec", "features-linux.md") { t in
            try walk(try t.features(), "") { path, value in
                switch value {
                case .array: try check(lists.contains(path), "\(path) is a list")
                case .bool: try check(known[path] == nil && !lists.contains(path), "\(path) is a boolean")
                case .object: try check(known[path] != nil || path == "annotations", "\(path) is an object")
                case .string: try check(path.hasPrefix("ociVersion"), "\(path) is a string")
                default: throw Failure("\(path) is \(value)")
                }
            }
        },
        Case("features.annotations", "annotations are strings", "features.md") { t in
            let annotations = try t.features().annotations
            for name in annotations.names {
                try check(!name.isEmpty && annotations[name].text != nil, "annotation \(name)")
            }
        },
        Case("features.hooks", "every kind of hook that is named runs", "features.md", tags: [.hooks]) { t in
            for kind in try t.announced("hooks") {
                let c = try t.hooked(
                    probe: ["sleep", "0.05"], [kind: [t.hook(kind, inside: kind == "startContainer")]])
                try equal(try c.run().status, 0, "exit code with a \(kind) hook")
                _ = try t.record(kind)
            }
        },
        Case(
            "features.mount-options", "every mount option that is named is taken", "features.md",
            tags: [.mounts, .slow]
        ) { t in
            let source = t.directory + "/source"
            try Files.makeDirectory(source)
            let plain: Set<String> = ["remount", "rbind", "bind", "idmap", "ridmap"]
            for option in try t.announced("mountOptions") where !plain.contains(option) {
                let propagates = option.hasSuffix("private") || option.hasSuffix("shared")
                let binds =
                    propagates || option.hasSuffix("slave") || option.hasSuffix("unbindable")
                    || option.contains("-")
                    || (option.hasPrefix("r") && !["ro", "rw", "relatime"].contains(option))
                try t.taken("mount option \(option)") {
                    $0.mounts.append(
                        binds
                            ? .bind(source, "/m", ["rbind", .string(option)])
                            : tmpfs("/m", [.string(option)]))
                }
            }
        },
        Case("features.mount-options-no-data", "options of one file system are not named", "features.md") {
            t in
            let options = try t.announced("mountOptions")
            for name in ["size", "mode", "uid", "gid", "nr_inodes", "newinstance", "ptmxmode", "hidepid"] {
                try check(!options.contains { $0 == name || $0.hasPrefix(name + "=") }, "\(name) is named")
            }
        },
        Case("features.namespaces", "every namespace that is named is taken", "features-linux.md") { t in
            for type in try t.announced("linux", "namespaces") where type != "user" {
                if type == "time" && !Files.exists("/proc/self/ns/time") { continue }
                try t.taken("namespace \(type)") { $0.setNamespace(type) }
            }
        },
        Case("features.capabilities", "every capability that is named is taken", "features-linux.md") { t in
            let names = try t.announced("linux", "capabilities")
            try check(names.contains("CAP_SYS_ADMIN"), "no CAP_SYS_ADMIN")
            // Recognizing is not granting: what root lacks here is not asked for.
            let granted = names.filter(Names.available(t.host).contains)
            let out = try t.output(["caps"]) {
                for set in ["bounding", "effective", "permitted"] {
                    $0.process.capabilities[set] = JSON(granted)
                }
            }["caps"]
            try equal(out["CapEff"], Names.mask(granted), "effective")
        },
        Case(
            "features.seccomp-actions", "every seccomp action that is named is taken", "features-linux.md",
            tags: [.seccomp]
        ) { t in
            for action in try t.announced("linux", "seccomp", "actions") where action != "SCMP_ACT_NOTIFY" {
                try t.taken(action) { $0.linux.seccomp = profile(action) }
            }
        },
        Case(
            "features.seccomp-operators", "every seccomp operator that is named is taken",
            "features-linux.md", tags: [.seccomp]
        ) { t in
            for op in try t.announced("linux", "seccomp", "operators") {
                try t.taken(op) { $0.linux.seccomp = profile("SCMP_ACT_ERRNO", op: op) }
            }
        },
        Case(
            "features.seccomp-archs", "every architecture that is named is taken", "features-linux.md",
            tags: [.seccomp]
        ) { t in
            // A filter for some other architectures cannot be made on this machine; then the error is not the one that
            // an unknown name gets.
            let nonsense = "SCMP_ARCH_NONSENSE"
            func error(_ name: String) throws -> String {
                let c = try t.container(["args"])
                c.config.linux.seccomp = profile("SCMP_ACT_ERRNO", more: ["architectures": [.string(name)]])
                let outcome = try c.run()
                if outcome.status == 0 { return "" }
                return String(outcome.err.trimmed.split(separator: "msg=").last ?? "")
                    .replacingOccurrences(of: name, with: nonsense)
                    .replacingOccurrences(of: name.dropFirst(10).lowercased(), with: nonsense)
                    .replacingOccurrences(of: c.id, with: "ID")
            }
            let unknown = try error(nonsense)
            try check(!unknown.isEmpty, "\(nonsense) is taken")
            for name in try t.announced("linux", "seccomp", "archs") {
                let message = try error(name)
                try check(!message.hasPrefix(unknown.prefix(40)) || message.isEmpty, "\(name): \(message)")
            }
        },
        Case(
            "features.seccomp-flags", "flags that are named as known are taken, supported ones work",
            "features-linux.md", tags: [.seccomp]
        ) { t in
            let supported = try t.announced("linux", "seccomp", "supportedFlags")
            let known = try t.announced("linux", "seccomp", "knownFlags")
            for flag in supported {
                try check(known.contains(flag), "\(flag) is supported and not known")
                // Goes with a listener only.
                if flag.hasSuffix("WAIT_KILLABLE_RECV") { continue }
                try t.taken(flag) {
                    $0.linux.seccomp = profile("SCMP_ACT_ERRNO", more: ["flags": [.string(flag)]])
                }
            }
        },
        Case("features.memory-policy", "modes of memoryPolicy that are named are taken", "features-linux.md")
        {
            t in
            if policy_error(0) == ENOSYS { throw Skip("the kernel has no memory policies (CONFIG_NUMA)") }
            for mode in try t.announced("linux", "memoryPolicy", "modes") {
                // It came with Linux 6.9; features tells what the runtime knows.
                if mode == "MPOL_WEIGHTED_INTERLEAVE" && policy_error(6) != 0 { continue }
                try t.taken(mode) {
                    $0.linux.memoryPolicy = ["mode": .string(mode)]
                    if !["MPOL_DEFAULT", "MPOL_LOCAL"].contains(mode) { $0.linux.memoryPolicy.nodes = "0" }
                }
            }
        },
    ]
