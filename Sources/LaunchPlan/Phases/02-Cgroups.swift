// Phase 2: the container's cgroups exist and are limited before any process is in them.
import Cgroups
import OCI

extension LaunchPlan {
    mutating func planCgroups() throws(SpecError) {
        guard options.manager != .disabled else { return }
        let plan: CgroupPlan
        if options.manager == .systemd {
            plan = try planUnit()
        } else {
            plan = try cgroups(at: Self.cgroupsPath(of: spec, facts, options.id))
        }
        if facts.cgroupsAreClosed, try leavesCgroupsOut(plan) { return }
        cgroups = plan
        if spec.linux.resources?.memory?.kernel ?? 0 != 0 {
            warnings.append(
                SpecError(
                    pointer: "/linux/resources/memory/kernel",
                    message: "is ignored: kernels have no such limit any more"))
        }
        if unit != nil { return }
        add(.runtime(.createCgroups(plan)), "/linux/cgroupsPath")
        for write in plan.writes { add(.runtime(.limit(write)), write.pointer) }
    }

    /// Who is root in a container that is to manage cgroups of its own: it has its own user and cgroup namespaces, and
    /// a cgroup file system that it may write to.
    private var cgroupOwner: UInt32? {
        guard let user = namespace(.user), user.path == nil, let own = namespace(.cgroup), own.path == nil,
            spec.mounts.contains(where: { ($0.type ?? "").hasPrefix("cgroup") && !$0.options.contains("ro") })
        else { return nil }
        return spec.linux.uidMappings.first { $0.containerID == 0 }?.hostID
    }

    /// Where the container's cgroups are: without privileges a path that is not absolute is below the runtime's own
    /// cgroup, the only place that may be delegated to it.
    public static func cgroupsPath(of spec: Spec, _ facts: HostFacts, _ id: String) -> String? {
        let path = spec.linux.cgroupsPath ?? ""
        guard let own = facts.ownCgroup, path.utf8.first != UInt8(ascii: "/") else { return path }
        return own + "/" + (path.isEmpty ? id : path)
    }

    /// Without privileges and a delegated cgroup a container has no cgroup of its own. That is fine as long as nothing is
    /// asked for that needs one: a limit, or a certain path.
    private mutating func leavesCgroupsOut(_ plan: CgroupPlan) throws(SpecError) -> Bool {
        if options.rootless == false { return false }
        let limit = plan.writes.first { !$0.mayBeMissing && !$0.pointer.hasPrefix(Self.devices) }
        if let limit {
            throw SpecError(
                pointer: limit.pointer,
                message:
                    "cannot be applied: user \(facts.effectiveUserID) may not make the cgroup \(plan.path)",
                hint:
                    "run in a delegated cgroup (systemd-run --user --scope -p Delegate=yes), or ask for no limit"
            )
        }
        if options.rootless != true, spec.linux.cgroupsPath?.utf8.first == UInt8(ascii: "/") {
            throw SpecError(
                pointer: "/linux/cgroupsPath",
                message: "user \(facts.effectiveUserID) may not make the cgroup \(plan.path)",
                hint: "leave it out, or run with --rootless=true to go without")
        }
        if plan.hasDeviceRules {
            notes.append(
                SpecError(
                    pointer: Self.devices,
                    message:
                        "is not applied without a cgroup: the container has the devices that are bound into it, "
                        + "and may make no others"))
        }
        return true
    }

    private static let devices = "/linux/resources/devices"

    /// The plan for the container's cgroups at a path below the mounts.
    public func cgroups(at path: String?) throws(SpecError) -> CgroupPlan {
        do throws(CgroupError) { return try cgroupPlan(at: path) } catch {
            throw SpecError(pointer: error.pointer, message: error.message)
        }
    }

    private func cgroupPlan(at path: String?) throws(CgroupError) -> CgroupPlan {
        try CgroupPlan(
            layout: facts.cgroups, cgroupsPath: path, id: options.id,
            resources: spec.linux.resources ?? Resources(), owner: cgroupOwner)
    }

    /// systemd makes the cgroup around the init, so the step for it comes after the clone.
    private mutating func planUnit() throws(SpecError) -> CgroupPlan {
        guard case .unified = facts.cgroups else {
            throw SpecError(
                pointer: "/linux/cgroupsPath",
                message: "the systemd cgroup driver needs a host with cgroup v2 alone")
        }
        do throws(CgroupError) {
            let place = try UnitPlace(
                cgroupsPath: spec.linux.cgroupsPath, id: options.id, instance: facts.systemd)
            let plan = try cgroupPlan(at: place.cgroup)
            unit = try SystemdUnit(
                place, id: options.id, plan: plan, resources: spec.linux.resources ?? Resources(),
                annotations: spec.annotations)
            return plan
        } catch {
            throw SpecError(pointer: error.pointer, message: error.message)
        }
    }
}
