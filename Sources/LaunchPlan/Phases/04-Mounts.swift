// Phase 4: the mounts, in the order of config.json.
import CLinux
import Cgroups
import Linux
import OCI

extension LaunchPlan {
    mutating func planMounts() throws(SpecError) {
        for index in spec.mounts.indices {
            let plan = try mountPlan(index)
            if case .filesystem(let filesystem) = plan.source, filesystem.isFilledInside {
                add(.container(.makeFilesystem(filesystem)), "/mounts/\(index)")
                add(.runtime(.fill(filesystem, root: rootPath)), "/mounts/\(index)")
            }
            try addMount(index, plan)
        }
    }

    mutating func addMount(_ index: Int, _ plan: MountPlan) throws(SpecError) {
        add(.container(.mount(index: index, plan)), "/mounts/\(index)")
        guard plan.isFilled else { return }
        // The init holds a descriptor for each.
        guard filledMounts.count < 32 else {
            throw SpecError(
                pointer: "/mounts/\(index)/options",
                message: "more than 32 read-only tmpfs that something is made in are not supported")
        }
        filledMounts.append(index)
    }

    /// Read-only is what they are once the container has all its mounts, devices and directories in them.
    mutating func planFilledMounts() {
        for index in filledMounts {
            add(.container(.makeMountReadOnly(index: index)), "/mounts/\(index)/options")
        }
    }

    /// Whether something is made in the file system at `destination` after it is mounted.
    private func holdsMore(_ destination: String, _ index: Int) -> Bool {
        func holds(_ path: String) -> Bool {
            let path = cleanPath(path)
            return destination.isEmpty ? !path.isEmpty : path.hasPrefix(destination + "/")
        }
        return destination == "dev" || spec.mounts[(index + 1)...].contains { holds($0.destination) }
            || spec.linux.devices.contains { holds($0.path) } || spec.process.map { holds($0.cwd) } ?? false
    }

    /// tmpcopyup is unbounded work: the runtime does it, on a mount that is not attached anywhere yet.
    mutating func planCopies() throws(SpecError) {
        for index in spec.mounts.indices where spec.mounts[index].options.contains("tmpcopyup") {
            if case .filesystem(var mount) = try mountPlan(index).source, !mount.isFilledInside {
                if hasUserNamespace {
                    mount.options = try ownedByRoot(mount.options, "/mounts/\(index)/options")
                }
                add(.runtime(.copyUp(index: index, mount)), "/mounts/\(index)")
            }
        }
    }

    /// The runtime cannot make the tmpfs, or does not know the maps that its owner would need.
    private var copiesInside: Bool { hasUserNamespace && !(createsUserNamespace && isPrivileged) }

    /// The options of a tmpfs that the runtime makes for root of the user namespace: its ids are the runtime's.
    private func ownedByRoot(
        _ options: [FilesystemOption], _ pointer: String
    ) throws(SpecError) -> [FilesystemOption] {
        var owned = options.filter { $0.key != "uid" && $0.key != "gid" }
        for (key, map) in [("uid", spec.linux.uidMappings), ("gid", spec.linux.gidMappings)] {
            let text = options.last { $0.key == key }?.value ?? "0"
            guard let outer = UInt32(text).flatMap({ id in map.lazy.compactMap { $0.outer(of: id) }.first })
            else {
                throw SpecError(
                    pointer: pointer, message: "\(key)=\(text) is not mapped in the user namespace")
            }
            owned.append(FilesystemOption(key, String(outer)))
        }
        return owned
    }

    func mountPlan(_ index: Int) throws(SpecError) -> MountPlan {
        let mount = spec.mounts[index]
        let pointer = "/mounts/\(index)"
        var folded = FoldedOptions()
        for option in mount.options { folded.add(option) }
        var destination = cleanPath(mount.destination)
        let type = mount.type ?? ""
        let isFilled = type == "tmpfs" && folded.makesReadOnly && holdsMore(destination, index)
        if isFilled { folded.makeWritable() }
        let source: MountSource
        if folded.remounts {
            source = .remount(options: folded.filesystem, isBind: folded.bind != nil)
        } else if let recursive = folded.bind {
            source = try bindSource(mount, folded, recursive: recursive, pointer)
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
        if policy == .outsideProc, !folded.isOnLink, !source.isLink {
            destination = facts.danglingLinks[mount.destination].map(cleanPath) ?? destination
        }
        var plan = MountPlan(
            destination: destination, source: source, attributes: folded.attributes,
            recursiveAttributes: folded.recursiveAttributes, propagation: folded.propagation,
            destinationPolicy: policy, isOnLink: folded.isOnLink)
        plan.isFilled = isFilled
        if case .bind(let path, _, _) = source {
            plan.isOpened = opens(path) || mount.mapsIDs
        } else if mount.mapsIDs {
            throw SpecError(pointer: pointer, message: "the ids of a bind mount only can be mapped")
        }
        return plan
    }

    /// The bind mount that the runtime opens for `mounts[index]`; nil when the init does it, as is usual.
    func openedMount(_ index: Int) throws(SpecError) -> OpenedMount? {
        // A plan is made for binds alone, and only where one may be opened.
        let mount = spec.mounts[index]
        guard mount.mapsIDs || hasUserNamespace && mount.isBind else { return nil }
        let plan = try mountPlan(index)
        guard plan.isOpened, case .bind(let path, let recursive, let kind) = plan.source else {
            return nil
        }
        return OpenedMount(
            path: path, recursive: recursive, isLink: kind == .link, propagation: hostPropagation,
            idMap: mount.mapsIDs ? try idMap(mount, "/mounts/\(index)") : nil)
    }

    /// Without maps of its own, a mount has those of the container's user namespace (config.md, Linux mount options).
    private func idMap(_ mount: Mount, _ pointer: String) throws(SpecError) -> MountIDMap {
        let recursive = mount.options.contains { MountOption.effect(of: $0) == .idmap(recursive: true) }
        if !mount.uidMappings.isEmpty {
            return MountIDMap(
                source: .maps(uids: mount.uidMappings, gids: mount.gidMappings), recursive: recursive)
        }
        if let number = mount.options.firstIndex(where: IDMapOption.carriesMaps) {
            do throws(IDMapOption.Refusal) {
                let maps = try IDMapOption(mount.options[number], in: spec.linux)
                return MountIDMap(source: .maps(uids: maps.uids, gids: maps.gids), recursive: recursive)
            } catch {
                throw SpecError(pointer: pointer + "/options/\(number)", message: error.message)
            }
        }
        guard let user = namespace(.user) else {
            throw SpecError(
                pointer: pointer + "/options",
                message: "idmap needs uidMappings and gidMappings, or a user namespace")
        }
        let source: MountIDMap.Source =
            user.path == nil
            ? .maps(uids: spec.linux.uidMappings, gids: spec.linux.gidMappings) : .joined(index: user.index)
        return MountIDMap(source: source, recursive: recursive)
    }

    private func filesystem(
        _ mount: Mount, _ type: String, _ folded: FoldedOptions, _ destination: String, _ index: Int
    ) -> FilesystemMount {
        var filesystem = FilesystemMount(
            type: type == "cgroup" ? "cgroup2" : type, source: mount.source ?? type,
            options: folded.filesystem)
        filesystem.attributes = folded.attributes.set
        filesystem.fallback = fallback(type, folded.attributes.set)
        filesystem.hasVersion = folded.hasVersion
        if folded.copiesUp {
            filesystem.copyUp = copySource(destination, before: index)
            filesystem.isFilledInside = copiesInside
            // The copy is written first; the mount is read-only all the same.
            filesystem.options.removeAll { $0.key == "ro" }
        }
        // chmod(2) of a read-only mount fails.
        filesystem.takesMode =
            type == "tmpfs" && !filesystem.options.contains { $0.key == "mode" || $0.key == "ro" }
        return filesystem
    }

    /// What stands in for a file system that root of a user namespace may not mount anew. The host's own view of what
    /// the container has no namespace for; its /sys is never writable, nor are cgroups of the host (CVE-2023-25809).
    private func fallback(_ type: String, _ attributes: UInt64) -> BindFallback? {
        guard hasUserNamespace || facts.isInUserNamespace else { return nil }
        let readOnly = attributes | UInt64(MOUNT_ATTR_RDONLY)
        func shares(_ kind: NamespaceKind) -> Bool { namespace(kind) == nil }
        switch type {
        case "sysfs": return BindFallback(path: "/sys", attributes: readOnly)
        case "proc" where shares(.pid): return BindFallback(path: "/proc", attributes: attributes)
        case "mqueue" where shares(.ipc): return BindFallback(path: "/dev/mqueue", attributes: attributes)
        case "cgroup", "cgroup2":
            guard case .unified(let mount) = facts.cgroups else { return nil }
            guard let path = cgroups?.cloneDirectory else {
                return BindFallback(path: mount, attributes: readOnly)
            }
            return BindFallback(path: path, attributes: isPrivileged ? attributes : readOnly)
        default: return nil
        }
    }

    private func bindSource(
        _ mount: Mount, _ folded: FoldedOptions, recursive: Bool, _ pointer: String
    ) throws(SpecError) -> MountSource {
        guard let source = mount.source, !source.isEmpty else {
            throw SpecError(pointer: pointer + "/source", message: "a bind mount needs a source")
        }
        let path = source.hasPrefix("/") ? source : options.bundle + "/" + source
        if folded.copiesLink || folded.bindsLink, let target = facts.sourceLinks[path] {
            return folded.copiesLink
                ? .link(target: target) : .bind(path: path, recursive: recursive, kind: .link)
        }
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
    /// iversion
    var hasVersion = false
    /// copy-symlink, src-nofollow, dest-nofollow
    var copiesLink = false
    var bindsLink = false
    var isOnLink = false

    mutating func add(_ option: String) {
        guard let effect = MountOption.effect(of: option) else { return addData(option) }
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
            } else if option.hasSuffix("iversion") {
                hasVersion = set
            }
        case .propagation(let flag, let recursive):
            propagation.append(Propagation(flag: flag, recursive: recursive))
        case .bind(let recursive): bind = recursive || bind == true
        case .remount: remounts = true
        case .tmpcopyup: copiesUp = true
        case .nothing, .idmap: break
        case .copySymlink: copiesLink = true
        case .sourceNoFollow: bindsLink = true
        case .destinationNoFollow: isOnLink = true
        }
    }

    /// A new mount that is read-only.
    var makesReadOnly: Bool {
        bind == nil && !remounts
            && (attributes.set | recursiveAttributes.set) & UInt64(MOUNT_ATTR_RDONLY) != 0
    }

    mutating func makeWritable() {
        let bit = UInt64(MOUNT_ATTR_RDONLY)
        attributes.add(set: 0, clear: bit)
        if recursiveAttributes.set & bit != 0 { recursiveAttributes.add(set: 0, clear: bit) }
        filesystem.removeAll { $0.key == "ro" }
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
