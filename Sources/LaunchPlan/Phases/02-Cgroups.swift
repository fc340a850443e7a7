// Phase 2: the container's cgroups exist and are limited before any process is in them.
import Cgroups
import OCI

extension LaunchPlan {
    mutating func planCgroups() throws(SpecError) {
        guard options.manager != .disabled else { return }
        let plan: CgroupPlan
        do throws(CgroupError) {
            plan = try CgroupPlan(
                layout: facts.cgroups, cgroupsPath: spec.linux.cgroupsPath, id: options.id,
                resources: spec.linux.resources ?? Resources())
        } catch {
            throw SpecError(pointer: error.pointer, message: error.message)
        }
        cgroups = plan
        if spec.linux.resources?.memory?.kernel ?? 0 != 0 {
            warnings.append(
                SpecError(
                    pointer: "/linux/resources/memory/kernel",
                    message: "is ignored: kernels have no such limit any more"))
        }
        add(.runtime(.createCgroups(plan)), "/linux/cgroupsPath")
        for write in plan.writes { add(.runtime(.limit(write)), write.pointer) }
    }
}
