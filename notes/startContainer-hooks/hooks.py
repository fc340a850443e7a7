import sys; sys.path.insert(0,'/work/wt/process-notes')
from resolve import sub
import shutil
shutil.copy('/work/wt/process-notes/hookfiles/HookPlan.swift','Sources/LaunchPlan/HookPlan.swift')
s=open('Sources/LaunchPlan/HookPlan.swift').read()
s=s.replace('''        add(.container(.takeStandardStreams), "")
''','''        add(.container(.takeStandardStreams), "")
        planKeyring()
'''); open('Sources/LaunchPlan/HookPlan.swift','w').write(s)
sub('Sources/LaunchPlan/LaunchPlan.swift','''    let spec: Spec
''','''    /// What is executed instead of the process' own program.
    var program: ExecutablePlan?

    let spec: Spec
''')
sub('Sources/LaunchPlan/Phases/09-Process.swift','''    func executable(_ process: Process) -> ExecutablePlan {
''','''    func executable(_ process: Process) -> ExecutablePlan {
        if let program { return program }
''')
sub('Sources/LaunchPlan/ExecPlan.swift','    private mutating func planJoin','    mutating func planJoin')
sub('Sources/LaunchPlan/Step.swift','''    case enterContainerRoot
''','''    case enterContainerRoot
    /// Hooks: takes standard input, output and errors from the runtime.
    case takeStandardStreams
''')
sub('Sources/LaunchPlan/Program/Program.swift','''    case targetRoot
}''','''    case targetRoot
    /// What becomes standard input, output or errors, by number.
    case stream(Int)
}''')
sub('Sources/LaunchPlan/Lowering/Lowering.swift','.joinContainer, .enterContainerRoot: lowerEntry(step)','.joinContainer, .enterContainerRoot,\n            .takeStandardStreams: lowerEntry(step)')
sub('Sources/LaunchPlan/Lowering/Join.swift','''        default: preconditionFailure("not a step of the entry")''','''        case .takeStandardStreams:
            for number in 0...2 {
                program.syscall(
                    .dup3, .slot(program.inherit(.stream(number))), .value(number), .value(0))
            }
        default: preconditionFailure("not a step of the entry")''')
s=open('Sources/LaunchPlan/Explain/Strace.swift').read()
s=s.replace('        case .targetRoot:','        case .stream(let number): "standard stream \\(number)"\n        case .targetRoot:',1); open('Sources/LaunchPlan/Explain/Strace.swift','w').write(s)
s=open('Sources/LaunchPlan/Explain/Summary.swift').read()
i=s.find('        case .enterContainerRoot:')
s=s[:i]+'        case .takeStandardStreams: "take the standard streams from the runtime"\n'+s[i:]; open('Sources/LaunchPlan/Explain/Summary.swift','w').write(s)
open('Sources/Lifecycle/Conduct/ConfinedHook.swift','w').write('''// startContainer hooks are programs of the image: they run with the rights of the container's process, not the runtime's.
import LaunchPlan
import Linux
import OCI

/// Starts the startContainer hooks of one container.
struct ConfinedHook {
    private let probe: JoinProbe
    private let options: LaunchOptions
    /// Where the listener of the hook's own filter goes.
    let listener: SeccompListener?

    /// - Parameter directory: the container's state directory, with the configuration that it was created with
    init(_ record: ContainerRecord, _ store: ContainerStore, _ directory: Int32) throws(Failure) {
        var spec = try store.configuration(record.id, at: directory)
        spec.adoptAnnotations()
        let target = try calls("container \\(record.id)") { () throws(Errno) in
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
        listener =
            options.filter?.hasListener == true
            ? spec.linux.seccomp?.listenerPath.map {
                SeccompListener(path: $0, metadata: spec.linux.seccomp?.listenerMetadata)
            } : nil
    }

    /// Starts `hook` with these standard streams. In a PID namespace that is joined, it reports a fork first.
    func start(_ hook: Hook, _ streams: [Int32]) throws(Failure) -> RunningInit {
        let plan: LaunchPlan
        do throws(SpecError) {
            plan = try LaunchPlan(running: hook, in: probe.container, on: probe.facts(), options)
        } catch {
            throw Failure(error)
        }
        return try calls("startContainer hook \\(hook.path)") { () throws(Errno) in
            var program = Lowering.lower(plan)
            var boxes: [FileDescriptorBox] = []
            var descriptors = streams
            for entry in program.inherited {
                switch entry.name {
                case .stream(let number): program.bind(instruction: entry.instruction, to: streams[number])
                case .target: boxes.append(probe.target)
                case .targetRoot:
                    guard let root = probe.root() else { throw Errno.noProcess }
                    boxes.append(root)
                default: throw Errno.badDescriptor
                }
                guard let box = boxes.last, entry.name == .target || entry.name == .targetRoot else { continue }
                program.bind(instruction: entry.instruction, to: box.raw)
                descriptors.append(box.raw)
            }
            var launch = InitLaunch(program: program)
            launch.inherited = descriptors
            guard let path = probe.container.cgroup else { return try launch.start() }
            let cgroup = try Syscall.open(path, [.readOnly, .directory, .noFollow])
            launch.cgroup = cgroup.raw
            return try launch.start()
        }
    }
}
''')
p='Sources/Lifecycle/Conduct/HookRunner.swift'
sub(p,'''    init(_ record: ContainerRecord, target: Int32 = -1) {
        self.record = record
        self.target = target
    }
''','''    /// How startContainer hooks are started.
    private let confined: ConfinedHook?

    init(_ record: ContainerRecord, target: Int32 = -1, confined: ConfinedHook? = nil) {
        self.record = record
        self.target = target
        self.confined = confined
    }
''')
sub(p,'''small init; it keeps the runtime's credentials, as in runc.
''','''small init. It keeps the runtime's credentials, as in runc, unless it is a startContainer hook.
''')
s=open(p).read()
i=s.index('            let streams = ['); 
a=s.index('        let process = try calls(name) { () throws(Errno) in\n            let input')
b=s.index('        let ended = try wait(process, hook.timeout, name)')
s=s[:a]+'''        let process = try start(
            hook, kind, [logs.output?.raw ?? output.raw, logs.errors?.raw ?? output.raw], status, name)
        while let report = try calls(name, { () throws(Errno) in try InitReport.next(on: process.channel.raw) })
        {
            // A filter of a confined hook may have a listener of its own.
            guard report.kind == .yield, let listener = confined?.listener else {
                _ = try? Syscall.wait(process.pid)
                throw Failure("\\(name): \\(report.error)", errno: report.error)
            }
            try listener.send(report.value, of: process.pidfd.raw, pid: process.pid, record, status)
            try calls(name) { () throws(Errno) in try InitReport.goAhead(on: process.channel.raw) }
        }
'''+s[b:]
s=s.replace('''    /// What the hook reads on its standard input.''','''    private func start(
        _ hook: Hook, _ kind: HookKind, _ outputs: [Int32], _ status: State.Status, _ name: String
    ) throws(Failure) -> RunningInit {
        let input = try calls(name) { () throws(Errno) in
            let input = try Syscall.memoryFile("hook-state")
            try Syscall.write(input.raw, state(kind, status), offset: 0)
            // Not at the end, where the writer is.
            return input
        }
        let streams = [input.raw] + outputs
        if kind == .startContainer, let confined {
            let process = try confined.start(hook, streams)
            if record.namespaces & NamespaceKind.pid.cloneFlag != 0 {
                try calls(name) { () throws(Errno) in try enter(process) }
            }
            return process
        }
        return try calls(name) { () throws(Errno) in
            var launch = InitLaunch(program: program(hook, kind, streams))
            launch.inherited = streams + (kind.inContainer ? [target] : [])
            let process = try launch.start()
            if kind.inContainer { try enter(process) }
            return process
        }
    }

    /// What the hook reads on its standard input.''',1)
s=s.replace('''            // Not at the end, where the writer is.
''','')
open(p,'w').write(s)
sub('Sources/Lifecycle/Verbs/Start.swift','''        let hooks = HookRunner(container.record, target: pidfd)
''','''        let confined =
            container.record.hooks.startContainer.isEmpty
            ? nil : try ConfinedHook(container.record, container.store, container.directory.raw)
        let hooks = HookRunner(container.record, target: pidfd, confined: confined)
''')
sub('Sources/Lifecycle/Conduct/Conductor.swift','''            try HookRunner(record, target: target).run(hook, kind, status)
''','''            let confined = kind == .startContainer ? try ConfinedHook(record, store, directory.raw) : nil
            try HookRunner(record, target: target, confined: confined).run(hook, kind, status)
''')

p='conformance/Sources/Conformance/Cases/HookDetails.swift'; s=open(p).read()
i=s.index('    Case(\n        "hooks.logs"'); s=s[:i]+open('/work/wt/process-notes/hookcase.txt').read()+s[i:]; open(p,'w').write(s)
