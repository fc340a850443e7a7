// User namespaces: new ones with their maps, joined ones, and what works differently in them.
import Foundation

/// Where the maps of these cases begin outside.
private let base = 100_000

extension JSON {
    static func idMap(_ inside: Int, _ outside: Int, _ size: Int) -> JSON {
        ["containerID": .int(inside), "hostID": .int(outside), "size": .int(size)]
    }

    /// Adds a new user namespace with 65536 ids from 100000 on.
    mutating func addUserNamespace() {
        setNamespace("user")
        self.linux.uidMappings = [.idMap(0, base, 65536)]
        self.linux.gidMappings = [.idMap(0, base, 65536)]
    }
}

extension Container {
    /// Gives the directories of the rootfs to the user that is root inside.
    func giveRootfs(to owner: Int = base) throws {
        try trial.host("find", rootfs, "-type", "d", "-exec", "chown", "\(owner):\(owner)", "{}", "+")
    }
}

private func container(
    _ t: Trial, _ probe: [String], _ edit: (inout JSON) throws -> Void = { _ in }
) throws -> Container {
    let c = try t.container(probe) {
        $0.addUserNamespace()
        try edit(&$0)
    }
    try c.giveRootfs()
    return c
}

let userNamespaceCases: [Case] = [
    Case(
        "userns.maps", "a new user namespace has exactly the maps of config.json",
        "config-linux.md User namespace mappings"
    ) { t in
        let c = try container(
            t,
            [
                "ids", "+", "cat", "/proc/self/uid_map", "+", "cat", "/proc/self/gid_map", "+", "cat",
                "/proc/self/setgroups",
            ]
        ) {
            $0.linux.uidMappings = [.idMap(0, base, 10), .idMap(10, 200_000, 5)]
            $0.linux.gidMappings = [.idMap(0, base + 7, 3)]
        }
        try c.giveRootfs()
        let out = try c.output()
        try equal(
            out["cat /proc/self/uid_map"].lines.map(\.words),
            [["0", "100000", "10"], ["10", "200000", "5"]], "uid_map")
        try equal(out["cat /proc/self/gid_map"].lines.map(\.words), [["0", "100007", "3"]], "gid_map")
        try equal(out["cat /proc/self/setgroups"].text, "allow", "setgroups")
        try equal(out["ids"]["uid"], "0 0 0", "uid")
        try equal(out["ids"]["gid"], "0 0 0", "gid")
        try equal(out["ids"]["groups"], "", "groups")
    },
    Case(
        "userns.user", "another user than root, with groups of the namespace",
        "config-linux.md User namespace mappings"
    ) { t in
        let c = try container(t, ["ids", "+", "caps", "+", "pause"]) {
            $0.process.user = ["uid": 1000, "gid": 1001, "additionalGids": [5, 7]]
        }
        try c.create()
        try c.start()
        try c.waitForLog("CapAmb")
        let out = ProbeOutput(c.log)
        try equal(out["ids"]["uid"], "1000 1000 1000", "uid")
        try equal(out["ids"]["gid"], "1001 1001 1001", "gid")
        try equal(Set(out["ids"]["groups"].words), ["5", "7"], "groups")
        try equal(Outside.status(try c.pid(), "Uid").words.first, "\(base + 1000)", "uid on the host")
    },
    Case(
        "userns.owner", "the user namespace owns the other namespaces: its root configures them",
        "user_namespaces(7), Interaction of user namespaces and other types"
    ) { t in
        let c = try container(
            t,
            [
                "mount", "tmpfs", "/tmp", "tmpfs", "+", "write", "/proc/sys/net/ipv4/ip_forward", "1",
                "+", "stat", "/dev/mqueue", "+", "uname",
            ]
        ) {
            $0.addCapabilities("CAP_SYS_ADMIN", "CAP_NET_ADMIN")
            $0.mounts.append(["destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue"])
        }
        let out = try c.output()
        try equal(out["mount"]["mount"], "ok", "mount")
        try equal(out["write"]["write"], "ok", "write of a network sysctl")
        try equal(out["stat"]["uid"], "0", "owner of /dev/mqueue")
        try equal(out["uname"]["nodename"], "probed", "hostname")
    },
    Case(
        "userns.devices", "the default devices are there and are the host's",
        "config-linux.md Default Devices"
    ) { t in
        let names = ["null", "zero", "full", "random", "urandom", "tty"]
        let numbers = ["1:3", "1:5", "1:7", "1:8", "1:9", "5:0"]
        let out = try container(
            t,
            names.flatMap { ["stat", "/dev/\($0)", "+"] } + [
                "write", "/dev/null", "x", "+", "mknod", "/tmp/null", "c", "1", "3",
            ]
        )
        .output()
        for (name, number) in zip(names, numbers) {
            try equal(out["stat /dev/\(name)"]["rdev"], number, name)
        }
        try equal(out["write"]["write"], "ok", "write to /dev/null")
        try equal(out["mknod"]["mknod"], "EPERM", "mknod of a device")
    },
    Case(
        "userns.more-devices",
        "a device of config.json is the host's node; one that is another device is refused",
        "config-linux.md Devices"
    ) { t in
        let fuse: JSON = ["path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11]
        let out = try container(t, ["stat", "/dev/kmsg"]) { $0.linux.devices = [fuse] }.output()
        try equal(out["stat"]["rdev"], "1:11", "device")
    },
    Case(
        "userns.locked-flags", "a read-only bind of a nosuid, nodev, noexec mount keeps these flags",
        "mount_namespaces(7), Restrictions on mount namespaces", tags: [.mounts]
    ) { t in
        let source = t.directory + "/source"
        let c = try container(t, ["cat", "/proc/self/mountinfo"])
        try Files.makeDirectory(source)
        c.prefix = [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs -o nosuid,nodev,noexec,noatime n \(source) && exec \"$@\"", "sh",
        ]
        c.config.mounts.append(.bind(source, "/tmp", ["rbind", "ro"]))
        let mount = try Mount.table(try c.output()["cat"].text).at("/tmp")
        for word in ["ro", "nosuid", "nodev", "noexec", "noatime"] {
            try check(mount.options.contains(word), "\(word) is missing: \(mount.options.sorted())")
        }
    },
    Case(
        "userns.locked-flag-cleared", "to clear a locked flag is refused, not left out",
        "mount_namespaces(7), Restrictions on mount namespaces", tags: [.mounts, .security]
    ) { t in
        let source = t.directory + "/source"
        let c = try container(t, ["cat", "/proc/self/mountinfo"])
        try Files.makeDirectory(source)
        c.prefix = [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs -o ro,nosuid n \(source) && exec \"$@\"", "sh",
        ]
        c.config.mounts.append(.bind(source, "/tmp", ["rbind", "suid", "rw"]))
        let outcome = try c.run()
        try check(outcome.status != 0, "the container ran")
    },
    Case(
        "userns.closed-rootfs", "a rootfs below a directory that only root of the host may enter",
        "peers.md 3.3", tags: [.mounts]
    ) { t in
        let c = try container(t, ["ids", "+", "cat", "/proc/self/mountinfo"])
        chmod(c.bundle, 0o700)
        let out = try c.output()
        try equal(out["ids"]["uid"], "0 0 0", "uid")
        try equal(Mount.table(out["cat"].text).filter { $0.point == "/" }.count, 1, "mounts on /")
    },
    Case(
        "userns.closed-source", "a volume below a directory that only root of the host may enter",
        "peers.md 3.3", tags: [.mounts]
    ) { t in
        let c = try container(t, ["cat", "/data/file", "+", "stat", "/data"])
        let closed = t.directory + "/closed"
        try Files.write(closed + "/source/file", "bound")
        chmod(closed, 0o700)
        c.config.mounts.append(.bind(closed + "/source", "/data", ["rbind", "ro"]))
        try Files.makeDirectory(c.inside("data"))
        let out = try c.output()
        try equal(out["cat"].text, "bound", "text")
        try equal(out["stat"]["uid"], "65534", "owner")
    },
    Case(
        "userns.no-other-namespaces",
        "with the host's network, ipc and pids, sysfs, mqueue and proc are the host's",
        "peers.md 3.3", tags: [.mounts, .contract]
    ) { t in
        let c = try container(
            t,
            [
                "cat", "/proc/self/mountinfo", "+", "statfs", "/sys", "+", "write",
                "/sys/kernel/uevent_helper", "x",
            ]
        ) {
            for kind in ["network", "ipc"] { $0.removeNamespace(kind) }
            $0.mounts.append([
                "destination": "/sys", "type": "sysfs", "source": "sysfs",
                "options": ["nosuid", "noexec", "nodev", "ro"],
            ])
        }
        let out = try c.output()
        try equal(out["statfs"]["fstype"], "62656572", "type of /sys")
        let mount = try Mount.table(out["cat"].text).at("/sys")
        try check(mount.options.contains("ro"), "/sys is writable")
    },
    Case(
        "userns.limits-and-score",
        "limits are raised and the OOM score is lowered with the host's privileges",
        "config.md POSIX process"
    ) { t in
        let score = t.host.has(capability: Host.sysResource) ? -300 : 300
        let out = try container(t, ["cat", "/proc/self/oom_score_adj", "+", "rlimits"]) {
            $0.process.oomScoreAdj = .int(score)
            $0.process.rlimits = [
                ["type": "RLIMIT_NOFILE", "soft": 4000, "hard": 4096],
                ["type": "RLIMIT_CORE", "soft": 0, "hard": 0],
            ]
        }.output()
        try equal(out["cat"].text, "\(score)", "score")
        try equal(out["rlimits"]["RLIMIT_NOFILE"], "4000 4096", "RLIMIT_NOFILE")
    },
    Case(
        "userns.tmpcopyup",
        "tmpcopyup gives root of the user namespace a tmpfs of its own with the copy in it", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        let c = try container(t, ["cat", "/full/file", "+", "stat", "/full", "+", "open", "/full/made", "c"])
        {
            $0.mounts.append(tmpfs("/full", ["tmpcopyup"]))
        }
        try Files.write(c.inside("full/file"), "copied")
        try c.giveRootfs()
        let out = try c.output()
        try equal(out["cat"].text, "copied", "text")
        try equal(out["stat"]["uid"], "0", "owner")
        try equal(out["open"]["open"], "ok", "a new file")
    },
    Case(
        "userns.tmpcopyup-joined", "tmpcopyup in a user namespace joined by path", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        let first = try container(t, ["pause"])
        try first.create()
        let pid = try first.pid()
        let c = try t.container(["cat", "/full/file", "+", "stat", "/full/file", "+", "stat", "/full"]) {
            $0.setNamespace("user", path: "/proc/\(pid)/ns/user")
            $0.mounts.append(tmpfs("/full", ["tmpcopyup"]))
        }
        try Files.write(c.inside("full/file"), "copied")
        chown(c.inside("full/file"), 100_007, 100_009)
        try c.giveRootfs()
        let out = try c.output()
        try equal(out["cat"].text, "copied", "text")
        try equal(out["stat /full/file"]["uid"] + ":" + out["stat /full/file"]["gid"], "7:9", "owner")
        try equal(out["stat /full"]["uid"], "0", "owner of the directory")
    },
    Case(
        "userns.time-offsets", "offsets of a time namespace that belongs to a new user namespace",
        "config-linux.md Offset for Time Namespace"
    ) { t in
        guard Files.exists("/proc/self/ns/time") else { throw Skip("the kernel has no time namespaces") }
        let out = try container(t, ["cat", "/proc/self/timens_offsets"]) {
            $0.setNamespace("time")
            $0.linux.timeOffsets = ["monotonic": ["secs": 1000, "nanosecs": 5], "boottime": ["secs": 2000]]
        }.output()
        try equal(
            out["cat"].lines.map(\.words), [["monotonic", "1000", "5"], ["boottime", "2000", "0"]], "offsets")
    },
    Case(
        "userns.scheduling", "priorities that need privileges over the host, in a user namespace",
        "config.md Linux Process"
    ) { t in
        let out = try container(t, ["sched"]) {
            $0.process.scheduler = ["policy": "SCHED_BATCH", "nice": -7]
            $0.process.ioPriority = ["class": "IOPRIO_CLASS_RT", "priority": 3]
        }.output()
        try equal(out["sched"]["policy"], "3", "policy")
        try equal(out["sched"]["nice"], "-7", "nice")
        try equal(out["sched"]["ioclass"] + " " + out["sched"]["iolevel"], "1 3", "I/O priority")
    },
    Case("userns.unmapped-user", "a user without a map is refused", "config-linux.md User namespace mappings")
    { t in
        try container(t, ["args"]) { $0.process.user.uid = 70_000 }.refusedCreate()
    },
    Case(
        "userns.masks", "masked and read-only paths, a read-only root and seccomp hold in a user namespace",
        "config-linux.md Masked Paths"
    ) { t in
        let out = try container(
            t,
            [
                "cat", "/proc/keys", "+", "ls", "/proc/bus", "+", "write", "/tmp/file", "x",
                "+", "write", "/file", "x",
                "+", "prctl",
            ]
        ) {
            $0.linux.maskedPaths = ["/proc/keys", "/proc/bus"]
            $0.linux.readonlyPaths = ["/proc/sys", "/tmp"]
            $0.root.readonly = true
            $0.process.noNewPrivileges = true
        }.output()
        try equal(out["cat"].text, "", "/proc/keys")
        try equal(out["ls"].lines, [], "/proc/bus")
        try equal(out["write /tmp/file"]["write"], "EROFS", "/tmp")
        try equal(out["write /file"]["write"], "EROFS", "the root")
    },
    Case(
        "userns.join", "a user namespace joined by path, with new namespaces that belong to it",
        "config-linux.md Namespaces"
    ) { t in
        let first = try container(t, ["pause"])
        try first.create()
        try first.start()
        let pid = try first.pid()
        let second = try t.container([
            "ids", "+", "cat", "/proc/self/uid_map", "+", "mount", "tmpfs", "/tmp", "tmpfs", "+", "pause",
        ]) {
            $0.addCapabilities("CAP_SYS_ADMIN")
            $0.setNamespace("user", path: "/proc/\(pid)/ns/user")
        }
        try second.giveRootfs()
        try second.create()
        try second.start()
        try second.waitForLog("mount=")
        let out = ProbeOutput(second.log)
        try equal(out["ids"]["uid"], "0 0 0", "uid")
        try equal(out["cat"].lines.first?.words, ["0", "100000", "65536"], "uid_map")
        try equal(out["mount"]["mount"], "ok", "mount")
        try equal(
            Outside.namespace("\(try second.pid())", "user"), Outside.namespace("\(pid)", "user"),
            "user namespace")
        try check(
            Outside.namespace("\(try second.pid())", "net") != Outside.namespace("\(pid)", "net"),
            "the network namespace is not new")
    },
    Case(
        "userns.join-all", "a second container in all namespaces of the first", "config-linux.md Namespaces"
    ) { t in
        let first = try container(t, ["pause"])
        try first.create()
        try first.start()
        let pid = try first.pid()
        let second = try t.paused {
            $0.hostname = nil
            for (name, link) in [
                ("user", "user"), ("network", "net"), ("ipc", "ipc"), ("uts", "uts"), ("pid", "pid"),
            ] {
                $0.setNamespace(name, path: "/proc/\(pid)/ns/\(link)")
            }
        }
        for link in ["user", "net", "ipc", "uts", "pid"] {
            try equal(Outside.namespace("\(try second.pid())", link), Outside.namespace("\(pid)", link), link)
        }
        try second.delete(force: true)
        try equal(try first.status(), "running", "status of the first")
    },
    Case(
        "userns.join-host-network", "a new user namespace with a network namespace of the host's user",
        "config-linux.md Namespaces"
    ) { t in
        let holder = try t.paused()
        let path = "/proc/\(try holder.pid())/ns/net"
        let c = try container(t, ["pause"]) { $0.setNamespace("network", path: path) }
        try c.create()
        try c.start()
        try equal(
            Outside.namespace("\(try c.pid())", "net"), Outside.namespace("\(try holder.pid())", "net"),
            "network namespace")
    },
    Case(
        "userns.hooks", "container hooks run as root of the user namespace, runtime hooks on the host",
        "config.md POSIX-platform Hooks",
        tags: [.hooks]
    ) { t in
        let c = try container(t, ["args"])
        let out = t.directory + "/hook"
        try Files.makeDirectory(out, mode: 0o777)
        chmod(out, 0o777)
        for kind in ["createRuntime", "createContainer"] {
            c.config.hooks[kind] = [
                [
                    "path": "/bin/sh",
                    "args": ["sh", "-c", .string("{ id -u; cat /proc/self/uid_map; } >\(out)/\(kind)")],
                ]
            ]
        }
        _ = try c.run()
        try equal(
            (Files.read(out + "/createRuntime") ?? "").words.prefix(3).map { $0 }, ["0", "0", "0"],
            "createRuntime")
        try equal(
            (Files.read(out + "/createContainer") ?? "").words.map { $0 }, ["0", "0", "100000", "65536"],
            "createContainer")
    },
    Case(
        "userns.standard-streams", "the process can open its own standard streams again",
        "runc 1.0, fixStdioPermissions",
        tags: [.contract]
    ) { t in
        let c = try container(t, ["open", "/proc/self/fd/1", "a"]) {
            $0.process.user = ["uid": 1000, "gid": 1000]
        }
        try equal(try c.output()["open"]["open"], "ok", "open")
    },
    Case(
        "userns.cgroup-delegated",
        "with a cgroup namespace and a writable cgroup2 mount, the cgroup is the container's to divide",
        "cgroups(7), Delegation", tags: [.cgroups, .contract]
    ) { t in
        guard t.host.onlyUnified else { throw Skip("needs cgroup v2 alone") }
        let out = try container(
            t,
            [
                "mkdir", "/sys/fs/cgroup/sub", "+", "stat", "/sys/fs/cgroup/cgroup.procs", "+", "rm",
                "/sys/fs/cgroup/sub",
            ]
        ) {
            $0.setNamespace("cgroup")
            $0.mounts.append(contentsOf: [
                ["destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]],
                ["destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup"],
            ])
        }.output()
        try equal(out["mkdir"]["mkdir"], "ok", "mkdir")
        try equal(out["stat"]["uid"], "0", "owner of cgroup.procs")
    },
    Case(
        "userns.cgroup-owners",
        "a cgroup that is handed over changes hands with the files that the kernel lists, and with no others",
        "config-linux.md Cgroup ownership", tags: [.cgroups]
    ) { t in
        guard t.host.onlyUnified else { throw Skip("needs cgroup v2 alone") }
        guard let list = Files.read("/sys/kernel/cgroup/delegate") else {
            throw Skip("no list of the kernel")
        }
        let c = try container(t, ["pause"]) {
            $0.setNamespace("cgroup")
            $0.mounts.append(["destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup"])
        }
        try c.create()
        let group = try c.group("")
        try equal(try owner(of: group), base, "owner of the cgroup")
        let names = Files.names(group)
        try check(names.contains("cgroup.procs"), "no cgroup.procs in \(group)")
        for name in names {
            let wanted = list.words.contains(name) ? base : 0
            try equal(try owner(of: group + "/" + name), wanted, "owner of \(name)")
        }
    },
    Case(
        "userns.rootfs-owners", "the files of the root keep their owners",
        "config-linux.md User namespace mappings"
    ) { t in
        let c = try container(t, ["pause"])
        let owners = ["opt/hosts": 0, "opt/roots": base, "opt/users": base + 1000, "opt/nobodys": 7]
        for (name, owner) in owners {
            try Files.write(c.inside(name), name)
            try check(chown(c.inside(name), uid_t(owner), gid_t(owner)) == 0, "the test itself: chown")
        }
        try c.create()
        try c.start()
        for (name, wanted) in owners { try equal(try owner(of: c.inside(name)), wanted, "owner of \(name)") }
    },
]

private func owner(of path: String) throws -> Int {
    var status = stat()
    try check(lstat(path, &status) == 0, "no \(path)")
    return Int(status.st_uid)
}
