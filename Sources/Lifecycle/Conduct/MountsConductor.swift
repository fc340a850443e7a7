// Carries a plan for mounts in a running container out: a helper joins the container's namespaces and works there.
import CLinux
import LaunchPlan
import Linux

/// One addition or removal.
struct MountsConductor: ~Copyable {
    let plan: LaunchPlan
    let probe: JoinProbe
    private var program = Program()
    private var opened: [Int: FileDescriptorBox] = [:]
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
                if isGone { throw Self.stopped }
                throw Failure(
                    "\(planned.step.summary): \(error)",
                    pointer: planned.pointer.isEmpty ? nil : planned.pointer, errno: error, phase: "mounts")
            }
        }
        if let helper { try finish(helper) }
    }

    static let stopped = Failure("container not running")

    /// The namespaces go with the container's first process.
    private var isGone: Bool { (try? Syscall.poll(probe.target.raw, milliseconds: 0)) != false }

    private mutating func run(_ step: RuntimeStep) throws(Errno) {
        switch step {
        case .openMount(let index, let mount): opened[index] = FileDescriptorBox(try mount.open())
        case .aimAtPIDNamespace:
            // The child shares this process' memory until it executes: nobody in the container may look into it.
            try Syscall.processControl(PR_SET_DUMPABLE, 0)
            try Syscall.joinNamespaces(probe.target.raw, NamespaceKind.pid.cloneFlag)
        default: preconditionFailure("not a step of mounts")
        }
    }

    private mutating func start() throws(Errno) -> RunningInit {
        program = Lowering.lower(plan)
        var boxes: [FileDescriptorBox] = []
        for entry in program.inherited {
            let box: FileDescriptorBox?
            switch entry.name {
            case .target: box = probe.target
            case .targetRoot: box = probe.root()
            case .mount(let index): box = opened[index]
            default: box = nil
            }
            guard let box else { throw .badDescriptor }
            boxes.append(box)
            program.bind(instruction: entry.instruction, to: box.raw)
        }
        var launch = InitLaunch(program: program)
        launch.inherited = boxes.map(\.raw)
        return try launch.start()
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
            throw isGone ? Self.stopped : plan.failure(report, in: program, phase: "mounts", prefix: "")
        }
        attached = program.attachments(before: program.instructions.count)
        guard let status, status != .exited(0) else { return }
        throw isGone ? Self.stopped : Failure("the helper in the container ended: \(status.text)")
    }
}

extension Program {
    /// Each mount is attached by one call.
    fileprivate func attachments(before instruction: Int) -> Int {
        instructions.prefix(instruction).count { $0.opcode == .syscall && $0.call == .moveMount }
    }
}
