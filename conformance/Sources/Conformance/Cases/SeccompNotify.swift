// Seccomp agents: the listener, what comes with it, and calls that are newer than the profile.
import Foundation

private func notifying(_ socket: String, metadata: String? = nil, rules: JSON = [], more: JSON = [:]) -> JSON
{
    var profile = more
    profile.defaultAction = "SCMP_ACT_ALLOW"
    profile.listenerPath = .string(socket)
    if let metadata { profile.listenerMetadata = .string(metadata) }
    profile.syscalls = rules == [] ? [["names": ["getpriority"], "action": "SCMP_ACT_NOTIFY"]] : rules
    return profile
}

/// The probe's seccomp agent: getpriority gives `value`, all other calls go on.
private struct Agent {
    let socket: String
    let output: String

    init(_ t: Trial, value: Int = 4242, filters: Int = 1) throws {
        socket = t.directory + "/agent.sock"
        output = try t.background(["agent", socket, "\(value)", "\(filters)"]).output
        let path = socket
        try check(eventually { Files.exists(path) }, "the test itself: the agent does not listen")
    }

    var lines: ProbeOutput.Section { ProbeOutput(Files.read(output) ?? "")["agent"] }

    /// The container process state that the agent got.
    func state() throws -> JSON {
        try check(eventually { !lines["state"].isEmpty }, "the agent got nothing")
        do { return try JSON.parse(lines["state"]) } catch { throw Failure("no JSON: \(lines["state"])") }
    }
}

let seccompNotifyCases: [Case] = [
    Case(
        "seccomp.notify", "an agent gets the listener and answers a system call", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        for noNew in [true, false] {
            let agent = try Agent(t)
            let out = try t.output(["syscall", "getpriority", "+", "syscall", "getppid"]) {
                $0.process.noNewPrivileges = .bool(noNew)
                $0.linux.seccomp = notifying(agent.socket)
            }
            try equal(out["syscall getpriority"]["value"], "4242", "with noNewPrivileges \(noNew)")
            try equal(out["syscall getppid"]["value"], "0", "another call")
            unlink(agent.socket)
        }
    },
    Case(
        "seccomp.notify-state", "the container process state", "config-linux.md The Container Process State",
        tags: [.seccomp]
    ) { t in
        let agent = try Agent(t)
        let c = try t.container(["pause"]) {
            $0.annotations = ["org.example.key": "value"]
            $0.linux.seccomp = notifying(agent.socket, metadata: "MKNOD=/dev/null;\"x\"")
        }
        try c.create()
        let pid = try c.pid()
        try c.start()
        let state = try agent.state()
        try check(state.ociVersion.text?.hasPrefix("1.") == true, "ociVersion: \(state.ociVersion)")
        try equal(state.fds, ["seccompFd"], "fds")
        try equal(agent.lines["descriptors"], "1", "descriptors in the message")
        try equal(state.pid.number, pid, "pid")
        try equal(state.metadata.text, "MKNOD=/dev/null;\"x\"", "metadata")
        try equal(state.state.id.text, c.id, "id in the state")
        try equal(state.state.pid.number, pid, "pid in the state")
        try equal(state.state.bundle.text, c.bundle, "bundle in the state")
        try equal(state.state.annotations["org.example.key"].text, "value", "annotation in the state")
        let status = state.state.status.text ?? ""
        try check(["creating", "created"].contains(status), "status is \(status)")
    },
    Case(
        "seccomp.notify-no-metadata", "without metadata the state has none", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        let agent = try Agent(t)
        _ = try t.output(["syscall", "getpriority"]) { $0.linux.seccomp = notifying(agent.socket) }
        try equal(try agent.state().metadata.text ?? "", "", "metadata")
    },
    Case(
        "seccomp.notify-early", "an agent that answers every call of the set-up but write is asked in time",
        "config-linux.md Seccomp", tags: [.seccomp]
    ) { t in
        let agent = try Agent(t)
        let out = try t.output(["syscall", "getpriority"]) {
            $0.linux.seccomp = notifying(
                agent.socket,
                rules: [
                    [
                        "names": ["getpriority", "read", "execve", "capset", "close"],
                        "action": "SCMP_ACT_NOTIFY",
                    ]
                ])
        }
        try equal(out["syscall"]["value"], "4242", "value")
    },
    Case(
        "seccomp.notify-flags", "the flags that go with a listener", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        for flag in ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] {
            let agent = try Agent(t)
            let out = try t.output(["syscall", "getpriority"]) {
                $0.linux.seccomp = notifying(agent.socket, more: ["flags": [.string(flag)]])
            }
            try equal(out["syscall"]["value"], "4242", flag)
            unlink(agent.socket)
        }
    },
    Case(
        "seccomp.notify-user", "a user without capabilities under an agent", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        let agent = try Agent(t)
        let out = try t.output(["syscall", "getpriority", "+", "ids", "+", "caps"]) {
            $0.process.user = ["uid": 1000, "gid": 1000]
            $0.process.capabilities = ["bounding": []]
            $0.linux.seccomp = notifying(agent.socket)
        }
        try equal(out["syscall"]["value"], "4242", "value")
        try equal(out["ids"]["uid"], "1000 1000 1000", "uid")
    },
    Case(
        "seccomp.notify-descriptors", "the listener stays out of the container", "CVE-2024-21626",
        tags: [.seccomp, .security]
    ) { t in
        let agent = try Agent(t)
        let out = try t.output(["fds"]) { $0.linux.seccomp = notifying(agent.socket) }
        try lacks(out["fds"].text, "seccomp", "descriptors")
    },
    Case(
        "seccomp.notify-hook", "the agent answers the calls of a startContainer hook and of the process",
        "peers.md 3", tags: [.seccomp, .hooks, .security, .contract]
    ) { t in
        // A filter without a listener would answer uname(2) with ENOSYS. Some runtimes have one filter for both.
        let agent = try Agent(t, filters: 2)
        let c = try t.hooked(
            probe: ["syscall", "getpriority"], ["startContainer": [t.hook("it", inside: true)]]
        ) {
            $0.hostname = "named"
            $0.linux.seccomp = notifying(
                agent.socket, rules: [["names": ["getpriority", "uname"], "action": "SCMP_ACT_NOTIFY"]])
        }
        try c.create()
        let pid = try c.pid()
        try c.start()
        try equal(try t.record("it")["nodename"], "named", "nodename")
        try equal(try agent.state().state.pid.number, pid, "pid of the container in the state")
        try c.waitFor("stopped")
        try contains(c.log, "value=4242", "getpriority of the process")
    },
    Case(
        "seccomp.notify-nobody", "without an agent at listenerPath the process does not run, nothing is left",
        "config-linux.md Seccomp", tags: [.seccomp]
    ) { t in
        let c = try t.container(["args"]) { $0.linux.seccomp = notifying(t.directory + "/nobody.sock") }
        let created = try c.attemptCreate()
        if created.status == 0 {
            let started = try c.attempt(["start", c.id])
            try check(started.status != 0, "start succeeded")
            try check(!started.err.trimmed.isEmpty, "start failed without a message")
            try c.waitFor("stopped")
            try c.delete()
        }
        try lacks(c.log, "arg=args", "output")
        try c.nothingLeft("after the failure")
        let run = try c.run()
        try check(run.status != 0, "run succeeded")
        try c.nothingLeft("after the failed run")
    },
    Case(
        "seccomp.notify-refused", "notify for write, as the default, and without a path are refused",
        "config-linux.md Seccomp; peers.md 2", tags: [.seccomp, .contract]
    ) { t in
        let bad: [JSON] = [
            notifying("/nobody", rules: [["names": ["write"], "action": "SCMP_ACT_NOTIFY"]]),
            ["defaultAction": "SCMP_ACT_NOTIFY", "listenerPath": "/nobody"],
            [
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [["names": ["getpriority"], "action": "SCMP_ACT_NOTIFY"]],
            ],
        ]
        for profile in bad { try t.container(["args"]) { $0.linux.seccomp = profile }.refusedCreate() }
    },
    Case(
        "seccomp.metadata-alone", "listenerMetadata without listenerPath is refused",
        "config-linux.md Seccomp", tags: [.seccomp]
    ) { t in
        try t.container(["args"]) {
            $0.linux.seccomp = ["defaultAction": "SCMP_ACT_ALLOW", "listenerMetadata": "x"]
        }.refusedCreate()
    },
    Case(
        "seccomp.listener-ignored", "listenerPath is ignored when nothing notifies",
        "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        let out = try t.output(["syscall", "getpriority"]) {
            $0.linux.seccomp = notifying(
                t.directory + "/nobody.sock",
                rules: [["names": ["getpriority"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95]])
        }
        try equal(out["syscall"]["getpriority"], "EOPNOTSUPP", "getpriority")
    },
    Case(
        "seccomp.newer-calls",
        "a call that is newer than all in the profile gets ENOSYS, older ones the default",
        "peers.md 2", tags: [.seccomp, .contract]
    ) { t in
        // The last call named is mount_setattr, 442; 451 is cachestat, and no kernel has 900. 134 is uselib.
        let out = try t.output(["syscall", "451", "-1", "+", "syscall", "900", "+", "syscall", "134"]) {
            $0.process.noNewPrivileges = true
            $0.linux.seccomp = [
                "defaultAction": "SCMP_ACT_ERRNO",
                "syscalls": [["names": printingCalls, "action": "SCMP_ACT_ALLOW"]],
            ]
        }
        try equal(out["syscall 451"]["451"], "ENOSYS", "cachestat")
        try equal(out["syscall 900"]["900"], "ENOSYS", "call 900")
        try equal(out["syscall 134"]["134"], "EPERM", "uselib")
    },
    Case(
        "seccomp.newer-calls-errno", "defaultErrnoRet is for calls that the profile could have named",
        "config-linux.md Seccomp; peers.md 2", tags: [.seccomp, .contract]
    ) { t in
        let out = try t.output(["syscall", "900", "+", "syscall", "134"]) {
            $0.process.noNewPrivileges = true
            $0.linux.seccomp = [
                "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 95,
                "syscalls": [["names": printingCalls, "action": "SCMP_ACT_ALLOW"]],
            ]
        }
        try equal(out["syscall 900"]["900"], "ENOSYS", "call 900")
        try equal(out["syscall 134"]["134"], "EOPNOTSUPP", "uselib")
    },
    Case(
        "seccomp.newer-calls-allowed", "with a default of ALLOW newer calls reach the kernel", "peers.md 2",
        tags: [.seccomp]
    ) { t in
        let out = try t.output(["syscall", "451", "-1"]) {
            $0.linux.seccomp = [
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [["names": ["getpriority"], "action": "SCMP_ACT_ERRNO"]],
            ]
        }
        try check(["EBADF", "ENOSYS"].contains(out["syscall"]["451"]), "cachestat: \(out["syscall"].text)")
    },
]
