// exec.*: what exec refuses, with the texts and codes that engines match on, and attacks on it.
import Foundation

private func refused(_ c: Container, _ arguments: [String], _ text: String) throws {
    let outcome = try c.attempt(["exec"] + arguments)
    try equal(outcome.status, 255, "exit status of \(outcome.description)")
    // runc's log quotes quotes.
    try contains(outcome.err.lowercased().replacingOccurrences(of: "\\\"", with: "\""), text, "message")
}

let execRefusalCases: [Case] = [
    Case("exec.stopped", "a stopped container is refused", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container(["exit", "0"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        try refused(c, [c.id, "/probe", "pid"], "cannot exec in a stopped container")
    },
    Case("exec.missing", "so is one that does not exist", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.container(["pause"])
        try refused(c, [c.id, "/probe", "pid"], "does not exist")
    },
    Case("exec.not-found", "a command that PATH does not have", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.paused()
        try refused(c, [c.id, "nope"], "exec: \"nope\": executable file not found in $path")
        try refused(c, [c.id, "/nope"], "exec: \"/nope\": stat /nope: no such file or directory")
    },
    Case(
        "exec.not-executable", "a file without the permission, a directory", "peers.md 1.4", tags: [.contract]
    ) { t in
        let c = try t.paused()
        try Files.write(c.inside("text"), "x", mode: 0o644)
        try refused(c, [c.id, "/text"], "permission denied")
        try refused(c, [c.id, "/etc"], "is a directory")
    },
    Case(
        "exec.bad-user", "what is no user id is refused, never taken for 0", "CVE-2026-30892",
        tags: [.security]
    ) { t in
        let c = try t.paused()
        for user in [":", "1:", "-1", "4294967296", "4294967295", "root", "1:x"] {
            let outcome = try c.attempt(["exec", "-u", user, c.id, "/probe", "ids"])
            try check(outcome.status != 0, "-u \(user) was taken: \(outcome.out)")
        }
    },
    Case("exec.bad-process", "a process file without args or with a relative cwd", "peers.md 1.5") { t in
        let c = try t.paused()
        var process = Container.process(["pid"])
        process.cwd = "tmp"
        try equal(try c.attemptExec(process: process).status, 255, "exit status of a relative cwd")
        process = Container.process(["pid"])
        process.args = []
        try equal(try c.attemptExec(process: process).status, 255, "exit status without args")
        try equal(try c.attempt(["exec", c.id]).status == 0, false, "exec without a command succeeds")
    },
    Case("exec.log", "a failure is one line of the JSON log", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.paused()
        let log = t.fresh("log")
        c.globals = ["--log", log, "--log-format", "json"]
        try equal(try c.attempt(["exec", c.id, "/nope"]).status, 255, "exit status")
        let line = try JSON.parse((Files.read(log) ?? "").trimmed)
        try equal(line.level.text ?? "", "error", "level")
        try contains(line.msg.text ?? "", "no such file or directory", "msg")
        c.globals = []
    },
    Case(
        "exec.frozen", "a paused container is refused, but for --ignore-paused", "peers.md 3.1",
        tags: [.cgroups, .contract]
    ) { t in
        let c = try t.paused()
        let freezer = try? c.group("freezer")
        let unified = try? c.group("")
        func write(_ frozen: Bool) throws {
            if let unified, Files.exists(unified + "/cgroup.freeze") {
                try Files.write(unified + "/cgroup.freeze", frozen ? "1" : "0")
                _ = eventually {
                    (Files.read(unified + "/cgroup.events") ?? "").contains("frozen \(frozen ? 1 : 0)")
                }
            }
            if let freezer, unified == nil || !t.host.v1.isEmpty {
                try Files.write(freezer + "/freezer.state", frozen ? "FROZEN" : "THAWED")
            }
        }
        try write(true)
        defer { try? write(false) }
        try refused(c, [c.id, "/probe", "pid"], "paused")
    },
]

let execSecurityCases: [Case] = [
    Case("exec.fds", "no descriptor but 0, 1 and 2 reaches the process", "CVE-2024-21626", tags: [.security])
    {
        t in
        let directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        let c = try t.paused()
        let out = try c.exec([], ["fds"], passed: [directory, directory])["fds"]
        try equal(out.lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2"], "descriptors (\(out.text))")
    },
    Case(
        "exec.cwd-leak", "a cwd through a leaked descriptor does not lead out", "CVE-2024-21626",
        tags: [.security]
    ) { t in
        let directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        let c = try t.paused()
        for number in 3...12 {
            let outcome = try c.attemptExec(
                ["--cwd", "/proc/self/fd/\(number)"], ["ls", "."], passed: [directory, directory])
            if outcome.status == 0 { try lacks(outcome.out, "boot", "the directory \(number)") }
        }
    },
    Case("exec.no-inheritable", "--cap adds no inheritable capability", "CVE-2022-29162", tags: [.security]) {
        t in
        let c = try t.paused()
        let out = try c.exec(["--cap", "CAP_NET_ADMIN"], ["cat", "/proc/self/status"])
        try contains(out.raw, "CapInh:\t0000000000000000", "inheritable")
        let effective = out["cat"]["CapEff"]
        try check(
            (UInt64(effective, radix: 16) ?? 0) & 1 << 12 != 0, "CapEff \(effective) has no CAP_NET_ADMIN")
    },
    Case(
        "exec.capabilities-kept", "a process file without capabilities has the container's", "runc",
        tags: [.security]
    ) { t in
        let c = try t.paused {
            $0.process.capabilities = [
                "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"],
            ]
        }
        let out = try c.exec(process: Container.process(["cat", "/proc/self/status"]))
        try contains(out.raw, "CapEff:\t0000000000000020", "effective")
        try contains(out.raw, "CapBnd:\t0000000000000020", "bounding")
    },
    Case(
        "exec.hostile-binary", "a command that is /proc/self/exe gets nothing of the runtime's",
        "CVE-2019-5736",
        tags: [.security]
    ) { t in
        let c = try t.paused()
        let before = Files.read(t.runtime)?.count
        let outcome = try c.attempt(["exec", c.id, "/proc/self/exe", "pid"])
        _ = outcome
        try equal(Files.read(t.runtime)?.count, before, "size of the runtime's file")
        try Files.write(c.inside("trap"), "#!/proc/self/exe\n", mode: 0o755)
        _ = try c.attempt(["exec", c.id, "/trap"])
        try equal(Files.read(t.runtime)?.count, before, "size of the runtime's file")
    },
    Case(
        "exec.hostile-proc", "a container that covered its /proc gets no more", "CVE-2025-52881",
        tags: [.security]
    ) { t in
        let c = try t.paused {
            $0.addCapabilities("CAP_SYS_ADMIN")
        }
        _ = try c.exec(["mount", "tmpfs", "/proc", "tmpfs"])
        var process = Container.process(["ids"])
        process.oomScoreAdj = 500
        try equal(try c.exec(process: process)["ids"]["uid"], "0 0 0", "uid")
    },
]
