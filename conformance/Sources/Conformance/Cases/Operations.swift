// runtime.md: the operations without their arguments, the state's form, what create applies, what delete leaves alone.
import Foundation

/// Fails, unless the state has the form of schema/state-schema.json.
private func valid(_ state: JSON) throws {
    let semVer = #/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/#
    try check(state.ociVersion.text?.wholeMatch(of: semVer) != nil, "ociVersion is \(state.ociVersion)")
    try check(state.id.text != nil, "id is no string")
    let statuses = ["creating", "created", "running", "stopped"]
    try check(statuses.contains(state.status.text ?? ""), "status is \(state.status)")
    try check(state.pid == .null || (state.pid.number ?? -1) >= 0, "pid is \(state.pid)")
    try check(state.bundle.text?.hasPrefix("/") == true, "bundle is \(state.bundle)")
    if state.annotations != .null {
        guard case .object(let members) = state.annotations else { throw Failure("annotations are no map") }
        for (key, value) in members { try check(value.text != nil, "annotation \(key) is no string") }
    }
}

private func withoutArguments(_ verb: String, _ what: String, _ arguments: [String]) -> Case {
    Case("operations.\(verb)-no-\(what)", "\(verb) without \(what) is an error", "runtime.md Operations") {
        t in
        try Files.makeDirectory(t.directory)
        let outcome = try t.invoke(arguments)
        try check(outcome.status != 0 && !outcome.timedOut, outcome.description)
        try equal(t.leftovers(), [], "what is left")
    }
}

let operationCases: [Case] =
    ["state", "create", "start", "kill", "delete"].map { withoutArguments($0, "id", [$0]) }
    + [
        withoutArguments("create", "bundle", ["create", "no-such-container"]),
        Case("state.schema", "the state is valid at every moment, by its schema", "runtime.md State") { t in
            let c = try t.container(["pause"]) { $0.annotations = ["org.example.a": "b", "c": ""] }
            try c.create()
            try valid(try c.state())
            try c.start()
            try valid(try c.state())
            try c.must(["kill", c.id, "KILL"])
            try c.waitFor("stopped")
            try valid(try c.state())
        },
        Case("state.annotations", "the state has the annotations", "runtime.md State") { t in
            let c = try t.container(["pause"]) {
                $0.annotations = ["org.example.key": "a value", "unknown": ""]
            }
            try c.create()
            try equal(
                try c.state().annotations, ["org.example.key": "a value", "unknown": ""], "annotations")
        },
        Case(
            "lifecycle.config-edited", "a change of config.json after create has no effect",
            "runtime.md Lifecycle"
        ) { t in
            let c = try t.container(["args", "first"])
            try c.create()
            c.config.process.args = ["/probe", "args", "second"]
            c.config.hostname = "other"
            try c.writeConfig()
            try c.start()
            try c.waitForLog("arg=")
            try contains(c.log, "arg=first", "output")
        },
        Case(
            "lifecycle.no-process", "without process the container cannot be started", "runtime.md Start"
        ) { t in
            let c = try t.container(["args"]) { $0.process = nil }
            // Whether create takes it is the runtime's choice.
            if try c.attemptCreate().status != 0 { return try c.nothingLeft("after the failed create") }
            try check(try c.attempt(["start", c.id]).status != 0, "start succeeded")
        },
        Case("create.applies-all", "create applies what is not the process's", "runtime.md Create") { t in
            let c = try t.container(["pause"]) {
                $0.linux.sysctl = ["net.ipv4.ip_forward": "1"]
                $0.linux.maskedPaths = ["/proc/timer_list"]
                $0.linux.readonlyPaths = ["/proc/bus"]
                $0.root.readonly = true
            }
            try c.create()
            let pid = try c.pid()
            let seen = try t.host(
                "nsenter", "-t", "\(pid)", "-u", "-n", "sh", "-c",
                "uname -n; cat /proc/sys/net/ipv4/ip_forward")
            try equal(seen.out.words, ["probed", "1"], "hostname and sysctl")
            let table = Mount.table(Files.read("/proc/\(pid)/mountinfo") ?? "")
            try equal(try table.at("/proc").type, "proc", "type of /proc")
            try check(try table.at("/").options.contains("ro"), "the root is writable")
            try check(try table.at("/proc/bus").options.contains("ro"), "/proc/bus is writable")
            if Files.exists("/proc/timer_list") { _ = try table.at("/proc/timer_list") }
            try check(Files.exists("/proc/\(pid)/root/dev/null"), "no /dev/null")
        },
        Case(
            "delete.not-its-own", "delete leaves alone what the container only used", "runtime.md Delete"
        ) { t in
            let source = t.directory + "/source"
            try Files.write(source + "/file", "mine")
            let holder = try t.container(["pause"])
            try holder.create()
            try holder.start()
            let space = "/proc/\(try holder.pid())/ns/net"
            let name = Files.readLink(space)
            let parents = t.host.hierarchies.map { "\($0)/conformance.test/\(t.mark)-parent" }
            for parent in parents {
                try Files.makeDirectory(parent)
                t.atEnd { rmdir(parent) }
            }
            let c = try t.container(["pause"]) {
                $0.mounts.append(.bind(source, "/source"))
                $0.setNamespace("network", path: space)
                $0.linux.cgroupsPath = "/conformance.test/\(t.mark)-parent/child"
            }
            try Files.write(c.inside("kept"), "")
            try c.create()
            try c.start()
            try c.delete(force: true)
            try equal(Files.read(source + "/file"), "mine", "the volume's file")
            try check(Files.exists(c.inside("kept")), "the root's file is gone")
            try check(Files.exists(c.bundle + "/config.json"), "config.json is gone")
            try equal(Files.readLink(space), name, "the network namespace")
            try equal(try holder.status(), "running", "the other container")
            for parent in parents { try check(Files.exists(parent), "\(parent) is gone") }
        },
        Case(
            "version.accepted", "versions that the runtime knows are taken", "config.md Specification version"
        ) { t in
            for version in ["1.0.0", "1.0.2", "1.0.2-dev", "1.1.0"] {
                let outcome = try t.container(["args"]) { $0.ociVersion = .string(version) }.run()
                try check(outcome.status == 0, "\(version): \(outcome.description)")
            }
        },
        Case("platform.linux-absent", "a config without linux is one", "config.md Platform-specific") { t in
            let c = try t.container(["args", "here"]) {
                $0.linux = nil
                $0.mounts = nil
                $0.hostname = nil
            }
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
            try contains(outcome.out, "arg=here", "output")
        },
        Case(
            "process.console-size-ignored", "consoleSize without a terminal is ignored", "config.md Process"
        ) { t in
            let out = try t.output(["args", "here"]) { $0.process.consoleSize = ["height": 7, "width": 5] }
            try equal(out["args"].all("arg").last, "here", "argument")
        },
    ]
