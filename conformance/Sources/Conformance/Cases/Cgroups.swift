// linux.cgroupsPath and linux.resources, from outside in the files and from inside by their effect.
import Foundation

/// v1 controller, file, what config.json asks for below resources, and the text that the file must show.
private let v1Files: [(id: String, controller: String, file: String, resources: JSON, wanted: String)] = [
    ("memory-limit", "memory", "memory.limit_in_bytes", ["memory": ["limit": 52_428_800]], "52428800"),
    (
        "memory-reservation", "memory", "memory.soft_limit_in_bytes", ["memory": ["reservation": 20_971_520]],
        "20971520"
    ),
    ("memory-unlimited", "memory", "memory.limit_in_bytes", ["memory": ["limit": -1]], "9223372036854771712"),
    (
        "memory-swap", "memory", "memory.memsw.limit_in_bytes",
        ["memory": ["limit": 52_428_800, "swap": 104_857_600]], "104857600"
    ),
    ("memory-swappiness", "memory", "memory.swappiness", ["memory": ["swappiness": 30]], "30"),
    (
        "memory-oom-killer", "memory", "memory.oom_control",
        ["memory": ["limit": 52_428_800, "disableOOMKiller": true]], "oom_kill_disable 1"
    ),
    ("cpu-shares", "cpu", "cpu.shares", ["cpu": ["shares": 333]], "333"),
    ("cpu-quota", "cpu", "cpu.cfs_quota_us", ["cpu": ["quota": 20_000, "period": 50_000]], "20000"),
    ("cpu-period", "cpu", "cpu.cfs_period_us", ["cpu": ["quota": 20_000, "period": 50_000]], "50000"),
    ("cpu-no-quota", "cpu", "cpu.cfs_quota_us", ["cpu": ["quota": -1]], "-1"),
    (
        "cpu-burst", "cpu", "cpu.cfs_burst_us",
        ["cpu": ["quota": 20_000, "period": 50_000, "burst": 10_000]], "10000"
    ),
    ("cpu-idle", "cpu", "cpu.idle", ["cpu": ["idle": 1]], "1"),
    ("cpuset-cpus", "cpuset", "cpuset.cpus", ["cpu": ["cpus": "0"]], "0"),
    ("cpuset-mems", "cpuset", "cpuset.mems", ["cpu": ["mems": "0"]], "0"),
    ("pids-limit", "pids", "pids.max", ["pids": ["limit": 77]], "77"),
    ("pids-unlimited", "pids", "pids.max", ["pids": ["limit": -1]], "max"),
    ("memory-hierarchy", "memory", "memory.use_hierarchy", ["memory": ["useHierarchy": true]], "1"),
    ("cpu-rt-period", "cpu", "cpu.rt_period_us", ["cpu": ["realtimePeriod": 500_000]], "500000"),
    ("blkio-weight", "blkio", "blkio.bfq.weight", ["blockIO": ["weight": 300]], "300"),
    ("hugetlb-limit", "hugetlb", "hugetlb.2MB.limit_in_bytes", hugepages, "4194304"),
    ("hugetlb-rsvd", "hugetlb", "hugetlb.2MB.rsvd.limit_in_bytes", hugepages, "4194304"),
    ("net-class", "net_cls", "net_cls.classid", ["network": ["classID": 1_048_577]], "1048577"),
    (
        "net-priority", "net_prio", "net_prio.ifpriomap",
        ["network": ["priorities": [["name": "lo", "priority": 7]]]], "lo 7"
    ),
]

private let hugepages: JSON = ["hugepageLimits": [["pageSize": "2MB", "limit": 4_194_304]]]

/// A limit of one block device: what it is called in config.json, the v1 file and the v2 key.
private let throttles: [(member: String, file: String, key: String)] = [
    ("throttleReadBpsDevice", "read_bps_device", "rbps"),
    ("throttleWriteBpsDevice", "write_bps_device", "wbps"),
    ("throttleReadIOPSDevice", "read_iops_device", "riops"),
    ("throttleWriteIOPSDevice", "write_iops_device", "wiops"),
]

/// The numbers of some block device of this host.
private func blockDevice() throws -> (text: String, major: Int, minor: Int) {
    for name in Files.names("/sys/block") {
        let text = (Files.read("/sys/block/\(name)/dev") ?? "").trimmed
        let numbers = text.split(separator: ":").compactMap { Int($0) }
        if numbers.count == 2 { return (text, numbers[0], numbers[1]) }
    }
    throw Skip("no block device here")
}

/// The same for the unified hierarchy.
private let v2Files: [(id: String, controller: String, file: String, resources: JSON, wanted: String)] = [
    ("memory-max", "memory", "memory.max", ["memory": ["limit": 52_428_800]], "52428800"),
    ("memory-low", "memory", "memory.low", ["memory": ["reservation": 20_971_520]], "20971520"),
    ("memory-unlimited", "memory", "memory.max", ["memory": ["limit": -1]], "max"),
    (
        "swap", "memory", "memory.swap.max", ["memory": ["limit": 52_428_800, "swap": 104_857_600]],
        "52428800"
    ),
    ("cpu-weight-1024", "cpu", "cpu.weight", ["cpu": ["shares": 1024]], "100"),
    ("cpu-weight-2", "cpu", "cpu.weight", ["cpu": ["shares": 2]], "1"),
    ("cpu-weight-max", "cpu", "cpu.weight", ["cpu": ["shares": 262_144]], "10000"),
    ("cpu-max", "cpu", "cpu.max", ["cpu": ["quota": 20_000, "period": 50_000]], "20000 50000"),
    ("cpu-no-quota", "cpu", "cpu.max", ["cpu": ["quota": -1, "period": 50_000]], "max 50000"),
    (
        "cpu-burst", "cpu", "cpu.max.burst", ["cpu": ["quota": 20_000, "period": 50_000, "burst": 10_000]],
        "10000"
    ),
    ("cpu-idle", "cpu", "cpu.idle", ["cpu": ["idle": 1]], "1"),
    ("cpuset-cpus", "cpuset", "cpuset.cpus", ["cpu": ["cpus": "0"]], "0"),
    ("pids-max", "pids", "pids.max", ["pids": ["limit": 77]], "77"),
    ("pids-unlimited", "pids", "pids.max", ["pids": ["limit": -1]], "max"),
    ("unified-pids", "pids", "pids.max", ["unified": ["pids.max": "55"]], "55"),
    ("unified-memory", "memory", "memory.high", ["unified": ["memory.high": "41943040"]], "41943040"),
    (
        "unified-last", "memory", "memory.max",
        ["memory": ["limit": 52_428_800], "unified": ["memory.max": "41943040"]], "41943040"
    ),
    ("hugetlb", "hugetlb", "hugetlb.2MB.max", hugepages, "4194304"),
    ("hugetlb-rsvd", "hugetlb", "hugetlb.2MB.rsvd.max", hugepages, "4194304"),
    (
        "memory-no-swap", "memory", "memory.swap.max", ["memory": ["limit": 52_428_800, "swap": 52_428_800]],
        "0"
    ),
    (
        "memory-swap-unlimited", "memory", "memory.swap.max", ["memory": ["limit": 52_428_800, "swap": -1]],
        "max"
    ),
    ("unified-hugetlb", "hugetlb", "hugetlb.2MB.max", ["unified": ["hugetlb.2MB.max": "2097152"]], "2097152"),
]

private func needV1(_ t: Trial, _ controller: String) throws {
    guard t.host.v1[controller] != nil else { throw Skip("no cgroup v1 hierarchy with \(controller)") }
}

private func needV2(_ t: Trial, _ controller: String) throws {
    guard t.host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
    guard t.host.controllers().contains(controller) else {
        throw Skip("no \(controller) controller in cgroup v2 here")
    }
}

/// A limit that both versions have, else a skip.
private func needController(_ t: Trial, _ controller: String) throws {
    if t.host.v1[controller] == nil { try needV2(t, controller) }
}

private func allowed(_ type: String, _ major: Int, _ minor: Int, _ access: String) -> JSON {
    [
        "allow": true, "type": .string(type), "major": .int(major), "minor": .int(minor),
        "access": .string(access),
    ]
}

let cgroupCases: [Case] =
    [
        Case(
            "cgroups.path", "the process is in the cgroup that cgroupsPath names, in every hierarchy",
            "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            let c = try t.paused()
            let groups = Outside.cgroups(of: try c.pid())
            let wanted = t.host.onlyUnified ? [""] : Array(t.host.v1.keys)
            for name in wanted {
                try check(
                    groups[name]?.hasSuffix("/conformance.test/\(c.id)") == true,
                    "\(name): \(groups[name] ?? "none")")
            }
        },
        Case(
            "cgroups.path-created", "already while created", "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            let c = try t.container(["pause"])
            try c.create()
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            try check(group.hasSuffix(c.id), "cgroup is \(group)")
        },
        Case(
            "cgroups.path-deep", "a path of several levels that do not exist yet",
            "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            let c = try t.paused {
                $0.linux.cgroupsPath = .string("/conformance.test/\(t.mark)-deep/one/two/three")
            }
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            try check(group.hasSuffix("-deep/one/two/three"), "cgroup is \(group)")
            try c.delete(force: true)
            try check(!Files.exists(group), "\(group) is left")
            // Who removes the parents is not said anywhere; here the test does.
            for hierarchy in t.host.hierarchies {
                for level in ["/one/two", "/one", ""] {
                    rmdir("\(hierarchy)/conformance.test/\(t.mark)-deep\(level)")
                }
            }
        },
        Case(
            "cgroups.path-relative", "a relative path works and is removed by delete",
            "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            let c = try t.paused { $0.linux.cgroupsPath = .string("\(t.mark)-relative") }
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            try check(group.hasSuffix("\(t.mark)-relative"), "cgroup is \(group)")
            try c.delete(force: true)
            try check(!Files.exists(group), "\(group) is left")
        },
        Case(
            "cgroups.path-absent", "without cgroupsPath the container still gets its own cgroup, with its id",
            "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            let c = try t.paused { $0.linux.cgroupsPath = nil }
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            try contains(group, c.id, "cgroup")
            try c.delete(force: true)
            try check(!Files.exists(group), "\(group) is left")
        },
        Case(
            "cgroups.path-dotdot", "a path with .. does not leave the hierarchy",
            "config-linux.md Cgroups Path", tags: [.cgroups, .security]
        ) { t in
            let c = try t.container(["args"]) {
                $0.linux.cgroupsPath = .string(
                    "/../../../..\(t.directory)/../conformance.test/\(t.mark)-dots")
            }
            _ = try c.run()
            try check(
                !Files.exists("\(t.directory)/../conformance.test"),
                "a directory was made outside the hierarchy")
            for hierarchy in t.host.hierarchies {
                _ = try Trial.system([
                    "find", hierarchy, "-depth", "-type", "d", "-path", "*conformance.\(getpid())*",
                    "-delete",
                ])
            }
        },
        Case(
            "cgroups.children", "children are in the same cgroup", "config-linux.md Control groups",
            tags: [.cgroups]
        ) { t in
            let c = try t.container(["children", "2", "+", "pause"])
            try c.create()
            try c.start()
            try c.waitForLog("children=2")
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            let count = (Files.read(group + "/cgroup.procs") ?? "").lines.count
            try equal(count, 3, "processes in the cgroup")
        },
        Case(
            "cgroups.nested-removed", "delete removes cgroups that the container made below its own",
            "peers.md 3.1", tags: [.cgroups]
        ) { t in
            let c = try t.paused()
            let group = try c.group(t.host.onlyUnified ? "" : "pids")
            try Files.makeDirectory(group + "/a/b")
            try c.delete(force: true)
            try check(!Files.exists(group), "\(group) is left")
        },
        Case(
            "cgroups.pids-effect", "forks beyond the pids limit fail with EAGAIN", "config-linux.md PIDs",
            tags: [.cgroups]
        ) { t in
            try needController(t, "pids")
            let out = try t.output(["forks", "60"]) { $0.linux.resources.pids.limit = 20 }["forks"]
            try equal(out["error"], "EAGAIN", "error")
            let count = Int(out["forks"]) ?? 0
            try check(count >= 15 && count < 20, "\(count) forks worked under a limit of 20")
        },
        Case(
            "cgroups.pids-zero", "pids limit 0 does not mean unlimited", "config-linux.md PIDs",
            tags: [.cgroups, .contract]
        ) { t in
            try needController(t, "pids")
            let outcome = try t.container(["forks", "10"]) {
                // Older versions do not say what 0 means.
                $0.ociVersion = "1.3.0"
                $0.linux.resources.pids.limit = 0
            }.run()
            try check(!outcome.out.contains("forks=10"), "ten forks worked under a limit of 0")
        },
        Case(
            "cgroups.memory-effect", "a process that takes more than the limit is killed",
            "config-linux.md Memory", tags: [.cgroups]
        ) { t in
            try needController(t, "memory")
            let out = try t.output(["child", "alloc", "200", "+", "child", "alloc", "10"]) {
                $0.linux.resources.memory.limit = 67_108_864
            }
            try equal(out["child alloc 200"]["child"], "signal 9", "200 MB under a limit of 64")
            try contains(out["child alloc 10"].text + out.raw, "alloc=ok", "10 MB under a limit of 64")
        },
        Case(
            "cgroups.devices-deny", "deny all, allow some: others are refused, the default ones work",
            "config-linux.md Device allowed list", tags: [.cgroups]
        ) { t in
            let out = try t.output([
                "open", "/dev/null", "rw", "+", "open", "/dev/zero", "r", "+", "open", "/dev/blocked", "r",
                "+", "open",
                "/dev/granted", "r", "+", "mknod", "/dev/new", "c", "1", "11", "+", "open", "/dev/new", "r",
                "+", "open",
                "/dev/urandom", "r", "+", "open", "/dev/full", "w",
            ]) {
                $0.linux.devices = [
                    ["path": "/dev/blocked", "type": "c", "major": 1, "minor": 11, "fileMode": 0o666],
                    ["path": "/dev/granted", "type": "c", "major": 10, "minor": 229, "fileMode": 0o666],
                ]
                $0.linux.resources.devices = [
                    ["allow": false, "access": "rwm"], allowed("c", 10, 229, "rwm"),
                ]
            }
            for path in ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/full"] {
                try equal(out["open \(path)"]["open"], "ok", path)
            }
            try equal(out["open /dev/blocked"]["open"], "EPERM", "a device without a rule")
            try check(out["open /dev/granted"]["open"] != "EPERM", "a device with a rule is refused")
            try equal(out["open /dev/new"]["open"], "EPERM", "a device that the container made")
        },
        Case(
            "cgroups.devices-access", "read-only access to a device", "config-linux.md Device allowed list",
            tags: [.cgroups]
        ) { t in
            let file = open("/dev/fuse", O_RDWR | O_CLOEXEC)
            guard file >= 0 else { throw Skip("the host has no working /dev/fuse to try this with") }
            close(file)
            let out = try t.output(["open", "/dev/one", "r", "+", "open", "/dev/one", "w"]) {
                $0.linux.devices = [
                    ["path": "/dev/one", "type": "c", "major": 10, "minor": 229, "fileMode": 0o666]
                ]
                $0.linux.resources.devices = [["allow": false, "access": "rwm"], allowed("c", 10, 229, "r")]
            }
            try equal(out["open /dev/one r"]["open"], "ok", "reading")
            try equal(out["open /dev/one w"]["open"], "EPERM", "writing")
        },
        Case(
            "cgroups.devices-order", "a later rule undoes an earlier one",
            "config-linux.md Device allowed list", tags: [.cgroups]
        ) { t in
            let out = try t.output(["open", "/dev/one", "r", "+", "open", "/dev/null", "r"]) {
                $0.linux.devices = [
                    ["path": "/dev/one", "type": "c", "major": 1, "minor": 11, "fileMode": 0o666]
                ]
                $0.linux.resources.devices = [
                    ["allow": false, "access": "rwm"], allowed("c", 1, 11, "rwm"),
                    ["allow": false, "type": "c", "major": 1, "minor": 11, "access": "rwm"],
                ]
            }
            try equal(out["open /dev/one"]["open"], "EPERM", "the device")
            try equal(out["open /dev/null"]["open"], "ok", "null")
        },
        Case(
            "cgroups.devices-mknod", "mknod of a device without an m rule is refused",
            "config-linux.md Device allowed list", tags: [.cgroups]
        ) { t in
            let out = try t.output(["mknod", "/tmp/b", "b", "7", "0", "+", "open", "/tmp/b", "r"]) {
                $0.linux.resources.devices = [["allow": false, "access": "rwm"]]
            }
            let opened = out["open"]["open"]
            try check(opened == "EPERM" || opened == "ENOENT", "the block device can be opened: \(opened)")
        },
        Case(
            "cgroups.unified-on-v1", "resources.unified is refused where cgroup v1 is used",
            "config-linux.md Unified", tags: [.cgroups, .contract]
        ) { t in
            guard !t.host.onlyUnified else { throw Skip("cgroup v2 is used here") }
            try t.container(["args"]) { $0.linux.resources.unified = ["pids.max": "10"] }.refusedCreate()
        },
        Case(
            "cgroups.unified-unknown", "a unified file that does not exist is refused",
            "config-linux.md Unified", tags: [.cgroups]
        ) { t in
            guard t.host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
            try t.container(["args"]) { $0.linux.resources.unified = ["nosuch.file": "1"] }.refusedCreate()
        },
        Case(
            "cgroups.unified-slash", "a unified key with a slash is refused", "config-linux.md Unified",
            tags: [.cgroups, .security]
        ) { t in
            guard t.host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
            try t.container(["args"]) { $0.linux.resources.unified = ["../cgroup.procs": "0"] }
                .refusedCreate()
        },
        Case(
            "cgroups.bad-value", "a limit that the kernel refuses is refused by create",
            "config-linux.md Memory", tags: [.cgroups]
        ) { t in
            try needController(t, "cpuset")
            try t.container(["args"]) { $0.linux.resources.cpu.cpus = "5000" }.refusedCreate()
        },
        Case(
            "cgroups.swap-without-limit", "memory swap below the limit is refused", "config-linux.md Memory",
            tags: [.cgroups]
        ) { t in
            try needController(t, "memory")
            try t.container(["args"]) {
                $0.linux.resources.memory = ["limit": 52_428_800, "swap": 20_971_520]
            }.refusedCreate()
        },
        Case(
            "cgroups.tiny-memory", "a memory limit of 4 KB is a clear failure or works, and leaves nothing",
            "peers.md 1.4", tags: [.cgroups]
        ) { t in
            try needController(t, "memory")
            let c = try t.container(["args"]) { $0.linux.resources.memory.limit = 4096 }
            let outcome = try c.run()
            try check(!outcome.timedOut, outcome.description)
            try c.nothingLeft("after the run")
        },
        Case(
            "cgroups.small-memory", "a container starts with a memory limit of 4 MB", "peers.md 6.1",
            tags: [.cgroups]
        ) { t in
            try needController(t, "memory")
            _ = try t.output(["args"]) { $0.linux.resources.memory.limit = 4_194_304 }
        },
        Case(
            "cgroups.manager-disabled", "--cgroup-manager disabled makes no cgroup", "peers.md 1.1",
            tags: [.cgroups, .contract]
        ) { t in
            let c = try t.container(["pause"])
            c.globals = ["--cgroup-manager", "disabled"]
            try c.create()
            try c.start()
            try equal(Outside.groups(t.host, marked: c.id), [], "cgroups")
            try c.delete(force: true)
        },
        Case(
            "cgroups.empty-resources", "empty objects ask for nothing", "config-linux.md Control groups",
            tags: [.cgroups]
        ) { t in
            _ = try t.output(["args"]) {
                $0.linux.resources = .raw(
                    #"{"memory":{},"cpu":{},"pids":{},"blockIO":{},"devices":[],"hugepageLimits":[],"network":{},"unified":{},"rdma":{}}"#
                )
            }
        },
        Case(
            "cgroups.not-empty", "a cgroup that holds processes is refused, and they stay as they are",
            "peers.md 3.1", tags: [.cgroups, .contract]
        ) { t in
            let first = try t.paused()
            let path = "/conformance.test/\(first.id)"
            let c = try t.container(["pause"]) { $0.linux.cgroupsPath = .string(path) }
            let outcome = try c.attemptCreate()
            try check(outcome.status != 0, "two containers share a cgroup")
            try contains(outcome.err, "container's cgroup is not empty", "message")
            try equal(try first.status(), "running", "the other container")
        },
        Case(
            "cgroups.frozen", "a frozen cgroup is refused", "peers.md 3.1", tags: [.cgroups, .contract]
        ) { t in
            let onUnified = t.host.onlyUnified
            guard let mount = onUnified ? t.host.unified : t.host.v1["freezer"] else {
                throw Skip("no freezer")
            }
            let c = try t.container(["pause"])
            let group = "\(mount)/conformance.test/\(c.id)"
            try Files.makeDirectory(group)
            t.atEnd { rmdir(group) }
            let file = group + (onUnified ? "/cgroup.freeze" : "/freezer.state")
            guard let text = fopen(file, "w") else { throw Skip("cannot freeze here") }
            fputs(onUnified ? "1" : "FROZEN", text)
            fclose(text)
            let outcome = try c.attemptCreate()
            try check(outcome.status != 0, "a container was made in a frozen cgroup")
            try contains(outcome.err, "frozen", "message")
        },
        Case(
            "cgroups.odd-names", "paths with blanks, colons, commas, and letters of other scripts",
            "config-linux.md Cgroups Path", tags: [.cgroups]
        ) { t in
            for name in ["a b", "c:d,e", "x=y%20", "ünï-шрифт", ".hidden", "tab\there", "\"quote'"] {
                let c = try t.paused {
                    $0.linux.cgroupsPath = .string("/conformance.test/\(t.mark) \(name)")
                }
                let groups = Outside.groups(t.host, marked: t.mark)
                try check(!groups.isEmpty && groups.allSatisfy { $0.hasSuffix(name) }, "\(name): \(groups)")
                try equal(try c.status(), "running", "status with \(name)")
                try c.delete(force: true)
                try equal(Outside.groups(t.host, marked: t.mark), [], "cgroups left of \(name)")
            }
        },
        Case(
            "cgroups.threaded", "below a threaded cgroup a container is threaded too",
            "cgroup-v2.rst Threads", tags: [.cgroups]
        ) { t in
            try needV2(t, "pids")
            let mount = t.host.unified ?? ""
            let parent = "\(mount)/conformance.test/\(t.mark)-threads"
            try Files.makeDirectory(parent + "/inner")
            t.atEnd {
                rmdir(parent + "/inner")
                rmdir(parent)
            }
            try Files.write(parent + "/inner/cgroup.type", "threaded")
            let c = try t.paused {
                $0.linux.cgroupsPath = .string("/conformance.test/\(t.mark)-threads/c")
                $0.linux.resources.pids.limit = 30
            }
            try equal(Files.read(parent + "/c/cgroup.type")?.trimmed ?? "", "threaded", "cgroup.type")
            try equal(Files.read(parent + "/c/pids.max")?.trimmed ?? "", "30", "pids.max")
            try c.delete(force: true)
            // Memory is accounted by domains: a limit of it is an error here.
            let limited = try t.container(["args"]) {
                $0.linux.cgroupsPath = .string("/conformance.test/\(t.mark)-threads/c")
                $0.linux.resources.memory.limit = 67_108_864
            }
            let outcome = try limited.attemptCreate()
            try check(outcome.status != 0, "a limit of memory was taken below a threaded cgroup")
            try check(!outcome.err.trimmed.isEmpty, "create failed without a message")
            try check(!Files.exists(parent + "/c"), "the cgroup is left")
        },
        Case(
            "cgroups.swap-without-memory", "a limit of swap without one of memory is refused on cgroup v2",
            "config-linux.md Memory", tags: [.cgroups]
        ) { t in
            try needV2(t, "memory")
            try t.container(["args"]) { $0.linux.resources.memory = ["swap": 20_971_520] }.refusedCreate()
        },
        Case(
            "cgroups.no-oom-killer-on-v2", "disabling the OOM killer is refused where the kernel cannot",
            "config-linux.md Memory", tags: [.cgroups]
        ) { t in
            guard t.host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
            try t.container(["args"]) { $0.linux.resources.memory = ["disableOOMKiller": true] }
                .refusedCreate()
        },
        Case(
            "cgroups.network-refused", "a network class that cannot be set is refused",
            "config-linux.md Network", tags: [.cgroups]
        ) { t in
            guard t.host.v1["net_cls"] == nil else { throw Skip("net_cls is here") }
            try t.container(["args"]) { $0.linux.resources.network = ["classID": 1_048_577] }.refusedCreate()
        },
        Case(
            "cgroups.v2-io-weight", "io.bfq.weight as it is, or io.weight on its own scale",
            "config-linux.md Block IO", tags: [.cgroups]
        ) { t in
            try needV2(t, "io")
            let c = try t.container(["pause"]) { $0.linux.resources.blockIO.weight = 300 }
            let outcome = try c.attemptCreate()
            if outcome.status != 0 {
                try contains(outcome.err, "weight", "stderr")
                throw Skip("the kernel has neither io.bfq.weight nor io.weight: \(outcome.err.trimmed)")
            }
            let hasBFQ = Files.exists(try c.group("") + "/io.bfq.weight")
            let text = try c.groupFile("", hasBFQ ? "io.bfq.weight" : "io.weight")
            // 1 + (300 - 10) * 9999 / 990, the straight line of runc and crun.
            try equal(text.lines.first ?? "", hasBFQ ? "default 300" : "default 2930", "weight")
        },
        Case(
            "cgroups.blockio-weight-device", "the weight of one block device", "config-linux.md Block IO",
            tags: [.cgroups]
        ) { t in
            try needController(t, t.host.onlyUnified ? "io" : "blkio")
            let device = try blockDevice()
            let c = try t.container(["pause"]) {
                $0.linux.resources.blockIO.weightDevice = [
                    ["major": .int(device.major), "minor": .int(device.minor), "weight": 400]
                ]
            }
            let outcome = try c.attemptCreate()
            // A device without the BFQ scheduler has no weight; the kernel says so, and then the runtime must too.
            if outcome.status != 0 {
                try contains(outcome.err, "weight", "stderr")
                throw Skip("no block device with BFQ: \(outcome.err.trimmed)")
            }
            let text =
                try t.host.onlyUnified
                ? c.groupFile("", "io.bfq.weight") : c.groupFile("blkio", "blkio.bfq.weight_device")
            try contains(text, "\(device.text) 400", "the weight of the device")
        },
        Case(
            "cgroups.v1-rt-effect", "a real-time budget lets a process run SCHED_FIFO",
            "config-linux.md CPU", tags: [.cgroups]
        ) { t in
            try needV1(t, "cpu")
            let parent = (t.host.v1["cpu"] ?? "") + "/conformance.test"
            try Files.makeDirectory(parent)
            let budget = Files.read(parent + "/cpu.rt_runtime_us")?.trimmed
            guard let budget else { throw Skip("this kernel has no cpu.rt_runtime_us") }
            guard budget != "0" else { throw Skip("the parent cgroup has no real-time budget") }
            let c = try t.container(["pause"]) {
                $0.linux.resources.cpu = ["realtimePeriod": 1_000_000, "realtimeRuntime": 1000]
            }
            try c.create()
            try equal(try c.groupFile("cpu", "cpu.rt_runtime_us"), "1000", "cpu.rt_runtime_us")
        },
    ]
    + throttles.map { row in
        Case(
            "cgroups.blockio-\(row.member)", "\(row.file) and io.max \(row.key)", "config-linux.md Block IO",
            tags: [.cgroups]
        ) { t in
            try needController(t, t.host.onlyUnified ? "io" : "blkio")
            let device = try blockDevice()
            let c = try t.container(["pause"]) {
                $0.linux.resources.blockIO[row.member] = [
                    ["major": .int(device.major), "minor": .int(device.minor), "rate": 1_048_576]
                ]
            }
            try c.create()
            if t.host.onlyUnified {
                try contains(try c.groupFile("", "io.max"), "\(row.key)=1048576", "io.max")
            } else {
                let text = try c.groupFile("blkio", "blkio.throttle." + row.file)
                try contains(text, "\(device.text) 1048576", row.file)
            }
        }
    }
    + v1Files.map { row in
        Case(
            "cgroups.v1-\(row.id)", "\(row.controller): \(row.file)", "config-linux.md Control groups",
            tags: [.cgroups]
        ) { t in
            try needV1(t, row.controller)
            guard
                Files.exists("\(t.host.v1[row.controller] ?? "")/\(row.file)")
                    || !(row.file.contains("memsw") || row.file.contains("rt_") || row.file.contains("rsvd"))
            else {
                throw Skip("this kernel has no \(row.file)")
            }
            let c = try t.container(["pause"]) { $0.linux.resources = row.resources }
            try c.create()
            try equal(try c.groupFile(row.controller, row.file).lines.first ?? "", row.wanted, row.file)
        }
    }
    + v2Files.map { row in
        Case(
            "cgroups.v2-\(row.id)", "\(row.controller): \(row.file)", "config-linux.md Control groups",
            tags: [.cgroups]
        ) { t in
            try needV2(t, row.controller)
            let c = try t.container(["pause"]) { $0.linux.resources = row.resources }
            try c.create()
            try equal(try c.groupFile("", row.file).lines.first ?? "", row.wanted, row.file)
        }
    }
