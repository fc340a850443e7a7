// The exact command lines that engines build (peers.md 1.3), and the options that only they use.
import Foundation

/// Runs a whole life with one engine's ways of calling.
private func life(
    _ t: Trial, globals: [String], create: (Container) -> [String], kill: (Container) -> [String],
    delete: [String] = ["delete"]
) throws {
    let c = try t.container(["pause"])
    c.globals = globals
    try c.writeConfig()
    let created = try c.must(create(c) + [c.id])
    c.isPresent = true
    try equal(created.out, "", "stdout of create")
    try c.must(["start", c.id])
    try equal(try c.status(), "running", "status")
    try c.must(kill(c))
    try c.waitFor("stopped")
    try c.must(delete + [c.id])
    c.isPresent = false
    try c.nothingLeft("after delete")
}

let engineCases: [Case] = [
    Case("engines.containerd", "the command lines of containerd's shim", "peers.md 1.3", tags: [.contract]) {
        t in
        let log = t.directory + "/log.json"
        try life(
            t, globals: ["--log", log, "--log-format", "json"],
            create: {
                ["create", "--bundle", $0.bundle, "--pid-file", $0.bundle + "/init.pid", "--no-new-keyring"]
            },
            kill: { ["kill", "--all", $0.id, "9"] })
        try equal(Files.read(log) ?? "", "", "log of a life without failures")
    },
    Case("engines.conmon", "the command lines of conmon and Podman", "peers.md 1.3", tags: [.contract]) { t in
        try life(
            t, globals: ["--log-format=json", "--log", t.directory + "/oci-log"],
            create: {
                [
                    "create", "--bundle", $0.bundle, "--pid-file", $0.bundle + "/pidfile", "--no-new-keyring",
                    "--preserve-fds", "0",
                ]
            }, kill: { ["kill", $0.id, "9"] }, delete: ["delete", "--force"])
    },
    Case(
        "engines.conmon-rs", "repeated globals, options with = and one-letter options", "peers.md 1.3",
        tags: [.contract]
    ) { t in
        try life(
            t, globals: ["--root=\(t.root)", "--root=\(t.root)"],
            create: { ["create", "--bundle", $0.bundle, "--pid-file", $0.bundle + "/pidfile"] },
            kill: { ["kill", $0.id, "SIGKILL"] }, delete: ["delete", "-f"])
    },
    Case(
        "engines.buildkit", "BuildKit: a foreground run with --keep, state and kill beside it",
        "peers.md 1.3", tags: [.contract]
    ) { t in
        let c = try t.container(["pause"])
        c.globals = ["--log", t.directory + "/log.json", "--log-format", "json"]
        let (command, pid) = try c.startRun(["--keep"])
        c.isPresent = true
        let running = eventually { (try? c.status()) == "running" }
        try check(running, "state never said running")
        let state = try c.state()
        try equal(state.bundle.text, c.bundle, "bundle")
        try equal(state.rootfs.text, c.rootfs, "rootfs")
        try c.must(["kill", c.id, "9"])
        try equal(command.finish(pid).status, 137, "exit code of run")
        try c.delete()
    },
    Case("engines.one-dash", "long options with one dash", "peers.md 1.2", tags: [.contract]) { t in
        let c = try t.container(["pause"])
        try c.writeConfig()
        try c.must(["create", "-bundle", c.bundle, "-no-new-keyring", c.id])
        c.isPresent = true
        try c.must(["delete", "-force", c.id])
        c.isPresent = false
    },
    Case(
        "engines.short-environment", "start, kill and delete with nothing in the environment", "peers.md 1.3"
    ) { t in
        let c = try t.container(["pause"])
        try c.create()
        for arguments in [["start", c.id], ["state", c.id], ["kill", c.id, "9"]] {
            var command = c.command(arguments)
            command.environment = ["XDG_RUNTIME_DIR": "/run/nowhere"]
            let outcome = try command.run()
            try check(outcome.status == 0, outcome.description)
        }
        try c.waitFor("stopped")
    },
    Case(
        "engines.no-pivot-proc",
        "--no-pivot: no procfs or sysfs of the host is left, from which a user namespace could have a whole one",
        "peers.md 3.7", tags: [.contract, .security]
    ) { t in
        let c = try t.container([
            "mkdir", "/new", "+", "unshare", "user,mnt,pid", "mount", "proc", "/new", "proc",
        ]) {
            $0.linux.maskedPaths = ["/proc/keys", "/proc/bus"]
            $0.linux.readonlyPaths = ["/proc/sys"]
        }
        let out = try c.output(["--no-pivot"])
        try equal(out["unshare"]["mount"], "EPERM", "a procfs without masks")
    },
    Case("engines.no-pivot", "--no-pivot: a container all the same, without the host's tree", "peers.md 3.7")
    { t in
        let out = try t.container(["ls", "/", "+", "ls", "/proc/1/root/..", "+", "args"]).output([
            "--no-pivot"
        ])
        try equal(out["ls /"].lines, ["dev", "etc", "probe", "proc", "sys", "tmp"], "names in /")
    },
    Case(
        "engines.keyring", "a session keyring of its own; --no-new-keyring keeps the caller's", "peers.md 3.1"
    ) { t in
        for options in [[], ["--no-new-keyring"]] {
            // keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, create)
            let c = try t.container(["syscall", "keyctl", "0", "-3", "1"])
            let file = t.fresh("keyring")
            c.prefix = [t.probe, "session", file]
            let found = try c.output(options)["syscall"]
            let callers = Files.read(file) ?? ""
            guard !callers.hasPrefix("-"), !found["value"].isEmpty else {
                throw Skip("no keyrings here: \(found.text)")
            }
            if options.isEmpty {
                try check(found["value"] != callers, "the keyring is the caller's")
            } else {
                try equal(found["value"], callers, "keyring with --no-new-keyring")
            }
        }
    },
    Case(
        "engines.terminal-without-socket", "create with a terminal and no console socket is refused",
        "peers.md 3.5", tags: [.contract]
    ) { t in
        try t.container(["args"]) { $0.process.terminal = true }.refusedCreate()
    },
    Case(
        "engines.systemd-cgroup", "--systemd-cgroup works or is refused clearly, and leaves nothing",
        "peers.md 1.1", tags: [.contract]
    ) { t in
        guard !Files.exists("/run/systemd/system") else {
            throw Skip("systemd runs here: other cases are for that")
        }
        let c = try t.container(["args"]) {
            $0.linux.cgroupsPath = .string("system.slice:conformance:\(t.mark)")
        }
        c.globals = ["--systemd-cgroup"]
        let outcome = try c.run()
        try equal(outcome.status, 1, "exit code without systemd")
        try contains(outcome.err.lowercased(), "systemd", "stderr")
        try c.nothingLeft("after the refused run")
    },
    Case(
        "engines.debug", "--debug and --log-level do not disturb standard output", "peers.md 1.1",
        tags: [.contract]
    ) { t in
        for globals in [
            ["--debug"], ["--log-level", "debug"], ["--log-level=error"], ["--rootless", "false"],
            ["--rootless=auto"],
        ] {
            let c = try t.container(["pause"])
            c.globals = globals
            try equal(try c.create().out, "", "stdout of create with \(globals)")
        }
    },
    Case(
        "engines.pid-file-atomic", "a reader never sees half a pid file", "peers.md 1.5",
        tags: [.slow, .contract]
    ) { t in
        for _ in 0..<15 {
            let c = try t.container(["pause"])
            try c.writeConfig()
            let file = t.fresh("pid")
            let command = c.command(["create", "--bundle", c.bundle, "--pid-file", file, c.id])
            let pid = try command.start()
            var seen: String?
            let end = Date().addingTimeInterval(5)
            while seen == nil && Date() < end { seen = Files.read(file) }
            try equal(command.finish(pid).status, 0, "exit code of create")
            c.isPresent = true
            try equal(seen, String(try c.pid()), "the first text that was there")
            try c.delete(force: true)
        }
    },
    Case("engines.nothing-asked", "empty and zero values of things not asked for are no problem", "config.md")
    { t in
        _ = try t.output(["args"]) {
            $0.process.terminal = false
            $0.process.consoleSize = ["height": 0, "width": 0]
            $0.process.apparmorProfile = ""
            $0.process.selinuxLabel = ""
            $0.linux.mountLabel = ""
            $0.linux.uidMappings = []
            $0.linux.gidMappings = []
            $0.linux.devices = []
            $0.linux.sysctl = [:]
            $0.linux.maskedPaths = []
            $0.linux.readonlyPaths = []
            $0.linux.rootfsPropagation = ""
            $0.linux.resources = [
                "devices": [], "blockIO": ["weight": 0], "memory": [:], "hugepageLimits": [],
            ]
            $0.hooks = ["prestart": [], "createRuntime": [], "poststop": []]
            $0.annotations = [:]
            $0.domainname = ""
            $0.process.rlimits = []
            $0.process.user.additionalGids = []
        }
    },
]
