// Rules on mounts and hooks.
import JSON
import Linux

extension Spec {
    static let mountRules: [Rule] = [
        Rule("mount-destination", "config.md, Mounts") { spec, report in
            for (index, mount) in spec.mounts.enumerated() {
                if mount.destination.isEmpty {
                    report.error("/mounts/\(index)/destination", "must not be empty")
                } else if mount.destination.utf8.first != UInt8(ascii: "/") {
                    report.warning(
                        "/mounts/\(index)/destination",
                        "\"\(mount.destination)\" is relative, which is deprecated: it is taken from \"/\"")
                }
            }
        },
        Rule("mount-type", "config.md, Mounts") { spec, report in
            for (index, mount) in spec.mounts.enumerated() {
                checkType(of: mount, at: "/mounts/\(index)", &report)
            }
        },
        Rule("mount-options", "config.md, Linux mount options") { spec, report in
            for (index, mount) in spec.mounts.enumerated() {
                for (number, option) in mount.options.enumerated() {
                    checkOption(option, at: "/mounts/\(index)/options/\(number)", &report)
                }
                checkLinks(of: mount, at: "/mounts/\(index)/options", &report)
            }
        },
        Rule("mount-mappings", "config.md, POSIX-platform Mounts") { spec, report in
            for (index, mount) in spec.mounts.enumerated() {
                checkMappings(of: mount, at: "/mounts/\(index)", spec, &report)
            }
        },
    ]

    /// A mount is a bind mount by its options alone; the kernel has no file system called "bind".
    private static func checkType(of mount: Mount, at pointer: String, _ report: inout Report) {
        if mount.isBind {
            if mount.source == nil { report.error(pointer + "/source", "a bind mount needs a source") }
            return
        }
        if let type = mount.type, type != "none", type != "bind" { return }
        let changesOnly = mount.options.contains { option in
            switch MountOption.effect(of: option) {
            case .remount, .propagation: true
            default: false
            }
        }
        if changesOnly { return }
        guard let type = mount.type else {
            return report.error(
                pointer + "/type", "is required but missing unless options have bind or rbind")
        }
        report.error(
            pointer + "/type", "\"\(type)\" is not a file system type",
            hint: "add \"rbind\" or \"bind\" to options")
    }

    /// Unknown names are for the file system, unless they look like a slip.
    private static func checkOption(
        _ option: String, at pointer: @autoclosure () -> String, _ report: inout Report
    ) {
        // An empty option, which Buildah writes, asks for nothing.
        if !report.advises || option.isEmpty || MountOption.effect(of: option) != nil
            || option.utf8.contains(UInt8(ascii: "="))
        {
            return
        }
        guard let hint = didYouMean(option, in: MountOption.names) else { return }
        report.warning(pointer(), "\"\(option)\" is unknown here and goes to the file system", hint: hint)
    }

    /// One says that a link is copied, the others that it is mounted or mounted on.
    private static func checkLinks(of mount: Mount, at pointer: String, _ report: inout Report) {
        guard let copy = mount.options.firstIndex(of: "copy-symlink") else { return }
        for other in ["src-nofollow", "dest-nofollow"] where mount.options.contains(other) {
            report.error(pointer + "/\(copy)", "\"copy-symlink\" and \"\(other)\" exclude each other")
        }
    }

    private static func checkMappings(
        of mount: Mount, at pointer: String, _ spec: Spec, _ report: inout Report
    ) {
        checkPair(mount.uidMappings, mount.gidMappings, at: pointer, &report)
        let asksForMapping = mount.options.contains(where: Mount.isIDMapOption)
        if mount.uidMappings.isEmpty, mount.gidMappings.isEmpty {
            if let number = mount.options.firstIndex(where: IDMapOption.carriesMaps) {
                do throws(IDMapOption.Refusal) {
                    _ = try IDMapOption(mount.options[number], in: spec.linux)
                } catch {
                    report.error(pointer + "/options/\(number)", error.message)
                }
            } else if asksForMapping, spec.linux.namespace(.user) == nil {
                report.error(
                    pointer + "/options", "idmap needs uidMappings and gidMappings, or a user namespace")
            }
        } else if !asksForMapping {
            report.warning(
                pointer + "/options", "mappings are given, but neither idmap nor ridmap",
                hint: "older runtimes ignore the mappings then")
        }
    }

    static let hookRules: [Rule] = [
        Rule("hook-path", "config.md, POSIX-platform Hooks") { spec, report in
            guard let hooks = spec.hooks else { return }
            for (name, hooks) in hooks.lists {
                for (index, hook) in hooks.enumerated() {
                    report.requireAbsolute(hook.path, at: "/hooks/\(name)/\(index)/path")
                }
            }
        },
        Rule("hook-timeout", "config.md, POSIX-platform Hooks") { spec, report in
            guard let hooks = spec.hooks else { return }
            for (name, hooks) in hooks.lists {
                for (index, hook) in hooks.enumerated() {
                    if let timeout = hook.timeout, timeout <= 0 {
                        report.error("/hooks/\(name)/\(index)/timeout", "must be above 0, not \(timeout)")
                    }
                }
            }
        },
    ]
}

extension Mount {
    /// Whether `bind` or `rbind` is among the options (config.md, Mounts).
    public var isBind: Bool {
        options.contains { $0 == "bind" || $0 == "rbind" }
    }

    /// Whether the ids of its files are to be mapped.
    public var mapsIDs: Bool {
        !uidMappings.isEmpty || !gidMappings.isEmpty || options.contains(where: Self.isIDMapOption)
    }

    /// `copy-symlink` and `src-nofollow`: a source that is a link is not followed.
    public static func keepsSourceLink(_ option: String) -> Bool {
        option == "copy-symlink" || option == "src-nofollow"
    }

    /// `idmap` and `ridmap`, alone or with a map after `=`.
    public static func isIDMapOption(_ option: String) -> Bool {
        let bytes = option.utf8
        if bytes.first != UInt8(ascii: "i"), bytes.first != UInt8(ascii: "r") { return false }
        if case .idmap = MountOption.effect(of: option) { return true }
        return false
    }
}

extension Hooks {
    /// The six lists in the order in which they run, with their names.
    public var lists: [(name: String, hooks: [Hook])] {
        [
            ("prestart", prestart), ("createRuntime", createRuntime), ("createContainer", createContainer),
            ("startContainer", startContainer), ("poststart", poststart), ("poststop", poststop),
        ]
    }

    /// Their names (`features.hooks`).
    public static var names: [String] { Hooks().lists.map(\.name) }
}
