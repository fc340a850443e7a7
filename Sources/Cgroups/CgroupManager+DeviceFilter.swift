// The device filter of cgroup v2 as a step of its own.

extension CgroupManager {
    /// Attaches the device filter of `plan`, if it has one.
    public func attachDeviceFilter(_ plan: CgroupPlan) throws(CgroupError) {
        guard let filter = plan.deviceFilter, let directory = plan.location.unified else { return }
        try attach(filter, to: directory.path, mayBeForbidden: !plan.hasDeviceRules)
    }
}
