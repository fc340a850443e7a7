// The systemd cgroup driver, from outside: units, their properties and their cgroups. Needs a host that runs systemd.
import Foundation

/// What config.json asks for below resources, the unit's property, and the file's value.
private let limits:
    [(id: String, resources: JSON, property: String, shown: String, file: String, wanted: String)] = [
        ("memory", ["memory": ["limit": 52_428_800]], "MemoryMax", "52428800", "memory.max", "52428800"),
        (
            "memory-low", ["memory": ["reservation": 8_388_608]], "MemoryLow", "8388608", "memory.low",
            "8388608"
        ),
        (
            "swap", ["memory": ["limit": 52_428_800, "swap": 104_857_600]], "MemorySwapMax", "52428800",
            "memory.swap.max", "52428800"
        ),
        ("cpu-weight", ["cpu": ["shares": 1024]], "CPUWeight", "100", "cpu.weight", "100"),
        (
            "cpu-quota", ["cpu": ["quota": 20_000, "period": 50_000]], "CPUQuotaPerSecUSec", "400ms",
            "cpu.max",
            "20000 50000"
        ),
        ("pids", ["pids": ["limit": 77]], "TasksMax", "77", "pids.max", "77"),
        (
            "unified", ["unified": ["memory.high": "41943040"]], "MemoryHigh", "41943040", "memory.high",
            "41943040"
        ),
    ]

extension Trial {
    /// A container for the systemd driver in conformance.slice, not yet created.
    fileprivate func unitContainer(
        _ probe: [String] = ["pause"], path: String? = nil, _ edit: (inout JSON) throws -> Void = { _ in }
    ) throws -> Container {
        guard Files.exists("/run/systemd/system") else { throw Skip("systemd does not run here") }
        guard host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
        let container = try container(probe, edit)
        container.globals = ["--systemd-cgroup"]
        container.config.linux.cgroupsPath = .string(path ?? "conformance.slice:test:\(container.id)")
        return container
    }

    /// The same, created and started.
    fileprivate func unit(
        _ probe: [String] = ["pause"], path: String? = nil, _ edit: (inout JSON) throws -> Void = { _ in }
    ) throws -> Container {
        let container = try unitContainer(probe, path: path, edit)
        try container.create()
        try container.start()
        return container
    }

    fileprivate func property(_ unit: String, _ name: String) throws -> String {
        try host("systemctl", "show", "--property", name, "--value", unit).out.trimmed
    }

    /// systemd forgets a unit a moment after it has ended.
    fileprivate func checkForgotten(_ unit: String) throws {
        let isGone = try eventually { try property(unit, "LoadState") == "not-found" }
        let state = try property(unit, "ActiveState")
        try check(isGone, "systemd still knows \(unit): \(state)")
    }
}

extension Container {
    fileprivate var scope: String { "test-\(id).scope" }
    /// crun has its process in a cgroup below the unit's, which is the unit's too.
    fileprivate func checkGroup(_ wanted: String) throws {
        let group = Outside.cgroups(of: try pid())[""] ?? "none"
        try check(
            group == wanted || group.hasPrefix(wanted + "/"), "cgroup: found \(group), wanted \(wanted)")
    }
    /// A file of the unit's own cgroup.
    fileprivate func unitFile(_ file: String) throws -> String {
        let path = "/sys/fs/cgroup" + (try trial.property(scope, "ControlGroup")) + "/" + file
        guard let text = Files.read(path) else { throw Failure("cannot read \(path)") }
        return text.trimmed
    }
}

let systemdPlace = "peers.md 3.2"
private let place = systemdPlace

/// Before a command that is to find no bus.
private let withoutBus = [
    "unshare", "--mount", "sh", "-c",
    "mount -t tmpfs none /run/dbus && mount -t tmpfs none /run/systemd && exec \"$@\"", "sh",
]

let systemdCases: [Case] =
    limits.map { limit in
        Case(
            "systemd.limit-\(limit.id)",
            "\(limit.property) of the unit and \(limit.file) of its cgroup, before a daemon-reload and after",
            place, tags: [.systemd, .cgroups]
        ) { t in
            let c = try t.unit { $0.linux.resources = limit.resources }
            for when in ["at first", "after a daemon-reload"] {
                try equal(try t.property(c.scope, limit.property), limit.shown, "\(limit.property) \(when)")
                try equal(try c.unitFile(limit.file), limit.wanted, "\(limit.file) \(when)")
                try t.host("systemctl", "daemon-reload")
            }
        }
    } + [
        Case(
            "systemd.scope",
            "slice:prefix:name is prefix-name.scope in the slice, delegated, and gone after delete",
            place, tags: [.systemd]
        ) { t in
            let c = try t.unit()
            try c.checkGroup("/conformance.slice/\(c.scope)")
            try equal(try t.property(c.scope, "Slice"), "conformance.slice", "Slice")
            try equal(try t.property(c.scope, "Delegate"), "yes", "Delegate")
            try equal(try t.property(c.scope, "ActiveState"), "active", "ActiveState")
            try c.delete(force: true)
            try t.checkForgotten(c.scope)
        },
        Case("systemd.created", "the unit is there while created", place, tags: [.systemd]) { t in
            let c = try t.unitContainer()
            try c.create()
            try c.checkGroup("/conformance.slice/\(c.scope)")
            try c.delete(force: true)
            try t.checkForgotten(c.scope)
        },
        Case("systemd.slice-nested", "a-b.slice is in a.slice", place, tags: [.systemd]) { t in
            let c = try t.unitContainer()
            c.config.linux.cgroupsPath = .string("conformance-deep.slice:test:\(c.id)")
            try c.create()
            try c.checkGroup("/conformance.slice/conformance-deep.slice/\(c.scope)")
        },
        Case("systemd.slice-default", "without a slice it is system.slice", place, tags: [.systemd]) { t in
            let c = try t.unitContainer()
            c.config.linux.cgroupsPath = .string(":test:\(c.id)")
            try c.create()
            try c.checkGroup("/system.slice/\(c.scope)")
        },
        Case(
            "systemd.path-default", "without cgroupsPath the unit has the id in its name", place,
            tags: [.systemd]
        ) { t in
            let c = try t.unitContainer()
            c.config.linux.cgroupsPath = nil
            try c.create()
            let group = Outside.cgroups(of: try c.pid())[""] ?? ""
            try check(group.contains(c.id) && group.contains(".scope"), "cgroup is \(group)")
        },
        Case(
            "systemd.path-bad", "a path of another form is refused with the form that is expected",
            place, tags: [.systemd, .contract]
        ) { t in
            let c = try t.unitContainer(path: "/conformance.test/\(t.mark)")
            let outcome = try c.refusedCreate()
            try contains(outcome.err, "slice:prefix:name", "message")
        },
        Case(
            "systemd.delete-without-flag",
            "delete knows the driver by itself: engines do not repeat the flag",
            "peers.md 1.3", tags: [.systemd, .contract]
        ) { t in
            let c = try t.unit()
            c.globals = []
            try equal(try c.status(), "running", "status")
            try c.delete(force: true)
            try t.checkForgotten(c.scope)
        },
        Case(
            "systemd.ended", "the unit of a container that ended by itself is forgotten", place,
            tags: [.systemd]
        ) { t in
            let c = try t.unit(["ids"])
            try c.waitFor("stopped")
            try c.delete()
            try t.checkForgotten(c.scope)
        },
        Case("systemd.stopped", "systemctl stop ends the container", place, tags: [.systemd]) { t in
            let c = try t.unit { $0.annotations = ["org.systemd.property.TimeoutStopUSec": "uint64 1000000"] }
            try t.host("systemctl", "stop", c.scope)
            try c.waitFor("stopped")
            try c.delete()
        },
        Case(
            "systemd.annotations", "org.systemd.property.* with GVariant text; seconds become microseconds",
            "peers.md 3.4", tags: [.systemd, .contract]
        ) { t in
            let c = try t.unit {
                $0.annotations = [
                    "org.systemd.property.TimeoutStopUSec": "uint64 7000000",
                    "org.systemd.property.KillSignal": "10",
                    "org.systemd.property.RuntimeMaxSec": "500",
                    "org.systemd.property.CollectMode": "'inactive-or-failed'",
                ]
            }
            try equal(try t.property(c.scope, "TimeoutStopUSec"), "7s", "TimeoutStopUSec")
            try equal(try t.property(c.scope, "KillSignal"), "10", "KillSignal")
            try equal(try t.property(c.scope, "RuntimeMaxUSec"), "8min 20s", "RuntimeMaxUSec")
            try equal(try t.property(c.scope, "CollectMode"), "inactive-or-failed", "CollectMode")
        },
    ]
    + [
        ("name", "Kill-Signal", "15"), ("value", "KillSignal", "'unterminated"),
        ("unknown", "NoSuchProperty", "true"), ("type", "KillSignal", "'fifteen'"),
    ].map { (id: String, name: String, value: String) in
        Case(
            "systemd.annotation-bad-\(id)", "\(name)=\(value) is refused, and nothing is left",
            "peers.md 3.4",
            tags: [.systemd, .security]
        ) { t in
            let c = try t.unitContainer {
                $0.annotations = .object(["org.systemd.property." + name: .string(value)])
            }
            try c.refusedCreate()
            try t.checkForgotten(c.scope)
        }
    } + [
        Case(
            "systemd.exists", "a unit that is there already is left alone, and named", place, tags: [.systemd]
        ) {
            t in
            let c = try t.unitContainer()
            let sleeper = try t.background(["sleep", "60"])
            // The runner has started it in its own cgroup; the unit is around it.
            try t.host(
                "busctl", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", c.scope, "fail",
                "1",
                "PIDs", "au", "1", "\(sleeper.pid)", "0")
            _ = try eventually { try t.property(c.scope, "ActiveState") == "active" }
            let outcome = try c.attemptCreate()
            try check(outcome.status != 0, "create succeeded, but must fail")
            try contains(outcome.err, c.scope, "message")
            try equal(try t.property(c.scope, "ActiveState"), "active", "the other's unit")
            try check(kill(sleeper.pid, 0) == 0, "the other's process was killed")
        },
        Case(
            "systemd.update", "update changes the unit's properties too: they outlive a daemon-reload", place,
            tags: [.systemd]
        ) { t in
            let c = try t.unit { $0.linux.resources = ["pids": ["limit": 77]] }
            let file = t.fresh("resources")
            try Files.write(file, #"{"pids": {"limit": 55}, "cpu": {"quota": 12345, "period": 100000}}"#)
            try c.must(["update", "--resources", file, c.id])
            try equal(try t.property(c.scope, "TasksMax"), "55", "TasksMax")
            try equal(try c.unitFile("cpu.max"), "12345 100000", "cpu.max")
            try t.host("systemctl", "daemon-reload")
            try equal(try c.unitFile("pids.max"), "55", "pids.max after a daemon-reload")
        },
        Case(
            "systemd.update-devices", "update changes the unit's device rules too, both ways", place,
            tags: [.systemd, .security]
        ) { t in
            let c = try t.unit([
                "waitfile", "/first", "+", "open", "/dev/kmsg2", "r", "+", "waitfile", "/second", "+", "open",
                "/dev/kmsg2", "w",
            ]) {
                $0.linux.devices = [
                    ["path": "/dev/kmsg2", "type": "c", "major": 1, "minor": 11, "fileMode": 0o666]
                ]
                $0.linux.resources.devices = [["allow": false, "access": "rwm"]]
            }
            let file = t.fresh("resources")
            func update(_ rules: String, then go: String) throws {
                try Files.write(file, #"{"devices": [\#(rules)]}"#)
                try c.must(["update", "--resources", file, c.id])
                try t.host("systemctl", "daemon-reload")
                try Files.write(c.inside(go), "")
            }
            let none = #"{"allow": false, "access": "rwm"}"#
            let one = #"{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "rw"}"#
            try update(none + "," + one, then: "/first")
            try c.waitForLog("@ waitfile /second")
            try update(none, then: "/second")
            try c.waitFor("stopped")
            let out = ProbeOutput(c.log)
            try equal(out["open /dev/kmsg2 r"]["open"], "ok", "a device that a rule came for")
            try equal(out["open /dev/kmsg2 w"]["open"], "EPERM", "a device whose rule has gone")
        },
        Case(
            "systemd.update-no-bus", "an update that systemd cannot be told fails, and the old limits stay",
            place, tags: [.systemd]
        ) { t in
            let c = try t.unit { $0.linux.resources = ["pids": ["limit": 77]] }
            let file = t.fresh("resources")
            try Files.write(file, #"{"pids": {"limit": 55}}"#)
            c.prefix = withoutBus
            let outcome = try c.attempt(["update", "--resources", file, c.id])
            c.prefix = []
            try check(outcome.status != 0, "update succeeded, but must fail")
            try equal(try c.unitFile("pids.max"), "77", "pids.max")
        },
        Case("systemd.exec", "a further process is in the unit's cgroup", place, tags: [.systemd]) { t in
            let c = try t.unit()
            let group = Outside.cgroups(of: try c.pid())[""] ?? "none"
            try c.checkGroup("/conformance.slice/\(c.scope)")
            let out = try c.exec(["cat", "/proc/self/cgroup"])
            try equal(out["cat"].lines, ["0::" + group], "cgroup of the further process")
        },
        Case(
            "systemd.exec-subgroup",
            "with a cgroup below the unit's, a further process is where the first is",
            "peers.md 3.1", tags: [.systemd]
        ) { t in
            let c = try t.unit {
                $0.annotations = ["run.oci.systemd.subgroup": "inner"]
                $0.linux.resources = ["pids": ["limit": 77]]
            }
            try c.checkGroup("/conformance.slice/\(c.scope)/inner")
            let out = try c.exec(["cat", "/proc/self/cgroup"])
            try equal(
                out["cat"].lines, ["0::/conformance.slice/\(c.scope)/inner"],
                "cgroup of the further process")
        },
        Case(
            "systemd.pause", "the processes of a unit stand still while paused, with a daemon-reload too",
            place, tags: [.systemd]
        ) { t in
            let c = try t.unit(["waitfile", "/go", "+", "pause"])
            try c.must(["pause", c.id])
            try t.host("systemctl", "daemon-reload")
            try equal(try c.status(), "paused", "status")
            try Files.write(c.inside("/go"), "")
            try check(!eventually(within: 0.5) { c.log.contains("waitfile=ok") }, "the process went on")
            try c.must(["resume", c.id])
            try c.waitForLog("waitfile=ok")
        },
        Case("systemd.kill-all", "kill --all reaches every process of the unit", place, tags: [.systemd]) {
            t in
            let c = try t.unit { $0.removeNamespace("pid") }
            let further = try c.must(["exec", "--detach", c.id, "/probe", "pause"])
            try check(further.status == 0, further.description)
            try c.must(["kill", "--all", c.id, "KILL"])
            try c.waitFor("stopped")
            let group = "/sys/fs/cgroup/conformance.slice/\(c.scope)/cgroup.procs"
            let isEmpty = eventually { (Files.read(group) ?? "").isEmpty }
            try check(isEmpty, "processes left: \(Files.read(group) ?? "")")
            try c.delete()
            try t.checkForgotten(c.scope)
        },
        Case(
            "systemd.slice", "a name that ends in .slice is a slice, and gone after delete", place,
            tags: [.systemd]
        ) { t in
            let name = t.mark.filter { $0.isLetter || $0.isNumber } + ".slice"
            let c = try t.unitContainer(path: "ignored.slice:test:" + name) {
                $0.linux.resources = ["pids": ["limit": 77]]
            }
            try c.create()
            try c.checkGroup("/" + name)
            try equal(try t.property(name, "TasksMax"), "77", "TasksMax")
            try equal(try c.groupFile("", "pids.max"), "77", "pids.max")
            try c.delete(force: true)
            let isGone = eventually { !Files.exists("/sys/fs/cgroup/" + name) }
            try check(isGone, "the slice's cgroup is still there")
        },
        Case(
            "systemd.refused-job",
            "a job that systemd refuses: an error that names the unit, and nothing left",
            place, tags: [.systemd]
        ) { t in
            let c = try t.unitContainer {
                $0.annotations = ["org.systemd.property.Requisite": "['conformance-absent.target']"]
            }
            let outcome = try c.refusedCreate()
            try contains(outcome.err, c.scope, "message")
            try t.checkForgotten(c.scope)
        },
        Case("systemd.failed-create", "a hook that fails leaves no unit", place, tags: [.systemd, .hooks]) {
            t in
            let c = try t.unitContainer { $0.hooks.createRuntime = [["path": "/bin/false"]] }
            try c.refusedCreate()
            try t.checkForgotten(c.scope)
        },
        Case("systemd.no-bus", "without a bus: an error, and nothing left", place, tags: [.systemd]) { t in
            let c = try t.unitContainer()
            c.prefix = withoutBus
            try c.refusedCreate()
        },
        Case(
            "systemd.devices", "device rules hold, after a daemon-reload too", place,
            tags: [.systemd, .security]
        ) { t in
            let c = try t.unit([
                "waitfile", "/go", "+", "open", "/dev/blocked", "r", "+", "open", "/dev/null", "rw",
            ]) {
                $0.linux.devices = [
                    ["path": "/dev/blocked", "type": "c", "major": 1, "minor": 11, "fileMode": 0o666]
                ]
                $0.linux.resources.devices = [["allow": false, "access": "rwm"]]
            }
            try t.host("systemctl", "daemon-reload")
            try equal(try t.property(c.scope, "DevicePolicy"), "strict", "DevicePolicy")
            try Files.write(c.inside("/go"), "")
            try c.waitFor("stopped")
            let out = ProbeOutput(c.log)
            try equal(out["open /dev/blocked"]["open"], "EPERM", "a device without a rule")
            try equal(out["open /dev/null"]["open"], "ok", "/dev/null")
        },
        Case(
            "systemd.subgroup",
            "run.oci.systemd.subgroup and run.oci.delegate-cgroup: cgroups below the scope",
            "peers.md 3.4", tags: [.systemd]
        ) { t in
            let c = try t.unit {
                $0.annotations = [
                    "run.oci.systemd.subgroup": "inner", "run.oci.delegate-cgroup": "own",
                ]
                $0.linux.resources = ["pids": ["limit": 77]]
                $0.setNamespace("cgroup")
            }
            try c.checkGroup("/conformance.slice/\(c.scope)/inner/own")
            try equal(try c.unitFile("pids.max"), "77", "pids.max of the scope")
            try c.delete(force: true)
            try t.checkForgotten(c.scope)
        },
        Case("systemd.many", "ten at once, and no unit is left", place, tags: [.systemd, .slow]) { t in
            let all = try (0..<10).map { _ in try t.unitContainer() }
            try all.forEach { try $0.writeConfig() }
            let started = try all.map { c in
                var command = c.command(["create", "--bundle", c.bundle, c.id])
                command.limit = 60
                c.isPresent = true
                return (command, try command.start())
            }
            for (command, pid) in started {
                let outcome = command.finish(pid)
                try check(outcome.status == 0, outcome.description)
            }
            for c in all { try c.delete(force: true) }
            for c in all { try t.checkForgotten(c.scope) }
        },
    ]
