// The unit of a container, as a value: everything that systemd is asked for.

import OCI

/// A scope, or a slice, and the cgroups below it.
public struct SystemdUnit: Sendable, Equatable {
    public let name: UnitName
    /// Below the mount: what cgroupsPath would be for cgroupfs. systemd tells in the end where it really is.
    public let cgroup: String
    public let properties: [UnitProperty]
    /// `run.oci.systemd.subgroup`: the container's process is in this cgroup below the unit's.
    public let subgroup: String?
    /// `run.oci.delegate-cgroup`: one below that, which the container manages; its cgroup namespace begins above.
    public let delegated: String?

    /// Plans the unit of a container whose limits are those of `plan`, which must have been made for `cgroup`.
    public init(
        _ path: UnitPlace, id: String, plan: CgroupPlan, resources: Resources, annotations: [String: String]
    ) throws(CgroupError) {
        name = UnitName(path.unit, isUsers: path.instance.isUsers)
        cgroup = path.cgroup
        subgroup = try Self.group("run.oci.systemd.subgroup", annotations)
        delegated = try Self.group("run.oci.delegate-cgroup", annotations)
        if delegated != nil, subgroup == nil {
            throw .invalid(
                pointer: "/annotations/run.oci.delegate-cgroup", reason: "needs run.oci.systemd.subgroup too")
        }
        var list = [UnitProperty("Description", .string("apus container \(id)"))]
        if let slice = path.slice {
            list.append(UnitProperty("Slice", .string(slice)))
            // The cgroups below the scope are the container's.
            list.append(UnitProperty("Delegate", .bool(true)))
        }
        list.append(UnitProperty("DefaultDependencies", .bool(false)))
        for resource in ["CPU", "Memory", "IO", "Tasks"] {
            list.append(UnitProperty(resource + "Accounting", .bool(true)))
        }
        list.merge(UnitProperty.list(for: plan.writes))
        list.merge(try UnitProperty.devices(try DevicePolicy(rules: resources.devices)))
        list.merge(try UnitProperty.list(annotations: annotations))
        properties = list
    }

    /// Where the process moves once its cgroup namespace is made; nil when nothing is delegated.
    public var delegatedPath: String? {
        guard let subgroup, let delegated else { return nil }
        return subgroup + "/" + delegated
    }

    private static func group(
        _ annotation: String, _ annotations: [String: String]
    ) throws(CgroupError) -> String? {
        guard let name = annotations[annotation], !name.isEmpty else { return nil }
        let isName = !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\n") }
        guard isName, name != ".", name != "..", name.utf8.count <= 255 else {
            throw .invalid(
                pointer: "/annotations/" + annotation, reason: "must be the name of one cgroup: \(name)")
        }
        return name
    }
}

/// Where a unit is, before its properties are known.
public struct UnitPlace: Sendable, Equatable {
    public let instance: SystemdInstance
    let unit: String
    let slice: String?
    /// Below the mount.
    public let cgroup: String

    public init(cgroupsPath: String?, id: String, instance: SystemdInstance) throws(CgroupError) {
        let path = try UnitPath(cgroupsPath: cgroupsPath, id: id, instance: instance)
        self.instance = instance
        unit = path.unit
        slice = path.slice
        cgroup = instance.cgroup + (try path.cgroup())
    }
}

extension [UnitProperty] {
    /// Appends; a property that is there already is replaced.
    mutating func merge(_ others: [UnitProperty]) {
        for other in others {
            if let index = firstIndex(where: { $0.name == other.name }) {
                self[index] = other
            } else {
                append(other)
            }
        }
    }
}
