// All that is to be done for a container's cgroups, as a value: directories, controllers, files, device filter, joining.

import OCI

/// One value to be written into one file.
public struct CgroupWrite: Sendable, Equatable {
    /// Absolute.
    public var directory: String
    public var file: String
    public var value: String
    /// Where the value comes from in config.json.
    public var pointer: String
    /// If the kernel lacks the file, nothing is to be done.
    public var mayBeMissing = false
    /// What to write where the kernel lacks the file: the first whose file is there.
    public var otherwise: [Alternative] = []

    /// Another file for the same wish.
    public struct Alternative: Sendable, Equatable {
        public var file: String
        public var value: String
    }

    public var path: String { directory + "/" + file }
}

/// A cgroup v2 controller that the container's cgroup is to have.
public struct CgroupController: Sendable, Equatable {
    public var name: String
    /// What needs it; nil when only statistics do, and then it may be missing.
    public var pointer: String?
}

/// What is to be done to make a container's cgroups, in this order: directories, `enable`, `writes`, `deviceFilter`,
/// then joining. All limits are set before a process joins: v1 checks memory and real-time limits then.
public struct CgroupPlan: Sendable, Equatable {
    /// The path below each mount.
    public let path: String
    /// One directory per hierarchy.
    public let location: CgroupLocation
    /// cgroup v2: what to enable in `cgroup.subtree_control` of all directories above.
    public let enable: [CgroupController]
    public let writes: [CgroupWrite]
    /// cgroup v2 devices; nil when every device is allowed, and on v1, where `writes` has the rules.
    public let deviceFilter: DeviceFilter?
    /// config.json itself has device rules. Without, a filter that an unprivileged runtime may not set is no error.
    public let hasDeviceRules: Bool
    /// The user on the host to whom the cgroup v2 directory is delegated (cgroup-v2.rst, Delegation); nil for nobody.
    public let owner: UInt32?
    /// New v1 cpuset directories must get CPUs and memory nodes before a process can join; these two come from
    /// `writes` and need not be inherited.
    let setsCPUs: Bool
    let setsMems: Bool

    /// The directory for clone3(2)'s CLONE_INTO_CGROUP; nil where there is no v2 hierarchy.
    public var cloneDirectory: String? { location.unified?.path }

    /// The `cgroup.procs` files into which a process is to be written.
    ///
    /// - Parameter cloned: the process began in `cloneDirectory`.
    public func joins(cloned: Bool) -> [String] {
        location.directories.filter { !(cloned && $0.isUnified) }.map { $0.path + "/cgroup.procs" }
    }

    /// Plans a container's cgroups. Touches nothing.
    public init(
        layout: CgroupLayout, cgroupsPath: String?, id: String, resources: Resources, owner: UInt32? = nil
    ) throws(CgroupError) {
        let path = try CgroupPath(cgroupsPath: cgroupsPath, id: id)
        let location = CgroupLocation(layout: layout, path: path)
        let version: CgroupVersion = if case .unified = layout { .v2 } else { .v1 }
        var settings: [Setting] = []
        for controller in Controller.all { settings += try controller.settings(resources, version) }
        let policy = try DevicePolicy(rules: resources.devices)
        if version == .v1 { settings += legacyDeviceSettings(policy) }

        self.path = path.text
        self.owner = version == .v2 ? owner : nil
        self.location = location
        hasDeviceRules = !resources.devices.isEmpty
        setsCPUs = settings.contains { $0.file == "cpuset.cpus" }
        setsMems = settings.contains { $0.file == "cpuset.mems" }
        deviceFilter = version == .v2 && !policy.allowsAll ? DeviceFilter(policy) : nil
        writes = try Self.place(settings, in: location, version)
        enable = version == .v2 ? Self.controllers(of: settings, isEngines: cgroupsPath ?? "" != "") : []
    }

    static func place(
        _ settings: [Setting], in location: CgroupLocation, _ version: CgroupVersion
    ) throws(CgroupError) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        writes.reserveCapacity(settings.count)
        for setting in settings {
            let directory = version == .v2 ? location.unified : location.directory(of: setting.controller)
            guard let directory else {
                if setting.mayBeMissing { continue }
                throw .controllerMissing(
                    pointer: setting.pointer, controller: setting.controller,
                    place: "the mounted cgroup hierarchies")
            }
            writes.append(
                CgroupWrite(
                    directory: directory.path, file: setting.file, value: setting.value,
                    pointer: setting.pointer,
                    mayBeMissing: setting.mayBeMissing, otherwise: setting.otherwise))
        }
        return writes
    }

    /// Those that settings need; and for an engine, which always names a path, those that it reads statistics of. A
    /// container that a person starts by hand is not worth the time that further controllers cost.
    static func controllers(of settings: [Setting], isEngines: Bool) -> [CgroupController] {
        var list: [CgroupController] = []
        for setting in settings where !setting.controller.isEmpty {
            let pointer = setting.mayBeMissing ? nil : setting.pointer
            if let index = list.firstIndex(where: { $0.name == setting.controller }) {
                list[index].pointer = list[index].pointer ?? pointer
            } else {
                list.append(CgroupController(name: setting.controller, pointer: pointer))
            }
        }
        guard isEngines else { return list }
        for name in ["cpu", "io", "memory", "pids"] where !list.contains(where: { $0.name == name }) {
            list.append(CgroupController(name: name, pointer: nil))
        }
        return list
    }
}

/// The writes that bring a new v1 cgroup, which has its parent's rules, to a policy. A cgroup that is to allow all
/// is left as it is: the kernel refuses to allow more than the parent does.
private func legacyDeviceSettings(_ policy: DevicePolicy) -> [Setting] {
    policy.settings.map {
        Setting(controller: "devices", file: $0.file, value: $0.value, pointer: $0.pointer)
    }
}
