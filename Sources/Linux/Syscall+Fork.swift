// A copy of this process, for work that needs credentials which the runtime must not lose itself.
import CLinux

extension Syscall {
    /// Runs `body` in a child (clone(2) without shared memory), which dies with this process, and waits for its end. This
    /// process must have one thread only. The child's exit status carries the error's number.
    public static func inChild(_ body: () throws(Errno) -> Void) throws(Errno) {
        let sigchld = 17
        let pid = try call(.clone, sigchld)
        if pid == 0 {
            var status: Errno?
            do throws(Errno) {
                try processControl(PR_SET_PDEATHSIG, 9)
                try body()
            } catch {
                status = error
            }
            while true { _ = CLinuxCall.raw(.exitGroup, Int(status?.rawValue ?? 0)) }
        }
        guard let ended = try wait(Int32(pid))?.status else { throw .noChild }
        switch ended {
        case .exited(0): return
        case .exited(let number): throw Errno(rawValue: number)
        case .signalled: throw .interrupted
        }
    }

    /// setresgid(2) and setresuid(2) to 0, without other groups where that is allowed: in a user namespace that this
    /// process has just entered, its ids from before mean nothing.
    public static func becomeRoot() throws(Errno) {
        do throws(Errno) { try call(.setgroups, 0, 0) } catch {
            // The namespace may deny it (user_namespaces(7)).
            guard error == .notPermitted else { throw error }
        }
        try call(.setresgid, 0, 0, 0)
        try call(.setresuid, 0, 0, 0)
    }
}
