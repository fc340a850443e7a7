// kill: how a signal can be named, and whom it reaches.
import Foundation

/// Starts a container that waits for a signal, sends one, and tells what came.
private func caught(_ t: Trial, _ arguments: (String) -> [String]) throws -> String {
    let c = try t.container(["sigwait"])
    try c.create()
    try c.start()
    try c.waitForLog("waiting=1")
    try c.must(arguments(c.id))
    try c.waitForLog("caught=")
    let number = ProbeOutput(c.log)["sigwait"]["caught"]
    try c.waitFor("stopped")
    try c.delete()
    return number
}

let killCases: [Case] = [
    Case("kill.default", "kill without a signal sends TERM", "peers.md 1.2") { t in
        try equal(try caught(t) { ["kill", $0] }, "15", "signal")
    },
    Case("kill.names", "signals by number, by name, with and without SIG, in any case", "peers.md 1.3") { t in
        let forms = [
            ("15", "15"), ("TERM", "15"), ("SIGTERM", "15"), ("HUP", "1"), ("SIGUSR1", "10"), ("2", "2"),
            ("WINCH", "28"), ("64", "64"),
        ]
        for (name, number) in forms {
            try equal(try caught(t) { ["kill", $0, name] }, number, "signal for \(name)")
        }
    },
    Case("kill.names-lower", "lower-case signal names", "peers.md 1.2", tags: [.contract]) { t in
        try equal(try caught(t) { ["kill", $0, "sigusr2"] }, "12", "signal")
    },
    Case("kill.names-realtime", "RTMIN and SIGRTMAX by name", "peers.md 1.2", tags: [.contract]) { t in
        try equal(try caught(t) { ["kill", $0, "RTMIN"] }, "34", "signal")
        try equal(try caught(t) { ["kill", $0, "SIGRTMAX"] }, "64", "signal")
    },
    Case("kill.strange-signal", "a number with a tail is no number", "runtime.md Kill", tags: [.contract]) {
        t in
        let c = try t.paused()
        try check(try c.attempt(["kill", c.id, "1x"]).status != 0, "kill 1x succeeded")
    },
    Case("kill.unknown-signal", "an unknown signal is refused, the container runs on", "runtime.md Kill") {
        t in
        let c = try t.paused()
        for name in ["NOPE", "SIGNOPE", "-1", "65", "999"] {
            try check(try c.attempt(["kill", c.id, name]).status != 0, "kill \(name) succeeded")
        }
        try equal(try c.status(), "running", "status")
    },
    Case("kill.kill", "KILL stops it; state says so", "runtime.md Kill") { t in
        let c = try t.paused()
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
    },
    Case("kill.number-9", "9 is KILL", "peers.md 1.3") { t in
        let c = try t.paused()
        try c.must(["kill", c.id, "9"])
        try c.waitFor("stopped")
    },
    Case("kill.all-flag", "kill --all reaches every process, options before the id", "peers.md 1.3") { t in
        let c = try t.container(["children", "3", "+", "pause"]) { $0.removeNamespace("pid") }
        try c.create()
        try c.start()
        try c.waitForLog("children=3")
        try c.must(["kill", "--all", c.id, "9"])
        try c.waitFor("stopped")
        let mark = c.id
        try check(
            eventually { Outside.processes(marked: mark).isEmpty },
            "alive: \(Outside.processes(marked: mark).joined(separator: ", "))")
    },
    Case("kill.all-short", "kill -a is kill --all", "peers.md 1.3") { t in
        let c = try t.container(["children", "1", "+", "pause"])
        try c.create()
        try c.start()
        try c.waitForLog("children=1")
        try c.must(["kill", "-a", c.id, "KILL"])
        try c.waitFor("stopped")
    },
    Case(
        "kill.shared-pid", "KILL of a container in the host's pid namespace takes its children too",
        "peers.md 3.1", tags: [.contract]
    ) { t in
        let c = try t.container(["children", "2", "+", "pause"]) { $0.removeNamespace("pid") }
        try c.create()
        try c.start()
        try c.waitForLog("children=2")
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
        try c.nothingLeft("after delete")
    },
    Case("kill.not-running-text", "the text that containerd looks for", "peers.md 1.4", tags: [.contract]) {
        t in
        let c = try t.container(["exit", "0"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        let outcome = try c.attempt(["kill", c.id, "KILL"])
        try equal(outcome.status, 1, "exit code")
        try contains(outcome.err, "container not running", "stderr")
    },
]
