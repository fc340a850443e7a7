// pause, resume, ps and wait: what engines and people do with a running container.
import Foundation

/// A container whose process prints "waitfile=ok" when the file /go appears.
private func waiting(_ t: Trial) throws -> Container {
    let c = try t.container(["waitfile", "/go", "+", "pause"])
    try c.create()
    try c.start()
    return c
}

private func needFreezer(_ t: Trial) throws {
    if t.host.unified == nil, t.host.v1["freezer"] == nil {
        throw Skip("no freezer in the cgroups of this host")
    }
}

/// True as long as the process does not get to look for the file.
private func stands(_ c: Container) throws -> Bool {
    try Files.write(c.inside("/go"), "")
    // Some hundred looks of the process, if it could look.
    return !eventually(within: 0.3) { c.log.contains("waitfile=ok") }
}

let pauseCases: [Case] = [
    Case(
        "pause.stands-still", "a paused container's process stands still until it is resumed", "peers.md 1.2",
        tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try waiting(t)
        try c.must(["pause", c.id])
        try equal(try c.status(), "paused", "status")
        try check(try stands(c), "the process went on")
        try c.must(["resume", c.id])
        try equal(try c.status(), "running", "status")
        try c.waitForLog("waitfile=ok")
    },
    Case(
        "pause.created", "a created container can be paused and resumed, and started after that",
        "peers.md 1.2", tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.container(["args", "+", "pause"])
        try c.create()
        try c.must(["pause", c.id])
        try equal(try c.status(), "paused", "status")
        try check(try c.attempt(["start", c.id]).status != 0, "a paused container was started")
        try c.must(["resume", c.id])
        try c.start()
        try equal(try c.status(), "running", "status")
    },
    Case(
        "pause.errors", "pause and resume of the wrong state say so", "peers.md 1.4",
        tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.paused()
        try contains(try c.attempt(["resume", c.id]).err, "container not paused", "resume of a running one")
        try c.must(["pause", c.id])
        try contains(try c.attempt(["pause", c.id]).err, "container not running", "pause of a paused one")
        try c.must(["resume", c.id])
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        for verb in ["pause", "resume"] {
            let outcome = try c.attempt([verb, c.id])
            try equal(outcome.status, 1, "\(verb) of a stopped one")
            try contains(
                outcome.err, verb == "pause" ? "container not running" : "container not paused", verb)
        }
        try contains(try t.invoke(["pause", "nosuch"]).err, "does not exist", "pause of none")
    },
    Case(
        "pause.delete", "delete of a paused container is refused, with --force it goes", "peers.md 1.4",
        tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.paused()
        try c.must(["pause", c.id])
        let outcome = try c.attempt(["delete", c.id])
        try check(outcome.status != 0, "a paused container was deleted")
        try contains(outcome.err, "is not stopped: paused", "delete")
        try c.delete(force: true)
        try c.nothingLeft("after delete --force")
    },
    Case(
        "pause.kill", "KILL ends a paused container", "peers.md 3.1", tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.paused()
        try c.must(["pause", c.id])
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
    },
    Case(
        "pause.kill-all", "kill --all KILL ends a paused container with all its processes", "peers.md 3.1",
        tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.container(["children", "3", "+", "pause"]) {
            $0.linux.namespaces = .array($0.linux.namespaces.items.filter { $0.type.text != "pid" })
        }
        try c.create()
        try c.start()
        try c.waitForLog("children=3")
        try c.must(["pause", c.id])
        try c.must(["kill", "--all", c.id, "9"])
        try c.waitFor("stopped")
        try c.delete()
        try c.nothingLeft("after delete")
    },
    Case(
        "pause.children", "processes that the container made are paused too", "peers.md 1.2",
        tags: [.contract, .cgroups]
    ) { t in
        try needFreezer(t)
        let c = try t.container(["child", "waitfile", "/go", "+", "pause"])
        try c.create()
        try c.start()
        try c.must(["pause", c.id])
        try check(try stands(c), "a child went on")
        try c.must(["resume", c.id])
        try c.waitForLog("waitfile=ok")
    },
    Case(
        "ps.json", "ps --format json is an array of all process ids", "peers.md 1.5",
        tags: [.contract, .cgroups]
    ) {
        t in
        let c = try t.container(["children", "2", "+", "pause"])
        try c.create()
        try c.start()
        try c.waitForLog("children=2")
        let outcome = try c.must(["ps", "--format", "json", c.id])
        let pids = try JSON.parse(outcome.out).items.compactMap(\.number)
        try equal(pids.count, 3, "process ids in \(outcome.out)")
        try check(pids.contains(try c.pid()), "the init is missing in \(outcome.out)")
    },
    Case(
        "ps.table", "ps prints the host's table of the container's processes", "peers.md 1.2",
        tags: [.contract, .cgroups]
    ) {
        t in
        guard Files.readableProgram("/bin/ps") != nil else { throw Skip("no ps here") }
        let outcome = try t.command(["ps", "-ef"]).run()
        if outcome.status != 0 { throw Skip("ps does not work here: \(outcome.err.trimmed)") }
        let c = try t.paused()
        let lines = try c.must(["ps", c.id]).out.lines
        try equal(lines.count, 2, "lines")
        try contains(lines[0], "PID", "header")
        try contains(lines[1], "/probe", "row")
        let own = try c.must(["ps", c.id, "-o", "pid,args", "-e"]).out.lines
        try equal(own.count, 2, "lines with own arguments")
        try equal(own[1].words.first ?? "", String(try c.pid()), "first column")
    },
    Case("ps.stopped", "ps of a stopped container is empty", "peers.md 1.2", tags: [.contract, .cgroups]) {
        t in
        let c = try t.container(["args"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        let outcome = try c.attempt(["ps", "-f", "json", c.id])
        if outcome.status == 0 { try check(["[]", "null"].contains(outcome.out.trimmed), outcome.out) }
    },
    Case("wait.status", "wait prints the exit status, or 128 and the signal", "apus", tags: [.contract]) {
        t in
        try needWait(t)
        for (probe, signal, wanted) in [
            (["waitfile", "/go", "+", "exit", "37"], nil, "37"), (["pause"], "9", "137"),
        ] {
            let c = try t.container(probe)
            try c.create()
            try c.start()
            let command = c.command(["wait", c.id])
            let waiting = try command.start()
            if let signal {
                try c.must(["kill", c.id, signal])
            } else {
                try Files.write(c.inside("/go"), "")
            }
            let status = Command.wait(waiting, limit: 10).status
            let said = Files.read(command.errors) ?? ""
            if status != 0, said.contains("is not known") {
                throw Skip("kernel before 6.15: \(said.trimmed)")
            }
            try equal(status, 0, "status of wait itself")
            try equal((Files.read(command.output) ?? "").trimmed, wanted, "what wait printed")
            try c.delete(force: true)
        }
    },
]

private func needWait(_ t: Trial) throws {
    let outcome = try t.invoke(["wait", "--help"])
    guard outcome.status == 0, (outcome.out + outcome.err).contains("exit status") else {
        throw Skip("this runtime has no wait")
    }
}
