// events: statistics against the kernel's files, lacks of memory; and what a process met under its limits.
import Foundation

private func statistics(_ c: Container) throws -> JSON {
    let outcome = try c.attempt(["events", "--stats", c.id])
    if outcome.status != 0,
        outcome.err.contains("unknown") || outcome.err.contains("No such") || outcome.err.contains("usage")
    {
        throw Skip("this runtime has no events")
    }
    try equal(outcome.status, 0, outcome.description)
    let event = try JSON.parse(outcome.out)
    try equal(event.type.text ?? "", "stats", "type")
    try equal(event.id.text ?? "", c.id, "id")
    return event.data
}

private func number(_ text: String) -> Int { Int(text.trimmed) ?? -1 }

/// The value of a key in a file of keys and numbers.
private func keyed(_ text: String, _ key: String) -> Int {
    text.lines.map(\.words).first { $0.first == key }.flatMap { Int($0[1]) } ?? -1
}

/// Two looks at a file around the runtime's one: what it says must lie between them.
private func between(_ c: Container, _ read: () throws -> [Int], _ look: (JSON) -> [Int?], _ what: [String])
    throws
{
    let before = try read()
    let found = look(try statistics(c))
    let after = try read()
    for (index, name) in what.enumerated() {
        let (low, high) = (min(before[index], after[index]), max(before[index], after[index]))
        guard let value = found[index], (low...high).contains(value) else {
            throw Failure(
                "\(name): \(found[index].map(String.init) ?? "missing"), the file says \(low) to \(high)")
        }
    }
}

/// A container that is at work.
private func busy(_ t: Trial, _ edit: (inout JSON) throws -> Void = { _ in }) throws -> Container {
    let c = try t.container(["children", "2", "+", "alloc", "8", "+", "spin", "20000"], edit)
    try c.create()
    try c.start()
    try c.waitForLog("alloc=ok")
    return c
}

let statisticsCases: [Case] = [
    Case("events.cpu", "CPU time is the kernel's", "peers.md 1.5", tags: [.contract, .cgroups]) { t in
        guard t.host.onlyUnified || t.host.v1["cpuacct"] != nil else { throw Skip("no cpuacct here") }
        let c = try busy(t)
        try between(
            c,
            {
                t.host.onlyUnified
                    ? [
                        keyed(try c.groupFile("", "cpu.stat"), "usage_usec") * 1000,
                        keyed(try c.groupFile("", "cpu.stat"), "user_usec") * 1000,
                    ]
                    : [
                        number(try c.groupFile("cpuacct", "cpuacct.usage")),
                        keyed(try c.groupFile("cpuacct", "cpuacct.stat"), "user") * 10_000_000,
                    ]
            }, { [$0.cpu.usage.total.number, $0.cpu.usage.user.number] }, ["total", "user"])
    },
    Case(
        "events.memory", "memory, its limit and its peak are the kernel's", "peers.md 1.5",
        tags: [.contract, .cgroups]
    ) { t in
        guard t.host.hasController("memory") else { throw Skip("no memory controller here") }
        let c = try t.container(["alloc", "8", "+", "pause"]) { $0.linux.resources.memory.limit = 67_108_864 }
        try c.create()
        try c.start()
        try c.waitForLog("alloc=ok")
        let unified = t.host.onlyUnified
        let place = unified ? "" : "memory"
        let files =
            unified
            ? ["memory.current", "memory.max", "memory.peak"]
            : ["memory.usage_in_bytes", "memory.limit_in_bytes", "memory.max_usage_in_bytes"]
        try between(
            c, { try files.map { number(try c.groupFile(place, $0)) } },
            { [$0.memory.usage.usage.number, $0.memory.usage.limit.number, $0.memory.usage.max.number] },
            ["usage", "limit", "max"])
        let key = unified ? "anon" : "rss"
        try between(
            c, { [keyed(try c.groupFile(place, "memory.stat"), key)] }, { [$0.memory.raw[key].number] }, [key]
        )
    },
    Case(
        "events.pids", "the number of processes and its limit are the kernel's", "peers.md 1.5",
        tags: [.contract, .cgroups]
    ) { t in
        guard t.host.hasController("pids") else { throw Skip("no pids controller here") }
        let c = try t.container(["children", "4", "+", "pause"]) { $0.linux.resources.pids.limit = 50 }
        try c.create()
        try c.start()
        try c.waitForLog("children=4")
        let data = try statistics(c)
        try equal(data.pids.current.number, 5, "current")
        try equal(data.pids.limit.number, 50, "limit")
    },
    Case(
        "events.throttling", "a CPU quota throttles, and the figures say so", "peers.md 1.5",
        tags: [.contract, .cgroups]
    ) { t in
        guard t.host.hasController("cpu") else { throw Skip("no cpu controller here") }
        let c = try t.container(["spin", "1500", "+", "pause"]) {
            $0.linux.resources.cpu = ["quota": 10_000, "period": 50_000]
        }
        try c.create()
        try c.start()
        try c.waitForLog("spin=", within: 15)
        let used = Int(ProbeOutput(c.log)["spin"]["spin"]) ?? 0
        try check(used < 750, "a quota of a fifth gave \(used) of 1500 ms")
        let data = try statistics(c)
        try check(
            (data.cpu.throttling.throttledPeriods.number ?? 0) > 5,
            "throttledPeriods: \(data.cpu.throttling.encoded)")
        try check(
            (data.cpu.throttling.throttledTime.number ?? 0) > 100_000_000,
            "throttledTime: \(data.cpu.throttling.encoded)")
        let file = t.host.onlyUnified ? try c.groupFile("", "cpu.stat") : try c.groupFile("cpu", "cpu.stat")
        try check(
            data.cpu.throttling.throttledPeriods.number! <= keyed(file, "nr_throttled"), "more than \(file)")
    },
    Case(
        "events.members", "the members that programs read are there", "peers.md 1.5",
        tags: [.contract, .cgroups]
    ) { t in
        let data = try statistics(try busy(t))
        try equal(
            data.names,
            ["blkio", "cpu", "cpuset", "hugetlb", "intel_rdt", "memory", "network_interfaces", "pids"].filter
            {
                $0 != "network_interfaces" || data.names.contains($0)
            }, "members")
        for name in ["usage", "throttling"] {
            try check(data.cpu.names.contains(name), "cpu.\(name) is missing")
        }
        for name in ["usage", "swap", "kernel", "kernelTCP"] {
            try check(
                data.memory[name].limit.number != nil || data.memory[name].names.contains("limit"),
                "memory.\(name) is missing")
        }
    },
    Case(
        "events.stopped", "events of a stopped container is refused", "peers.md 1.4",
        tags: [.contract, .cgroups]
    ) { t in
        let c = try t.paused()
        _ = try statistics(c)
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        let outcome = try c.attempt(["events", "--stats", c.id])
        try equal(outcome.status, 1, "status")
        try contains(outcome.err, "is not running", "message")
    },
    Case("events.oom", "a lack of memory is told", "peers.md 1.5", tags: [.contract, .cgroups]) { t in
        guard t.host.hasController("memory") else { throw Skip("no memory controller here") }
        let c = try t.container(["waitfile", "/go", "+", "child", "alloc", "200", "+", "waitfile", "/end"]) {
            $0.linux.resources.memory.limit = 33_554_432
        }
        try c.create()
        try c.start()
        _ = try statistics(c)
        let command = c.command(["events", "--interval", "100ms", c.id])
        let events = try command.start()
        t.atEnd {
            kill(events, SIGKILL)
            _ = Command.wait(events, limit: 2)
        }
        func log() -> String { Files.read(command.output) ?? "" }
        // The first statistics show that it watches.
        try check(
            eventually { log().contains(#""type":"stats""#) },
            "no statistics: \(Files.read(command.errors) ?? "")")
        try Files.write(c.inside("/go"), "")
        try c.waitForLog("child=signal 9", within: 10)
        try check(eventually { log().contains(#"{"type":"oom","id":"\#(c.id)"}"#) }, "no event: \(log())")
        try Files.write(c.inside("/end"), "")
        try c.waitFor("stopped")
        try c.delete()
        try equal(Command.wait(events, limit: 10).status, 0, "events ends with the container")
    },
]
