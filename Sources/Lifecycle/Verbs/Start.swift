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
        case .running, .paused: throw Failure("cannot start an already running container")
        }
        guard let pidfd = container.record.openInit() else {
            throw Failure("cannot start a container that has stopped")
        }
        try runHooks(.startContainer, of: container.record, status: .created, target: pidfd.raw)
        let directory = container.directory.raw
        let report = try calls("start of container \(id)") { () throws(Errno) in
            let socket = try Syscall.unixSocket()
            try Syscall.connect(socket.raw, to: "/proc/self/fd/\(directory)/" + ContainerStore.startSocket)
            // From here on the container counts as running: the init goes on by itself.
            try Syscall.unlink(ContainerStore.startSocket, at: directory)
            return try InitReport.next(on: socket.raw)
        }
        if let report { throw container.startFailure(report) }
        do throws(Failure) {
            try runHooks(.poststart, of: container.record, status: .running, target: pidfd.raw)
        } catch {
            // The container is stopped when a poststart hook fails (runtime.md, Lifecycle, step 10).
            try? container.cgroups?.signalAll(9)
            try? Syscall.signal(process: pidfd.raw, 9)
            throw error
        }
    }
}

extension Container {
    /// The last instructions are after the hand-over: only execve and the filter can fail there.
    fileprivate func startFailure(_ report: InitReport) -> Failure {
        Failure(
            "unable to start container process: exec: \(report.error)", errno: report.error, phase: "start")
    }
}

/// Runs all hooks of one kind; the first failure is thrown.
func runHooks(
    _ kind: HookKind, of record: ContainerRecord, status: State.Status, target: Int32?
) throws(Failure) {
    let hooks = record.hooks[kind]
    if hooks.isEmpty { return }
    let runner = HookRunner(
        state: record.hookState(status), target: target ?? -1, namespaces: record.namespaces,
        hostEnvironment: Environment.all, containerEnvironment: record.environment)
    for (index, hook) in hooks.enumerated() {
        do throws(Failure) {
            try runner.run(hook, kind)
        } catch {
            throw Failure(error.message, pointer: "/hooks/\(kind.rawValue)/\(index)")
        }
    }
}

/// Poststop hooks all run; a failure is for the log alone (runtime.md, Lifecycle, step 13).
@discardableResult
func runPoststopHooks(_ record: ContainerRecord) -> [String] {
    var failures: [String] = []
    let runner = HookRunner(
        state: record.hookState(.stopped), target: -1, namespaces: 0, hostEnvironment: Environment.all,
        containerEnvironment: [])
    for hook in record.hooks.poststop {
        do throws(Failure) { try runner.run(hook, .poststop) } catch { failures.append(error.message) }
    }
    return failures
}
