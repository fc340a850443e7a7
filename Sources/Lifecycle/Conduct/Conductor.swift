// Carries a launch plan out: the runtime's legs here, the container's by the init.
import Cgroups
import LaunchPlan
import Linux
import OCI

/// One creation. Whatever it has made is undone when it fails.
struct Conductor: ~Copyable {
    let plan: LaunchPlan
    let request: CreateRequest
    let store: ContainerStore
    /// The container's state directory, locked.
    let directory: FileDescriptor
    /// For tests: the step that is to fail.
    let failing: Int?
    /// config.json as it was read.
    private let configuration: [UInt8]

    var record: ContainerRecord
    var cgroups: CgroupManager?
    var initProcess: RunningInit?
    private var program = Program()
    var inherited: [(name: InheritedDescriptor, descriptor: FileDescriptorBox)] = []
    private var hasRunHooks = false
    private var rdt: IntelRdtGroups?
    private var movedDevices: [MovedNetDevice] = []
    /// What the init said at the last hand-over.
    private var handedOver: UInt64 = 0
    private(set) var notify: NotifySocket?
    private var console: ConsoleTransfer?
    /// The container's terminal, when this process is to serve it.
    private(set) var terminal: FileDescriptorBox?

    init(
        _ plan: LaunchPlan, _ request: CreateRequest, _ store: ContainerStore,
        _ directory: consuming FileDescriptor, _ record: ContainerRecord, configuration: [UInt8]
    ) {
        self.plan = plan
        self.configuration = configuration
        self.request = request
        self.store = store
        self.directory = directory
        self.record = record
        failing = request.failingStep
    }

    /// Runs all steps; after an error nothing is left, the state directory neither.
    mutating func run() throws(Failure) {
        do throws(Failure) {
            try runSteps()
        } catch {
            undo()
            throw error
        }
    }

    private mutating func runSteps() throws(Failure) {
        if request.notifyDirectory != nil {
            try NotifySocket.prepare(at: directory.raw)
            // Otherwise `start` binds it.
            if request.startsAtOnce { notify = try NotifySocket(at: directory.raw) }
        }
        /// The init has reported and waits for the runtime.
        var initWaits = false
        for (index, planned) in plan.steps.enumerated() {
            // What comes after the wait is for `start` to do.
            if case .container(.awaitStart) = planned.step { return }
            guard case .runtime(let step) = planned.step else { continue }
            if initProcess != nil, !initWaits, !step.runsBesideInit {
                try waitForHandOver(at: index)
                initWaits = true
            }
            if failing == index { throw failure(planned, "injected failure") }
            try run(step, planned)
            if initWaits, index + 1 == plan.steps.count || plan.steps[index + 1].step.isContainers {
                try goAhead()
                initWaits = false
            }
        }
    }

    private mutating func run(_ step: RuntimeStep, _ planned: PlannedStep) throws(Failure) {
        switch step {
        case .openNamespace(let index, let kind, let path):
            let descriptor = try openNamespace(kind, path, planned)
            inherited.append((.namespace(index: index), FileDescriptorBox(descriptor)))
        case .copyUp(let index, let mount):
            do throws(Errno) {
                let descriptor = try CopyUp.make(mount, root: record.rootfs)
                inherited.append((.mount(index: index), FileDescriptorBox(descriptor)))
            } catch {
                throw failure(planned, "\(planned.step.summary): \(error)", errno: error)
            }
        case .fill(let mount, let root):
            try inInit(planned) { (pid, number) throws(Errno) in
                try CopyUp.fill(number, of: pid, mount, root: root)
            }
        case .setTimeOffset(let clock, let offset):
            try inInit(planned) { (pid, _) throws(Errno) in
                try Syscall.writeValue(
                    "\(clock) \(offset.secs) \(offset.nanosecs)\n", to: "/proc/\(pid)/timens_offsets")
            }
        case .setScheduler, .setIOPriority:
            try inInit(planned) { (pid, _) throws(Errno) in _ = try step.schedule(pid) }
        case .openMount(let index, let mount):
            try open(mount, as: .mount(index: index), planned)
        case .openRoot(let mount): try open(mount, as: .root, planned)
        case .ownStandardDescriptors(let descriptors, let uid): try own(descriptors, uid, planned)
        case .createCgroups(let plan): try createCgroups(plan)
        case .limit(let write): try cgroup { manager throws(CgroupError) in try manager.write([write]) }
        case .filterDevices:
            guard let plan = plan.cgroups else { return }
            try cgroup { manager throws(CgroupError) in try manager.attachDeviceFilter(plan) }
        case .startInit(let namespaces, _):
            try startInit(namespaces, planned)
            // While the init works.
            try store.saveConfiguration(configuration, at: directory.raw)
        case .joinCgroups:
            let pid = initProcess?.pid ?? 0
            let cloned = plan.cgroups?.cloneDirectory != nil
            try cgroup { manager throws(CgroupError) in try manager.join(pid, cloned: cloned) }
        case .writeIDMaps(let uids, let gids): try writeIDMaps(uids, gids, planned)
        case .startUnit(let unit): try startUnit(unit)
        case .enterDelegatedCgroup(let path): try enterDelegatedCgroup(path, planned)
        case .adoptInit: break  // done when the report came
        case .prepareRdt(let plan): try prepareRdt(plan)
        case .joinRdt: try rdt?.join(record.pid)
        case .moveNetDevice(let name, let newName):
            do throws(Errno) {
                movedDevices.append(try MovedNetDevice(name, as: newName, to: record.pid))
            } catch {
                throw failure(planned, "\(planned.step.summary): \(error)", errno: error)
            }
        case .sendSeccompListener(let path, let metadata):
            guard let initProcess else { throw initEnded() }
            try SeccompListener(path: path, metadata: metadata)
                .send(handedOver, of: initProcess, record, .created)
        case .runHook(let kind, let hook): try runHook(kind, hook, planned)
        case .announceCreated: try announce()
        case .takeTerminal(let size): terminal = try console?.finish(size)
        case .moveToCPUs, .aimAtPIDNamespace, .attachToUnit: preconditionFailure("a step of exec")
        }
    }

    /// Does something to the init, which waits; `body` gets its pid and what it said at the hand-over.
    private func inInit(
        _ planned: PlannedStep, _ body: (Int32, UInt64) throws(Errno) -> Void
    ) throws(Failure) {
        do throws(Errno) { try body(record.pid, handedOver) } catch {
            throw failure(planned, "\(planned.step.summary): \(error)", errno: error)
        }
    }

    func failure(_ planned: PlannedStep, _ message: String, errno: Errno? = nil) -> Failure {
        var failure = Failure(message, pointer: planned.pointer.isEmpty ? nil : planned.pointer)
        failure.errno = errno
        failure.phase = "create"
        return failure
    }
}

// MARK: - Steps

extension Conductor {
    private func openNamespace(
        _ kind: NamespaceKind, _ path: String, _ planned: PlannedStep
    ) throws(Failure) -> FileDescriptor {
        do throws(Errno) {
            let descriptor = try Syscall.open(path, .readOnly)
            guard try Syscall.namespaceKind(descriptor.raw) == kind.cloneFlag else {
                throw Errno.invalid
            }
            return descriptor
        } catch .invalid {
            throw failure(planned, "\(path) is not a \(kind.specName) namespace", errno: .invalid)
        } catch {
            throw failure(planned, "open \(kind.specName) namespace \(path): \(error)", errno: error)
        }
    }

    private mutating func createCgroups(_ plan: CgroupPlan) throws(Failure) {
        // Recorded before they exist: if the runtime is killed in between, `delete --force` knows what to look for.
        record.cgroups = plan.location.recorded
        try store.save(record, at: directory.raw, first: true)
        var manager = CgroupManager(plan.location)
        do throws(CgroupError) {
            try manager.create(plan)
        } catch {
            throw Rootless.failure(error)
        }
        cgroups = manager
    }

    private func cgroup(_ body: (CgroupManager) throws(CgroupError) -> Void) throws(Failure) {
        guard let cgroups else { return }
        do throws(CgroupError) { try body(cgroups) } catch { throw Failure(error) }
    }

    private mutating func startInit(_ namespaces: UInt64, _ planned: PlannedStep) throws(Failure) {
        program = Lowering.lower(plan)
        if let failing { program.sabotage(step: failing) }
        do throws(Errno) {
            if !request.startsAtOnce {
                inherited.append((.startSocket, FileDescriptorBox(try listen())))
            }
            if plan.hasTerminal {
                let console = try ConsoleTransfer(to: request.consoleSocket)
                inherited.append((.terminal, console.far))
                self.console = console
            }
            for entry in program.inherited {
                guard let found = inherited.first(where: { $0.name == entry.name }) else {
                    throw Errno.badDescriptor
                }
                program.bind(instruction: entry.instruction, to: found.descriptor.raw)
            }
            var launch = InitLaunch(program: program, namespaces: namespaces)
            launch.inherited = inherited.map(\.descriptor.raw) + preserved
            let cgroup: FileDescriptor?
            do throws(CgroupError) { cgroup = try cgroups?.openForClone() } catch { throw error.errno ?? .io }
            if let cgroup, let path = cgroups?.location.unified?.path {
                initProcess = try launch.start(in: cgroup.raw, path)
            } else {
                initProcess = try launch.start()
            }
            inherited = []
            record.pid = initProcess?.pid ?? 0
        } catch {
            throw failure(planned, "clone the container's init: \(error)", errno: error)
        }
    }

    private var preserved: [Int32] {
        (0..<request.preservedDescriptors).map { Int32(3 + $0) }
    }

    /// The socket on which the created container waits. It is bound by way of the directory's descriptor, since paths
    /// of sockets are short.
    private func listen() throws(Errno) -> FileDescriptor {
        let socket = try Syscall.unixSocket()
        try Syscall.bind(socket.raw, to: "/proc/self/fd/\(directory.raw)/" + ContainerStore.startSocket)
        try Syscall.listen(socket.raw)
        return socket
    }

    private mutating func runHook(_ kind: HookKind, _ hook: Hook, _ planned: PlannedStep) throws(Failure) {
        hasRunHooks = true
        guard let target = initProcess?.pidfd.raw else { return }
        do throws(Failure) {
            let status: State.Status = kind == .startContainer ? .created : .creating
            let confined = kind == .startContainer ? try ConfinedHook(record, store, directory.raw) : nil
            try HookRunner(record, target: target, confined: confined).run(hook, kind, status)
        } catch {
            throw failure(planned, error.message, errno: error.errno)
        }
    }

    private mutating func prepareRdt(_ plan: IntelRdtPlan) throws(Failure) {
        var groups = IntelRdtGroups(plan)
        try groups.prepare()
        rdt = groups
        record.rdtGroups = groups.removedWithContainer
    }

    private mutating func announce() throws(Failure) {
        record.startTime = ProcessStatus(pid: record.pid)?.startTime ?? 0
        try store.save(record, at: directory.raw)
        if let path = request.pidFile { try PIDFile.write(record.pid, to: path) }
        if let process = initProcess {
            try PIDFDSocket.send(process.pidfd.raw, to: request.pidfdSocket, "standard")
        }
    }
}

// MARK: - Hand-overs

extension Conductor {
    private mutating func waitForHandOver(at index: Int) throws(Failure) {
        guard let channel = initProcess?.channel.raw else { return }
        guard let report = try nextReport(channel) else { throw initEnded() }
        switch report.kind {
        case .failure: throw initFailed(report)
        case .yield: handedOver = report.value
        case .fork:
            do throws(Errno) {
                try initProcess?.adopt(report)
                record.pid = initProcess?.pid ?? 0
            } catch {
                throw failure(plan.steps[index], "take over the container's init: \(error)", errno: error)
            }
        }
    }

    private func goAhead() throws(Failure) {
        guard let channel = initProcess?.channel.raw else { return }
        do throws(Errno) { try InitReport.goAhead(on: channel) } catch { throw initEnded() }
    }

    func nextReport(_ channel: Int32) throws(Failure) -> InitReport? {
        do throws(Errno) {
            return try InitReport.next(on: channel)
        } catch {
            throw Failure("channel to the container's init: \(error)", errno: error)
        }
    }

    func initFailed(_ report: InitReport) -> Failure {
        plan.failure(report, in: program, phase: "create")
    }

    func initEnded() -> Failure {
        initProcess?.endedEarly("container init") ?? Failure("the container's init was not started")
    }

    /// Ends the init and removes the cgroups.
    mutating func undo() {
        for device in movedDevices.reversed() { device.moveBack() }
        if let process = initProcess {
            try? Syscall.signal(process: process.pidfd.raw, 9)
            _ = try? Syscall.wait(process.pid)
        }
        if var manager = cgroups {
            try? manager.signalAll(9)
            manager.removeCreated()
        }
        endUnit()
        if let rdt { IntelRdtGroups.remove(rdt.made) }
        if hasRunHooks {
            record.pid = 0
            HookRunner(record).runPoststop()
        }
        try? store.remove(request.id, at: directory.raw)
    }
}
