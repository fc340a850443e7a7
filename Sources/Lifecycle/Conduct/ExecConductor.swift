// Carries the plan of an exec out: the runtime's few legs here, the rest by a tiny init that enters the container.
import CLinux
import Cgroups
import LaunchPlan
import Linux
import OCI

/// One exec.
struct ExecConductor: ~Copyable {
    let plan: LaunchPlan
    let request: ExecRequest
    let probe: JoinProbe
    private var program = Program()
    private var process: RunningInit?
    private var console: ConsoleTransfer?
    /// The init has reported, this at the last hand-over, and waits.
    private var waits = false
    private var handedOver: UInt64 = 0
    /// The process' terminal, when this process is to serve it.
    private(set) var terminal: FileDescriptorBox?

    init(_ plan: LaunchPlan, _ request: ExecRequest, _ probe: JoinProbe) {
        self.plan = plan
        self.request = request
        self.probe = probe
    }

    /// Runs all steps, until the process has executed its program; after an error there is no process.
    mutating func run() throws(Failure) -> RunningInit {
        do throws(Failure) {
            for (index, planned) in plan.steps.enumerated() {
                guard case .runtime(let step) = planned.step else { continue }
                if process != nil, !waits, !step.isAdoption {
                    handedOver = try waitForHandOver()
                    waits = true
                }
                try run(step, planned)
                if waits, index + 1 == plan.steps.count || plan.steps[index + 1].step.isContainers {
                    try goAhead()
                    waits = false
                }
            }
            guard let process else { throw Failure("the process was not started") }
            // Its end of the channel closes with the exec.
            if let report = try nextReport(process) {
                throw request.failure(plan.failure(report, in: program, phase: "exec"))
            }
            return process
        } catch {
            process?.end()
            throw error
        }
    }

    private mutating func run(_ step: RuntimeStep, _ planned: PlannedStep) throws(Failure) {
        if case .adoptInit = step { return try adopt() }
        if case .takeTerminal(let size) = step {
            terminal = try console?.finish(size)
            return
        }
        if let process, try probe.act(step, handedOver, for: process, .running) { return }
        do throws(Errno) {
            switch step {
            case .ownStandardDescriptors(let descriptors, let uid): own(descriptors, uid)
            case .moveToCPUs(let mask): try Syscall.setAffinity(mask)
            case .aimAtPIDNamespace: try probe.aimAtPIDNamespace(plan)
            case .startInit(_, let cgroup): process = try start(cgroup)
            default:
                guard let process, try step.schedule(process.pid) else {
                    preconditionFailure("not a step of exec")
                }
            }
        } catch {
            if error == .noProcess || probe.hasEnded {
                throw Failure("cannot exec in a stopped container", errno: error)
            }
            var failure = Failure(
                "unable to start container process: \(planned.step.summary): \(error)",
                pointer: planned.pointer.isEmpty ? nil : planned.pointer, errno: error, phase: "exec")
            failure = request.failure(failure)
            throw failure
        }
    }

    /// Gives standard descriptors to a user of the container.
    private func own(_ descriptors: [Int32], _ uid: UInt32) {
        var owner: UInt32? = uid
        if plan.hasUserNamespace {
            let map = IDMaps.read(.users, of: probe.record.pid)
            owner = map.lazy.compactMap { $0.outer(of: uid) }.first
        }
        guard let owner else { return }
        for descriptor in descriptors {
            // As when a container is created: what has no owner to change is the process' already.
            try? Syscall.changeOwner(descriptor, uid: owner, gid: .max)
        }
    }

    // MARK: - The init

    private mutating func start(_ cgroup: String?) throws(Errno) -> RunningInit {
        program = Lowering.lower(plan)
        var others: [(name: InheritedDescriptor, descriptor: Int32)] = []
        if plan.hasTerminal {
            let console = try ConsoleTransfer(to: request.consoleSocket)
            others.append((.terminal, console.far.raw))
            self.console = console
        }
        return try probe.start(
            &program, inCgroup: cgroup, mayHaveMoved: request.cgroups.isEmpty, others: others,
            kept: (0..<request.preservedDescriptors).map { Int32(3 + $0) })
    }

    /// The init has forked into the container's PID namespace: its child is the process.
    private func adopt() throws(Failure) {
        guard let process, let report = try nextReport(process) else {
            throw process?.endedEarly("exec") ?? Failure("the process was not started")
        }
        guard report.kind == .fork else {
            throw request.failure(plan.failure(report, in: program, phase: "exec"))
        }
        try calls("take over the process in the container") { () throws(Errno) in
            try process.adopt(report)
            try InitReport.goAhead(on: process.channel.raw)
        }
    }

    /// What the init says when it waits for the runtime.
    private func waitForHandOver() throws(Failure) -> UInt64 {
        guard let process, let report = try nextReport(process) else {
            throw process?.endedEarly("exec") ?? Failure("the process was not started")
        }
        guard report.kind == .yield else {
            throw request.failure(plan.failure(report, in: program, phase: "exec"))
        }
        return report.value
    }

    private func goAhead() throws(Failure) {
        guard let channel = process?.channel.raw else { return }
        try calls("channel to the process in the container") { () throws(Errno) in
            try InitReport.goAhead(on: channel)
        }
    }

    private func nextReport(_ process: RunningInit) throws(Failure) -> InitReport? {
        try calls("channel to the process in the container") { () throws(Errno) in
            try InitReport.next(on: process.channel.raw)
        }
    }
}

extension RuntimeStep {
    /// The report of a fork, which is answered as it comes.
    fileprivate var isAdoption: Bool {
        if case .adoptInit = self { true } else { false }
    }
}

extension RunningInit {
    /// Kills the process and takes its status.
    func end() {
        try? Syscall.signal(process: pidfd.raw, 9)
        _ = try? Syscall.wait(pid)
    }
}
