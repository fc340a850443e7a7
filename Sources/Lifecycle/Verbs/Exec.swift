// exec: one more process in a container.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// Runs a process in a container. In the foreground: waits for it and returns its status.
    public static func exec(
        _ request: ExecRequest, _ options: RuntimeOptions, warn: ([SpecError]) -> Void
    ) throws(Failure) -> Int32 {
        try checkPreserved(request.preservedDescriptors)
        // Without the lock: probes of one container must not wait for each other.
        let container = try Container(lookingAt: request.id, in: ContainerStore(root: options.root))
        guard let target = container.initProcess, container.status != .creating else {
            throw Failure("cannot exec in a stopped container")
        }
        if !request.ignorePaused, container.cgroups?.isFrozen == true {
            throw Failure("cannot exec in a paused container (use --ignore-paused to override)")
        }
        var conductor = try conductor(request, container, target, options)
        // Before the clone: a signal that comes in between must wait for the forwarder.
        let signals = request.detach ? nil : try SignalForwarder(reapsOrphans: false)
        let process = try conductor.run()
        do throws(Failure) {
            if let file = request.pidFile { try PIDFile.write(process.pid, to: file) }
            try PIDFDSocket.send(process.pidfd.raw, to: request.pidfdSocket, "setns")
        } catch {
            process.end()
            throw error
        }
        warn(conductor.plan.warnings)
        guard let signals else { return 0 }
        return try signals.serve(process.pid, pidfd: process.pidfd.raw, conductor.terminal).shellStatus
    }

    private static func conductor(
        _ request: ExecRequest, _ container: borrowing Container, _ target: FileDescriptorBox,
        _ options: RuntimeOptions
    ) throws(Failure) -> ExecConductor {
        var spec = try container.store.configuration(request.id, at: container.directory.raw)
        let process = try process(request, spec)
        spec.process = process
        do throws(SpecError) { try spec.validateProcess() } catch { throw request.failure(error) }
        try ConsoleTransfer.check(
            terminal: process.terminal, detaches: request.detach, socket: request.consoleSocket)
        var probe = try JoinProbe(container.record, target: target, spec: spec)
        try probe.findCgroups(request.cgroups)
        var launch = LaunchOptions(id: request.id, bundle: container.record.bundle)
        launch.noNewKeyring = container.record.keepsKeyring
        launch.preservedDescriptors = request.preservedDescriptors
        launch.startsAtOnce = true
        if let profile = spec.linux.seccomp {
            launch.filter = try filter(profile, cache: options.root + "/.cache/seccomp")
        }
        do throws(SpecError) {
            let plan = try LaunchPlan(executing: process, in: probe.container, on: probe.facts(), launch)
            return ExecConductor(plan, request, probe)
        } catch {
            throw request.failure(error)
        }
    }

    private static func process(_ request: ExecRequest, _ spec: Spec) throws(Failure) -> Process {
        guard let file = request.processFile else {
            guard !request.changes.args.isEmpty else { throw Failure("process args cannot be empty") }
            return try request.changes.applied(to: spec.process ?? Process())
        }
        let bytes = try calls("process file \(file)") { () throws(Errno) in
            try Syscall.readFile(file, limit: Bundle.configurationLimit)
        }
        do throws(SpecError) {
            return try Process(json: bytes).completed(by: spec.process)
        } catch {
            throw Failure(error)
        }
    }
}

extension ExecRequest {
    /// `error`, whose pointer leads into config.json, as the caller knows it: a process file has no /process.
    func failure(_ error: SpecError) -> Failure { failure(Failure(error)) }

    func failure(_ error: Failure) -> Failure {
        var failure = error
        let prefix = "/process/"
        if processFile != nil, let pointer = failure.pointer, pointer.hasPrefix(prefix) {
            failure.pointer = String(pointer.dropFirst(prefix.utf8.count - 1))
        }
        return failure
    }
}
