// Phase 9, a part of it: what AppArmor and SELinux are told; and the groups that stay.
import Linux
import OCI

extension LaunchPlan {
    /// Written while the init still has all privileges and no_new_privs does not limit the choice; execve(2) applies
    /// them. There is no execve before the process' own.
    mutating func planSecurityLabels(_ process: Process) throws(SpecError) {
        // Without AppArmor, all processes are unconfined.
        if let profile = process.apparmorProfile, profile != "unconfined" || facts.appArmorAttribute != nil {
            guard let attribute = facts.appArmorAttribute else {
                throw SpecError(
                    pointer: "/process/apparmorProfile",
                    message:
                        "AppArmor profile \"\(profile)\" cannot be applied: AppArmor is not enabled on this host"
                )
            }
            add(
                .container(.setAppArmorProfile(profile, attribute: attribute)), "/process/apparmorProfile")
        }
        if let label = process.selinuxLabel {
            try requireSELinux(for: label, at: "/process/selinuxLabel")
            add(.container(.setExecLabel(label)), "/process/selinuxLabel")
        }
    }

    /// Before the session keyring is made: it belongs to the process.
    mutating func planKeyLabel(_ process: Process) throws(SpecError) {
        guard let label = process.selinuxLabel, !options.noNewKeyring else { return }
        try requireSELinux(for: label, at: "/process/selinuxLabel")
        add(.container(.setKeyLabel(label)), "/process/selinuxLabel")
    }

    func requireSELinux(for label: String, at pointer: String) throws(SpecError) {
        if facts.hasSELinux { return }
        throw SpecError(
            pointer: pointer,
            message: "label \"\(label)\" cannot be applied: SELinux is not enabled on this host")
    }

    /// An annotation of crun that Podman's `--group-add keep-groups` sets.
    var keepsGroups: Bool { spec.annotations[Annotation.keepOriginalGroups] == "1" }
}

// MARK: - Labels of mounts

extension LaunchPlan {
    /// SELinux' options (mount(8)); the first unless an annotation of crun, which Podman sets, names another.
    private static let labelOptions: [String] = ["context", "fscontext", "defcontext", "rootcontext"]

    /// The file system with `linux.mountLabel`. The kernel labels proc, sysfs and cgroups itself, and takes no option for
    /// mqueue, whose root is labelled instead (runc does the same).
    func labelled(_ filesystem: FilesystemMount, _ mount: Mount) throws(SpecError) -> FilesystemMount {
        guard let label = spec.linux.mountLabel else { return filesystem }
        try requireSELinux(for: label, at: "/linux/mountLabel")
        let kind = spec.annotations[Annotation.mountContextType] ?? Self.labelOptions[0]
        guard Self.labelOptions.contains(kind) else {
            throw SpecError(
                pointer: "/annotations/" + Annotation.mountContextType,
                message: "\"\(kind)\" is none of \(Self.labelOptions.joined(separator: ", "))")
        }
        var filesystem = filesystem
        switch filesystem.type {
        case "proc", "sysfs", "cgroup", "cgroup2": break
        case "mqueue": filesystem.label = label
        default:
            let hasOwn = filesystem.options.contains { Self.labelOptions.contains($0.key) }
            if !hasOwn { filesystem.options.append(FilesystemOption(kind, label)) }
        }
        return filesystem
    }
}
