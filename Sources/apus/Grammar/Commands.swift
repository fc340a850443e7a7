// The table of commands and flags.

extension Flag {
    /// Flags of the program: before the command only.
    static let global: [Flag] = [
        Flag(
            .root, nil, .text("DIR"), "directory of the containers' states",
            fallback: "/run/apus; for other users than root $XDG_RUNTIME_DIR/apus, or /run/user/UID/apus"),
        Flag(.log, nil, .text("FILE"), "append errors and warnings to FILE", fallback: "standard error"),
        Flag(.logFormat, nil, .choice(["text", "json"]), "form of the log", fallback: "text"),
        Flag(
            .logLevel, nil, .choice(["error", "warning", "warn", "info", "debug"]), "what is worth a line",
            fallback: "warning, or error with --log"),
        Flag(.debug, nil, .none, "the same as --log-level debug"),
        Flag(
            .cgroupManager, nil, .choice(["cgroupfs", "systemd", "disabled"]),
            "who manages new containers' cgroups", fallback: "cgroupfs"),
        Flag(.systemdCgroup, "s", .none, "the same as --cgroup-manager systemd"),
        Flag(
            .rootless, nil, .optionalChoice(["true", "false", "auto"]),
            "whether cgroups that may not be made are left out", fallback: "auto"),
        Flag(.version, "v", .none, "show versions"),
        .help,
    ]

    static let bundle = Flag(
        .bundle, "b", .text("DIR"), "the bundle, where config.json is", fallback: "the current directory")
    static let textOrJSON = Flag(
        .format, "f", .choice(["text", "json"]), "form of the output", fallback: "text")

    /// What `update` can change.
    static let limits: [Flag] = [
        Flag(
            .resources, "r", .text("FILE"), "a file with the JSON of linux.resources, or - for standard input"
        ),
        Flag(.blkioWeight, nil, .text("N"), "weight of block I/O, 10 to 1000"),
        Flag(.cpuPeriod, nil, .text("N"), "period of the CPU quota in microseconds"),
        Flag(.cpuQuota, nil, .text("N"), "microseconds of CPU time in a period; -1 lifts the limit"),
        Flag(.cpuBurst, nil, .text("N"), "microseconds that may be saved for later periods"),
        Flag(.cpuShare, nil, .text("N"), "weight of CPU time, 2 to 262144"),
        Flag(.cpuIdle, nil, .text("N"), "1 for SCHED_IDLE, 0 for the usual"),
        Flag(.cpuRTPeriod, nil, .text("N"), "period of real-time tasks in microseconds (cgroup v1)"),
        Flag(.cpuRTRuntime, nil, .text("N"), "microseconds of real-time tasks in a period (cgroup v1)"),
        Flag(.cpusetCPUs, nil, .text("LIST"), "CPUs to use, such as 0-3,7"),
        Flag(.cpusetMems, nil, .text("LIST"), "memory nodes to use"),
        Flag(.memory, nil, .text("SIZE"), "limit of memory"),
        Flag(.memoryReservation, nil, .text("SIZE"), "memory to keep when the host is short of it"),
        Flag(.memorySwap, nil, .text("SIZE"), "limit of memory and swap together"),
        Flag(.kernelMemory, nil, .text("SIZE"), "ignored: kernels have no such limit any more"),
        Flag(.kernelMemoryTCP, nil, .text("SIZE"), "limit of TCP buffers (cgroup v1)"),
        Flag(.pidsLimit, nil, .text("N"), "limit of processes; -1 lifts it"),
        Flag(.l3CacheSchema, nil, .text("SCHEMA"), "Intel RDT", works: false),
        Flag(.memBwSchema, nil, .text("SCHEMA"), "Intel RDT", works: false),
    ]

    /// What `create` and `run` share.
    static let creation: [Flag] = [
        bundle,
        Flag(.pidFile, nil, .text("FILE"), "write the container's process id to FILE"),
        Flag(.noPivot, nil, .none, "chroot instead of pivot_root, for a rootfs on a ramdisk"),
        Flag(.noNewKeyring, nil, .none, "keep the caller's session keyring"),
        Flag(
            .preserveFDs, nil, .count("N"), "hand N descriptors, from 3 on, to the container's process",
            fallback: "0"),
        Flag(.dryRun, nil, .none, "print the plan and stop before anything is touched"),
        Flag(.consoleSocket, nil, .text("SOCKET"), "send the terminal to SOCKET"),
        Flag(.pidfdSocket, nil, .text("SOCKET"), "send a pidfd to SOCKET"),
    ]

    /// The flags of `exec`.
    static let exec: [Flag] = [
        Flag(.process, "p", .text("FILE"), "read the whole process from FILE, like process of config.json"),
        Flag(.cwd, nil, .text("DIR"), "the working directory"),
        Flag(.env, "e", .text("NAME=VALUE"), "add to the environment (repeatable)"),
        Flag(.user, "u", .text("UID[:GID]"), "user and group, in digits"),
        Flag(.additionalGids, "g", .text("GID"), "one more group (repeatable)"),
        Flag(.cap, "c", .text("CAPABILITY"), "one more capability (repeatable)"),
        Flag(.noNewPrivs, nil, .none, "forbid new privileges"),
        Flag(.apparmor, nil, .text("PROFILE"), "AppArmor profile"),
        Flag(.processLabel, nil, .text("LABEL"), "SELinux label"),
        Flag(.tty, "t", .none, "give the process a terminal"),
        Flag(.detach, "d", .none, "do not wait for the process"),
        Flag(.pidFile, nil, .text("FILE"), "write the process id to FILE"),
        Flag(.consoleSocket, nil, .text("SOCKET"), "send the terminal to SOCKET"),
        Flag(.pidfdSocket, nil, .text("SOCKET"), "send a pidfd to SOCKET"),
        Flag(
            .preserveFDs, nil, .count("N"), "hand N descriptors, from 3 on, to the process", fallback: "0"),
        Flag(
            .cgroup, nil, .text("[CONTROLLER,…:]PATH"),
            "run in a cgroup below the container's (repeatable, with controllers)"),
        Flag(.ignorePaused, nil, .none, "in a paused container too"),
    ]
}

extension Command {
    /// The row of `name`. A switch: a command line needs one row only.
    static func named(_ name: CommandName) -> Command {
        switch name {
        case .create:
            Command(
                name: name, summary: "create a container from a bundle", positionals: [.id],
                flags: Flag.creation,
                notes: "The container waits, set up completely, until it is started.")
        case .run:
            Command(
                name: name, summary: "create a container, start it, wait for it, and delete it",
                positionals: [.id],
                flags: Flag.creation + [
                    Flag(.detach, "d", .none, "do not wait for the container"),
                    Flag(.keep, nil, .none, "do not delete the container when it has ended"),
                    Flag(.noSubreaper, nil, .none, "leave orphans of the container to the system's init"),
                ],
                notes: "The exit status is the container's, or 128 and the signal that ended it.")
        case .exec:
            Command(
                name: name, summary: "run a process in a container",
                positionals: [.id, Positional(name: "COMMAND", isOptional: true, isRepeated: true)],
                flags: Flag.exec, lateFlags: .none,
                notes:
                    """
                    Without --process, COMMAND runs as the container's own process does, but for what flags change.
                    The exit status is the command's, 128 and the signal that ended it, or 255 when it was not started.
                    """)
        case .start:
            Command(name: name, summary: "start the process of a created container", positionals: [.id])
        case .state:
            Command(name: name, summary: "print the state of a container as JSON", positionals: [.id])
        case .kill:
            Command(
                name: name, summary: "send a signal to a container",
                positionals: [.id, Positional(name: "SIGNAL", isOptional: true)],
                flags: [Flag(.all, "a", .none, "signal all processes of the container")], lateFlags: .known,
                notes: "SIGNAL is a name, with or without SIG, or a number; without it, TERM.")
        case .delete:
            Command(
                name: name, summary: "delete a stopped container", positionals: [.id],
                flags: [Flag(.force, "f", .none, "kill it first; no error if there is none")])
        case .list:
            Command(
                name: name, summary: "list the containers",
                flags: [
                    Flag(.format, "f", .choice(["table", "json"]), "form of the output", fallback: "table"),
                    Flag(.quiet, "q", .none, "print ids only"),
                ])
        case .ps:
            Command(
                name: name, summary: "list the processes of a container",
                positionals: [.id, Positional(name: "PS-ARGUMENT", isOptional: true, isRepeated: true)],
                flags: [
                    Flag(.format, "f", .choice(["table", "json"]), "form of the output", fallback: "table")
                ], lateFlags: .known,
                notes:
                    "The table is the host's ps with these arguments, or with -ef; the JSON holds process ids."
            )
        case .pause:
            Command(name: name, summary: "suspend all processes of a container", positionals: [.id])
        case .resume:
            Command(name: name, summary: "let a paused container go on", positionals: [.id])
        case .update:
            Command(
                name: name, summary: "change the limits of a container", positionals: [.id],
                flags: Flag.limits,
                notes: "SIZE is a number of bytes, or with K, M, G, T or P of more; -1 lifts the limit.")
        case .events:
            Command(
                name: name, summary: "print a container's statistics and lacks of memory as JSON",
                positionals: [.id],
                flags: [
                    Flag(.stats, nil, .none, "print the statistics once"),
                    Flag(
                        .interval, nil, .text("DURATION"), "time between statistics, such as 500ms or 1m",
                        fallback: "5s"),
                ])
        case .stats:
            Command(
                name: name, summary: "show what containers use as a table",
                positionals: [Positional(name: "ID", isOptional: true, isRepeated: true)],
                flags: [
                    Flag(
                        .interval, nil, .text("DURATION"), "time that one line is about, such as 500ms",
                        fallback: "1s")
                ],
                notes: "Without ID, all that run. On a terminal the table is renewed until it is interrupted."
            )
        case .wait:
            Command(
                name: name, summary: "wait for a container's end and print its exit status",
                positionals: [.id],
                notes: "The status is the process's, or 128 and the signal that ended it.")
        case .spec:
            Command(
                name: name, summary: "write a config.json to begin with",
                flags: [
                    .bundle, Flag(.rootless, nil, .none, "for a user without privileges"),
                ])
        case .features:
            Command(name: name, summary: "print what this runtime supports as JSON")
        case .explain:
            Command(
                name: name, summary: "print what create would do, step by step",
                flags: [
                    .bundle, .textOrJSON, Flag(.syscalls, nil, .none, "show the container's system calls"),
                ],
                notes: "Needs no privileges and changes nothing.")
        case .check:
            Command(
                name: name, summary: "find all problems of a config.json",
                flags: [.bundle, .textOrJSON],
                notes:
                    "Checks against the specification and against this host. Exits with 1 if there are errors."
            )
        case .mounts:
            Command(
                name: name, summary: "add mounts to a running container, or remove them",
                positionals: [Positional(name: "add|remove"), .id, Positional(name: "FILE")],
                notes:
                    """
                    FILE, or - for standard input, holds a JSON array of mounts as in config.json. All of them are
                    added, or none; what is at their destinations is removed, the last one first.
                    """)
        case .checkpoint:
            Command(
                name: name, summary: "save a running container into images", positionals: [.id],
                flags: Flag.checkpoint,
                notes: "criu(8) does the work. The container is deleted afterwards unless it is to run on.")
        case .restore:
            Command(
                name: name, summary: "restore a container from images", positionals: [.id],
                flags: Flag.restore, notes: "criu(8) does the work. The exit status is the container's.")
        }
    }
}
