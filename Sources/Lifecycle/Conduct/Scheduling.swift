// Scheduling that the runtime sets from outside, for a process in a user namespace.
import LaunchPlan
import Linux

extension RuntimeStep {
    /// Sets the scheduler or the I/O priority of `pid`; false when this is another step.
    func schedule(_ pid: Int32) throws(Errno) -> Bool {
        switch self {
        case .setScheduler(let plan): try Syscall.setScheduler(of: pid, plan.encoded)
        case .setIOPriority(let priorityClass, let level):
            try Syscall.setIOPriority(of: pid, priorityClass.value(level))
        default: return false
        }
        return true
    }
}
