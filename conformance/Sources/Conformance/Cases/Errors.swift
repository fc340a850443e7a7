// The error contract: which verb says it, in which words, with which exit code, and the log's form.
import Foundation

/// Makes create fail, and checks everything that engines rely on in a failure.
private func failedCreate(
    _ t: Trial, containing texts: [String], tweak: (Container) throws -> Void = { _ in },
    _ edit: (inout JSON) -> Void
) throws {
    let c = try t.container(["args"], edit)
    try tweak(c)
    let log = t.fresh("log.json")
    c.globals = ["--log", log, "--log-format", "json"]
    let outcome = try c.refusedCreate()
    try equal(outcome.status, 1, "exit code")
    try equal(outcome.out, "", "stdout")
    for text in texts { try contains(outcome.err, text, "stderr") }
    let lines = (Files.read(log) ?? "").lines
    try equal(lines.count, 1, "lines in the log (\(lines))")
    let entry = try JSON.parse(lines[0])
    try equal(entry.level.text, "error", "level")
    for text in texts { try contains(entry.msg.text ?? "", text, "msg") }
    try check(Contract.isRFC3339(entry.time.text ?? ""), "time is not RFC3339: \(entry.time)")
}

private func needs(_ path: String, _ verb: String) -> [String] { [path, verb] }

let errorCases: [Case] = [
    Case(
        "errors.not-found", "an absolute path that does not exist: told by create, exit 1, one log object",
        "peers.md 1.4", tags: [.contract]
    ) { t in
        try failedCreate(
            t, containing: [#"exec: "/no/such/program": stat /no/such/program: no such file or directory"#]
        ) {
            $0.process.args = ["/no/such/program"]
        }
    },
    Case("errors.not-in-path", "a name that is nowhere in PATH", "peers.md 1.4", tags: [.contract]) { t in
        try failedCreate(t, containing: [#"exec: "nosuchname": executable file not found in $PATH"#]) {
            $0.process.args = ["nosuchname"]
        }
    },
    Case("errors.empty-path", "an empty PATH finds nothing", "peers.md 1.4", tags: [.contract]) { t in
        try failedCreate(t, containing: [#"exec: "probe": executable file not found in $PATH"#]) {
            $0.process.args = ["probe"]
            $0.process.env = ["PATH="]
        }
    },
    Case("errors.not-executable", "a file that is not executable", "peers.md 1.4", tags: [.contract]) { t in
        try failedCreate(
            t, containing: [#"exec: "/etc/text": permission denied"#],
            tweak: { try Files.write($0.inside("etc/text"), "text", mode: 0o644) }
        ) { $0.process.args = ["/etc/text"] }
    },
    Case("errors.is-directory", "a directory", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container([]) { $0.process.args = ["/etc"] }
        let outcome = try c.refusedCreate()
        try equal(outcome.status, 1, "exit code")
        let text = outcome.err.lowercased()
        try check(
            text.contains("permission denied") || text.contains("is a directory"), "stderr: \(outcome.err)")
    },
    Case("errors.not-a-directory", "a path through a file", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container([]) { $0.process.args = ["/probe/x"] }
        try contains(try c.refusedCreate().err.lowercased(), "not a directory", "stderr")
    },
    Case(
        "errors.user-may-not", "a program that the configured user may not execute", "peers.md 1.4",
        tags: [.contract]
    ) { t in
        let c = try t.container([]) {
            $0.process.args = ["/private"]
            $0.process.capabilities = ["bounding": []]
            $0.process.user = ["uid": 1000, "gid": 1000]
        }
        try Files.copy(t.probe, to: c.inside("private"), mode: 0o700)
        let outcome = try c.run()
        try check(outcome.status != 0, "it ran")
        try contains(outcome.err.lowercased(), "permission denied", "stderr")
    },
    Case(
        "errors.cwd", "a cwd that is no directory: told by create, with its path", "peers.md 3.1",
        tags: [.contract]
    ) { t in
        try failedCreate(
            t, containing: ["/etc/file", "not a directory"],
            tweak: { try Files.write($0.inside("etc/file"), "") }
        ) {
            $0.process.cwd = "/etc/file"
        }
    },
    Case("errors.mount", "a mount that fails names its destination", "peers.md 6.1", tags: [.contract]) { t in
        try failedCreate(t, containing: ["/broken"]) { $0.mounts.append(tmpfs("/broken", ["size=64q"])) }
    },
    Case("errors.hook", "a hook that fails is told by create", "peers.md 1.4", tags: [.contract]) { t in
        try failedCreate(t, containing: ["hook"]) { $0.hooks.createRuntime = [["path": "/bin/false"]] }
    },
    Case("errors.duplicate-id", "container with given ID already exists", "peers.md 1.4", tags: [.contract]) {
        t in
        let c = try t.container(["pause"])
        try c.create()
        let outcome = try c.attempt(["create", "--bundle", c.bundle, c.id])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "container with given ID already exists", "stderr")
    },
    Case("errors.invalid-id", "invalid container ID format", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container(["pause"])
        try c.writeConfig()
        let outcome = try c.attempt(["create", "--bundle", c.bundle, "in valid"])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "invalid container ID format", "stderr")
    },
    Case(
        "errors.unknown-id", "container does not exist, for state, start, kill and delete", "peers.md 1.4",
        tags: [.contract]
    ) { t in
        let c = try t.container(["pause"])
        for arguments in [["state", c.id], ["start", c.id], ["kill", c.id, "KILL"], ["delete", c.id]] {
            let outcome = try c.attempt(arguments)
            try equal(outcome.status, 1, "exit code of \(arguments[0])")
            try contains(outcome.err, "container does not exist", "stderr of \(arguments[0])")
            try equal(outcome.out, "", "stdout of \(arguments[0])")
        }
    },
    Case(
        "errors.start-running", "cannot start an already running container", "peers.md 1.4", tags: [.contract]
    ) { t in
        let c = try t.paused()
        let outcome = try c.attempt(["start", c.id])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "cannot start an already running container", "stderr")
    },
    Case(
        "errors.start-stopped", "cannot start a container that has stopped", "peers.md 1.4", tags: [.contract]
    ) { t in
        let c = try t.container(["exit", "0"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        let outcome = try c.attempt(["start", c.id])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "cannot start a container that has stopped", "stderr")
    },
    Case(
        "errors.delete-running", "cannot delete container ID that is not stopped: running", "peers.md 1.4",
        tags: [.contract]
    ) { t in
        let c = try t.paused()
        let outcome = try c.attempt(["delete", c.id])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "cannot delete container \(c.id) that is not stopped: running", "stderr")
    },
    Case(
        "errors.log-json", "one JSON object per failure, appended, RFC 3339 time, and the text on stderr too",
        "peers.md 1.4", tags: [.contract]
    ) { t in
        let c = try t.container(["args"])
        let log = t.fresh("log.json")
        c.globals = ["--log", log, "--log-format=json"]
        for count in 1...3 {
            let outcome = try c.attempt(["state", c.id])
            let lines = (Files.read(log) ?? "").lines
            try equal(lines.count, count, "lines in the log")
            let entry = try JSON.parse(lines[count - 1])
            try equal(entry.level.text, "error", "level")
            try check(Contract.isRFC3339(entry.time.text ?? ""), "time: \(entry.time)")
            try contains(outcome.err, entry.msg.text ?? "(no msg)", "stderr")
        }
    },
    Case("errors.log-quiet", "a success writes nothing to the log", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container(["args"])
        let log = t.fresh("log.json")
        c.globals = ["--log", log, "--log-format", "json"]
        _ = try c.output()
        try equal(Files.read(log) ?? "", "", "log")
    },
    Case("errors.log-text", "the text format", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container(["args"])
        let log = t.fresh("log")
        c.globals = ["--log=\(log)", "--log-format=text"]
        _ = try c.attempt(["state", c.id])
        try contains(Files.read(log) ?? "", "container does not exist", "log")
    },
    Case("errors.usage", "usage errors exit 1 and say something", "peers.md 1.4", tags: [.contract]) { t in
        for arguments in [
            ["create"], ["state"], ["start"], ["kill"], ["delete"], ["create", "--nosuchflag", "x"],
            ["state", "a", "b"], ["--nosuchglobal", "list"], ["--log-format", "xml", "list"],
        ] {
            let outcome = try t.invoke(arguments)
            try equal(outcome.status, 1, "exit code of \(arguments)")
            try check(!(outcome.out + outcome.err).trimmed.isEmpty, "\(arguments) says nothing")
        }
    },
    Case("errors.unknown-command", "an unknown command is an error", "peers.md 1.4") { t in
        let outcome = try t.invoke(["nosuchcommand"])
        try check(outcome.status != 0, "it exits 0")
        try check(!(outcome.out + outcome.err).trimmed.isEmpty, "it says nothing")
    },
    Case("errors.version", "--version: NAME version X, commit, spec", "peers.md 1.5") { t in
        for flag in ["--version", "-v"] {
            let outcome = try t.command([t.runtime, flag]).run()
            guard outcome.status == 0 || flag == "--version" else { continue }
            try equal(outcome.status, 0, "exit code")
            let first = outcome.out.lines.first?.words ?? []
            try check(first.count >= 3 && first[1] == "version", "first line: \(first)")
            try check(outcome.out.lines.contains { $0.hasPrefix("spec: 1.") }, "no spec line: \(outcome.out)")
        }
    },
    Case("errors.help", "--help of the program and of each command exits 0", "peers.md 1.1") { t in
        for command in [
            [], ["create"], ["start"], ["state"], ["kill"], ["delete"], ["run"], ["list"], ["spec"],
            ["features"],
        ] {
            let outcome = try t.command([t.runtime] + command + ["--help"]).run()
            try equal(outcome.status, 0, "exit code of \(command) --help")
            try check(!outcome.out.isEmpty, "\(command) --help prints nothing")
        }
    },
    Case("errors.features", "features: what engines read of it", "features.md") { t in
        let outcome = try t.command([t.runtime, "features"]).run()
        try equal(outcome.status, 0, "exit code")
        let features = try JSON.parse(outcome.out)
        try check(features.ociVersionMin.text?.isEmpty == false, "ociVersionMin")
        try check(features.ociVersionMax.text?.hasPrefix("1.") == true, "ociVersionMax")
        try equal(Set(features.hooks.items.compactMap(\.text)).count, 6, "kinds of hooks")
        try check(features.mountOptions.items.contains("rro"), "mountOptions has no rro")
        try check(features.linux.namespaces.items.count >= 7, "namespaces")
        try check(features.linux.capabilities.items.contains("CAP_SYS_ADMIN"), "capabilities")
        try equal(features.linux.cgroup.v1, true, "cgroup.v1")
        try equal(features.linux.seccomp.enabled, true, "seccomp.enabled")
    },
    Case("errors.spec", "spec writes a config.json that runs", "peers.md 1.2") { t in
        let c = try t.container(["args"])
        var command = c.command(["spec"])
        command.directory = c.bundle
        let outcome = try command.run()
        try check(outcome.status == 0, outcome.description)
        var config = try JSON.parse(Files.read(c.bundle + "/config.json") ?? "")
        config.process.args = ["/probe", "args"]
        config.process.terminal = false
        // A limit above this host's hard limit cannot be set without CAP_SYS_RESOURCE.
        config.process.rlimits = [["type": "RLIMIT_NOFILE", "soft": 512, "hard": 512]]
        config.linux.cgroupsPath = c.config.linux.cgroupsPath
        c.config = config
        try contains(try c.output().raw, "arg=args", "output")
        let again = try command.run()
        try check(again.status != 0, "spec overwrote an existing config.json")
    },
]
