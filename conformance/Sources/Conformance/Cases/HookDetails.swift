// Hooks in detail: what a time-out ends, what an error tells, as whom and where a hook runs.
import Foundation

private func shell(_ script: String, _ more: JSON = [:]) -> JSON {
    var hook = more
    hook.path = "/bin/sh"
    hook.args = ["sh", "-c", .string(script)]
    if more.env == .null { hook.env = ["PATH=/usr/bin:/bin"] }
    return hook
}

/// A process with as few rights as there can be.
private func confined(_ config: inout JSON) {
    config.process.user = ["uid": 1000, "gid": 1000]
    config.process.cwd = "/tmp"
    config.process.capabilities = ["bounding": []]
    config.process.noNewPrivileges = true
    config.linux.seccomp = [
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [["names": ["getpriority"], "action": "SCMP_ACT_ERRNO"]],
    ]
}

/// What a startContainer hook must have in common with the process.
private let credentials = [
    "Uid", "Gid", "Groups", "Umask", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs",
    "Seccomp",
    "cwd", "files", "personality",
]

/// Compares what a startContainer hook sees of itself with what the process sees.
private func asTheProcess(
    _ t: Trial, runs: Bool, _ edit: (inout JSON) -> Void
) throws -> (hook: HookRecord, process: HookRecord) {
    let c = try t.hooked(
        probe: ["hook", "/hooks/log", "process"], ["startContainer": [t.hook("it", inside: true)]], edit)
    try Files.write(t.hookLog, "")
    chmod(t.hookLog, 0o666)
    if c.config.linux.uidMappings != .null { try c.giveRootfs() }
    if runs {
        try equal(try c.run().status, 0, "exit code")
    } else {
        try c.create()
        try c.start()
        try c.waitFor("stopped")
    }
    let (hook, process) = (try t.record("it"), try t.record("process"))
    for key in credentials { try equal(hook[key], process[key], "\(key) of the hook") }
    return (hook, process)
}

let hookDetailCases: [Case] = [
    Case(
        "hooks.timeout-children", "a time-out ends what the hook has started, too", "config.md Hooks",
        tags: [.hooks, .slow, .contract]
    ) { t in
        let script = "sleep 300 & echo $! > \(t.directory)/child; wait"
        let c = try t.hooked(["createRuntime": [shell(script, ["timeout": 1])]])
        try c.refusedCreate()
        let child = Int((Files.read(t.directory + "/child") ?? "").trimmed) ?? 0
        try check(child > 0, "the hook did not run")
        t.atEnd { kill(pid_t(child), SIGKILL) }
        try check(
            eventually(within: 2) {
                let state = Files.read("/proc/\(child)/stat")?.split(separator: ")").last ?? " Z"
                return state.hasPrefix(" Z") || state.hasPrefix(" X")
            }, "the hook's child \(child) still runs")
    },
    Case(
        "hooks.timeout-container", "a hook in the container past its time-out is killed", "config.md Hooks",
        tags: [.hooks, .slow]
    ) { t in
        let c = try t.hooked(["createContainer": [t.hook("slow", sleep: 30, ["timeout": 1])]])
        let began = Date()
        try c.refusedCreate()
        try check(Date().timeIntervalSince(began) < 8, "it took \(Date().timeIntervalSince(began)) s")
    },
    Case(
        "hooks.timeout-poststop", "a poststop hook past its time-out does not keep delete",
        "config.md Poststop",
        tags: [.hooks, .slow]
    ) { t in
        let c = try t.hooked(["poststop": [shell("exec sleep 30", ["timeout": 1]), t.hook("next")]])
        let began = Date()
        try equal(try c.run().status, 0, "exit code")
        try check(Date().timeIntervalSince(began) < 8, "it took \(Date().timeIntervalSince(began)) s")
        try equal(t.records().map(\.tag), ["next"], "hooks after it")
    },
    Case(
        "hooks.error-text", "the error of a failed hook tells what it printed", "peers.md 1.4",
        tags: [.hooks, .contract]
    ) { t in
        let c = try t.hooked(["createRuntime": [shell("echo on-output; echo on-errors >&2; exit 3")]])
        let outcome = try c.refusedCreate()
        try contains(outcome.err, "on-errors", "message")
        try contains(outcome.err, "3", "message")
    },
    Case(
        "hooks.killed", "a hook that a signal ends has failed", "config.md Hooks", tags: [.hooks]
    ) { t in
        try t.hooked(["createRuntime": [shell("kill -9 $$")]]).refusedCreate()
    },
    Case(
        "hooks.poststart-after-process", "poststart hooks run after the user's process has begun",
        "config.md Poststart", tags: [.hooks]
    ) { t in
        // /proc/PID/exe is the container's program by then, and no longer the runtime's init.
        let script =
            "pid=$(tr -d '\\n' | sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/'); readlink /proc/$pid/exe > \(t.directory)/exe"
        let c = try t.hooked(probe: ["pause"], ["poststart": [shell(script)]])
        try c.create()
        try c.start()
        try equal((Files.read(t.directory + "/exe") ?? "").trimmed, "/probe", "program at poststart")
    },
    Case(
        "hooks.failed-poststart-run", "a failing poststart hook: run fails, nothing is left",
        "runtime.md Lifecycle",
        tags: [.hooks]
    ) { t in
        let c = try t.hooked(
            probe: ["pause"], ["poststart": [t.hook("fails", code: 3)], "poststop": [t.hook("poststop")]])
        let outcome = try c.run(["--detach"])
        try check(outcome.status != 0, "run succeeded")
        try c.nothingLeft("after run")
    },
    Case(
        "hooks.credentials", "hooks keep the runtime's credentials, whoever the process is", "peers.md 3",
        tags: [.hooks, .contract]
    ) { t in
        let kinds = hookKinds.filter { $0 != "startContainer" }
        let hooks = Dictionary(uniqueKeysWithValues: kinds.map { ($0, JSON.array([t.hook($0)])) })
        let c = try t.hooked(.object(hooks), confined)
        try equal(try c.run().status, 0, "exit code")
        for kind in kinds {
            let record = try t.record(kind)
            try equal(record["uid"], "0", "uid of \(kind)")
            try check(
                (UInt64(record["CapEff"], radix: 16) ?? 0) & 1 << 21 != 0, "\(kind) lacks CAP_SYS_ADMIN")
            try equal(record["NoNewPrivs"], "0", "NoNewPrivs of \(kind)")
            try equal(record["Seccomp"], "0", "Seccomp of \(kind)")
        }
    },
    Case(
        "hooks.credentials-startcontainer",
        "startContainer hooks, programs of the image, have no more rights than the process", "peers.md 3",
        tags: [.hooks, .security, .contract]
    ) { t in
        let (hook, process) = try asTheProcess(t, runs: false, confined)
        try equal(hook["uid"], "1000", "uid")
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            try equal(UInt64(hook[set], radix: 16), 0, set)
        }
        try equal(hook["NoNewPrivs"], "1", "NoNewPrivs")
        try equal(hook["Seccomp"], "2", "Seccomp")
        try equal(hook["cwd"], "/tmp", "cwd")
        try equal(hook.section.all("env"), process.section.all("env"), "environment")
    },
    Case(
        "hooks.credentials-startcontainer-some",
        "startContainer hooks have the groups, capabilities, limits and umask of the process, and its filter",
        "peers.md 3", tags: [.hooks, .security, .contract]
    ) { t in
        let (hook, _) = try asTheProcess(t, runs: true) {
            confined(&$0)
            $0.process.user = ["uid": 1000, "gid": 1001, "additionalGids": [4242], "umask": 0o027]
            let some: JSON = ["CAP_KILL", "CAP_SYS_ADMIN"]
            $0.process.capabilities = [
                "bounding": some, "effective": some, "permitted": some, "inheritable": some,
                "ambient": ["CAP_KILL"],
            ]
            $0.process.noNewPrivileges = false
            $0.process.rlimits = [["type": "RLIMIT_NOFILE", "soft": 300, "hard": 301]]
            $0.linux.personality = ["domain": "LINUX32"]
        }
        try equal(hook["Groups"].trimmed, "4242", "groups")
        try equal(UInt64(hook["CapEff"], radix: 16), 1 << 5, "CapEff")
        try equal(hook["Umask"], "0027", "umask")
        try equal(hook["files"], "300 301", "RLIMIT_NOFILE")
        try equal(hook["personality"], "8", "personality")
    },
    Case(
        "hooks.credentials-startcontainer-userns",
        "startContainer hooks in a user namespace have the rights of the process", "peers.md 3",
        tags: [.hooks, .security, .contract]
    ) { t in
        let (hook, _) = try asTheProcess(t, runs: false) {
            confined(&$0)
            $0.addUserNamespace()
        }
        try equal(hook["uid"], "1000", "uid")
        try equal(UInt64(hook["CapEff"], radix: 16), 0, "CapEff")
    },
    Case(
        "hooks.logs", "run.oci.hooks.stdout and .stderr name files for what hooks print", "peers.md 3.4",
        tags: [.hooks, .contract]
    ) { t in
        let (out, err) = (t.directory + "/hooks.out", t.directory + "/hooks.err")
        let c = try t.hooked(["createRuntime": [shell("echo one; echo two >&2"), shell("echo three")]]) {
            $0.annotations = ["run.oci.hooks.stdout": .string(out), "run.oci.hooks.stderr": .string(err)]
        }
        try equal(try c.run().status, 0, "exit code")
        try equal(Files.read(out), "one\nthree\n", "output")
        try equal(Files.read(err), "two\n", "errors")
    },
    Case(
        "user.keep-groups", "run.oci.keep_original_groups keeps the caller's groups", "peers.md 3.4",
        tags: [.contract]
    ) { t in
        let c = try t.container(["ids"]) {
            $0.annotations = ["run.oci.keep_original_groups": "1"]
            $0.process.user = ["uid": 1000, "gid": 1000]
        }
        c.prefix = ["setpriv", "--groups", "4242,4243"]
        try equal(try c.output()["ids"]["groups"], "4242 4243", "groups")
    },
]
