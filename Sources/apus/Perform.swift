// From a command with its flags to the verb that does it, and the verb's result printed.
import LaunchPlan
import Lifecycle
import Linux
import OCI

/// Does what `name` says; the exit status.
func perform(
    _ name: CommandName, _ flags: GivenFlags, _ positionals: [String], _ settings: Settings, _ log: Log
) throws(Failure) -> Int32 {
    let options = settings.options
    let id = positionals.first ?? ""
    switch name {
    case .create, .run: return try create(id, flags, settings, log, runs: name == .run)
    case .exec:
        return try Verb.exec(try execRequest(flags, positionals), options) { log.report($0) }
    case .start: try Verb.start(id, options)
    case .state: try Output.write(try Verb.state(id, options).page)
    case .kill:
        try Verb.kill(id, signal: try signal(positionals.dropFirst().first), all: flags.isOn(.all), options)
    case .delete: try Verb.delete(id, force: flags.isOn(.force), options)
    case .list: try list(flags, options)
    case .ps: try listProcesses(id, Array(positionals.dropFirst()), flags, options)
    case .pause: try Verb.pause(id, options)
    case .resume: try Verb.resume(id, options)
    case .update: try update(id, flags, options, log)
    case .events: try events(id, flags, options)
    case .stats: try showStatistics(positionals, flags, options)
    case .wait: try Output.write("\(try Verb.wait(id, options))\n")
    case .spec: try writeSpec(flags)
    case .features: try Output.write(featuresPage())
    case .explain: try explain(try request("explained", flags), flags, settings)
    case .check: try check(try bundle(flags), flags, options)
    case .checkpoint: try Verb.checkpoint(id, flags, settings)
    case .mounts: try Verb.mounts(positionals, options)
    case .restore: return try Verb.restore(id, flags, try bundle(flags), settings)
    }
    return 0
}

/// `create` or `run`. Nothing is printed: standard output is the container's.
private func create(
    _ id: String, _ flags: GivenFlags, _ settings: Settings, _ log: Log, runs: Bool
) throws(Failure) -> Int32 {
    let request = try request(id, flags)
    if flags.isOn(.dryRun) {
        try explain(request, flags, settings)
        return 0
    }
    guard runs else {
        log.report(try Verb.create(request, settings.options))
        return 0
    }
    return try Verb.run(request, settings.options) { log.report($0) }
}

/// Relative paths are the caller's, not the bundle's.
private func request(_ id: String, _ flags: GivenFlags) throws(Failure) -> CreateRequest {
    var request = CreateRequest(id: id, bundle: try bundle(flags))
    if let file = flags.text(.pidFile) { request.pidFile = try absolute(file) }
    if let socket = flags.text(.consoleSocket) { request.consoleSocket = try absolute(socket) }
    if let socket = flags.text(.pidfdSocket) { request.pidfdSocket = try absolute(socket) }
    request.noPivot = flags.isOn(.noPivot)
    request.noNewKeyring = flags.isOn(.noNewKeyring)
    request.preservedDescriptors = flags.count(.preserveFDs)
    request.keep = flags.isOn(.keep)
    request.detach = flags.isOn(.detach)
    request.noSubreaper = flags.isOn(.noSubreaper)
    return request
}

private func execRequest(_ flags: GivenFlags, _ positionals: [String]) throws(Failure) -> ExecRequest {
    var request = ExecRequest(id: positionals.first ?? "")
    if let file = flags.text(.process) { request.processFile = try absolute(file) }
    if let file = flags.text(.pidFile) { request.pidFile = try absolute(file) }
    if let socket = flags.text(.consoleSocket) { request.consoleSocket = try absolute(socket) }
    if let socket = flags.text(.pidfdSocket) { request.pidfdSocket = try absolute(socket) }
    request.detach = flags.isOn(.detach)
    request.preservedDescriptors = flags.count(.preserveFDs)
    request.cgroups = flags.values(.cgroup)
    request.ignorePaused = flags.isOn(.ignorePaused)
    request.changes.args = Array(positionals.dropFirst())
    request.changes.cwd = flags.text(.cwd)
    request.changes.env = flags.values(.env)
    request.changes.user = flags.text(.user)
    request.changes.capabilities = flags.values(.cap)
    request.changes.additionalGids = flags.values(.additionalGids)
    request.changes.noNewPrivileges = flags.value(.noNewPrivs).map { $0 == "true" }
    request.changes.apparmorProfile = flags.text(.apparmor)
    request.changes.selinuxLabel = flags.text(.processLabel)
    request.changes.terminal = flags.isOn(.tty)
    return request
}

private func bundle(_ flags: GivenFlags) throws(Failure) -> String {
    cleaned(try absolute(flags.text(.bundle) ?? "."))
}

func signal(_ text: String?) throws(Failure) -> Int32 {
    guard let text else { return Signal.term.number }
    guard let signal = Signal(parsing: text) else {
        throw Failure(
            "unknown signal \"\(text)\"", hint: "a name such as KILL or SIGTERM, or a number up to 64")
    }
    return signal.number
}

private func list(_ flags: GivenFlags, _ options: RuntimeOptions) throws(Failure) {
    let states = try Verb.list(options)
    if flags.isOn(.quiet) { return try Output.write(states.map { $0.id + "\n" }.joined()) }
    try Output.write(flags.value(.format) == "json" ? listPage(states) : Array(listTable(states).utf8))
}

private func explain(_ request: CreateRequest, _ flags: GivenFlags, _ settings: Settings) throws(Failure) {
    let plan = try Verb.plan(request, settings.options)
    let syscalls = flags.isOn(.syscalls)
    let text =
        flags.value(.format) == "json"
        ? Explain.json(plan, syscalls: syscalls) : Explain.text(plan, syscalls: syscalls)
    try Output.write(text.hasSuffix("\n") ? text : text + "\n")
}

/// Prints all problems; with errors among them, fails after that.
private func check(_ bundle: String, _ flags: GivenFlags, _ options: RuntimeOptions) throws(Failure) {
    let problems = try Verb.check(bundle: bundle, options)
    try Output.write(flags.value(.format) == "json" ? checkPage(problems) : Array(checkText(problems).utf8))
    let errors = problems.count { $0.severity == .error }
    if errors > 0 { throw Failure("\(bundle)/config.json: \(errors) error\(errors == 1 ? "" : "s")") }
}
