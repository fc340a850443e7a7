// Where and when the process runs.
import CLinux
import Linux

extension Lowering {
    mutating func lowerScheduling(_ step: ContainerStep) {
        switch step {
        case .resetAffinity:
            // As many CPUs as a kernel can be built for. The kernel takes those that the cpuset allows; where it does
            // not take any, the process runs where it may.
            let everyCPU = program.bytes([UInt8](repeating: 0xff, count: 1024))
            program.attempt(.schedSetaffinity, .value(0), .value(1024), everyCPU)
        case .setScheduler(let plan):
            program.syscall(.schedSetattr, .value(0), program.bytes(plan.encoded), .value(0))
        case .setIOPriority(let priorityClass, let level):
            // IOPRIO_WHO_PROCESS, this one.
            program.syscall(.ioprioSet, .value(1), .value(0), .value(priorityClass.value(level)))
        case .setMemoryPolicy(let plan):
            // The kernel takes one bit less than it is told.
            program.syscall(
                .setMempolicy, .value(Int(plan.modeAndFlags)),
                plan.nodes.isEmpty ? .value(0) : program.words(plan.mask),
                .value(plan.nodes.isEmpty ? 0 : plan.mask.count * 64 + 1))
        default: preconditionFailure("not a step of scheduling")
        }
    }
}
