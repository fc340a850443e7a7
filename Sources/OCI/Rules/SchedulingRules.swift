// Rules on when the process runs: scheduler, I/O priority, CPU affinity.
import JSON

extension Process {
    static let schedulingRules: [Rule] = [
        .process("scheduler", "config.md, Linux Process; sched_setattr(2)") { process, report in
            guard let scheduler = process.scheduler else { return }
            report.requireKnown(
                scheduler.policy, in: Scheduler.policies, "scheduling policy", at: "/scheduler/policy")
            for (index, flag) in scheduler.flags.enumerated() {
                report.requireKnown(
                    flag, in: Scheduler.flagNames, "scheduler flag", at: "/scheduler/flags/\(index)")
            }
            checkParameters(scheduler, &report)
        },
        // The kernel admits deadlines only to who may run on all CPUs of its domain (sched(7), SCHED_DEADLINE).
        Rule("scheduler-cpuset", "sched(7)") { spec, report in
            guard spec.process?.scheduler?.policy == "SCHED_DEADLINE", spec.linux.resources?.cpu?.cpus != nil
            else { return }
            report.error(
                "/scheduler/policy", "SCHED_DEADLINE does not go with a cpuset",
                hint: "remove /linux/resources/cpu/cpus")
        },
        .process("io-priority", "config.md, Linux Process; ioprio_set(2)") { process, report in
            guard let priority = process.ioPriority else { return }
            report.requireKnown(priority.class, in: IOPriority.classes, "I/O class", at: "/ioPriority/class")
            report.require(priority.priority, in: 0...7, at: "/ioPriority/priority")
        },
        .process("exec-cpu-affinity", "config.md, Linux Process") { process, report in
            guard let affinity = process.execCPUAffinity else { return }
            for (name, list) in [("initial", affinity.initial), ("final", affinity.final)] {
                guard let list, !isNumberList(list) else { continue }
                report.error("/execCPUAffinity/\(name)", "\"\(list)\" is not a list of CPUs like \"0-3,7\"")
            }
        },
    ]

    /// Each parameter belongs to some policies only (sched(7)).
    private static func checkParameters(_ scheduler: Scheduler, _ report: inout Report) {
        let policy = scheduler.policy
        func refuse(_ name: String, _ report: inout Report) {
            report.error("/scheduler/\(name)", "does not go with \(policy)")
        }
        switch policy {
        case "SCHED_FIFO", "SCHED_RR":
            report.require(scheduler.priority, in: 1...99, at: "/scheduler/priority")
        default: if scheduler.priority != 0 { refuse("priority", &report) }
        }
        switch policy {
        case "SCHED_OTHER", "SCHED_BATCH": report.require(scheduler.nice, in: -20...19, at: "/scheduler/nice")
        default: if scheduler.nice != 0 { refuse("nice", &report) }
        }
        if policy == "SCHED_DEADLINE" { return }
        if scheduler.runtime != 0 { refuse("runtime", &report) }
        if scheduler.deadline != 0 { refuse("deadline", &report) }
        if scheduler.period != 0 { refuse("period", &report) }
    }
}

/// The bits of a list of CPUs, 64 to a word, as sched_setaffinity(2) takes them; nil when the text is no such list.
public func cpuMask(_ list: String) -> [UInt64]? {
    guard isNumberList(list) else { return nil }
    var mask: [UInt64] = []
    for item in list.utf8.split(separator: UInt8(ascii: ",")) {
        let ends = item.split(separator: UInt8(ascii: "-")).compactMap { end in
            Int(Substring(end).filter { $0 != " " })
        }
        guard let first = ends.first, let last = ends.last, last < cpuLimit else { return nil }
        while mask.count <= last / 64 { mask.append(0) }
        for cpu in first...last { mask[cpu / 64] |= 1 << UInt64(cpu % 64) }
    }
    return mask
}

/// More CPUs than Linux can be built for (CONFIG_NR_CPUS).
private let cpuLimit = 65536

/// Whether the text is a comma-separated list of numbers and ranges: `0-3,7`.
func isNumberList(_ text: String) -> Bool { NumberList.numbers(of: text) != nil }
