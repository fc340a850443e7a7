// startContainer hooks are programs of the image: they run with the rights of the container's process, not the runtime's.
import LaunchPlan
import Linux
import OCI

/// Starts the startContainer hooks of one container.
struct ConfinedHook {
    private let probe: JoinProbe
    private let options: LaunchOptions

    /// - Parameter directory: the container's state directory, with the configuration that it was created with
    init(_ record: ContainerRecord, _ store: ContainerStore, _ directory: Int32) throws(Failure) {
        var spec = try store.configuration(record.id, at: directory)
        spec.process?.env = record.environment
        let target = try calls("container \(record.id)") { () throws(Errno) in
            FileDescriptorBox(try Syscall.openProcess(record.pid))
        }
        var probe = try JoinProbe(record, target: target, spec: spec)
        try probe.findCgroups([])
        self.probe = probe
        var options = LaunchOptions(id: record.id, bundle: record.bundle)
        options.startsAtOnce = true
        options.noNewKeyring = record.keepsKeyring
        if let profile = spec.linux.seccomp {
            options.filter = try Verb.filter(profile, cache: store.root + "/.cache/seccomp")
        }
        self.options = options
    }

    /// Starts `hook` with these standard streams.
    func start(_ hook: Hook, _ streams: [Int32]) throws(Failure) -> StartedHook {
        let plan: LaunchPlan
        do throws(SpecError) {
            plan = try LaunchPlan(running: hook, in: probe.container, on: probe.facts(), options)
        } catch {
            throw Failure(error)
        }
        var program = Lowering.lower(plan)
        let others = streams.enumerated().map {
            (name: InheritedDescriptor.stream($0.offset), descriptor: $0.element)
        }
        let process = try calls("clone") { () throws(Errno) in
            try probe.start(
                &program, inCgroup: probe.container.cgroup, mayHaveMoved: true, others: others)
        }
        return StartedHook(process: process, plan: plan, program: program)
    }

    /// Takes the runtime's steps of one hand-over, at which the hook's init reported `value`.
    func act(
        _ steps: [PlannedStep], _ value: UInt64, of process: RunningInit, _ status: State.Status
    ) throws(Failure) {
        for planned in steps {
            guard case .runtime(let step) = planned.step else { continue }
            if try probe.act(step, value, for: process, status) { continue }
            try calls(planned.step.summary) { () throws(Errno) in
                if try !step.schedule(process.pid) { preconditionFailure("not a step of a hook") }
            }
        }
    }
}

/// A hook that has been started, and what its reports mean.
struct StartedHook {
    let process: RunningInit
    var plan: LaunchPlan?
    var program = Program()

    func failure(_ report: InitReport) -> Failure {
        plan?.failure(report, in: program, phase: "start")
            ?? Failure("\(report.error)", errno: report.error)
    }
}
