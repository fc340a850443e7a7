// Phase 9, a part of it: scheduler, I/O priority and memory policy.
import Linux
import OCI

/// `struct sched_attr` in the making (sched_setattr(2)).
public struct SchedulerPlan: Sendable, Equatable {
    public var policy: SchedulingPolicy
    public var flags: UInt64
    public var nice: Int32
    public var priority: UInt32
    /// Nanoseconds, for SCHED_DEADLINE.
    public var runtime: UInt64
    public var deadline: UInt64
    public var period: UInt64

    init?(_ scheduler: Scheduler) {
        guard let policy = SchedulingPolicy(name: scheduler.policy) else { return nil }
        self.policy = policy
        flags = NamedFlag.bits(of: scheduler.flags, in: NamedFlag.scheduler)
        nice = scheduler.nice
        priority = UInt32(clamping: scheduler.priority)
        runtime = scheduler.runtime
        deadline = scheduler.deadline
        period = scheduler.period
    }

    /// The kernel's form: 56 bytes, the last two words (utilization clamps) zero.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(56))
        bytes.append(littleEndian: policy.number)
        bytes.append(littleEndian: flags)
        bytes.append(littleEndian: UInt32(bitPattern: nice))
        bytes.append(littleEndian: priority)
        for time in [runtime, deadline, period, 0] { bytes.append(littleEndian: time) }
        return bytes
    }

    var summary: String {
        var words = ["schedule by \(policy.name)"]
        if nice != 0 { words.append("nice \(nice)") }
        if priority != 0 { words.append("priority \(priority)") }
        if runtime != 0 { words.append("\(runtime) of \(period == 0 ? deadline : period) ns") }
        if flags != 0 { words.append("flags 0x" + String(flags, radix: 16)) }
        return words.joined(separator: ", ")
    }
}

/// The arguments of set_mempolicy(2).
public struct MemoryPolicyPlan: Sendable, Equatable {
    public var mode: MemoryPolicyMode
    public var flags: UInt64
    /// In ascending order.
    public var nodes: [Int]

    init?(_ policy: MemoryPolicy) {
        guard let mode = MemoryPolicyMode.all.first(where: { $0.name == policy.mode }) else { return nil }
        self.mode = mode
        flags = NamedFlag.bits(of: policy.flags, in: NamedFlag.memoryPolicy)
        nodes = policy.nodes.map { NumberList.numbers(of: $0) ?? [] } ?? []
    }

    var modeAndFlags: UInt64 { UInt64(mode.number) | flags }

    /// One bit for each node.
    var mask: [UInt64] {
        var words = [UInt64](repeating: 0, count: (nodes.last ?? 0) / 64 + 1)
        for node in nodes { words[node / 64] |= 1 << UInt64(node % 64) }
        return words
    }

    var summary: String {
        let flags = self.flags == 0 ? "" : ", flags 0x" + String(self.flags, radix: 16)
        let nodes =
            self.nodes.isEmpty ? "" : ", nodes " + self.nodes.map { String($0) }.joined(separator: ", ")
        return "set the memory policy to \(mode.name)\(nodes)\(flags)"
    }
}

extension LaunchPlan {
    /// Real time, deadlines and higher priorities are the host's to grant: root of a user namespace has no say, a runtime
    /// with privileges has (sched(7), ioprio_set(2)).
    private var schedulesFromOutside: Bool { hasUserNamespace && isPrivileged }

    mutating func planScheduling(_ process: Process) throws(SpecError) {
        if let scheduler = process.scheduler {
            guard let plan = SchedulerPlan(scheduler) else {
                throw SpecError(pointer: "/process/scheduler/policy", message: "unknown scheduling policy")
            }
            add(
                schedulesFromOutside ? .runtime(.setScheduler(plan)) : .container(.setScheduler(plan)),
                "/process/scheduler")
        }
        if let priority = process.ioPriority {
            guard let known = IOPriorityClass.all.first(where: { $0.name == priority.class }) else {
                throw SpecError(pointer: "/process/ioPriority/class", message: "unknown I/O class")
            }
            let level = priority.priority
            add(
                schedulesFromOutside
                    ? .runtime(.setIOPriority(known, level: level))
                    : .container(.setIOPriority(known, level: level)), "/process/ioPriority")
        }
        if let policy = spec.linux.memoryPolicy {
            guard let plan = MemoryPolicyPlan(policy) else {
                throw SpecError(pointer: "/linux/memoryPolicy/mode", message: "unknown memory policy")
            }
            add(.container(.setMemoryPolicy(plan)), "/linux/memoryPolicy")
        }
    }
}
