// process.*: what the container's first process is started with.
import Foundation

let processCases: [Case] = [
    Case("process.args", "args reach the process unchanged", "config.md Process") { t in
        let words = ["args", "", "two words", "tab\there", "ünïcode", "-x", "--", "quote\"'\\"]
        let out = try t.output(words)
        try equal(out.sections[0].all("arg"), words, "args")
    },
    Case("process.args-many", "2000 arguments and 100 KB of them", "config.md Process") { t in
        let words = (0..<2000).map { "argument-\($0)-" + String(repeating: "x", count: 40) }
        let out = try t.output(["args"] + words)
        try equal(out.sections[0].all("arg"), ["args"] + words, "args")
    },
    Case("process.argv0", "args[0] is found in PATH and stays argv[0]", "config.md Process") { t in
        let c = try t.container([])
        c.config.process.args = ["probe", "args"]
        c.config.process.env = ["PATH=/nowhere:/"]
        let out = try c.output()
        try equal(out["args"].all("arg"), ["args"], "args")
    },
    Case("process.path-container", "PATH is the container's, not the runtime's", "peers.md 2") { t in
        let c = try t.container([])
        try Files.link(c.inside("opt/tools/finder"), to: t.probe)
        c.config.process.args = ["finder", "args"]
        c.config.process.env = ["PATH=/opt/tools"]
        _ = try c.output()
        c.config.process.env = ["PATH=/bin"]
        try c.writeConfig()
        try c.refusedCreate()
    },
    Case(
        "process.path-order", "the first directory of PATH with an executable wins; others are skipped",
        "peers.md 2"
    ) { t in
        let c = try t.container([])
        try Files.write(c.inside("first/tool"), "not executable", mode: 0o644)
        try Files.makeDirectory(c.inside("second/tool"))
        try Files.link(c.inside("third/tool"), to: t.probe)
        c.config.process.args = ["tool", "args"]
        c.config.process.env = ["PATH=/first:/second:/third"]
        _ = try c.output()
    },
    Case("process.args-relative", "args[0] with a slash is relative to cwd", "config.md Process") { t in
        let c = try t.container([])
        try Files.link(c.inside("work/tool"), to: t.probe)
        c.config.process.args = ["./tool", "cwd"]
        c.config.process.cwd = "/work"
        try equal(try c.output()["cwd"]["cwd"], "/work", "cwd")
    },
    Case("process.env", "env reaches the process, in order, with nothing lost", "config.md Process") { t in
        let wanted = ["PATH=/bin", "HOME=/somewhere", "EMPTY=", "WITH=a=b c", "ÜML=ü"]
        let out = try t.output(["env"]) { $0.process.env = JSON(wanted) }
        try equal(out["env"].lines, wanted, "environment")
    },
    Case("process.env-clean", "nothing of the runtime's environment leaks in", "config.md Process") { t in
        let c = try t.container(["env"])
        c.environment = ["LEAK": "yes", "LD_PRELOAD": "", "GODEBUG": "x"]
        c.config.process.env = ["PATH=/", "HOME=/"]
        try equal(try c.output()["env"].lines.sorted(), ["HOME=/", "PATH=/"], "environment")
    },
    Case(
        "process.env-duplicate", "of two entries for one name the later wins", "peers.md 2", tags: [.contract]
    ) { t in
        let out = try t.output(["env"]) { $0.process.env = ["PATH=/", "HOME=/", "A=first", "A=second"] }
        let values = out["env"].lines.filter { $0.hasPrefix("A=") }
        try equal(values.last, "A=second", "value")
    },
    Case("process.cwd", "cwd is the working directory", "config.md Process") { t in
        let c = try t.container(["cwd"])
        try Files.makeDirectory(c.inside("some/where"))
        c.config.process.cwd = "/some/where"
        try equal(try c.output()["cwd"]["cwd"], "/some/where", "cwd")
    },
    Case("process.cwd-symlink", "a cwd through a symlink resolves inside the rootfs", "config.md Process") {
        t in
        let c = try t.container(["cwd"])
        try Files.makeDirectory(c.inside("real"))
        try Files.symlink(c.inside("way"), to: "/real")
        c.config.process.cwd = "/way"
        try equal(try c.output()["cwd"]["cwd"], "/real", "cwd")
    },
    Case(
        "process.cwd-missing", "a missing cwd is made or refused by create, never ignored",
        "config.md Process"
    ) { t in
        let c = try t.container(["cwd"]) { $0.process.cwd = "/not/there" }
        let outcome = try c.run()
        if outcome.status == 0 {
            try equal(ProbeOutput(outcome.out)["cwd"]["cwd"], "/not/there", "cwd")
        } else {
            try c.nothingLeft("after the failed run")
        }
    },
    Case("process.cwd-file", "a cwd that is a file is refused by create", "config.md Process") { t in
        let c = try t.container(["cwd"]) { $0.process.cwd = "/file" }
        try Files.write(c.inside("file"), "")
        try c.refusedCreate()
    },
    Case("process.session", "the process leads its own session and group", "peers.md 3.1") { t in
        let out = try t.output(["pid"])["pid"]
        try equal(out["pid"], "1", "pid")
        try equal(out["sid"], "1", "sid")
        try equal(out["pgid"], "1", "pgid")
    },
    Case("process.signals-default", "no signal is blocked or ignored", "principles.md") { t in
        let out = try t.output(["signals"])["signals"]
        try equal(out["SigBlk"], "0000000000000000", "blocked")
        // 32 and 33 belong to the C library, which lets nobody reset what the caller's caller ignored.
        let ignored = (UInt64(out["SigIgn"], radix: 16) ?? .max) & ~0x1_8000_0000
        try equal(ignored, 0, "ignored")
        try equal(out["SigCgt"], "0000000000000000", "caught")
    },
    Case(
        "process.attributes",
        "dumpable, no death signal, no NNP, no seccomp, no subreaper when not asked for", "principles.md"
    ) { t in
        let out = try t.output(["prctl"])["prctl"]
        for (key, value) in [
            ("dumpable", "1"), ("pdeathsig", "0"), ("nnp", "0"), ("seccomp", "0"), ("subreaper", "0"),
        ] {
            try equal(out[key], value, key)
        }
    },
    Case("process.no-new-privileges", "noNewPrivileges true sets it", "config.md Linux Process") { t in
        let out = try t.output(["prctl", "+", "cat", "/proc/self/status"]) {
            $0.process.noNewPrivileges = true
        }
        try equal(out["prctl"]["nnp"], "1", "no_new_privs")
        try equal(out["cat"]["NoNewPrivs"], "1", "NoNewPrivs")
    },
    Case(
        "process.oom-score-adj", "oomScoreAdj is set (raised: lowering needs CAP_SYS_RESOURCE)",
        "config.md Linux Process"
    ) { t in
        let out = try t.output(["cat", "/proc/self/oom_score_adj"]) { $0.process.oomScoreAdj = 345 }
        try equal(out["cat"].text, "345", "oom_score_adj")
    },
    Case("process.oom-score-adj-low", "oomScoreAdj can be negative", "config.md Linux Process") { t in
        guard t.host.has(capability: Host.sysResource) else {
            throw Skip("root has no CAP_SYS_RESOURCE here")
        }
        let out = try t.output(["cat", "/proc/self/oom_score_adj"]) { $0.process.oomScoreAdj = -100 }
        try equal(out["cat"].text, "-100", "oom_score_adj")
    },
    Case(
        "process.oom-score-adj-unset", "without oomScoreAdj the runtime's own is inherited",
        "config.md Linux Process"
    ) { t in
        let c = try t.container(["cat", "/proc/self/oom_score_adj"])
        c.prefix = ["sh", "-c", "echo 77 > /proc/self/oom_score_adj && exec \"$@\"", "sh"]
        try equal(try c.output()["cat"].text, "77", "oom_score_adj")
    },
    Case("process.personality", "personality LINUX32 changes what uname says", "config-linux.md Personality")
    { t in
        let out = try t.output(["personality", "+", "uname"]) { $0.linux.personality = ["domain": "LINUX32"] }
        try equal(out["personality"]["personality"], "00000008", "personality")
        // What the host's kernel itself says under that personality (User-mode Linux: the same as without).
        let wanted = try t.host("setarch", "linux32", "uname", "-m").out.trimmed
        try equal(out["uname"]["machine"], wanted, "machine")
    },
    Case("process.personality-linux", "personality LINUX is the default one", "config-linux.md Personality") {
        t in
        let out = try t.output(["personality"]) { $0.linux.personality = ["domain": "LINUX"] }
        try equal(out["personality"]["personality"], "00000000", "personality")
    },
    Case(
        "process.rlimits", "every rlimit that root may set without CAP_SYS_RESOURCE is set",
        "config.md POSIX process"
    ) { t in
        let wanted: [(String, Int, Int)] = [
            ("RLIMIT_AS", 3 << 30, 4 << 30), ("RLIMIT_CORE", 0, 4096), ("RLIMIT_CPU", 100, 200),
            ("RLIMIT_DATA", 1 << 30, 2 << 30), ("RLIMIT_FSIZE", 1 << 20, 1 << 21), ("RLIMIT_LOCKS", 10, 20),
            ("RLIMIT_MEMLOCK", 4096, 8192), ("RLIMIT_MSGQUEUE", 1000, 2000), ("RLIMIT_NICE", 0, 0),
            ("RLIMIT_NOFILE", 500, 600), ("RLIMIT_NPROC", 3000, 4000), ("RLIMIT_RSS", 1 << 30, 1 << 31),
            ("RLIMIT_RTPRIO", 0, 0), ("RLIMIT_RTTIME", 100_000, 200_000), ("RLIMIT_SIGPENDING", 50, 60),
            ("RLIMIT_STACK", 1 << 22, 1 << 23),
        ]
        let out = try t.output(["rlimits"]) {
            $0.process.rlimits = .array(
                wanted.map { ["type": .string($0.0), "soft": .int($0.1), "hard": .int($0.2)] })
        }["rlimits"]
        for (name, soft, hard) in wanted { try equal(out[name], "\(soft) \(hard)", name) }
    },
    Case("process.rlimits-unlimited", "the largest value means no limit", "config.md POSIX process") { t in
        let out = try t.output(["rlimits"]) {
            $0.process.rlimits = [
                [
                    "type": "RLIMIT_CORE", "soft": .raw("18446744073709551615"),
                    "hard": .raw("18446744073709551615"),
                ]
            ]
        }["rlimits"]
        try equal(out["RLIMIT_CORE"], "18446744073709551615 18446744073709551615", "RLIMIT_CORE")
    },
    Case("process.rlimits-inherited", "without rlimits the runtime's own NOFILE stays", "peers.md 2") { t in
        let c = try t.container(["rlimits"])
        c.prefix = ["sh", "-c", "ulimit -Sn 700; ulimit -Hn 900; exec \"$@\"", "sh"]
        try equal(try c.output()["rlimits"]["RLIMIT_NOFILE"], "700 900", "RLIMIT_NOFILE")
    },
    Case(
        "process.hostname", "hostname is set in the new UTS namespace, the host's stays", "config.md Hostname"
    ) { t in
        let before = Files.read("/proc/sys/kernel/hostname")
        let out = try t.output(["uname"]) { $0.hostname = "my-host.example" }
        try equal(out["uname"]["nodename"], "my-host.example", "hostname")
        try equal(Files.read("/proc/sys/kernel/hostname"), before, "the host's name")
    },
    Case("process.domainname", "domainname is set", "config.md Domainname") { t in
        let out = try t.output(["uname"]) { $0.domainname = "my.domain" }
        try equal(out["uname"]["domainname"], "my.domain", "domainname")
    },
    Case("process.rootfs-absolute", "root.path may be absolute", "config.md Root") { t in
        let c = try t.container(["args"])
        c.config.root.path = .string(c.rootfs)
        _ = try c.output()
    },
    Case("process.rootfs-is-root", "the rootfs is the root, the host's tree cannot be seen", "config.md Root")
    { t in
        let c = try t.container(["ls", "/"])
        try equal(
            Set(try c.output()["ls"].lines), ["dev", "etc", "probe", "proc", "sys", "tmp"], "names in /")
    },
    Case("process.annotations-ignored", "unknown properties anywhere are ignored", "config.md Extensibility")
    { t in
        _ = try t.output(["args"]) {
            $0["unknownThing"] = ["a": 1]
            $0.process["unknownThing"] = "x"
            $0.linux["unknownThing"] = [1, 2]
            $0.root["unknownThing"] = true
            $0["windows"] = ["layerFolders": []]
        }
    },
]
