// A startContainer hook: a program of the image, which is to have no more rights than the container's process.
import Linux
import OCI

extension LaunchPlan {
    /// Plans a `startContainer` hook of `container`, whose first process waits for `start`. The hook becomes what that
    /// process is going to be, in the phases of exec: user, capabilities, filter, labels, limits, cgroups, working
    /// directory, and the environment, unless it brings its own. So it is in runc and crun, whose init forks it.
    public init(
        running hook: Hook, in container: JoinedContainer, on facts: HostFacts, _ options: LaunchOptions
    ) throws(SpecError) {
        guard var process = container.spec.process else {
            throw SpecError(pointer: "/process", message: "process property must not be empty")
        }
        // Its streams are the runtime's, and so is what keeps its time.
        process.terminal = false
        spec = container.spec
        self.facts = facts
        self.options = options
        self.hook = hook
        steps.reserveCapacity(32)
        planEntry(of: process, into: container, forks: container.joins(.pid))
        add(.container(.takeStandardStreams), "")
        try planKeyring(process)
        try planCredentials(process)
        planLastMile(process)
    }
}

extension Hook {
    /// What the hook gets as argv: its path where `args` says nothing.
    public var arguments: [String] { args.map { $0.isEmpty ? [path] : $0 } ?? [path] }
}
