// linux.seccomp: actions, arguments, defaults, and its order with other things.
import Foundation

private func profile(_ action: String, _ rules: JSON..., more: JSON = [:]) -> JSON {
    var profile = more
    profile.defaultAction = .string(action)
    profile.syscalls = .array(rules)
    return profile
}

private func rule(_ names: JSON, _ action: String, errno: Int? = nil, args: JSON = []) -> JSON {
    var rule: JSON = ["names": names, "action": .string(action)]
    if let errno { rule.errnoRet = .int(errno) }
    if args != [] { rule.args = args }
    return rule
}

/// What a container needs to print from under a default of denial.
let printingCalls: JSON = [
    "read", "write", "writev", "exit", "exit_group", "execve", "brk", "mmap", "munmap", "mprotect", "fstat",
    "newfstatat", "close", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64",
    "getrandom",
    "readlinkat", "readlink", "rt_sigaction", "rt_sigprocmask", "futex", "openat", "fcntl", "lseek", "uname",
    "ioctl",
    "poll", "sched_getaffinity", "prctl", "capset", "capget", "setuid", "setgid", "setgroups", "chdir",
    "getcwd",
    "set_tls", "getppid", "getpid", "gettid", "tgkill", "dup3", "close_range", "epoll_pwait", "nanosleep",
    "sigaltstack", "stat", "fstatfs", "statfs", "setresuid", "setresgid", "getuid", "geteuid", "getgid",
    "getegid",
    "umask", "clock_gettime", "madvise", "sched_yield", "getdents64", "mount_setattr", "pipe2",
    "rt_sigreturn",
    "keyctl", "fchdir", "statx", "mremap", "pread64", "pwrite64", "clock_nanosleep", "clone", "wait4",
    "waitid",
    "eventfd2", "epoll_create1", "epoll_ctl", "setsid", "lstat", "fchown", "pidfd_open", "getxattr",
    "openat2", "fsopen",
    "fsconfig", "fsmount", "open_tree", "move_mount", "name_to_handle_at", "access", "faccessat",
    "faccessat2", "open", "sendto", "recvfrom", "recvmsg", "sendmsg",
]

private func operation(_ op: String, _ value: Int, two: Int? = nil, index: Int = 0) -> JSON {
    var argument: JSON = ["index": .int(index), "value": .int(value), "op": .string(op)]
    if let two { argument.valueTwo = .int(two) }
    return argument
}

/// Operator, the configured value(s), arguments of personality that match and that do not.
private let operators: [(op: String, value: Int, two: Int?, hits: [Int], misses: [Int])] = [
    ("SCMP_CMP_EQ", 8, nil, [8], [7, 9]), ("SCMP_CMP_NE", 8, nil, [7, 9], [8]),
    ("SCMP_CMP_LT", 8, nil, [7], [8, 9]), ("SCMP_CMP_LE", 8, nil, [7, 8], [9]),
    ("SCMP_CMP_GE", 8, nil, [8, 9], [7]), ("SCMP_CMP_GT", 8, nil, [9], [8]),
    ("SCMP_CMP_MASKED_EQ", 0xff, 0x08, [8, 0x108], [9]),
]

let seccompCases: [Case] =
    [
        Case(
            "seccomp.mode", "with a profile the mode is 2, without one 0", "config-linux.md Seccomp",
            tags: [.seccomp]
        ) { t in
            let out = try t.output(["cat", "/proc/self/status"]) {
                $0.linux.seccomp = profile("SCMP_ACT_ALLOW", rule(["syslog"], "SCMP_ACT_ERRNO"))
            }
            try equal(out["cat"]["Seccomp"], "2", "mode")
            try equal(out["cat"]["Seccomp_filters"], "1", "filters")
        },
        Case(
            "seccomp.errno", "ACT_ERRNO gives EPERM or the given errno", "config-linux.md Seccomp",
            tags: [.seccomp]
        ) { t in
            let out = try t.output([
                "syscall", "getpriority", "+", "syscall", "sched_yield", "+", "syscall", "sync", "+",
                "syscall", "getuid",
            ]) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_ERRNO"),
                    rule(["sched_yield"], "SCMP_ACT_ERRNO", errno: 95),
                    rule(["sync"], "SCMP_ACT_ERRNO", errno: 0))
            }
            try equal(out["syscall getpriority"]["getpriority"], "EPERM", "default errno")
            try equal(out["syscall sched_yield"]["sched_yield"], "EOPNOTSUPP", "errno 95")
            try equal(out["syscall sync"]["sync"], "ok", "errno 0")
            try equal(out["syscall getuid"]["getuid"], "ok", "a system call without a rule")
        },
        Case(
            "seccomp.default-errno", "a default of ACT_ERRNO with defaultErrnoRet, rules allow",
            "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            let out = try t.output(["syscall", "getpriority", "+", "syscall", "getppid"]) {
                $0.process.noNewPrivileges = true
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ERRNO", rule(printingCalls, "SCMP_ACT_ALLOW"), more: ["defaultErrnoRet": 38])
            }
            try equal(out["syscall getpriority"]["getpriority"], "ENOSYS", "a call without a rule")
            try equal(out["syscall getppid"]["getppid"], "ok", "an allowed call")
        },
        Case("seccomp.kill", "KILL_PROCESS kills with SIGSYS", "config-linux.md Seccomp", tags: [.seccomp]) {
            t in
            let out = try t.output(["child", "syscall", "getpriority"]) {
                $0.linux.seccomp = profile("SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_KILL_PROCESS"))
            }
            try equal(out["child"]["child"], "signal 31", "how the child ended")
        },
        Case("seccomp.trap", "TRAP sends SIGSYS", "config-linux.md Seccomp", tags: [.seccomp]) { t in
            let out = try t.output(["child", "syscall", "getpriority"]) {
                $0.linux.seccomp = profile("SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_TRAP"))
            }
            try equal(out["child"]["child"], "signal 31", "how the child ended")
        },
        Case(
            "seccomp.actions", "KILL, KILL_THREAD, LOG and TRACE", "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            for (action, ends) in [
                ("SCMP_ACT_KILL", "signal 31"), ("SCMP_ACT_KILL_THREAD", "signal 31"),
                ("SCMP_ACT_LOG", "exit 0"),
                ("SCMP_ACT_TRACE", "exit 0"), ("SCMP_ACT_ALLOW", "exit 0"),
            ] {
                let out = try t.output(["child", "syscall", "getpriority"]) {
                    $0.linux.seccomp = profile(
                        action == "SCMP_ACT_ALLOW" ? "SCMP_ACT_LOG" : "SCMP_ACT_ALLOW",
                        rule(["getpriority"], action))
                }
                try equal(out["child"]["child"], ends, action)
            }
        },
        Case(
            "seccomp.args-and", "several arguments of one rule must all match", "CVE-2017-18367",
            tags: [.seccomp, .security]
        ) { t in
            // getpriority(which, who)
            let out = try t.output([
                "syscall", "getpriority", "0", "0", "+", "syscall", "getpriority", "0", "1", "+", "syscall",
                "getpriority",
                "1", "0",
            ]) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW",
                    rule(
                        ["getpriority"], "SCMP_ACT_ERRNO", errno: 95,
                        args: [operation("SCMP_CMP_EQ", 0), operation("SCMP_CMP_EQ", 0, index: 1)]))
            }
            try equal(out["syscall getpriority 0 0"]["getpriority"], "EOPNOTSUPP", "both match")
            try lacks(out["syscall getpriority 0 1"].text, "EOPNOTSUPP", "only the first matches")
            try lacks(out["syscall getpriority 1 0"].text, "EOPNOTSUPP", "only the second matches")
        },
        Case(
            "seccomp.many-names", "one rule for many names, unknown names are skipped",
            "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            let out = try t.output(["syscall", "getpriority", "+", "syscall", "sched_yield"]) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW",
                    rule(["no_such_system_call", "getpriority", "sched_yield"], "SCMP_ACT_ERRNO", errno: 95))
            }
            try equal(out["syscall getpriority"]["getpriority"], "EOPNOTSUPP", "getpriority")
            try equal(out["syscall sched_yield"]["sched_yield"], "EOPNOTSUPP", "sched_yield")
        },
        Case(
            "seccomp.architectures", "architectures besides the native one", "config-linux.md Seccomp",
            tags: [.seccomp]
        ) { t in
            let out = try t.output(["syscall", "getpriority"]) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_ERRNO", errno: 95),
                    more: [
                        "architectures": [
                            "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64",
                        ]
                    ])
            }
            try equal(out["syscall"]["getpriority"], "EOPNOTSUPP", "getpriority")
        },
        Case(
            "seccomp.foreign-architecture", "a call by another architecture's entry is not let through",
            "config-linux.md Seccomp", tags: [.seccomp, .security]
        ) { t in
            // x32's getpriority: the native number with bit 30 set. Without x32 in the list it must not work.
            let out = try t.output(["child", "syscall", "1073741964"]) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_ERRNO", errno: 95),
                    more: ["architectures": ["SCMP_ARCH_X86_64"]])
            }
            try lacks(out["child"].text, "value=", "the call")
        },
        Case("seccomp.flags", "the flags LOG and SPEC_ALLOW", "config-linux.md Seccomp", tags: [.seccomp]) {
            t in
            for flag in ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"] {
                let out = try t.output(["syscall", "getpriority"]) {
                    $0.linux.seccomp = profile(
                        "SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_ERRNO", errno: 95),
                        more: ["flags": [.string(flag)]])
                }
                try equal(out["syscall"]["getpriority"], "EOPNOTSUPP", flag)
            }
        },
        Case(
            "seccomp.user", "a non-root user without capabilities, with and without noNewPrivileges",
            "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            for noNew in [true, false] {
                let out = try t.output(["syscall", "getpriority", "+", "ids"]) {
                    $0.process.noNewPrivileges = .bool(noNew)
                    $0.process.user = ["uid": 1000, "gid": 1000]
                    $0.process.capabilities = ["bounding": []]
                    $0.linux.seccomp = profile(
                        "SCMP_ACT_ALLOW", rule(["getpriority"], "SCMP_ACT_ERRNO", errno: 95))
                }
                try equal(out["syscall"]["getpriority"], "EOPNOTSUPP", "with noNewPrivileges \(noNew)")
                try equal(out["ids"]["uid"], "1000 1000 1000", "uid")
            }
        },
        Case(
            "seccomp.late", "with noNewPrivileges the filter does not hinder the runtime's own set-up",
            "peers.md 3.7", tags: [.seccomp]
        ) { t in
            let denied: JSON = [
                "mount", "umount2", "pivot_root", "sethostname", "setgroups", "setgid", "setuid", "setresuid",
                "setresgid",
                "capset", "chroot", "mknodat", "mknod", "openat2", "unshare", "setns", "prlimit64",
                "setrlimit", "socket",
            ]
            let out = try t.output(["uname", "+", "syscall", "sethostname", "0", "0"]) {
                $0.process.noNewPrivileges = true
                $0.process.user = ["uid": 5, "gid": 5, "additionalGids": [6]]
                $0.linux.seccomp = profile("SCMP_ACT_ALLOW", rule(denied, "SCMP_ACT_ERRNO", errno: 95))
            }
            try equal(out["uname"]["nodename"], "probed", "hostname")
            try equal(out["syscall"]["sethostname"], "EOPNOTSUPP", "sethostname")
        },
        Case(
            "seccomp.unknown-action", "an unknown action, operator, architecture or flag is refused",
            "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            let bad: [JSON] = [
                profile("SCMP_ACT_NOPE"), profile("SCMP_ACT_ALLOW", rule(["getpid"], "SCMP_ACT_NOPE")),
                profile(
                    "SCMP_ACT_ALLOW",
                    rule(["getpid"], "SCMP_ACT_ERRNO", args: [operation("SCMP_CMP_NOPE", 1)])),
                profile("SCMP_ACT_ALLOW", more: ["architectures": ["SCMP_ARCH_NOPE"]]),
                profile(
                    "SCMP_ACT_ALLOW", rule(["getpid"], "SCMP_ACT_ERRNO"),
                    more: ["flags": ["SECCOMP_FILTER_FLAG_NOPE"]]),
            ]
            for seccomp in bad {
                try t.container(["args"]) { $0.linux.seccomp = seccomp }.refusedCreate()
            }
        },
    ]
    + operators.map { row in
        Case(
            "seccomp.operator-\(row.op.dropFirst(9).lowercased())", "the operator \(row.op)",
            "config-linux.md Seccomp", tags: [.seccomp]
        ) { t in
            // sync takes no argument, so that any value is harmless.
            let commands = (row.hits + row.misses).flatMap { ["syscall", "sync", "\($0)", "+"] }
            let out = try t.output(commands) {
                $0.linux.seccomp = profile(
                    "SCMP_ACT_ALLOW",
                    rule(
                        ["sync"], "SCMP_ACT_ERRNO", errno: 95,
                        args: [operation(row.op, row.value, two: row.two)]))
            }
            for value in row.hits {
                try equal(out["syscall sync \(value)"]["sync"], "EOPNOTSUPP", "value \(value)")
            }
            for value in row.misses {
                try equal(out["syscall sync \(value)"]["sync"], "ok", "value \(value)")
            }
        }
    }
