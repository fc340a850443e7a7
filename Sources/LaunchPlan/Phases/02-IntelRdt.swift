// Phase 2, a part of it: the resctrl groups that the container's process joins (config-linux.md, IntelRdt).
import OCI

/// The directories and what is written there.
public struct IntelRdtPlan: Sendable, Equatable {
    /// Where the control group comes from.
    public enum Origin: Sendable, Equatable {
        /// Named after the container: made, and removed with it if it was not there.
        case own
        /// Named by `closID`, with schemata: made if missing, else it must have these schemata; never removed.
        case shared
        /// Named by `closID` alone: it must be there.
        case existing
    }

    /// Absolute path of the control group.
    public var group: String
    public var origin: Origin
    public var l3CacheSchema: String?
    public var memBwSchema: String?
    /// Written last.
    public var schemata: [String]
    /// Absolute path of the monitoring group, always the container's own.
    public var monitor: String?

    /// The directories whose `tasks` take the process.
    public var groups: [String] { [group] + (monitor.map { [$0] } ?? []) }

    var summary: String {
        let lines = (l3CacheSchema.map { [$0] } ?? []) + (memBwSchema.map { [$0] } ?? []) + schemata
        let verb = origin == .existing ? "find" : "make"
        return "\(verb) the resctrl group \(shown(group))"
            + (lines.isEmpty ? "" : " with " + lines.map { shown($0) }.joined(separator: ", "))
            + (monitor.map { ", monitored by \(shown($0))" } ?? "")
    }
}

extension LaunchPlan {
    mutating func planRdt() throws(SpecError) -> IntelRdtPlan? {
        guard let rdt = spec.linux.intelRdt else { return nil }
        guard let root = facts.resctrl else {
            throw SpecError(
                pointer: "/linux/intelRdt", message: "no resctrl file system is mounted on this host",
                hint: "mount -t resctrl resctrl /sys/fs/resctrl")
        }
        let name = rdt.closID ?? options.id
        let group = name == "/" ? root : root + "/" + name
        let writes = rdt.l3CacheSchema != nil || rdt.memBwSchema != nil || !rdt.schemata.isEmpty
        let plan = IntelRdtPlan(
            group: group, origin: rdt.closID == nil ? .own : writes ? .shared : .existing,
            l3CacheSchema: rdt.l3CacheSchema, memBwSchema: rdt.memBwSchema, schemata: rdt.schemata,
            monitor: rdt.enableMonitoring ? group + "/mon_groups/" + options.id : nil)
        add(.runtime(.prepareRdt(plan)), "/linux/intelRdt")
        return plan
    }
}
