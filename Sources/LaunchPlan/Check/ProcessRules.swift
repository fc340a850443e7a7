// What the process asks of the host: limits, scheduling, scores, and who the runtime is.
import Linux
import OCI

extension HostRule {
    static let processRules: [HostRule] = [
        // Only CAP_SYS_RESOURCE of the host's own user namespace raises a hard limit (setrlimit(2)).
        HostRule("host-rlimits") { host, report in
            for (index, limit) in (host.process?.rlimits ?? []).enumerated() {
                guard let kind = ResourceLimitKind(name: limit.type) else { continue }
                let pointer = "/process/rlimits/\(index)/hard"
                if kind == .nofile, let most = host.survey.mostOpenFiles, limit.hard > most {
                    report.error(pointer, "\(limit.hard) is above the kernel parameter fs.nr_open, \(most)")
                } else if let own = host.survey.hardLimits[kind], limit.hard > own,
                    !host.has("CAP_SYS_RESOURCE")
                {
                    report.error(
                        pointer,
                        "\(limit.hard) is above the runtime's own hard limit \(own), which only "
                            + "CAP_SYS_RESOURCE can raise")
                }
            }
        },
        HostRule("host-oom-score") { host, report in
            guard let score = host.process?.oomScoreAdj, let own = host.survey.oomScoreAdj, score < own,
                !host.has("CAP_SYS_RESOURCE"), score < 0
            else { return }
            report.error(
                "/process/oomScoreAdj",
                "\(score) is below the runtime's own \(own), which needs CAP_SYS_RESOURCE")
        },
        HostRule("host-scheduling") { host, report in
            if host.has("CAP_SYS_NICE") { return }
            if let scheduler = host.process?.scheduler {
                if ["SCHED_FIFO", "SCHED_RR", "SCHED_DEADLINE"].contains(scheduler.policy) {
                    report.error(
                        "/process/scheduler/policy",
                        "\(scheduler.policy) needs CAP_SYS_NICE, which the runtime lacks")
                } else if scheduler.nice < 0 {
                    report.error(
                        "/process/scheduler/nice", "below 0 needs CAP_SYS_NICE, which the runtime lacks")
                }
            }
            if host.process?.ioPriority?.class == "IOPRIO_CLASS_RT" {
                report.error(
                    "/process/ioPriority/class",
                    "IOPRIO_CLASS_RT needs CAP_SYS_NICE, which the runtime lacks")
            }
        },
        // Said by the plan, which leaves out what cannot be granted.
        HostRule("host-capabilities") { host, report in
            for warning in host.plan.map({ $0.warnings + $0.notes }) ?? [] {
                report.warning(warning.pointer, warning.message, hint: warning.hint)
            }
        },
        HostRule("host-privileges") { host, report in
            if host.survey.noNewPrivileges, host.process?.noNewPrivileges == false {
                report.warning(
                    "/process/noNewPrivileges",
                    "is false, but the runtime itself may not gain privileges, and hands that on")
            }
        },
        HostRule("host-cpus") { host, report in
            func check(_ list: String?, _ online: String?, _ noun: String, _ pointer: String) {
                guard let list, let online, let wanted = numbers(in: list), let there = numbers(in: online),
                    let first = wanted.subtracting(there).min()
                else { return }
                report.error(pointer, "\(noun) \(first) is not online here, only \(online)")
            }
            let (cpus, nodes) = (host.survey.onlineCPUs, host.survey.onlineNodes)
            let cpu = host.spec.linux.resources?.cpu
            check(cpu?.cpus, cpus, "CPU", "/linux/resources/cpu/cpus")
            check(cpu?.mems, nodes, "memory node", "/linux/resources/cpu/mems")
            check(host.spec.linux.memoryPolicy?.nodes, nodes, "memory node", "/linux/memoryPolicy/nodes")
            let affinity = host.process?.execCPUAffinity
            check(affinity?.initial, cpus, "CPU", "/process/execCPUAffinity/initial")
            check(affinity?.final, cpus, "CPU", "/process/execCPUAffinity/final")
        },
    ]

    /// "0-3,7" as a set; nil where it is not such a list, or one of a size that no host has.
    static func numbers(in list: String) -> Set<Int>? {
        var numbers: Set<Int> = []
        for item in list.split(separator: ",") {
            let ends = item.split(separator: "-").map { Int($0.filter { $0 != " " && $0 != "\n" }) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last,
                last < 1 << 16
            else { return nil }
            numbers.formUnion(first...last)
        }
        return numbers
    }
}
