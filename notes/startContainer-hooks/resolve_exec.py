import sys; sys.path.insert(0,'/work/wt/process-notes')
from resolve import *
L='Sources/LaunchPlan/'
resolve(L+'LaunchPlan.swift', lambda o,t: o.replace('        planIdentity()','        try planIdentity()'))
resolve(L+'Lowering/Lowering.swift','both')
resolve(L+'Phases/09-Process.swift', lambda o,t: '''        // The CPUs that the caller was confined to are not the container's; a cpuset still confines it (runc does so).
        add(.container(.resetAffinity), "")
        try planKeyLabel(process)
'''+o)
sub(L+'ExecPlan.swift','        planKeyring()\n','        try planKeyLabel(process)\n        planKeyring()\n')
resolve('Sources/Lifecycle/Bundle.swift', lambda o,t: '''        try spec(decoding: bytes(at: path))
    }

    static func spec(decoding bytes: [UInt8]) throws(Failure) -> Spec {
        do throws(SpecError) {
            var spec = try Spec(json: bytes)
            spec.adoptAnnotations()
            return spec
        } catch {
            throw Failure(error)
        }
''')
resolve('Sources/Lifecycle/Conduct/Conductor.swift','both')
resolve('Sources/Lifecycle/Verbs/Start.swift', lambda o,t: o+t)
resolve('Sources/OCI/Unsupported.swift', lambda o,t: '')
resolve('Tests/LaunchPlanTests/LeafCases.swift', lambda o,t: re.sub(r'            Leaf\(\n                "/process/execCPUAffinity.*','',t,flags=re.S))
s=open('Tests/LaunchPlanTests/LeafCases.swift').read()
i=s.find('    private static let notYetProcess: [Leaf] = ['); j=s.find('    private static let attributes')
if i>=0: s=s[:i]+s[j:]
s=s.replace('notYetProcess + notYetMaps','notYetMaps'); open('Tests/LaunchPlanTests/LeafCases.swift','w').write(s)
resolve('Tests/LaunchPlanTests/OrderInvariants.swift', lambda o,t: '''                .runtime(.adoptInit), .runtime(.joinRdt), .runtime(.moveNetDevice),
                .runtime(.sendSeccompListener), .runtime(.runHook), .runtime(.announceCreated),
                .runtime(.takeTerminal):
                index < start
            case .runtime(.openNamespace), .runtime(.copyUp), .runtime(.ownStandardDescriptors),
                .runtime(.createCgroups), .runtime(.limit), .runtime(.prepareRdt), .runtime(.moveToCPUs),
                .runtime(.aimAtPIDNamespace):
''')
resolve('Tests/LaunchPlanTests/ProcessInvariants.swift', lambda o,t: '''        guard let group = trace.calls(.setresgid).last, let user = trace.calls(.setresuid).last,
            let capset = trace.calls(.capset).first
''', 'theirs')
sub('Tests/LaunchPlanTests/ProcessInvariants.swift','''            (.setMempolicy, trace.spec.linux.memoryPolicy != nil), (.schedSetaffinity, true),
''','''            (.setMempolicy, trace.spec.linux.memoryPolicy != nil),
''')
sub('Tests/LaunchPlanTests/ProcessInvariants.swift','let user = trace.calls(.setresuid).first ?? .max\n        let written','let user = trace.calls(.setresuid).last ?? .max\n        let written')
resolve('Tests/OCITests/RuleCases.swift', lambda o,t: '')
# exec: facts and listener
sub('Sources/Lifecycle/Conduct/JoinProbe.swift','        if process.user.uid != 0 {\n            facts.ownable','        SecurityModules.probe(for: container.spec, into: &facts)\n        if process.user.uid != 0 {\n            facts.ownable')
p='Sources/Lifecycle/Conduct/HostProbe.swift'
s=open(p).read()
i=s.find('        if spec.process?.apparmorProfile != nil'); j=s.find('        if !spec.linux.sysctl.isEmpty')
print('probe',i,j)
if 0<=i<j: open(p,'w').write(s[:i]+'        SecurityModules.probe(for: spec, into: &facts)\n'+s[j:])
sub('Sources/Lifecycle/Conduct/SecurityModules.swift','''enum SecurityModules {
''','''enum SecurityModules {
    /// Looks at what `spec` needs.
    static func probe(for spec: Spec, into facts: inout HostFacts) {
        if spec.process?.apparmorProfile != nil { facts.appArmorAttribute = appArmorAttribute }
        if spec.process?.selinuxLabel != nil || spec.linux.mountLabel != nil { facts.hasSELinux = hasSELinux }
    }

''')
sub('Sources/Lifecycle/Conduct/SecurityModules.swift','import Linux\n','import LaunchPlan\nimport Linux\nimport OCI\n')
sub('Sources/Lifecycle/Conduct/SeccompListener.swift','''        _ number: UInt64, of process: Int32, _ record: ContainerRecord, _ status: State.Status
    ) throws(Failure) {
        let state = ContainerProcessState(
            descriptors: [ContainerProcessState.seccompDescriptor], pid: record.pid, metadata: metadata,
''','''        _ number: UInt64, of process: Int32, pid: Int32? = nil, _ record: ContainerRecord, _ status: State.Status
    ) throws(Failure) {
        let state = ContainerProcessState(
            descriptors: [ContainerProcessState.seccompDescriptor], pid: pid ?? record.pid, metadata: metadata,
''')
sub('Sources/Lifecycle/Conduct/SeccompListener.swift','    /// Takes descriptor `number` of the init,','    /// Takes descriptor `number` of the init, or of a process of exec with the pid given,')
sub('Sources/Lifecycle/Conduct/ExecConductor.swift','''        if case .adoptInit = step { return try adopt() }
''','''        if case .adoptInit = step { return try adopt() }
        if case .sendSeccompListener(let path, let metadata) = step {
            return try send(SeccompListener(path: path, metadata: metadata))
        }
''')
sub('Sources/Lifecycle/Conduct/ExecConductor.swift','''    private func nextReport(_ process''','''    /// The process has loaded its filter and waits until the agent has the listener.
    private func send(_ listener: SeccompListener) throws(Failure) {
        guard let process, let report = try nextReport(process) else {
            throw process?.endedEarly("exec") ?? Failure("the process was not started")
        }
        guard report.kind == .yield else {
            throw request.failure(plan.failure(report, in: program, phase: "exec"))
        }
        try listener.send(
            report.value, of: process.pidfd.raw, pid: process.pid, probe.record, .running)
        try calls("go on with the process in the container") { () throws(Errno) in
            try InitReport.goAhead(on: process.channel.raw)
        }
    }

    private func nextReport(_ process''')
