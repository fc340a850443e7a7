// What the kernel is handed for schedulers and memory policies.
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct SchedulingTests {
    @Test func schedulerAttributes() throws {
        var scheduler = Scheduler()
        scheduler.policy = "SCHED_DEADLINE"
        scheduler.flags = ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_UTIL_CLAMP_MAX"]
        (scheduler.runtime, scheduler.deadline, scheduler.period) = (1, 2, 3)
        let bytes = try #require(SchedulerPlan(scheduler)).encoded
        #expect(bytes.count == 56)
        // struct sched_attr: size, policy; flags; nice, priority; runtime; deadline; period; clamps.
        let words = stride(from: 0, to: 56, by: 4).map { bytes.word32($0) }
        #expect(words == [56, 6, 0x41, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0])
        (scheduler.policy, scheduler.nice, scheduler.flags) = ("SCHED_OTHER", -20, [])
        #expect(try #require(SchedulerPlan(scheduler)).encoded.word32(16) == 0xffff_ffec)
        scheduler.policy = "OTHER"
        #expect(SchedulerPlan(scheduler) == nil)
    }

    /// linux/sched.h, linux/mempolicy.h.
    @Test func numbers() {
        #expect(Scheduler.policies.map { SchedulingPolicy(name: $0)?.number } == [0, 1, 2, 3, 4, 5, 6])
        #expect(MemoryPolicyMode.all.map(\.number) == [0, 2, 3, 6, 1, 5, 4])
        #expect(NamedFlag.memoryPolicy.map(\.bit) == [0x2000, 0x4000, 0x8000])
        #expect(IOPriorityClass.all.map(\.number) == [1, 2, 3])
    }

    @Test func memoryPolicyMask() throws {
        var policy = MemoryPolicy()
        policy.mode = "MPOL_BIND"
        policy.nodes = "0,2-3,64"
        policy.flags = ["MPOL_F_STATIC_NODES"]
        let plan = try #require(MemoryPolicyPlan(policy))
        #expect(plan.modeAndFlags == 0x8002)
        #expect(plan.mask == [0b1101, 1])
    }
}
