// update: limits of a running container, by flags and by JSON, seen in the files and by what a process meets.
import Foundation

/// Flags of update, the file of v1 (controller and name) and of v2, and what each must show.
private let changes:
    [(id: String, flags: [String], v1: (String, String, String)?, v2: (String, String, String)?)] = [
        (
            "memory", ["--memory", "96M"], ("memory", "memory.limit_in_bytes", "100663296"),
            ("memory", "memory.max", "100663296")
        ),
        (
            "memory-unlimited", ["--memory", "-1"],
            ("memory", "memory.limit_in_bytes", "9223372036854771712"), ("memory", "memory.max", "max")
        ),
        (
            "memory-reservation", ["--memory-reservation", "20m"],
            ("memory", "memory.soft_limit_in_bytes", "20971520"), ("memory", "memory.low", "20971520")
        ),
        (
            "memory-swap", ["--memory", "96M", "--memory-swap", "196M"],
            ("memory", "memory.memsw.limit_in_bytes", "205520896"), ("memory", "memory.swap.max", "104857600")
        ),
        ("cpu-share", ["--cpu-share", "2048"], ("cpu", "cpu.shares", "2048"), ("cpu", "cpu.weight", "174")),
        (
            "cpu-quota", ["--cpu-quota", "30000"], ("cpu", "cpu.cfs_quota_us", "30000"),
            ("cpu", "cpu.max", "30000 50000")
        ),
        (
            "cpu-period", ["--cpu-period", "80000"], ("cpu", "cpu.cfs_period_us", "80000"),
            ("cpu", "cpu.max", "20000 80000")
        ),
        (
            "cpu-no-quota", ["--cpu-quota", "-1"], ("cpu", "cpu.cfs_quota_us", "-1"),
            ("cpu", "cpu.max", "max 50000")
        ),
        (
            "cpu-both", ["--cpu-quota", "90000", "--cpu-period", "90000"],
            ("cpu", "cpu.cfs_quota_us", "90000"), ("cpu", "cpu.max", "90000 90000")
        ),
        ("pids-limit", ["--pids-limit", "55"], ("pids", "pids.max", "55"), ("pids", "pids.max", "55")),
        ("pids-unlimited", ["--pids-limit", "-1"], ("pids", "pids.max", "max"), ("pids", "pids.max", "max")),
        (
            "cpuset-cpus", ["--cpuset-cpus", "0"], ("cpuset", "cpuset.cpus", "0"),
            ("cpuset", "cpuset.cpus", "0")
        ),
        (
            "blkio-weight", ["--blkio-weight", "300"], ("blkio", "blkio.bfq.weight", "300"),
            ("io", "io.bfq.weight", "default 300")
        ),
    ]

/// A running container with limits that updates change.
private func limited(_ t: Trial) throws -> Container {
    try t.paused {
        $0.linux.resources = [
            "memory": ["limit": 67_108_864, "swap": 134_217_728],
            "cpu": ["quota": 20_000, "period": 50_000], "pids": ["limit": 30],
        ]
    }
}

private func needUpdate(_ t: Trial) throws {
    for name in ["memory", "cpu", "pids"] where !t.host.hasController(name) {
        throw Skip("no \(name) controller for containers here")
    }
}

/// update with a JSON text on standard input.
private func update(_ c: Container, json: String) throws -> Outcome {
    let path = c.trial.fresh("resources")
    try Files.write(path, json)
    var command = c.command(["update", "--resources=-", c.id])
    command.input = path
    return try command.run()
}

private func file(_ c: Container, _ v1: (String, String), _ v2: String) throws -> String {
    c.trial.host.onlyUnified ? try c.groupFile("", v2) : try c.groupFile(v1.0, v1.1)
}

let updateCases: [Case] =
    changes.map { row in
        Case(
            "update.\(row.id)", "update \(row.flags.joined(separator: " "))", "peers.md 1.2",
            tags: [.contract, .cgroups]
        ) {
            t in
            try needUpdate(t)
            guard let wanted = t.host.onlyUnified ? row.v2 : row.v1 else {
                throw Skip("not on this version of cgroups")
            }
            guard t.host.hasController(wanted.0) else { throw Skip("no \(wanted.0) controller here") }
            let c = try limited(t)
            let place = try c.group(t.host.onlyUnified ? "" : wanted.0)
            guard Files.exists(place + "/" + wanted.1) else { throw Skip("this kernel has no \(wanted.1)") }
            try c.must(["update"] + row.flags + [c.id])
            let text = try c.groupFile(t.host.onlyUnified ? "" : wanted.0, wanted.1)
            try equal(text.lines.first ?? "", wanted.2, wanted.1)
        }
    } + [
        Case(
            "update.json", "update with the JSON of an engine on standard input", "peers.md 1.3",
            tags: [.contract, .cgroups]
        ) {
            t in
            try needUpdate(t)
            let c = try limited(t)
            let outcome = try update(
                c,
                json:
                    #"{"memory":{"limit":83886080,"swap":167772160},"cpu":{"shares":512,"quota":25000,"period":50000,"cpus":"","mems":""},"pids":{"limit":44},"blockIO":{"weight":0}}"#
            )
            try equal(outcome.status, 0, outcome.description)
            // Zeros are how engines write what they do not ask for.
            let nothing = #"{"memory":{"limit":0,"swap":0},"cpu":{"shares":0,"quota":0},"pids":{"limit":0}}"#
            try equal(try update(c, json: nothing).status, 0, "an update with zeros")
            try equal(try file(c, ("memory", "memory.limit_in_bytes"), "memory.max"), "83886080", "memory")
            try equal(try file(c, ("pids", "pids.max"), "pids.max"), "44", "pids")
            try equal(
                try file(c, ("cpu", "cpu.shares"), "cpu.weight"), t.host.onlyUnified ? "59" : "512", "shares")
        },
        Case(
            "update.twice", "a later update leaves what it does not name", "peers.md 1.5",
            tags: [.contract, .cgroups]
        ) { t in
            try needUpdate(t)
            let c = try limited(t)
            try c.must(["update", "--cpu-quota", "40000", c.id])
            try c.must(["update", "--cpu-period", "100000", c.id])
            try c.must(["update", "--pids-limit", "99", c.id])
            if t.host.onlyUnified {
                try equal(try c.groupFile("", "cpu.max"), "40000 100000", "cpu.max")
                try equal(try c.groupFile("", "memory.swap.max"), "67108864", "memory.swap.max")
                // Memory and swap together stay what they were.
                try c.must(["update", "--memory", "96M", c.id])
                try equal(try c.groupFile("", "memory.swap.max"), "33554432", "memory.swap.max")
            } else {
                try equal(try c.groupFile("cpu", "cpu.cfs_quota_us"), "40000", "quota")
                try equal(try c.groupFile("cpu", "cpu.cfs_period_us"), "100000", "period")
            }
            try equal(
                try file(c, ("memory", "memory.limit_in_bytes"), "memory.max"),
                t.host.onlyUnified ? "100663296" : "67108864", "memory")
        },
        Case(
            "update.order", "memory above the old sum with swap, and back", "peers.md 2",
            tags: [.contract, .cgroups]
        ) { t in
            try needUpdate(t)
            let c = try limited(t)
            for size in ["256M", "32M"] {
                try c.must(["update", "--memory", size, "--memory-swap", size, c.id])
            }
            try equal(try file(c, ("memory", "memory.limit_in_bytes"), "memory.max"), "33554432", "memory")
        },
        Case(
            "update.refused", "an update that the kernel refuses changes nothing", "peers.md 1.5",
            tags: [.contract, .cgroups]
        ) {
            t in
            try needUpdate(t)
            let c = try limited(t)
            let outcome = try c.attempt(["update", "--pids-limit", "44", "--cpu-quota", "99", c.id])
            try check(outcome.status != 0, "a quota of 99 was taken")
            let sum = try c.attempt(["update", "--memory", "512M", c.id])
            try check(sum.status != 0, "memory above the limit of memory and swap was taken")
            try equal(try file(c, ("pids", "pids.max"), "pids.max"), "30", "pids")
            try equal(try file(c, ("memory", "memory.limit_in_bytes"), "memory.max"), "67108864", "memory")
        },
        Case(
            "update.stopped", "update of a stopped container is refused", "peers.md 1.4",
            tags: [.contract, .cgroups]
        ) { t in
            let c = try t.paused()
            try c.must(["kill", c.id, "KILL"])
            try c.waitFor("stopped")
            let outcome = try c.attempt(["update", "--pids-limit", "9", c.id])
            try equal(outcome.status, 1, "status")
            try contains(outcome.err, "container not running", "message")
        },
        Case(
            "update.bad-values", "values that are none are refused by name", "peers.md 1.2",
            tags: [.contract, .cgroups]
        ) { t in
            let c = try t.paused()
            for (flag, value) in [("--memory", "1Q"), ("--cpu-period", "x"), ("--cpu-quota", "abc")] {
                let outcome = try c.attempt(["update", flag, value, c.id])
                try equal(outcome.status, 1, "\(flag) \(value)")
                try contains(outcome.err, "invalid value for \(flag.dropFirst(2))", "message")
            }
        },
        Case("update.pids-effect", "forks meet the new limit", "config-linux.md PIDs", tags: [.cgroups]) {
            t in
            try needUpdate(t)
            let c = try t.container(["waitfile", "/go", "+", "forks", "60"]) {
                $0.linux.resources.pids.limit = 500
            }
            try c.create()
            try c.start()
            try c.must(["update", "--pids-limit", "20", c.id])
            try Files.write(c.inside("/go"), "")
            try c.waitForLog("error=EAGAIN")
        },
        Case(
            "update.devices", "device rules of a running container are replaced", "peers.md 6 (4)",
            tags: [.cgroups, .contract]
        ) {
            t in
            if t.host.v1["devices"] == nil, !t.host.onlyUnified { throw Skip("no device control here") }
            let c = try t.container([
                "open", "/dev/one", "r", "+", "waitfile", "/go", "+", "open", "/dev/one", "r", "+", "open",
                "/dev/null", "r",
                "+", "waitfile", "/back", "+", "open", "/dev/one", "r", "+", "pause",
            ]) {
                $0.linux.devices = [
                    ["path": "/dev/one", "type": "c", "major": 10, "minor": 229, "fileMode": 0o666]
                ]
                $0.linux.resources.devices = [["allow": false, "access": "rwm"]]
            }
            try c.create()
            try c.start()
            try c.waitForLog("open /dev/one")
            let grant =
                #"{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"rw"}]}"#
            let outcome = try update(c, json: grant)
            try equal(outcome.status, 0, outcome.description)
            try Files.write(c.inside("/go"), "")
            try c.waitForLog("open /dev/null")
            try equal(
                try update(c, json: #"{"devices":[{"allow":false,"access":"rwm"}]}"#).status, 0,
                "taking it back")
            try Files.write(c.inside("/back"), "")
            let reached = eventually { c.log.components(separatedBy: "open=").count > 4 }
            try check(reached, "the container did not go on: \(c.log)")
            let results = c.log.lines.filter { $0.hasPrefix("open=") }
            // A device that is granted need not exist on this host.
            try equal(results.first ?? "", "open=EPERM", "before")
            try check(results[1] != "open=EPERM", "granted, but refused")
            try equal(results[2], "open=ok", "/dev/null")
            try equal(results.last ?? "", "open=EPERM", "taken back")
        },
    ]
