// start: lets a created container run its process.
import LaunchPlan
import Linux
import OCI

extension Verb {
    public static func start(_ id: String, _ options: RuntimeOptions) throws(Failure) {
        let container = try Container(id, options)
        switch container.status {
        case .created: break
        case .stopped: throw Failure("cannot start a container that has stopped")
        case .creating: throw Failure("cannot start a container that is being created")
        case .running: throw Failure("cannot start an already running container")
        case .paused: throw Failure("cannot start a container in the paused state")
        }
        guard let pidfd = container.initProcess?.raw else {
            throw Failure("cannot start a container that has stopped")
        }
        let confined =
            container.record.hooks.startContainer.isEmpty
            ? nil : try ConfinedHook(container.record, container.store, container.directory.raw)
        let hooks = HookRunner(container.record, target: pidfd, confined: confined)
        try stopping(container, pidfd) { () throws(Failure) in
            do throws(Failure) {
                try hooks.runAll(.startContainer, .created)
            } catch {
                // The namespaces go with their init, a moment before it is seen to have ended: then it is not the hook
                // that failed.
                if error.errno == .noProcess, (try? Syscall.waitForEnd(of: pidfd, milliseconds: 1000)) == true
                {
                    throw Failure("cannot start a container that has stopped")
                }
                throw error
            }
        }
        let notify = try NotifySocket(at: container.directory.raw)
        let socket = try connect(container)
        if let listener = container.record.seccompListener {
            try stopping(container, pidfd) { () throws(Failure) in
                try container.send(listener, pidfd, socket.raw)
            }
        }
        let report = try calls("start of container \(id)") { () throws(Errno) in
            try InitReport.next(on: socket.raw)
        }
        if let report { throw container.startFailure(report) }
        try stopping(container, pidfd) { () throws(Failure) in try hooks.runAll(.poststart, .running) }
        if let notify {
            // Others may work on the container meanwhile.
            try? Syscall.unlock(container.directory.raw)
            try notify.wait(for: container.record.pid, pidfd: pidfd)
        }
    }

    /// The init goes on by itself from here: the container counts as running.
    private static func connect(_ container: borrowing Container) throws(Failure) -> FileDescriptor {
        let directory = container.directory.raw
        return try calls("start of container \(container.record.id)") { () throws(Errno) in
            let socket = try Syscall.unixSocket()
            try Syscall.connect(socket.raw, to: "/proc/self/fd/\(directory)/" + ContainerStore.startSocket)
            try Syscall.unlink(ContainerStore.startSocket, at: directory)
            guard try InitReport.next(on: socket.raw)?.kind == .yield else { throw Errno.noProcess }
            return socket
        }
    }

    /// A startContainer or poststart hook that fails stops the container (runtime.md, Lifecycle, steps 7 and 10).
    private static func stopping(
        _ container: borrowing Container, _ pidfd: Int32, _ hooks: () throws(Failure) -> Void
    ) throws(Failure) {
        do throws(Failure) {
            try hooks()
        } catch {
            try? Syscall.signal(process: pidfd, 9)
            try? container.cgroups?.signalAll(9)
            _ = try? Syscall.waitForEnd(of: pidfd, milliseconds: 10_000)
            throw error
        }
    }
}

extension Container {
    /// The init has loaded its filter, says which descriptor the listener is, and waits until the agent has it.
    fileprivate func send(
        _ listener: SeccompListener, _ process: Int32, _ channel: Int32
    ) throws(Failure) {
        let report = try calls("start of container \(record.id)") { () throws(Errno) in
            try InitReport.next(on: channel)
        }
        guard let report else {
            throw Failure("unable to start container process: the container's init has ended")
        }
        if report.kind == .failure { throw startFailure(report) }
        try listener.send(report.value, of: process, pid: record.pid, record, .created)
        try calls("start of container \(record.id)") { () throws(Errno) in try InitReport.goAhead(on: channel)
        }
    }

    /// What failed after the hand-over: only what the record lists can.
    fileprivate func startFailure(_ report: InitReport) -> Failure {
        for line in record.lastSteps {
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == "\(report.step)" else { continue }
            return Failure(
                "unable to start container process: \(fields[2]): \(report.error)",
                pointer: String(fields[1]),
                errno: report.error, phase: "start")
        }
        return Failure(
            "unable to start container process: \(report.error)", errno: report.error, phase: "start")
    }
}

extension HookRunner {
    /// Poststop hooks all run; a failure stops nothing (runtime.md, Lifecycle, step 13).
    @discardableResult
    func runPoststop() -> [Failure] {
        var failures: [Failure] = []
        for hook in record.hooks.poststop {
            do throws(Failure) { try run(hook, .poststop, .stopped) } catch { failures.append(error) }
        }
        return failures
    }
}
