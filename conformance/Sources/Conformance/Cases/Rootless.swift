// An ordinary user runs containers: no privileges on the host, ids from its own and from /etc/subuid.
import Foundation

/// The user, and the ids that are granted to it.
private let (user, granted) = (4321, 300_000)

extension Container {
    /// From now on the runtime is called by an ordinary user. The user exists in the files that the call alone sees.
    fileprivate func asUser(subids: Bool = true) throws {
        let place = trial.directory + "/etc"
        try Files.write(
            place + "/passwd", "root:x:0:0:root:/root:/bin/sh\nguest:x:\(user):\(user):guest:/tmp:/bin/sh\n")
        for file in ["subuid", "subgid"] {
            try Files.write(
                place + "/" + file, subids ? "guest:\(granted):65536\n" : "other:\(granted):65536\n")
        }
        try trial.host("touch", "/etc/subuid", "/etc/subgid")
        let binds = ["passwd", "subuid", "subgid"].map { "mount --bind \(place)/\($0) /etc/\($0)" }
        prefix = [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            binds.joined(separator: " && ") + " && exec \"$@\"", "sh",
            "setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--inh-caps=-all", "--",
        ]
        try trial.host("find", bundle, "-type", "d", "-exec", "chown", "\(user):\(user)", "{}", "+")
        try Files.makeDirectory(trial.root)
        chown(trial.root, uid_t(user), gid_t(user))
        environment = ["XDG_RUNTIME_DIR": trial.directory + "/run", "USER": "guest", "HOME": "/tmp"]
    }
}

extension JSON {
    /// As `spec --rootless` has it: the caller's own ids, and no cgroup.
    mutating func rootless(_ id: Int = user) {
        setNamespace("user")
        self.linux.uidMappings = [.idMap(0, id, 1)]
        self.linux.gidMappings = [.idMap(0, id, 1)]
        self.linux.cgroupsPath = nil
    }
}

private func container(
    _ t: Trial, _ probe: [String], subids: Bool = true, _ edit: (inout JSON) throws -> Void = { _ in }
) throws -> Container {
    let c = try t.container(probe) {
        $0.rootless()
        try edit(&$0)
    }
    try c.asUser(subids: subids)
    return c
}

/// The bundle's files must be the user's before its config.json is written by root: that one only has to be readable.
let rootlessCases: [Case] = [
    Case("rootless.run", "an ordinary user runs a container as its root", "peers.md 3.3") { t in
        let c = try container(
            t,
            [
                "ids", "+", "caps", "+", "cat", "/proc/self/uid_map", "+", "cat", "/proc/self/setgroups",
                "+", "write", "/dev/null", "x", "+", "uname", "+", "net",
            ])
        let out = try c.output()
        try equal(out["ids"]["uid"], "0 0 0", "uid")
        try equal(out["cat /proc/self/uid_map"].lines.first?.words, ["0", "\(user)", "1"], "uid_map")
        try equal(out["cat /proc/self/setgroups"].text, "deny", "setgroups")
        try equal(out["write"]["write"], "ok", "write to /dev/null")
        try equal(out["uname"]["nodename"], "probed", "hostname")
        try check(out["caps"]["CapEff"] != "0000000000000000", "no capabilities")
    },
    Case(
        "rootless.quiet", "create says nothing of device rules, which need a cgroup: Podman 5 has some",
        "peers.md 1.4", tags: [.contract]
    ) { t in
        let c = try container(t, ["pause"]) {
            $0.linux.resources.devices = [["allow": false, "access": "rwm"]]
        }
        try equal(try c.create().err, "", "standard error of create")
        try c.delete(force: true)
    },
    Case("rootless.life", "create, state, start, kill and delete by an ordinary user", "peers.md 3.3") { t in
        let c = try container(t, ["pause"])
        try c.create()
        try equal(try c.status(), "created", "status")
        let pid = try c.pid()
        try equal(Outside.status(pid, "Uid").words.first, "\(user)", "the uid on the host")
        try equal(Outside.status(pid, "NoNewPrivs"), "0", "no_new_privs")
        try c.start()
        try equal(try c.status(), "running", "status")
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
        try c.nothingLeft("after delete")
    },
    Case("rootless.subids", "ranges of /etc/subuid are mapped by newuidmap and newgidmap", "peers.md 3.3") {
        t in
        guard Files.exists("/usr/bin/newuidmap") else { throw Skip("newuidmap is not installed") }
        let c = try container(
            t, ["ids", "+", "cat", "/proc/self/uid_map", "+", "cat", "/proc/self/setgroups"]
        ) {
            $0.linux.uidMappings = [.idMap(0, user, 1), .idMap(1, granted, 65536)]
            $0.linux.gidMappings = [.idMap(0, user, 1), .idMap(1, granted, 65536)]
            $0.process.user = ["uid": 1000, "gid": 1000]
        }
        let out = try c.output()
        try equal(out["ids"]["uid"], "1000 1000 1000", "uid")
        try equal(out["ids"]["groups"], "", "groups")
        try equal(
            out["cat /proc/self/uid_map"].lines.map(\.words),
            [["0", "\(user)", "1"], ["1", "\(granted)", "65536"]], "uid_map")
    },
    Case(
        "rootless.subids-not-granted", "ids that are not granted are refused", "peers.md 3.3",
        tags: [.security]
    ) { t in
        try container(t, ["args"], subids: false) {
            $0.linux.uidMappings = [.idMap(0, user, 1), .idMap(1, granted, 65536)]
            $0.linux.gidMappings = [.idMap(0, user, 1), .idMap(1, granted, 65536)]
        }.refusedCreate()
    },
    Case(
        "rootless.groups", "without granted groups, additional groups are refused", "CVE-2014-8989",
        tags: [.security]
    ) { t in
        try container(t, ["args"]) { $0.process.user.additionalGids = [0] }.refusedCreate()
    },
    Case("rootless.limit", "a limit that cannot be applied is refused", "config-linux.md Control groups") {
        t in
        try container(t, ["args"]) { $0.linux.resources = ["memory": ["limit": 100_000_000]] }.refusedCreate()
    },
    Case(
        "rootless.without-userns", "without a user namespace an ordinary user is refused, with what to do",
        "peers.md 3.3", tags: [.contract]
    ) { t in
        let outcome = try container(t, ["args"]) {
            $0.removeNamespace("user")
            $0.linux.uidMappings = nil
            $0.linux.gidMappings = nil
        }.refusedCreate()
        try check(!outcome.err.isEmpty, "no message")
    },
    Case(
        "rootless.score-and-limits", "a higher OOM score and lower limits need no privileges",
        "config.md POSIX process"
    ) { t in
        let out = try container(t, ["cat", "/proc/self/oom_score_adj", "+", "rlimits"]) {
            $0.process.oomScoreAdj = 500
            $0.process.rlimits = [["type": "RLIMIT_NOFILE", "soft": 500, "hard": 600]]
        }.output()
        try equal(out["cat"].text, "500", "score")
        try equal(out["rlimits"]["RLIMIT_NOFILE"], "500 600", "RLIMIT_NOFILE")
    },
    Case(
        "rootless.mounts", "the mounts of a usual container, without privileges", "peers.md 3.3",
        tags: [.mounts]
    ) { t in
        let c = try container(
            t, ["cat", "/proc/self/mountinfo", "+", "open", "/sys/fs/cgroup/cgroup.procs", "w"]
        ) {
            $0.mounts.append(contentsOf: [
                [
                    "destination": "/dev/pts", "type": "devpts", "source": "devpts",
                    "options": ["newinstance", "ptmxmode=0666", "mode=0620"],
                ],
                tmpfs("/dev/shm", ["nosuid", "mode=1777"]),
                ["destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue"],
                [
                    "destination": "/sys", "type": "none", "source": "/sys",
                    "options": ["rbind", "nosuid", "noexec", "nodev", "ro"],
                ],
                [
                    "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
                    "options": ["nosuid", "noexec", "nodev", "relatime", "ro"],
                ],
            ])
            $0.linux.maskedPaths = ["/proc/kcore", "/sys/firmware"]
            $0.linux.readonlyPaths = ["/proc/sys"]
        }
        let out = try c.output()
        let table = Mount.table(out["cat"].text)
        for (point, type) in [("/dev/pts", "devpts"), ("/dev/mqueue", "mqueue"), ("/sys", "sysfs")] {
            try equal(try table.at(point).type, type, point)
        }
        try check(try table.at("/sys").options.contains("ro"), "/sys is writable")
        // CVE-2023-25809. What lies below a later mount cannot be reached.
        let top = table.lastIndex { $0.point == "/sys/fs/cgroup" } ?? 0
        for mount in table[top...]
        where mount.point.hasPrefix("/sys/fs/cgroup") && mount.type.hasPrefix("cgroup") {
            try check(mount.options.contains("ro"), "\(mount.point) is writable")
        }
        try check(out["open"]["open"] != "ok", "a cgroup file of the host can be written")
    },
    Case(
        "rootless.tmpcopyup", "tmpcopyup without privileges: content, modes, links, also read-only",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let c = try container(
            t,
            [
                "cat", "/full/file", "+", "stat", "/full/file", "+", "stat", "/full", "+", "stat",
                "/full/link", "+", "write", "/full/new", "x", "+", "write", "/still/new", "x", "+", "cat",
                "/still/deep/file",
            ]
        ) {
            $0.mounts.append(tmpfs("/full", ["tmpcopyup"]))
            $0.mounts.append(tmpfs("/still", ["tmpcopyup", "ro"]))
        }
        try Files.write(c.inside("full/file"), "copied", mode: 0o640)
        try Files.symlink(c.inside("full/link"), to: "/etc/target")
        try Files.write(c.inside("still/deep/file"), "copied too")
        for path in ["", "/full", "/full/file", "/still", "/still/deep", "/still/deep/file"] {
            chown(c.rootfs + path, uid_t(user), gid_t(user))
        }
        lchown(c.inside("full/link"), uid_t(user), gid_t(user))
        chmod(c.inside("full"), 0o750)
        let out = try c.output()
        try equal(out["cat /full/file"].text, "copied", "text")
        try equal(out["stat /full/file"]["mode"], "0640", "mode")
        try equal(out["stat /full/file"]["uid"], "0", "owner")
        try equal(out["stat /full"]["mode"], "0750", "mode of the directory")
        try equal(out["stat /full/link"]["link"], "/etc/target", "link")
        try equal(out["write /full/new"]["write"], "ok", "a new file")
        try check(!Files.exists(c.inside("full/new")), "the write reached the rootfs")
        try equal(out["write /still/new"]["write"], "EROFS", "a new file in the read-only one")
        try equal(out["cat /still/deep/file"].text, "copied too", "text in the read-only one")
    },
    Case(
        "rootless.time-offsets", "offsets of a time namespace, without privileges",
        "config-linux.md Offset for Time Namespace"
    ) { t in
        guard Files.exists("/proc/self/ns/time") else { throw Skip("the kernel has no time namespaces") }
        let c = try container(t, ["cat", "/proc/self/timens_offsets"]) {
            $0.setNamespace("time")
            $0.linux.timeOffsets = ["boottime": ["secs": 2000]]
        }
        try equal(try c.output()["cat"].lines.last?.words, ["boottime", "2000", "0"], "offset")
    },
    Case(
        "rootless.state-directory", "states lie in $XDG_RUNTIME_DIR, closed to others", "peers.md 1.1",
        tags: [.contract]
    ) { t in
        let c = try container(t, ["args"])
        let directory = t.directory + "/run"
        try Files.makeDirectory(directory, mode: 0o700)
        chown(directory, uid_t(user), gid_t(user))
        try c.writeConfig()
        let outcome = try t.command(
            c.prefix + [
                "env", "XDG_RUNTIME_DIR=\(directory)", "USER=guest", t.runtime, "run", "--bundle", c.bundle,
                c.id,
            ]
        ).run()
        try equal(outcome.status, 0, outcome.description)
        let name = (t.runtime as NSString).lastPathComponent
        guard let state = Files.names(directory).first else {
            throw Failure("no state directory for \(name)")
        }
        var status = stat()
        stat(directory + "/" + state, &status)
        try equal(status.st_mode & 0o7077, 0o1000, "sticky, and closed to others")
    },
    Case(
        "rootless.nested", "root of a user namespace that is nobody on the host runs a container",
        "peers.md 3.3"
    ) { t in
        let c = try t.container(["ids", "+", "write", "/dev/null", "x"]) { $0.linux.cgroupsPath = nil }
        try c.asUser()
        c.config.removeNamespace("network")
        c.prefix += ["unshare", "-r", "-m", "-n", "-p", "-f", "--mount-proc"]
        let out = try c.output()
        try equal(out["ids"]["uid"], "0 0 0", "uid")
        try equal(out["write"]["write"], "ok", "write to /dev/null")
    },
]
