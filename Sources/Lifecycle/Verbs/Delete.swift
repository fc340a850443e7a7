// delete: removes all that is left of a container.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// Removes a stopped or created container; with `force`, a running or half-made one too, and none is no error.
    public static func delete(_ id: String, force: Bool, _ options: RuntimeOptions) throws(Failure) {
        let store = ContainerStore(root: options.root)
        do throws(Failure) {
            _ = try store.open(id)
        } catch {
            if force, error.message == ContainerStore.missing.message { return }
            throw error
        }
        let container: Container
        do throws(Failure) {
            container = try Container(id, options)
        } catch {
            // A record that nobody can read names neither processes nor cgroups: all that can go is its directory.
            guard force, let directory = try? store.openLocked(id),
                (try? store.load(id, at: directory.raw)) == nil
            else { throw error }
            return try store.remove(id, at: directory.raw)
        }
        switch container.status {
        case .stopped: break
        case .created: try end(container)
        case .running, .creating, .paused:
            guard force else {
                throw Failure(
                    "cannot delete container \(id) that is not stopped: \(container.status.rawValue)")
            }
            try end(container)
        }
        try destroy(container.record, store, container.directory.raw)
    }

    /// Kills the init, and the rest by their cgroup; waits until the init is gone.
    private static func end(_ container: borrowing Container) throws(Failure) {
        guard let pidfd = container.initProcess?.raw else { return }
        let cgroups = container.cgroups
        let ended = try calls("kill container \(container.record.id)") { () throws(Errno) in
            do throws(Errno) { try Syscall.signal(process: pidfd, 9) } catch .noProcess { return true }
            // A frozen process dies when it is thawed, which this does too.
            if let cgroups { try? cgroups.signalAll(9) }
            return try Syscall.waitForEnd(of: pidfd, milliseconds: 10_000)
        }
        if !ended { throw Failure("container \(container.record.id): init still runs 10 s after SIGKILL") }
    }

    /// Removes cgroups and state of a container whose init has ended, and runs its poststop hooks.
    static func destroy(_ record: ContainerRecord, _ store: ContainerStore, _ directory: Int32)
        throws(Failure)
    {
        if let manager = record.cgroupManager {
            do throws(CgroupError) {
                // Without a PID namespace of its own, processes of the container may have outlived its init.
                if !record.ownsPIDNamespace || record.startTime == 0 { try manager.signalAll(9) }
                endUnit(record)
                try manager.remove()
            } catch {
                throw Failure(error)
            }
        }
        IntelRdtGroups.remove(record.rdtGroups)
        // Hooks run before the state goes: who kills us in between can call delete again (runtime.md, Lifecycle, 12).
        HookRunner(record).runPoststop()
        try store.remove(record.id, at: directory)
    }
}
