// A startContainer hook: a program of the image, which is to have no more rights than the container's process.
import Linux
import OCI

extension LaunchPlan {
    /// Plans a `startContainer` hook of `container`, whose first process waits for `start`: the hook enters its namespaces
    /// and becomes what the process is going to be, in the same phases, as in runc and crun. Its standard streams are
    /// those that the runtime hands on.
    public init(
        running hook: Hook, in container: JoinedContainer, on facts: HostFacts, _ options: LaunchOptions
    ) throws(SpecError) {
        guard var process = container.spec.process else {
            throw SpecError(pointer: "/process", message: "process property must not be empty")
        }
        process.args = hook.args.map { $0.isEmpty ? [hook.path] : $0 } ?? [hook.path]
        process.terminal = false
        spec = container.spec
        self.facts = facts
        self.options = options
        program = ExecutablePlan(
            name: hook.path, candidates: [hook.path], arguments: process.args,
            environment: hook.env ?? process.env, isPathSearch: false)
        add(.runtime(.startInit(namespaces: 0, cgroup: container.cgroup)), "/linux/cgroupsPath")
        add(.container(.startClean), "")
        add(.container(.openProc), "")
        planLimits(process)
        for file in container.cgroupFiles { add(.container(.enterCgroup(file)), "/linux/cgroupsPath") }
        planJoin(container, forks: container.joins(.pid))
        add(.container(.takeStandardStreams), "")
        try planCredentials(process)
        planLastMile(process)
    }
}
