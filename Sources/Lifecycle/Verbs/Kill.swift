// kill: a signal to the container's process, or to all of them.
import Cgroups
import Linux
import OCI

extension Verb {
    public static func kill(_ id: String, signal: Int32, all: Bool, _ options: RuntimeOptions) throws(Failure)
    {
        let container = try Container(id, options)
        if container.status == .creating || container.status == .stopped {
            // Engines end what is left of a stopped container with --all, and take no for an error.
            if all, let cgroups = container.cgroups { return try signalAll(cgroups, signal) }
            if all { return }
            throw Failure("container not running")
        }
        guard let pidfd = container.initProcess?.raw else { throw Failure("container not running") }
        // With a PID namespace that outlives the container, the death of its init leaves the others.
        let isLast = signal == 9 && !container.record.ownsPIDNamespace
        if all || isLast, let cgroups = container.cgroups {
            try signalAll(cgroups, signal)
        }
        // A freezer of cgroup v1 holds back even the killed.
        defer { if signal == 9, container.status == .paused { container.cgroups?.thawAfterKill() } }
        do throws(Errno) {
            if !all || container.cgroups == nil { try Syscall.signal(process: pidfd, signal) }
        } catch .noProcess {
            if isLast { return }
            throw Failure("container not running", errno: .noProcess)
        } catch {
            throw Failure("signal \(signal) to container \(id): \(error)", errno: error)
        }
    }

    static func signalAll(_ cgroups: CgroupManager, _ signal: Int32) throws(Failure) {
        do throws(CgroupError) { try cgroups.signalAll(signal) } catch { throw Failure(error) }
    }
}
