// How a program begins, and what it leaves open.
import Linux

extension Program {
    /// Undoes what the runtime did for the clone (struct apus_launch): rt_sigprocmask(2), SIG_SETMASK.
    public mutating func unblockSignals() {
        syscall(.rtSigprocmask, .value(2), words([0]), .value(0), .value(8))
    }

    /// Has execve(2) close all descriptors from `first` on: nothing of the runtime's or its caller's gets past it
    /// (CVE-2024-21626). Without close_range(2) three parties see to that: the runtime marks all that it has before it
    /// clones; the init marks what was kept for it, its channel and `kept`; and whatever else it opens is marked by
    /// birth.
    public mutating func closeDescriptors(from first: Int, kept: [Operand], without denied: DeniedCalls) {
        guard denied.contains(.closeRange) else {
            // CLOSE_RANGE_CLOEXEC.
            return syscall(.closeRange, .value(first), .value(Int(UInt32.max)), .value(4))
        }
        needsMarkedDescriptors = true
        for descriptor in [.slot(.channel)] + kept {
            // F_SETFD, FD_CLOEXEC. EBADF: it was closed when it had been used.
            syscall(.fcntl, descriptor, .value(2), .value(1), tolerate: [.badDescriptor])
        }
    }
}
