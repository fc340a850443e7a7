// The five capability sets of the process, as far as this host can grant them.
import Linux
import OCI

extension LaunchPlan {
    /// What the container's processes can have: in a user namespace of their own, all that the kernel knows
    /// (user_namespaces(7)).
    var grantable: CapabilitySet {
        guard hasUserNamespace else { return facts.capabilities }
        return CapabilitySet(rawValue: (2 << UInt64(facts.lastCapability)) - 1)
    }

    /// The sets to end with. What the runtime does not have itself is left out with a warning (config.md,
    /// `capabilities`: "Any value which … cannot be granted otherwise MUST be logged as a warning").
    mutating func planCapabilities(
        _ process: Process
    ) throws(SpecError) -> (bounding: CapabilitySet, plan: CapabilityPlan) {
        guard let asked = process.capabilities else { return ([], CapabilityPlan()) }
        var refused: CapabilitySet = []
        var unknown: [String] = []
        func set(_ names: [String]) -> CapabilitySet {
            var set: CapabilitySet = []
            for name in names {
                guard let capability = Capability(name: name) else {
                    if !unknown.contains(name) { unknown.append(name) }
                    continue
                }
                if grantable.contains(capability) {
                    set.insert(CapabilitySet(capability))
                } else {
                    refused.insert(CapabilitySet(capability))
                }
            }
            return set
        }
        let bounding = set(asked.bounding)
        var plan = CapabilityPlan()
        plan.effective = set(asked.effective)
        plan.permitted = set(asked.permitted)
        plan.inheritable = set(asked.inheritable)
        plan.ambient = set(asked.ambient)
        // The kernel takes no effective capability that is not permitted, and no ambient one that is not both permitted
        // and inheritable (capabilities(7)).
        refused.formUnion(plan.effective.subtracting(plan.permitted))
        refused.formUnion(plan.ambient.subtracting(plan.permitted.intersection(plan.inheritable)))
        plan.effective.formIntersection(plan.permitted)
        plan.ambient.formIntersection(plan.permitted.intersection(plan.inheritable))
        warn(refused, unknown)
        return (bounding, plan)
    }

    private mutating func warn(_ refused: CapabilitySet, _ unknown: [String]) {
        guard !refused.isEmpty || !unknown.isEmpty, warnings.isEmpty else { return }
        let names =
            Capability.names.enumerated()
            .filter { refused.rawValue & 1 << UInt64($0.offset) != 0 }.map(\.element) + unknown
        warnings.append(
            SpecError(
                pointer: "/process/capabilities",
                message: "\(names.joined(separator: ", ")) cannot be granted"))
    }
}
