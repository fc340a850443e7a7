// Closed sets of names in the process section.
import Linux

extension Scheduler {
    /// config.md, Linux Process.
    public static let policies: [String] = SchedulingPolicy.all.map(\.name)

    public static let flagNames: [String] = NamedFlag.scheduler.map(\.name)
}

extension IOPriority {
    public static let classes: [String] = IOPriorityClass.all.map(\.name)
}
