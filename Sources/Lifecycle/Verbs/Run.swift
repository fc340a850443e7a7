// run: create and start in one, in the foreground or detached.
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// Creates and starts a container. In the foreground: waits for it, removes it, and returns its status.
    public static func run(
        _ request: CreateRequest, _ options: RuntimeOptions, warn: ([SpecError]) -> Void
    ) throws(Failure) -> Int32 {
        var request = request
        request.startsAtOnce = true
        // Before the clone: a signal that comes in between must wait for the forwarder.
        let signals = request.detach ? nil : try SignalForwarder(reapsOrphans: !request.noSubreaper)
        var conductor = try conduct(request, options)
        do throws(Failure) {
            try conductor.confirmStart()
            try conductor.runPoststartHooks()
        } catch {
            conductor.undo()
            throw error
        }
        warn(conductor.plan.warnings)
        guard let signals else {
            try conductor.notify?.wait(for: conductor.initProcess)
            return 0
        }
        return try conductor.waitInForeground(signals)
    }
}

extension Conductor {
    /// Waits until the init has become the container's process: its end of the channel closes with the exec.
    func confirmStart() throws(Failure) {
        guard let channel = initProcess?.channel.raw, let report = try nextReport(channel) else { return }
        throw initFailed(report)
    }

    /// A poststart hook that fails stops the container (runtime.md, Lifecycle, step 10, since 1.3).
    func runPoststartHooks() throws(Failure) {
        try HookRunner(record, target: initProcess?.pidfd.raw ?? -1).runAll(.poststart, .running)
    }

    /// Forwards signals until the process has ended; then removes the container unless it is to be kept.
    func waitInForeground(_ signals: consuming SignalForwarder) throws(Failure) -> Int32 {
        guard let process = initProcess else { return 0 }
        // Other commands are welcome while the container runs.
        try? Syscall.unlock(directory.raw)
        let status = try signals.serve(process.pid, pidfd: process.pidfd.raw, terminal, notify)
        try Verb.leave(record, status, keep: request.keep, store, directory.raw)
        return status.shellStatus
    }
}

extension Verb {
    /// What a foreground container leaves when its process has ended: its exit status, if it is to be kept, or nothing.
    static func leave(
        _ record: ContainerRecord, _ status: ExitStatus, keep: Bool, _ store: ContainerStore,
        _ directory: Int32
    ) throws(Failure) {
        if keep {
            // For `wait`. Others may have changed the record meanwhile.
            if (try? store.lock(record.id, at: directory)) != nil,
                var record = try? store.load(record.id, at: directory)
            {
                record.exitStatus = status.shellStatus
                try? store.save(record, at: directory)
            }
            return
        }
        do throws(Failure) {
            try store.lock(record.id, at: directory)
            try destroy(record, store, directory)
        } catch {
            // Somebody else was faster.
            if error != ContainerStore.missing { throw error }
        }
    }
}
