// Phase 4: the mounts, in the order of config.json.
import CLinux
import Cgroups
import Linux
import OCI

extension LaunchPlan {
    mutating func planMounts() throws(SpecError) {
        for index in spec.mounts.indices {
            let plan = try mountPlan(index)
            add(.container(.mount(index: index, plan)), "/mounts/\(index)")
        }
    }

    /// tmpcopyup is unbounded work: the runtime does it, on a mount that is not attached anywhere yet.
    mutating func planCopies() throws(SpecError) {
        for index in spec.mounts.indices where spec.mounts[index].options.contains("tmpcopyup") {
            if case .filesystem(let mount) = try mountPlan(index).source {
                add(.runtime(.copyUp(index: index, mount)), "/mounts/\(index)")
            }
        }
    }

    private func mountPlan(_ index: Int) throws(SpecError) -> MountPlan {
        let mount = spec.mounts[index]
        let pointer = "/mounts/\(index)"
        var folded = FoldedOptions()
        for (number, option) in mount.options.enumerated() {
            if let problem = folded.add(option) {
                throw SpecError(pointer: pointer + "/options/\(number)", message: problem)
            }
        }
        var destination = cleanPath(mount.destination)
        let type = mount.type ?? ""
        let source: MountSource
        if folded.remounts {
            source = .remount(options: folded.filesystem, isBind: folded.bind != nil)
        } else if let recursive = folded.bind {
            source = try bindSource(mount, recursive: recursive, pointer)
        } else if type == "cgroup", case .legacy(let hierarchies, _) = facts.cgroups {
            source = .cgroupHierarchies(
                hierarchyMounts(hierarchies), readOnly: folded.attributes.set & UInt64(MOUNT_ATTR_RDONLY) != 0
            )
        } else if type.isEmpty || type == "bind" || type == "none" {
            throw SpecError(
                pointer: pointer + "/type",
                message: type.isEmpty
                    ? "a mount needs a type, or the option \"bind\" or \"rbind\""
                    : "type \"\(type)\" alone mounts nothing; the option \"bind\" or \"rbind\" makes a bind mount"
            )
        } else {
            source = .filesystem(try labelled(filesystem(mount, type, folded, destination, index), mount))
        }
        let policy = try policy(destination, type, source, pointer)
        // Where links are refused, a dangling one is too.
        if policy == .outsideProc {
            destination = facts.danglingLinks[mount.destination].map(cleanPath) ?? destination
        }
        return MountPlan(
            destination: destination, source: source, attributes: folded.attributes,
            recursiveAttributes: folded.recursiveAttributes, propagation: folded.propagation,
            destinationPolicy: policy)
    }

    private func filesystem(
        _ mount: Mount, _ type: String, _ folded: FoldedOptions, _ destination: String, _ index: Int
    ) -> FilesystemMount {
        var filesystem = FilesystemMount(
            type: type == "cgroup" ? "cgroup2" : type, source: mount.source ?? type,
            options: folded.filesystem)
        filesystem.attributes = folded.attributes.set
        if folded.copiesUp { filesystem.copyUp = copySource(destination, before: index) }
        // chmod(2) of a read-only mount fails.
        filesystem.takesMode =
            type == "tmpfs" && !folded.filesystem.contains { $0.key == "mode" || $0.key == "ro" }
        return filesystem
    }

    private func bindSource(
        _ mount: Mount, recursive: Bool, _ pointer: String
    ) throws(SpecError) -> MountSource {
        guard let source = mount.source, !source.isEmpty else {
            throw SpecError(pointer: pointer + "/source", message: "a bind mount needs a source")
        }
        let path = source.hasPrefix("/") ? source : options.bundle + "/" + source
        guard let kind = facts.sources[path] else {
            throw SpecError(
                pointer: pointer + "/source", message: "bind mount source \(path): no such file or directory")
        }
        return .bind(path: path, recursive: recursive, kind: kind)
    }

    /// What a tmpfs at `destination` hides: the rootfs' own directory, or part of an earlier bind mount.
    private func copySource(_ destination: String, before index: Int) -> CopySource {
        for earlier in spec.mounts[..<index].reversed() {
            let place = cleanPath(earlier.destination)
            guard place == destination || place.isEmpty || destination.hasPrefix(place + "/") else {
                continue
            }
            guard earlier.options.contains(where: { $0 == "bind" || $0 == "rbind" }),
                let source = earlier.source
            else { return .nothing }
            let path = source.hasPrefix("/") ? source : options.bundle + "/" + source
            return .host(path: path, below: String(destination.dropFirst(place.utf8.count)))
        }
        return .root(path: destination)
    }

    private func hierarchyMounts(_ hierarchies: [CgroupLayout.Hierarchy]) -> [CgroupHierarchyMount] {
        let own = namespace(.cgroup) != nil
        return hierarchies.map { hierarchy in
            let name = String(hierarchy.mountpoint.split(separator: "/").last ?? "cgroup")
            let controllers = hierarchy.controllers.filter { !$0.hasPrefix("name=") }
            var mountOptions: [FilesystemOption] = controllers.map { FilesystemOption($0) }
            if let named = hierarchy.name {
                mountOptions = [FilesystemOption("none"), FilesystemOption("name", named)] + mountOptions
            }
            return CgroupHierarchyMount(
                name: name, options: own ? mountOptions : nil,
                path: cgroups.map { hierarchy.mountpoint + $0.path } ?? hierarchy.mountpoint,
                links: controllers.filter { $0 != name })
        }
    }

    // MARK: - Destinations

    /// Files in /proc that lxcfs and CRI-O cover; anything else there would fake the kernel's answers
    /// (CVE-2019-16884, CVE-2019-19921).
    static let coverableInProc: [String] = [
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo",
        "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    ]

    private func policy(
        _ destination: String, _ type: String, _ source: MountSource, _ pointer: String
    ) throws(SpecError) -> DestinationPolicy {
        if type == "proc" || type == "sysfs" || destination == "proc" || destination == "sys" {
            var isProc = type == "proc"
            if case .bind(_, _, let kind) = source { isProc = kind == .procDirectory }
            if case .remount = source { isProc = true }
            if destination == "proc" && !isProc {
                throw SpecError(
                    pointer: pointer + "/destination",
                    message: "\"/proc\" cannot be mounted because it is not of type proc")
            }
            return .noSymlinks
        }
        guard destination.hasPrefix("proc/") else { return .outsideProc }
        guard Self.coverableInProc.contains(String(destination.dropFirst(5))) else {
            throw SpecError(
                pointer: pointer + "/destination",
                message: "\"/\(destination)\" cannot be mounted because it is inside /proc")
        }
        return .allowedInProc
    }
}

/// The options of one mount, sorted by what they do.
struct FoldedOptions {
    var attributes = MountAttributes()
    var recursiveAttributes = MountAttributes()
    var propagation: [Propagation] = []
    var filesystem: [FilesystemOption] = []
    /// nil: no bind mount; else whether it is recursive.
    var bind: Bool?
    var remounts = false
    var copiesUp = false

    /// Takes one option in; says what is wrong with it.
    mutating func add(_ option: String) -> String? {
        guard let effect = MountOption.effect(of: option) else {
            addData(option)
            return nil
        }
        switch effect {
        case .attribute(let set, let clear): attributes.add(set: set, clear: clear)
        case .recursiveAttribute(let set, let clear): recursiveAttributes.add(set: set, clear: clear)
        case .readOnly(let on):
            let bit = UInt64(MOUNT_ATTR_RDONLY)
            attributes.add(set: on ? bit : 0, clear: on ? 0 : bit)
            filesystem.removeAll { $0.key == "ro" || $0.key == "rw" }
            if on { filesystem.append(FilesystemOption("ro")) }
        case .superblock(let key, _, let set):
            if let key {
                filesystem.append(FilesystemOption(key))
            } else if set && option == "iversion" {
                return "mount option \"\(option)\" is not supported by the kernel's mount interface"
            }
        case .propagation(let flag, let recursive):
            propagation.append(Propagation(flag: flag, recursive: recursive))
        case .bind(let recursive): bind = recursive || bind == true
        case .remount: remounts = true
        case .tmpcopyup: copiesUp = true
        case .nothing: break
        case .idmap, .copySymlink, .sourceNoFollow, .destinationNoFollow:
            return "mount option \"\(option)\" is not supported yet"
        }
        return nil
    }

    private mutating func addData(_ option: String) {
        guard let equals = option.firstIndex(of: "=") else {
            if !option.isEmpty { filesystem.append(FilesystemOption(option)) }
            return
        }
        filesystem.append(
            FilesystemOption(String(option[..<equals]), String(option[option.index(after: equals)...])))
    }
}
