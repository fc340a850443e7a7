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
            plan = try cgroups(at: spec.linux.cgroupsPath)
        }
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

    /// The plan for the container's cgroups at a path below the mounts.
    public func cgroups(at path: String?) throws(SpecError) -> CgroupPlan {
        do throws(CgroupError) {
            return try CgroupPlan(
                layout: facts.cgroups, cgroupsPath: path, id: options.id,
                resources: spec.linux.resources ?? Resources(), owner: cgroupOwner)
        } catch {
            throw SpecError(pointer: error.pointer, message: error.message)
        }
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
            let plan = try CgroupPlan(
                layout: facts.cgroups, cgroupsPath: place.cgroup, id: options.id,
                resources: spec.linux.resources ?? Resources(), owner: cgroupOwner)
            unit = try SystemdUnit(
                place, id: options.id, plan: plan, resources: spec.linux.resources ?? Resources(),
                annotations: spec.annotations)
            return plan
        } catch {
            throw SpecError(pointer: error.pointer, message: error.message)
        }
    }
}
