// Runs hooks: on the host, or in the container's namespaces (config.md, POSIX-platform Hooks).
import CLinux
import LaunchPlan
import Linux
import OCI

/// Runs the hooks of one container.
struct HookRunner {
    let record: ContainerRecord
    /// pidfd of the init, whose namespaces container hooks enter; -1 when it has ended.
    let target: Int32

    /// The standard environment of hooks that bring none of their own.
    private let environment = Environment.all

    /// How startContainer hooks are started.
    private let confined: ConfinedHook?

    init(_ record: ContainerRecord, target: Int32 = -1, confined: ConfinedHook? = nil) {
        self.record = record
        self.target = target
        self.confined = confined
    }

    /// Runs all hooks of one kind that the record holds; the first failure is thrown, with its pointer.
    func runAll(_ kind: HookKind, _ status: State.Status) throws(Failure) {
        for (index, hook) in record.hooks[kind].enumerated() {
            do throws(Failure) {
                try run(hook, kind, status)
            } catch {
                var failure = error
                failure.pointer = "/hooks/\(kind.rawValue)/\(index)"
                throw failure
            }
        }
    }

    /// Runs `hook` to its end. A container hook enters the init's namespaces like a process would, by way of the same
    /// small init. It keeps the runtime's credentials, as in runc, unless it is a startContainer hook.
    func run(_ hook: Hook, _ kind: HookKind, _ status: State.Status) throws(Failure) {
        let name = "\(kind.rawValue) hook \(hook.path)"
        let output = try calls(name) { () throws(Errno) in try Syscall.scratchFile("hook-output") }
        let logs = try openLogs(name)
        let started: StartedHook
        do throws(Failure) {
            started = try start(
                hook, kind, [logs.output?.raw ?? output.raw, logs.errors?.raw ?? output.raw], status)
            try follow(started, status)
        } catch {
            var failure = error
            failure.message = "\(name): \(failure.message)"
            throw failure
        }
        let ended = try wait(started.process, hook.timeout, name)
        if ended != .exited(0) {
            throw Failure("error running \(name): \(ended.text), output: \(printed(output.raw))")
        }
    }

    private func start(
        _ hook: Hook, _ kind: HookKind, _ outputs: [Int32], _ status: State.Status
    ) throws(Failure) -> StartedHook {
        let input = try calls("standard input") { () throws(Errno) in
            let input = try Syscall.scratchFile("hook-state")
            try Syscall.write(input.raw, state(kind, status), offset: 0)
            return input
        }
        let streams = [input.raw] + outputs
        if kind == .startContainer, let confined { return try confined.start(hook, streams) }
        return try calls("clone") { () throws(Errno) in
            let entrances = kind.inContainer ? try entrances() : []
            var launch = InitLaunch(program: program(hook, kind, streams, entrances))
            launch.inherited = streams + entrances.map(\.descriptor)
            return try withExtendedLifetime(entrances) { () throws(Errno) in
                StartedHook(process: try launch.start())
            }
        }
    }

    /// By which descriptors the hook enters which of the container's namespaces: all at once by the init's pidfd; one by
    /// one where there are no pidfds.
    private func entrances() throws(Errno) -> [Entrance] {
        guard Syscall.isProcessDirectory(target) else {
            return [Entrance(descriptor: target, file: nil, types: record.namespaces)]
        }
        let isPrivileged = Syscall.permittedCapabilities().contains(.sysAdmin)
        var entrances: [Entrance] = []
        for kind in Lowering.joinOrder(isPrivileged: isPrivileged)
        where record.namespaces & kind.cloneFlag != 0 {
            let file = FileDescriptorBox(try Syscall.openNamespace(kind, of: target))
            entrances.append(Entrance(descriptor: file.raw, file: file, types: kind.cloneFlag))
        }
        return entrances
    }

    /// Does what the started hook's init needs done, until it has executed the hook.
    private func follow(_ started: StartedHook, _ status: State.Status) throws(Failure) {
        let process = started.process
        var handOvers = (started.plan?.handOvers ?? [])[...]
        do throws(Failure) {
            while let report = try calls(
                "channel", { () throws(Errno) in try InitReport.next(on: process.channel.raw) })
            {
                switch report.kind {
                case .failure: throw started.failure(report)
                case .yield: try confined?.act(handOvers.popFirst() ?? [], report.value, of: process, status)
                case .fork:
                    try calls("take over its process") { () throws(Errno) in try process.adopt(report) }
                }
                try calls("channel") { () throws(Errno) in try InitReport.goAhead(on: process.channel.raw) }
            }
        } catch {
            process.end()
            throw error
        }
    }

    /// What the hook reads on its standard input. In the container it sees the pid that the container sees.
    private func state(_ kind: HookKind, _ status: State.Status) -> [UInt8] {
        var state = record.state(status)
        if kind.inContainer, record.namespaces & NamespaceKind.pid.cloneFlag != 0 {
            state.pid = ProcessStatus.innermostPID(of: record.pid) ?? record.pid
        }
        return state.hookInput
    }

    private func program(
        _ hook: Hook, _ kind: HookKind, _ streams: [Int32], _ entrances: [Entrance]
    ) -> Program {
        var program = Program()
        program.unblockSignals()
        if kind.inContainer {
            program.syscall(.prctl, .value(Int(PR_SET_DUMPABLE)), .value(0))
            for entrance in entrances {
                program.syscall(
                    .setns, .value(Int(entrance.descriptor)), .immediate(entrance.types))
            }
            if record.namespaces & NamespaceKind.user.cloneFlag != 0 {
                // The container's root, as in runc: in a user namespace the host's would be more than the container.
                program.syscall(.setresgid, .value(0), .value(0), .value(0))
                program.syscall(.setresuid, .value(0), .value(0), .value(0))
            }
            if record.namespaces & NamespaceKind.pid.cloneFlag != 0 {
                program.fork(flags: UInt64(CLONE_PARENT))
            }
        }
        // A group of its own, so that a time-out ends all that the hook has started.
        if hook.timeout != nil { program.syscall(.setpgid, .value(0), .value(0)) }
        program.takeStreams(
            streams.enumerated().map { (from: $0.element, to: $0.offset) }, kept: entrances.map(\.descriptor))
        program.syscall(
            .execve, program.string(hook.path), program.stringArray(hook.arguments),
            program.stringArray(hook.env ?? environment))
        return program
    }

    /// Waits for the hook's end, at most `timeout` seconds.
    private func wait(
        _ process: RunningInit, _ timeout: Int?, _ name: String
    ) throws(Failure) -> ExitStatus {
        let (pid, pidfd) = (process.pid, process.pidfd.raw)
        return try calls(name) { () throws(Errno) in
            if try Syscall.waitForEnd(of: pidfd, milliseconds: timeout.map { $0 * 1000 } ?? -1) == false {
                try Syscall.signal(process: pidfd, 9)
                try? Syscall.kill(-pid, 9)
                _ = try Syscall.wait(pid)
                throw Errno.timedOut
            }
            return try Syscall.wait(pid)?.status ?? .exited(0)
        }
    }

    /// The files that annotations of crun name for the output of hooks, for those who debug one.
    private func openLogs(_ name: String) throws(Failure) -> (
        output: FileDescriptorBox?, errors: FileDescriptorBox?
    ) {
        if record.annotations.isEmpty { return (nil, nil) }
        func open(_ key: String) throws(Failure) -> FileDescriptorBox? {
            guard let path = record.annotations[key] else { return nil }
            return try calls("\(name): open \(path)") { () throws(Errno) in
                FileDescriptorBox(
                    try Syscall.open(path, [.writeOnly, .create, .append, .noFollow], mode: 0o600))
            }
        }
        return (try open(Annotation.hooksOutput), try open(Annotation.hooksErrors))
    }

    /// The end of what the hook printed.
    private func printed(_ output: Int32) -> String {
        let limit: UInt64 = 4096
        guard let size = try? Syscall.status("", at: output).size, size > 0 else { return "" }
        let start = Int(size > limit ? size - limit : 0)
        let bytes = (try? Syscall.read(output, count: Int(min(size, limit)), offset: start)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A way into namespaces (CLONE_NEW*).
private struct Entrance {
    let descriptor: Int32
    /// Holds the descriptor, unless it is the target.
    let file: FileDescriptorBox?
    let types: UInt64
}
