// Carries a plan for mounts in a running container out: a helper joins the container's namespaces and works there.
import LaunchPlan
import Linux

/// One addition or removal.
struct MountsConductor: ~Copyable {
    let plan: LaunchPlan
    let probe: JoinProbe
    private var program = Program()
    private var opened: [(index: Int, mount: FileDescriptorBox)] = []
    /// How many of the list may be mounted now.
    private(set) var attached = 0

    init(_ plan: LaunchPlan, _ probe: JoinProbe) {
        self.plan = plan
        self.probe = probe
    }

    mutating func run() throws(Failure) {
        var helper: RunningInit?
        for planned in plan.steps {
            guard case .runtime(let step) = planned.step else { continue }
            do throws(Errno) {
                if case .startInit = step { helper = try start() } else { try run(step) }
            } catch {
                if probe.hasEnded { throw Self.stopped }
                throw Failure(
                    "\(planned.step.summary): \(error)",
                    pointer: planned.pointer.isEmpty ? nil : planned.pointer, errno: error, phase: "mounts")
            }
        }
        if let helper { try finish(helper) }
    }

    static let stopped = Failure("container not running")

    private mutating func run(_ step: RuntimeStep) throws(Errno) {
        switch step {
        case .openMount(let index, let mount): opened.append((index, FileDescriptorBox(try mount.open())))
        case .aimAtPIDNamespace: try probe.aimAtPIDNamespace(plan)
        default: preconditionFailure("not a step of mounts")
        }
    }

    private mutating func start() throws(Errno) -> RunningInit {
        program = Lowering.lower(plan)
        return try probe.start(
            &program, inCgroup: nil, mayHaveMoved: false,
            others: opened.map { (.mount(index: $0.index), $0.mount.raw) })
    }

    /// Waits until the helper has done all, or says why not.
    private mutating func finish(_ helper: RunningInit) throws(Failure) {
        let report = try calls("channel to the helper in the container") { () throws(Errno) in
            try InitReport.next(on: helper.channel.raw)
        }
        let status = try calls("wait for the helper in the container") { () throws(Errno) in
            try Syscall.wait(helper.pid)?.status
        }
        if let report {
            attached = program.attachments(before: report.instruction)
            throw probe.hasEnded
                ? Self.stopped : plan.failure(report, in: program, phase: "mounts", prefix: "")
        }
        attached = program.attachments(before: program.instructions.count)
        guard let status, status != .exited(0) else { return }
        throw probe.hasEnded ? Self.stopped : Failure("the helper in the container ended: \(status.text)")
    }
}

extension Program {
    /// Each mount is attached by one call.
    fileprivate func attachments(before instruction: Int) -> Int {
        instructions.prefix(instruction).count { $0.opcode == .syscall && $0.call == .moveMount }
    }
}
