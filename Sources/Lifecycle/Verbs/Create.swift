// create: from a bundle to a container that waits for `start`.
import Cgroups
import LaunchPlan
import Linux
import OCI
import Seccomp

extension Verb {
    /// Creates a container; the warnings that the specification asks for.
    public static func create(
        _ request: CreateRequest, _ options: RuntimeOptions
    ) throws(Failure) -> [SpecError] {
        let conductor = try conduct(request, options)
        return conductor.plan.warnings
    }

    /// The plan of `create` for a bundle; touches nothing.
    public static func plan(_ request: CreateRequest, _ options: RuntimeOptions) throws(Failure) -> LaunchPlan
    {
        let spec = try Bundle.spec(at: request.bundle)
        var request = request
        request.isInUserNamespace = HostProbe.isInUserNamespace()
        return try plan(spec, request, options, cached: false)
    }

    /// Runs a creation to the point where the container is created, or, with `startsAtOnce`, let go.
    static func conduct(_ request: CreateRequest, _ options: RuntimeOptions) throws(Failure) -> Conductor {
        try ContainerStore.validate(request.id)
        var request = request
        request.listenDescriptors = Environment["LISTEN_FDS"].flatMap { Int($0) } ?? 0
        request.preservedDescriptors += request.listenDescriptors
        try checkPreserved(request.preservedDescriptors)
        let bytes = try Bundle.bytes(at: request.bundle)
        var spec = try Bundle.spec(decoding: bytes)
        if NotifySocket.hostPath != nil {
            request.notifyDirectory = options.root + "/" + request.id + "/" + NotifySocket.directory
            NotifySocket.add(to: &spec, source: request.notifyDirectory ?? "")
        }
        try ConsoleTransfer.check(
            terminal: spec.process?.terminal ?? false, detaches: request.detach || !request.startsAtOnce,
            socket: request.consoleSocket)
        do throws(Failure) {
            return try conduct(spec, bytes, request, options)
        } catch {
            // Root of a user namespace may less than root. Nobody pays for the question but who is refused something;
            // hooks never run twice.
            let mayRepeat = spec.hooks == nil || error.phase == Rootless.phase
            guard mayRepeat,
                error.errno == .notPermitted || error.errno == .permissionDenied || error.errno == .readOnly,
                !request.isInUserNamespace, HostProbe.isInUserNamespace()
            else { throw error }
            request.isInUserNamespace = true
            return try conduct(spec, bytes, request, options)
        }
    }

    private static func conduct(
        _ spec: Spec, _ configuration: [UInt8], _ request: CreateRequest, _ options: RuntimeOptions
    ) throws(Failure) -> Conductor {
        let plan = try plan(spec, request, options, cached: true)
        let store = ContainerStore(root: options.root)
        let directory = try store.reserve(request.id)
        var conductor = Conductor(
            plan, request, store, directory, record(spec, plan, request, options),
            configuration: configuration)
        try conductor.run()
        return conductor
    }

    private static func plan(
        _ spec: Spec, _ request: CreateRequest, _ options: RuntimeOptions, cached: Bool
    ) throws(Failure) -> LaunchPlan {
        try Bundle.validate(spec)
        var facts = try HostProbe.facts(for: spec, request, driver: options.manager)
        // Made when the container has its state directory.
        if let directory = request.notifyDirectory { facts.sources[directory] = .directory }
        try Bundle.checkRoot(spec, request.bundle)
        var launch = LaunchOptions(id: request.id, bundle: request.bundle)
        launch.noPivot = request.noPivot
        launch.noNewKeyring = request.noNewKeyring
        launch.preservedDescriptors = request.preservedDescriptors
        launch.listenDescriptors = request.listenDescriptors
        launch.manager = options.manager
        launch.rootless = options.rootless
        launch.startsAtOnce = request.startsAtOnce
        if let profile = spec.linux.seccomp {
            launch.filter = try filter(profile, cache: cached ? options.root + "/.cache/seccomp" : nil)
        }
        do throws(SpecError) {
            return try LaunchPlan(creating: spec, on: facts, launch)
        } catch {
            throw Failure(error)
        }
    }

    static func filter(_ profile: SeccompProfile, cache: String?) throws(Failure) -> CompiledFilter {
        do throws(SeccompError) {
            let filter =
                if let cache { try SeccompCache(directory: cache).filter(for: profile) } else {
                    try SeccompFilter.compile(profile)
                }
            return CompiledFilter(program: filter.program, flags: filter.flags)
        } catch {
            throw Failure(error.message, pointer: error.pointer)
        }
    }

    /// A descriptor that is promised to the container must be open, or one of the runtime's own would take its number.
    static func checkPreserved(_ count: Int) throws(Failure) {
        for number in 0..<count
        where (try? Syscall.status("", at: Int32(3 + number))) == nil {
            throw Failure("preserved descriptor \(3 + number) is not open")
        }
    }

    static func record(
        _ spec: Spec, _ plan: LaunchPlan, _ request: CreateRequest, _ options: RuntimeOptions
    ) -> ContainerRecord {
        var record = ContainerRecord()
        record.id = request.id
        record.bundle = request.bundle
        record.rootfs = plan.rootPath
        let now = Syscall.now()
        record.created =
            Timestamp(seconds: Int64(now.seconds), nanoseconds: Int64(now.nanoseconds)).description
        record.owner = Owner.name(of: Syscall.effectiveUserID())
        record.annotations = spec.annotations
        record.manager = options.manager.rawValue
        record.keepsKeyring = request.noNewKeyring
        for entry in spec.linux.namespaces {
            guard let kind = NamespaceKind(specName: entry.type) else { continue }
            record.namespaces |= kind.cloneFlag
            if kind == .pid, entry.path == nil { record.ownsPIDNamespace = true }
        }
        if !request.startsAtOnce {
            record.lastSteps = lastSteps(plan)
            record.seccompListener = plan.seccompListener
        }
        if let hooks = spec.hooks, !hooks.isEmpty {
            record.hooks = hooks
            record.environment = spec.process?.env ?? []
        }
        return record
    }

    /// What follows the wait for `start`, one line for each step.
    private static func lastSteps(_ plan: LaunchPlan) -> [String] {
        var lines: [String] = []
        for (index, planned) in plan.steps.enumerated().reversed() {
            if case .container(.awaitStart) = planned.step { break }
            lines.append("\(index)\t\(planned.pointer)\t\(planned.step.summary)")
        }
        return lines
    }
}

extension LaunchPlan {
    /// The seccomp listener that is to be sent.
    fileprivate var seccompListener: SeccompListener? {
        for planned in steps.reversed() {
            if case .container(.awaitStart) = planned.step { return nil }
            if case .runtime(.sendSeccompListener(let path, let metadata)) = planned.step {
                return SeccompListener(path: path, metadata: metadata)
            }
        }
        return nil
    }
}
