// Looks at a running container, as far as a process that enters it needs it.
import Cgroups
import LaunchPlan
import Linux
import OCI

/// A container that is to be entered.
struct JoinProbe {
    let record: ContainerRecord
    /// pidfd of its first process.
    let target: FileDescriptorBox
    var container: JoinedContainer

    init(_ record: ContainerRecord, target: FileDescriptorBox, spec: Spec) throws(Failure) {
        self.record = record
        self.target = target
        container = JoinedContainer(spec: spec)
        // Only this one cannot be joined by who is in it already (setns(2)).
        if spec.linux.namespaces.contains(where: { $0.type == NamespaceKind.user.specName }),
            let own = try? Syscall.readLink("/proc/self/ns/user"),
            own == (try? Syscall.readLink("/proc/\(record.pid)/ns/user"))
        {
            container.sharedNamespaces = NamespaceKind.user.cloneFlag
        }
    }

    /// The facts for planning.
    func facts() -> HostFacts {
        var facts = HostFacts(cgroups: .none)
        facts.effectiveUserID = Syscall.effectiveUserID()
        facts.effectiveGroupID = Syscall.effectiveGroupID()
        facts.capabilities = Syscall.permittedCapabilities()
        facts.denied = .probe([.closeRange, .pidfdOpen, .openat2, .mountSetattr])
        guard let process = container.spec.process else { return facts }
        if process.apparmorProfile != nil { facts.appArmorAttribute = SecurityModules.appArmorAttribute }
        if process.selinuxLabel != nil { facts.hasSELinux = SecurityModules.hasSELinux }
        if !process.env.contains(where: { $0.hasPrefix("HOME=") && $0.utf8.count > 5 }), let root = root() {
            facts.home = HostProbe.home(of: process.user.uid, below: root.raw)
        }
        if process.user.uid != 0 {
            facts.ownableStandardDescriptors = HostProbe.ownable(by: process.user.uid)
        }
        return facts
    }

    /// The root directory of the container's first process; nil when that has ended.
    func root() -> FileDescriptorBox? {
        guard let root = try? Syscall.open("/proc/\(record.pid)/root", [.pathOnly, .directory]) else {
            return nil
        }
        // Opened by pid: as long as that process has not ended, its pid is nobody else's.
        return hasEnded ? nil : FileDescriptorBox(root)
    }

    /// Whether the container's first process has ended; the namespaces go with it.
    var hasEnded: Bool { (try? Syscall.waitForEnd(of: target.raw, milliseconds: 0)) != false }
}

// MARK: - Cgroups

extension JoinProbe {
    /// The container's cgroups, or those below them that `--cgroup` names.
    mutating func findCgroups(_ arguments: [String]) throws(Failure) {
        guard !record.cgroups.isEmpty, var location = CgroupLocation(recorded: record.cgroups) else {
            if let first = arguments.first {
                throw Failure("--cgroup \(first): container \(record.id) has no cgroup of its own")
            }
            return
        }
        do throws(CgroupError) {
            location = try location.below(arguments)
        } catch {
            throw Failure(error)
        }
        let hasGone = location.directories.contains { !$0.isUnified && !Self.exists($0.path) }
        // A unit may have cgroups below it, and is then not for processes itself.
        if arguments.isEmpty, hasGone || !record.unit.isEmpty {
            location = realLocation() ?? location
        }
        if let unit = UnitName(recorded: record.unit), let path = location.unified?.path, !mayMove(to: path),
            let own = CgroupLocation(recorded: record.cgroups)?.unified?.path,
            let group = UnitGroup(unit, own: own, path: path)
        {
            container.unit = group
            return
        }
        container.cgroup = location.unified?.path
        container.cgroupFiles = location.directories.filter { !$0.isUnified }.map {
            $0.path + "/cgroup.procs"
        }
    }

    /// Whether this process may have a child begin in a cgroup v2 directory: it needs the way up to the first cgroup that
    /// its own is below as well (cgroup-v2.rst, Delegation Containment).
    private func mayMove(to path: String) -> Bool {
        guard Rootless.isHere else { return true }
        guard let text = try? Syscall.readText("/proc/self/cgroup"), let layout = try? CgroupLayout.probe(),
            let own = CgroupLocation(listed: text, in: layout)?.unified?.path
        else { return false }
        let shared = zip(own.split(separator: "/"), path.split(separator: "/")).prefix { $0 == $1 }
        let ancestor = shared.map { "/" + $0.0 }.joined()
        return [path, ancestor].allSatisfy { (try? Syscall.checkWritable($0 + "/cgroup.procs")) != nil }
    }

    private static func exists(_ path: String) -> Bool { (try? Syscall.status(path, follow: false)) != nil }

    /// The cgroups that the container's first process is in: its own may be gone, or it may have moved, as an init of
    /// systemd does (runc 1.1.4).
    func realLocation() -> CgroupLocation? {
        guard let text = try? Syscall.readText("/proc/\(record.pid)/cgroup"),
            let layout = try? CgroupLayout.probe()
        else { return nil }
        return CgroupLocation(listed: text, in: layout)
    }
}
