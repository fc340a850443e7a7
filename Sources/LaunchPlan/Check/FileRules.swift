// What a configuration asks of the host's files: root, mounts, hooks, the executable.
import Linux
import OCI

extension HostRule {
    static let fileRules: [HostRule] = [
        HostRule("host-root") { host, report in
            guard let path = host.spec.root?.path else { return }
            let root = host.absolute(path)
            switch host.survey.files[root] {
            case .missing: report.error("/root/path", "\(root): no such file or directory")
            case .link: report.error("/root/path", "rootfs \(root) must not be a symbolic link")
            case .directory, .unseen, nil: break
            default: report.error("/root/path", "\(root) is not a directory")
            }
        },
        HostRule("host-mounts") { host, report in
            for (index, mount) in host.spec.mounts.enumerated() {
                if mount.isBind {
                    guard let source = mount.source, host.facts.sources[host.absolute(source)] == nil,
                        host.facts.sourceLinks[host.absolute(source)] == nil
                            || !mount.options.contains(where: Mount.keepsSourceLink)
                    else { continue }
                    report.error(
                        "/mounts/\(index)/source",
                        "bind mount source \(host.absolute(source)): no such file or directory")
                } else if let type = mount.type, let known = host.survey.filesystems,
                    !known.contains(type == "cgroup" ? "cgroup2" : type), !["none", "bind"].contains(type),
                    !(type == "cgroup" && known.contains("cgroup"))
                {
                    report.warning(
                        "/mounts/\(index)/type",
                        "this kernel has no file system \"\(type)\", unless it can load a module",
                        hint: nearest(type, in: known.sorted()).map { "did you mean \"\($0)\"?" })
                }
            }
        },
        HostRule("host-id-mapped-mounts") { host, report in
            guard host.survey.idMappedMounts == false else { return }
            for (index, mount) in host.spec.mounts.enumerated()
            where !mount.uidMappings.isEmpty || mount.options.contains(where: Mount.isIDMapOption) {
                report.error(
                    "/mounts/\(index)", "needs id-mapped mounts, which this kernel does not have")
            }
        },
        HostRule("host-hooks") { host, report in
            for (name, hooks) in host.spec.hooks?.lists ?? [] where name != "startContainer" {
                for (index, hook) in hooks.enumerated() {
                    let pointer = "/hooks/\(name)/\(index)/path"
                    switch host.survey.files[hook.path] {
                    case .missing: report.error(pointer, "\(hook.path): no such file or directory")
                    case .executable, .unseen, nil: break
                    default: report.error(pointer, "\(hook.path) cannot be executed")
                    }
                }
            }
            // The container's own files may come with a mount or with an earlier hook.
            for (index, hook) in (host.spec.hooks?.startContainer ?? []).enumerated()
            where host.survey.files["root:" + hook.path] == .missing {
                report.warning(
                    "/hooks/startContainer/\(index)/path", "the root has no \(hook.path) so far")
            }
        },
        HostRule("host-executable") { host, report in
            guard let name = host.process?.args.first else { return }
            switch host.survey.executable {
            case .missing:
                report.error(
                    "/process/args/0",
                    name.contains("/")
                        ? "\"\(name)\" is not in the root" : "\"\(name)\" is not in the root's $PATH")
            case .unusable(let path, let reason):
                report.error("/process/args/0", "\"\(path)\" cannot be executed: \(reason)")
            case .found, .unseen: break
            }
        },
    ]
}
