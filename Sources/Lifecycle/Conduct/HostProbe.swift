// Looks at the host, only as far as the configuration needs it.
import CCap
import CLinux
import Cgroups
import LaunchPlan
import Linux
import OCI

enum HostProbe {
    /// The facts for planning `spec`.
    static func facts(
        for spec: Spec, _ request: CreateRequest, driver: CgroupDriver
    ) throws(Failure) -> HostFacts {
        let bundle = request.bundle
        var facts = HostFacts(cgroups: try layout(driver))
        facts.effectiveUserID = Syscall.effectiveUserID()
        facts.effectiveGroupID = Syscall.effectiveGroupID()
        if driver == .systemd { facts.systemd = systemdInstance(facts.effectiveUserID) }
        facts.capabilities = Syscall.permittedCapabilities()
        facts.denied = .probe([.closeRange, .openat2, .mountSetattr])
        facts.sources = sources(of: spec.mounts, bundle)
        facts.sourceLinks = sourceLinks(of: spec, bundle)
        let root = spec.root?.path ?? "rootfs"
        let rootPath = root.hasPrefix("/") ? root : bundle + "/" + root
        facts.danglingLinks = DanglingLinks.among(
            spec.mounts, below: rootPath, all: facts.denied.contains(.openat2))
        if let process = spec.process,
            !process.env.contains(where: { $0.hasPrefix("HOME=") && $0.utf8.count > 5 })
        {
            facts.home = home(of: process.user.uid, spec, rootPath, bundle)
        }
        if LaunchPlan.needsRootfsMountPoint(spec.linux.rootfsPropagation) {
            facts.rootfsMountPoint = mountPoint(of: rootPath, in: try mounts())
        }
        if spec.process?.apparmorProfile != nil {
            facts.appArmorAttribute = SecurityModules.appArmorAttribute
        }
        if spec.process?.selinuxLabel != nil || spec.linux.mountLabel != nil {
            facts.hasSELinux = SecurityModules.hasSELinux
        }
        if !spec.linux.sysctl.isEmpty { facts.runtimeNamespaces = runtimeNamespaces(spec) }
        if spec.linux.intelRdt != nil { facts.resctrl = try mounts().first { $0.type == "resctrl" }?.point }
        if request.noPivot { facts.kernelMounts = kernelMounts(outside: rootPath, in: try mounts()) }
        if let uid = spec.process?.user.uid, uid != 0 { facts.ownableStandardDescriptors = ownable(by: uid) }
        if spec.linux.namespaces.contains(where: { $0.type == NamespaceKind.user.specName }) {
            if facts.capabilities.contains(.sysAdmin) {
                facts.hiddenPaths = HiddenPaths.among(
                    Array(facts.sources.keys) + facts.sourceLinks.keys + [rootPath])
            }
            facts.lastCapability = lastCapability()
        }
        facts.isInUserNamespace = request.isInUserNamespace
        if driver != .systemd, facts.effectiveUserID != 0 || facts.isInUserNamespace {
            probeCgroups(spec, request.id, &facts)
        }
        return facts
    }

    /// Whether cgroups may be made by one without privileges over the host, and below which one.
    private static func probeCgroups(_ spec: Spec, _ id: String, _ facts: inout HostFacts) {
        if case .unified = facts.cgroups {
            let lines = (try? Syscall.readFile("/proc/self/cgroup")) ?? []
            let own = lines.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: Array("0::".utf8)) }
            let path = own.map { String(decoding: $0.dropFirst(3), as: UTF8.self) }
            facts.ownCgroup = path == "/" ? "" : path
        }
        guard let path = try? CgroupPath(cgroupsPath: LaunchPlan.cgroupsPath(of: spec, facts, id), id: id)
        else {
            return
        }
        let location = CgroupLocation(layout: facts.cgroups, path: path)
        facts.cgroupsAreClosed = location.directories.contains { !mayMake($0.path) }
    }

    /// Whether the next directory that is missing on the way to `path` may be made; one that is there may be used.
    private static func mayMake(_ path: String) -> Bool {
        var place = path
        while true {
            do throws(Errno) {
                try Syscall.checkWritable(place)
                return true
            } catch .noEntry {
                guard let slash = place.lastIndex(of: "/"), slash > place.startIndex else { return false }
                place = String(place[..<slash])
            } catch {
                return false
            }
        }
    }

    /// Whether this process is in a user namespace that is not the initial one: its map is not that of all ids.
    static func isInUserNamespace() -> Bool {
        IDMaps.read(.users, of: Syscall.processID()).first.map { $0.size != .max } ?? false
    }

    /// The last capability that the kernel knows (capabilities(7)).
    private static func lastCapability() -> Int {
        let text = (try? Syscall.readFile("/proc/sys/kernel/cap_last_cap")) ?? []
        let number = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return min(Int(number) ?? Capability.names.count - 1, Capability.names.count - 1)
    }

    /// Process 1 for the host's root; a user's own manager for a user, in the user's own user namespace too, where
    /// rootless engines are root.
    private static func systemdInstance(_ uid: UInt32) -> SystemdInstance {
        if uid != 0 { return .user(uid) }
        let fields = (try? Syscall.readText("/proc/self/uid_map"))?.split { $0 == " " || $0 == "\n" } ?? []
        // user_namespaces(7): the first id inside, the same outside, and how many. The initial namespace has all.
        guard fields.count >= 3, fields[2] != "4294967295", let outside = UInt32(fields[1]) else {
            return .system
        }
        return .user(outside)
    }

    private static func layout(_ driver: CgroupDriver) throws(Failure) -> CgroupLayout {
        // A host without cgroups is fine for a container that has none.
        do throws(CgroupError) {
            return try CgroupLayout.probe()
        } catch {
            if driver == .disabled { return .none }
            throw Failure(error.description)
        }
    }

    static func sources(of mounts: [Mount], _ bundle: String) -> [String: SourceKind] {
        var sources: [String: SourceKind] = [:]
        for mount in mounts where mount.isBind {
            guard let source = mount.source else { continue }
            let path = source.hasPrefix("/") ? source : bundle + "/" + source
            guard sources[path] == nil, let status = try? Syscall.status(path) else { continue }
            sources[path] = status.isDirectory ? .directory : .file
            if status.isDirectory, mount.destination == "/proc",
                let directory = try? Syscall.open(path, [.pathOnly, .directory]),
                let type = try? Syscall.fileSystemType(directory.raw), type == Int(PROC_SUPER_MAGIC)
            {
                sources[path] = .procDirectory
            }
        }
        return sources
    }

    /// The targets of sources that are links, for mounts that do not follow them.
    private static func sourceLinks(of spec: Spec, _ bundle: String) -> [String: String] {
        var links: [String: String] = [:]
        for mount in spec.mounts where mount.options.contains(where: Mount.keepsSourceLink) {
            guard let source = mount.source else { continue }
            let path = source.hasPrefix("/") ? source : bundle + "/" + source
            links[path] = try? Syscall.readLink(path)
        }
        return links
    }

    /// The user's home in the passwd file that the container is going to see.
    private static func home(of uid: UInt32, _ spec: Spec, _ root: String, _ bundle: String) -> String? {
        let bound = spec.mounts.last {
            $0.destination == "/etc/passwd" && $0.options.contains { $0 == "bind" || $0 == "rbind" }
        }
        var bytes: [UInt8]?
        if let source = bound?.source {
            bytes = try? Syscall.readFile(
                source.hasPrefix("/") ? source : bundle + "/" + source, limit: 1 << 20)
        } else if let directory = try? Syscall.open(root, [.pathOnly, .directory]) {
            return home(of: uid, below: directory.raw)
        }
        return bytes.flatMap { home(of: uid, passwd: $0) }
    }

    /// The user's home in the passwd file below a container's root.
    static func home(of uid: UInt32, below root: Int32) -> String? {
        // The image chose this file: it is looked up below its own root, and must be a plain file, or opening it could
        // block.
        let resolve = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
        guard
            let file = try? Syscall.open(
                "etc/passwd", [.readOnly, .nonBlocking], resolve: resolve, at: root),
            let status = try? Syscall.status("", at: file.raw), status.isRegular,
            let bytes = try? Syscall.readAll(file.raw, limit: 1 << 20)
        else { return nil }
        return home(of: uid, passwd: bytes)
    }

    private static func home(of uid: UInt32, passwd bytes: [UInt8]) -> String? {
        let wanted = Array(String(uid).utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            if fields.count > 5, fields[2].elementsEqual(wanted), !fields[5].isEmpty, !fields[5].contains(0) {
                return String(decoding: fields[5], as: UTF8.self)
            }
        }
        return nil
    }

    /// Where the mount that holds `path` is mounted: the longest mount point that `path` lies below.
    static func mountPoint(of path: String, in mounts: [Mountinfo.Mount]) -> String? {
        mounts.lazy.map(\.point).filter { isBelow(path, $0) }.max { $0.utf8.count < $1.utf8.count }
    }

    /// Where a whole procfs or sysfs is mounted outside of the rootfs, the last one first: what lies on another is gone
    /// then.
    static func kernelMounts(outside root: String, in mounts: [Mountinfo.Mount]) -> [String] {
        mounts.reversed().filter { mount in
            (mount.type == "proc" || mount.type == "sysfs") && mount.root == "/"
                && !isBelow(mount.point, root)
        }.map(\.point)
    }

    private static func isBelow(_ path: String, _ directory: String) -> Bool {
        (path + "/").hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    private static func mounts() throws(Failure) -> [Mountinfo.Mount] {
        try calls("/proc/self/mountinfo") { () throws(Errno) in
            Mountinfo.mounts(try Syscall.readFile("/proc/self/mountinfo"))
        }
    }

    /// The kinds whose path leads to the namespace that this process is in: a namespace is its inode (namespaces(7)).
    private static func runtimeNamespaces(_ spec: Spec) -> [NamespaceKind] {
        var found: [NamespaceKind] = []
        for entry in spec.linux.namespaces {
            guard let path = entry.path, let kind = NamespaceKind(specName: entry.type),
                let joined = try? Syscall.status(path),
                let own = try? Syscall.status("/proc/self/ns/" + kind.procName),
                joined.inode == own.inode, joined.deviceMinor == own.deviceMinor
            else { continue }
            found.append(kind)
        }
        return found
    }

    /// Standard descriptors that are neither a null device nor the user's already.
    static func ownable(by uid: UInt32) -> [Int32] {
        (0...2).filter { descriptor in
            guard let status = try? Syscall.status("", at: descriptor), status.uid != uid else {
                return false
            }
            return !(status.isCharacterDevice && status.nodeMajor == 1 && status.nodeMinor == 3)
        }
    }
}
