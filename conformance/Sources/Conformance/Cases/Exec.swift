// exec.*: a further process in a running container.
import Foundation

extension Container {
    /// `exec` of the probe with these flags; what happened.
    func attemptExec(_ flags: [String], _ probe: [String], passed: [Int32] = []) throws -> Outcome {
        var command = command(["exec"] + flags + [id, "/probe"] + probe)
        command.passed = passed
        return try command.run()
    }

    /// `exec` that must end with 0; what the probe printed.
    func exec(_ flags: [String], _ probe: [String], passed: [Int32] = []) throws -> ProbeOutput {
        let outcome = try attemptExec(flags, probe, passed: passed)
        try check(outcome.status == 0, outcome.description)
        return ProbeOutput(outcome.out)
    }

    func exec(_ probe: [String]) throws -> ProbeOutput { try exec([], probe) }

    func attemptExec(_ probe: [String]) throws -> Outcome { try attemptExec([], probe) }

    /// `exec --process` of a file with this process, which must end with 0.
    func exec(process: JSON, _ flags: [String] = [], passed: [Int32] = []) throws -> ProbeOutput {
        let outcome = try attemptExec(process: process, flags, passed: passed)
        try check(outcome.status == 0, outcome.description)
        return ProbeOutput(outcome.out)
    }

    func attemptExec(process: JSON, _ flags: [String] = [], passed: [Int32] = []) throws -> Outcome {
        let file = trial.fresh("process.json")
        try Files.write(file, process.encoded)
        var command = command(["exec", "--process", file] + flags + [id])
        command.passed = passed
        return try command.run()
    }

    static func process(_ probe: [String], mark: String = "x") -> JSON {
        [
            "args": JSON(["/probe"] + probe), "cwd": "/", "user": ["uid": 0, "gid": 0],
            "env": ["PATH=/", "HOME=/somewhere"],
        ]
    }
}

let execCases: [Case] = [
    Case("exec.namespaces", "the process is in all namespaces of the container", "peers.md 3.1") { t in
        let c = try t.container(["ns", "+", "pause"]) {
            $0.setNamespace("cgroup")
            if Files.exists("/proc/self/ns/time") { $0.setNamespace("time") }
        }
        try c.create()
        try c.start()
        try c.waitForLog("uts")
        let own = ProbeOutput(c.log.components(separatedBy: "@ pause")[0])["ns"].lines
        try check(own.count >= 7, "the probe lists \(own)")
        try equal(try c.exec(["ns"])["ns"].lines, own, "namespaces")
    },
    Case("exec.pid", "the process has a pid of the container and a session of its own", "peers.md 3.1") { t in
        let c = try t.paused()
        let out = try c.exec(["pid"])["pid"]
        try check((Int(out["pid"]) ?? 0) > 1 && (Int(out["pid"]) ?? 9999) < 100, "pid \(out["pid"])")
        try equal(out["sid"], out["pid"], "session")
        try equal(out["ppid"], "0", "parent outside of the namespace")
    },
    Case("exec.cgroup", "the process is in the container's cgroups", "peers.md 3.1", tags: [.cgroups]) { t in
        let c = try t.paused()
        let file = t.fresh("pid")
        try c.must(["exec", "-d", "--pid-file", file, c.id, "/probe", "pause"])
        guard let pid = Int(Files.read(file) ?? "") else { throw Failure("no pid file") }
        try equal(Outside.cgroups(of: pid), Outside.cgroups(of: try c.pid()), "cgroups")
    },
    Case("exec.exit-status", "the exit status is the process's", "peers.md 1.4") { t in
        let c = try t.paused()
        for status in [0, 1, 7, 126, 127, 255] {
            try equal(Int(try c.attemptExec(["exit", "\(status)"]).status), status, "exit status")
        }
    },
    Case("exec.signalled", "128 and the signal when one ended it", "peers.md 1.4", tags: [.contract]) { t in
        let c = try t.paused()
        try equal(try c.attemptExec(["killself", "9"]).status, 137, "exit status")
        try equal(try c.attemptExec(["killself", "15"]).status, 143, "exit status")
    },
    Case("exec.own-process", "without a file it starts as the container's process", "peers.md 1.5") { t in
        let c = try t.paused {
            $0.process.env.append("OF=config")
            $0.process.cwd = "/tmp"
            $0.process.user = ["uid": 5, "gid": 6, "additionalGids": [7]]
        }
        let out = try c.exec(["-e", "A=1,2", "-e", "B=x"], ["env", "+", "cwd", "+", "ids"])
        try equal(out["env"]["OF"], "config", "variable of config.json")
        try equal(out["env"]["A"], "1,2", "variable with a comma")
        try equal(out["env"]["B"], "x", "variable")
        try equal(out["cwd"]["cwd"], "/tmp", "cwd")
        try equal(out["ids"]["uid"], "5 5 5", "uid")
        try equal(out["ids"]["gid"], "6 6 6", "gid")
        try equal(out["ids"]["groups"], "7", "groups")
    },
    Case("exec.flags", "--user and --cwd change the process", "peers.md 1.2") { t in
        let c = try t.paused()
        let out = try c.exec(["--user", "11:12", "--cwd", "/etc"], ["ids", "+", "cwd", "+", "caps"])
        try equal(out["ids"]["uid"], "11 11 11", "uid")
        try equal(out["ids"]["gid"], "12 12 12", "gid")
        try equal(out["cwd"]["cwd"], "/etc", "cwd")
    },
    Case("exec.user-only", "-u N is user N, not root", "CVE-2026-30892", tags: [.security]) { t in
        let c = try t.paused()
        try equal(try c.exec(["-u", "11"], ["ids"])["ids"]["uid"], "11 11 11", "uid")
    },
    Case("exec.process-file", "--process has the whole process", "peers.md 1.5") { t in
        let c = try t.paused { $0.process.env.append("OF=config") }
        var process = Container.process(["env", "+", "ids", "+", "cwd", "+", "rlimits"])
        process.user = ["uid": 21, "gid": 22, "additionalGids": [23, 24], "umask": 0o077]
        process.cwd = "/tmp"
        process.env = ["PATH=/", "HOME=/h", "ONLY=this"]
        process.rlimits = [["type": "RLIMIT_NOFILE", "soft": 77, "hard": 78]]
        let out = try c.exec(process: process)
        try equal(out["env"].lines.sorted(), ["HOME=/h", "ONLY=this", "PATH=/"], "environment")
        try equal(out["ids"]["uid"], "21 21 21", "uid")
        try equal(out["ids"]["groups"], "23 24", "groups")
        try equal(out["ids"]["umask"], "0077", "umask")
        try equal(out["cwd"]["cwd"], "/tmp", "cwd")
        try contains(out["rlimits"].text, "77 78", "rlimits")
    },
    Case("exec.home", "HOME comes from the container's passwd", "peers.md 2") { t in
        let c = try t.paused()
        try Files.write(c.inside("etc/passwd"), "root:x:0:0:r:/r:/x\nme:x:11:12:m:/home/me:/x\n")
        try equal(try c.exec(["-u", "11"], ["env"])["env"]["HOME"], "/home/me", "HOME")
    },
    Case("exec.path", "PATH is searched in the container", "peers.md 2") { t in
        let c = try t.paused()
        try Files.link(c.inside("opt/tools/finder"), to: t.probe)
        let outcome = try c.attempt(["exec", "-e", "PATH=/opt/tools", c.id, "finder", "args", "x"])
        try check(outcome.status == 0, outcome.description)
        try equal(ProbeOutput(outcome.out)["args"].all("arg"), ["args", "x"], "args")
    },
    Case("exec.seccomp", "the container's seccomp filter holds for exec", "peers.md 3.1") { t in
        let c = try t.paused {
            $0.linux.seccomp = [
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [["names": ["getpid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 77]],
            ]
        }
        let out = try c.exec(["prctl", "+", "syscall", "getpid"])
        try equal(out["prctl"]["seccomp"], "2", "mode")
        try equal(out["syscall"]["errno"], "77", "errno")
    },
    Case(
        "exec.configuration-kept", "a changed or missing config.json has no effect", "runtime.md, Lifecycle 2"
    ) { t in
        let c = try t.paused { $0.process.noNewPrivileges = true }
        unlink(c.bundle + "/config.json")
        try contains(try c.exec(["cat", "/proc/self/status"]).raw, "NoNewPrivs:\t1", "no_new_privs")
    },
    Case("exec.created", "a created container can be entered too", "runc") { t in
        let c = try t.container(["pause"])
        try c.create()
        try equal(try c.exec(["pid"]).sections.count, 1, "sections")
    },
    Case("exec.detach", "--detach leaves when the process runs, with its pid in the file", "peers.md 1.5") {
        t in
        let c = try t.paused()
        let file = t.fresh("pid")
        let outcome = try c.must(["exec", "--detach", "--pid-file", file, c.id, "/probe", "pause"])
        try check(outcome.out.isEmpty || !outcome.out.contains("apus"), "printed \(outcome.out)")
        let text = Files.read(file) ?? ""
        guard let pid = pid_t(text) else { throw Failure("the pid file has \"\(text)\"") }
        try equal(kill(pid, 0), 0, "kill 0 of the process")
        let status = Files.read("/proc/\(pid)/status") ?? ""
        try contains(status, "Name:\tprobe", "the process")
    },
    Case("exec.stdin", "standard input reaches the process", "peers.md 3.1") { t in
        let c = try t.paused()
        let file = t.fresh("input")
        try Files.write(file, "some text")
        var command = c.command(["exec", c.id, "/probe", "fdread", "0"])
        command.input = file
        let outcome = try command.run()
        try equal(ProbeOutput(outcome.out)["fdread"]["fdread"], "some text", "what was read")
    },
    Case("exec.signal-forwarded", "a signal for exec reaches the process", "peers.md 3.1") { t in
        let c = try t.paused()
        let command = c.command(["exec", c.id, "/probe", "trap", "15", "33", "+", "pause"])
        let pid = try command.start()
        let ready = eventually { (Files.read(command.output) ?? "").contains("trap=ok") }
        try check(ready, "the probe never trapped: \(Files.read(command.output) ?? "")")
        kill(pid, SIGTERM)
        try equal(command.finish(pid).status, 33, "exit status")
    },
    Case("exec.parallel", "ten at a time", "peers.md 3.1") { t in
        let c = try t.paused()
        let commands = (0..<10).map { c.command(["exec", c.id, "/probe", "exit", "\($0)"]) }
        let pids = try commands.map { try $0.start() }
        for (index, pid) in pids.enumerated() {
            try equal(Int(commands[index].finish(pid).status), index, "exit status")
        }
    },
    Case("exec.shared-namespaces", "a container that shares network and ipc with the host", "peers.md 3.1") {
        t in
        let c = try t.paused {
            $0.removeNamespace("network")
            $0.removeNamespace("ipc")
        }
        _ = try c.exec(["pid"])
    },
    Case("exec.no-pid-namespace", "a container without a PID namespace", "peers.md 3.1") { t in
        let c = try t.paused { $0.removeNamespace("pid") }
        let out = try c.exec(["pid"])["pid"]
        try equal(out["sid"], out["pid"], "session")
    },
    Case("exec.joined-pid-namespace", "a container in another one's PID namespace", "peers.md 3.1") { t in
        let first = try t.paused()
        let pid = try first.pid()
        let second = try t.paused { $0.setNamespace("pid", path: "/proc/\(pid)/ns/pid") }
        let out = try second.exec(["pid"])["pid"]
        try check((Int(out["pid"]) ?? 0) > 2, "pid \(out["pid"])")
    },
    Case("exec.no-pivot", "a container of create --no-pivot", "peers.md 1.2") { t in
        let c = try t.container(["pause"])
        try c.create(["--no-pivot"])
        try c.start()
        let out = try c.exec(["ls", "/", "+", "stat", "/probe"])
        try lacks(out["ls"].text, "boot", "the root")
    },
    Case("exec.preserve-fds", "--preserve-fds passes so many and no more", "peers.md 1.2") { t in
        try Files.write("\(t.directory)/three", "text of three")
        let files = (0..<2).map { _ in open("\(t.directory)/three", O_RDONLY | O_CLOEXEC) }
        defer { files.forEach { close($0) } }
        let c = try t.paused()
        let out = try c.exec(["--preserve-fds", "1"], ["fds", "+", "fdread", "3"], passed: files)
        try equal(out["fds"].lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2", "3"], "descriptors")
        try equal(out["fdread 3"]["fdread"], "text of three", "descriptor 3")
    },
    Case(
        "exec.keyring", "the process joins the container's session keyring", "peers.md 3.1",
        tags: [.contract]
    ) { t in
        let c = try t.paused()
        let key = { (out: ProbeOutput) in out.raw.split(separator: "\n").first { $0.contains("_ses") } }
        let out = try c.exec(["cat", "/proc/keys"])
        guard out.raw.contains("keyring") else { throw Skip("/proc/keys is not readable here") }
        try contains(out.raw, "_ses.\(c.id)", "keyrings (\(String(describing: key(out))))")
    },
    Case("exec.sub-cgroup", "--cgroup PATH is below the container's cgroup", "peers.md 1.2", tags: [.cgroups])
    {
        t in
        let c = try t.paused()
        let groups = Outside.cgroups(of: try c.pid())
        for path in Outside.groups(t.host, marked: c.id) {
            mkdir(path + "/below", 0o755)
            for file in ["/cpuset.cpus", "/cpuset.mems"] {
                guard let value = Files.read(path + file), !value.trimmed.isEmpty else { continue }
                try? Files.write(path + "/below" + file, value)
            }
        }
        let file = t.fresh("pid")
        try c.must(["exec", "-d", "--cgroup", "below", "--pid-file", file, c.id, "/probe", "pause"])
        guard let pid = Int(Files.read(file) ?? "") else { throw Failure("no pid file") }
        let found = Outside.cgroups(of: pid)
        for (controller, path) in groups where path.contains(c.id) {
            try equal(found[controller] ?? "", path + "/below", "cgroup of \(controller)")
        }
        for target in ["../x", "below/../../x"] {
            let outcome = try c.attempt(["exec", "--cgroup", target, c.id, "/probe", "pid"])
            try equal(outcome.status, 255, "exit status of --cgroup \(target)")
        }
    },
    Case(
        "exec.moved-init", "into the first process' real cgroup when the container's is gone", "runc 1.1.4",
        tags: [.cgroups]
    ) { t in
        let c = try t.paused()
        let pid = try c.pid()
        let groups = Outside.groups(t.host, marked: c.id)
        guard !groups.isEmpty else { throw Skip("no cgroups") }
        let moved = groups.map { $0 + "-moved" }
        t.atEnd { moved.forEach { rmdir($0) } }
        for (old, new) in zip(groups, moved) {
            try Files.makeDirectory(new)
            for file in ["cpuset.cpus", "cpuset.mems"] {
                if let value = Files.read(old + "/" + file) { try? Files.write(new + "/" + file, value) }
            }
            try Files.write(new + "/cgroup.procs", "\(pid)")
            try equal(rmdir(old), 0, "rmdir \(old)")
        }
        let file = t.fresh("pid")
        try c.must(["exec", "-d", "--pid-file", file, c.id, "/probe", "pause"])
        guard let process = Int(Files.read(file) ?? "") else { throw Failure("no pid file") }
        try equal(Outside.cgroups(of: process), Outside.cgroups(of: pid), "cgroups")
        kill(pid_t(pid), SIGKILL)
        kill(pid_t(process), SIGKILL)
    },
    Case("exec.cpu-affinity", "execCPUAffinity.final holds", "config.md, execCPUAffinity") { t in
        let c = try t.paused()
        var process = Container.process(["cat", "/proc/self/status"])
        process.execCPUAffinity = ["initial": "0", "final": "1"]
        guard sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 else { throw Skip("one CPU") }
        try contains(try c.exec(process: process).raw, "Cpus_allowed_list:\t1\n", "CPUs")
    },
]
