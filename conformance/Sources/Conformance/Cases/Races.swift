// Many at once, and the runtime killed at any moment.
import Foundation
import Synchronization

/// Runs a body on as many threads; the first error is thrown.
private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let first = Mutex<(any Error)?>(nil)
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        let thread = Thread {
            do { try body(index) } catch { first.withLock { if $0 == nil { $0 = error } } }
            group.leave()
        }
        thread.start()
    }
    group.wait()
    if let error = first.withLock({ $0 }) { throw error }
}

/// Kills the runtime after a random time in `verb`, then deletes with force; nothing may be left.
private func killed(_ t: Trial, rounds: Int, verb: String, prepare: (Container) throws -> Void) throws {
    // How long the verb takes when nobody disturbs it: that is the range to aim at.
    let calibration = try t.container(["pause"])
    try prepare(calibration)
    let began = Date()
    try calibration.must(arguments(verb, calibration))
    let whole = Date().timeIntervalSince(began)
    calibration.isPresent = verb != "delete"
    if calibration.isPresent { try calibration.delete(force: true) }
    for round in 0..<rounds {
        let c = try t.container(["pause"])
        try prepare(c)
        let command = c.command(arguments(verb, c))
        let pid = try command.start()
        usleep(UInt32(whole * 1_000_000 * Double.random(in: 0...1.2)))
        kill(pid, SIGKILL)
        _ = Command.wait(pid, limit: 5)
        c.isPresent = false
        for query in [["state", c.id], ["list"], ["list", "--format", "json"]] {
            let outcome = try c.attempt(query)
            try check(outcome.status <= 1 && !outcome.timedOut, "round \(round): \(outcome.description)")
        }
        let delete = try c.attempt(["delete", "--force", c.id])
        try check(delete.status == 0, "round \(round): \(delete.description)")
        try c.nothingLeft("round \(round), after delete --force")
    }
}

private func arguments(_ verb: String, _ c: Container) -> [String] {
    switch verb {
    case "create": ["create", "--bundle", c.bundle, c.id]
    case "delete": ["delete", "--force", c.id]
    default: [verb, c.id]
    }
}

let raceCases: [Case] = [
    Case(
        "races.duplicate-create", "two creates of one id at the same time: exactly one wins",
        "runtime.md Create", tags: [.slow]
    ) { t in
        for _ in 0..<10 {
            let c = try t.container(["pause"])
            try c.writeConfig()
            let commands = (0..<2).map { _ in c.command(["create", "--bundle", c.bundle, c.id]) }
            let outcomes = Mutex<[Outcome]>([])
            try concurrently(2) { index in
                let outcome = try commands[index].run()
                outcomes.withLock { $0.append(outcome) }
            }
            let all = outcomes.withLock { $0 }
            c.isPresent = true
            try equal(all.filter { $0.status == 0 }.count, 1, "winners (\(all.map(\.description)))")
            guard let loser = all.first(where: { $0.status != 0 }) else { continue }
            try contains(loser.err, "exist", "stderr of the loser")
            try c.start()
            try equal(try c.status(), "running", "status of the winner")
            try c.delete(force: true)
        }
    },
    Case(
        "races.duplicate-create-text", "the loser says: container with given ID already exists",
        "peers.md 1.4", tags: [.slow, .contract]
    ) { t in
        for _ in 0..<10 {
            let c = try t.container(["pause"])
            try c.writeConfig()
            let commands = (0..<2).map { _ in c.command(["create", "--bundle", c.bundle, c.id]) }
            let outcomes = Mutex<[Outcome]>([])
            try concurrently(2) { index in
                let outcome = try commands[index].run()
                outcomes.withLock { $0.append(outcome) }
            }
            c.isPresent = true
            for loser in outcomes.withLock({ $0 }) where loser.status != 0 {
                try equal(loser.status, 1, "exit code")
                try contains(loser.err, "container with given ID already exists", "stderr of the loser")
            }
            try c.delete(force: true)
        }
    },
    Case(
        "races.hundred", "100 containers created at the same time, all running, all deleted, nothing left",
        "issue 2, 7.5", tags: [.slow, .serial]
    ) { t in
        let all = try (0..<100).map { _ in
            let c = try t.container(["pause"])
            try c.writeConfig()
            return c
        }
        func everyone(_ arguments: (Container) -> [String]) throws {
            let commands = all.map { c in
                var command = c.command(arguments(c))
                command.limit = 60
                return command
            }
            try concurrently(100) { index in
                let outcome = try commands[index].run()
                try check(outcome.status == 0, outcome.description)
            }
        }
        for c in all { c.isPresent = true }
        try everyone { ["create", "--bundle", $0.bundle, $0.id] }
        try everyone { ["start", $0.id] }
        let list = try JSON.parse(try all[0].must(["list", "--format", "json"]).out)
        try equal(list.items.filter { $0.status.text == "running" }.count, 100, "running containers")
        try everyone { ["delete", "--force", $0.id] }
        for c in all { c.isPresent = false }
        try all[0].nothingLeft("after the deletes")
    },
    Case(
        "races.kill-create",
        "kill -9 of the runtime at random moments of create: delete --force removes everything", "issue 2, 4",
        tags: [.slow]
    ) { t in
        try killed(t, rounds: 40, verb: "create") { try $0.writeConfig() }
    },
    Case("races.kill-start", "the same during start", "issue 2, 4", tags: [.slow]) { t in
        try killed(t, rounds: 20, verb: "start") { try $0.create() }
    },
    Case("races.kill-delete", "the same during delete --force", "issue 2, 4", tags: [.slow]) { t in
        try killed(t, rounds: 20, verb: "delete") {
            try $0.create()
            try $0.start()
        }
    },
    Case(
        "races.delete-twice", "two deletes at the same time: no crash, nothing left", "runtime.md Delete",
        tags: [.slow]
    ) { t in
        for _ in 0..<10 {
            let c = try t.paused()
            let commands = (0..<2).map { _ in c.command(["delete", "--force", c.id]) }
            let outcomes = Mutex<[Outcome]>([])
            try concurrently(2) { index in
                let outcome = try commands[index].run()
                outcomes.withLock { $0.append(outcome) }
            }
            let all = outcomes.withLock { $0 }
            try check(all.contains { $0.status == 0 }, "both failed: \(all.map(\.description))")
            try check(all.allSatisfy { $0.status <= 1 }, "a crash: \(all.map(\.description))")
            c.isPresent = false
            try c.nothingLeft("after the deletes")
        }
    },
    Case(
        "races.killed-init", "an init that was killed from outside: state says stopped, delete works",
        "runtime.md State"
    ) { t in
        for started in [false, true] {
            let c = try t.container(["pause"])
            try c.create()
            if started { try c.start() }
            kill(pid_t(try c.pid()), SIGKILL)
            try c.waitFor("stopped")
            try c.delete()
            try c.nothingLeft("after delete")
        }
    },
    Case(
        "races.state-while-creating", "state and list during create never crash", "runtime.md State",
        tags: [.slow]
    ) { t in
        for _ in 0..<5 {
            let c = try t.container(["pause"])
            try c.writeConfig()
            let command = c.command(["create", "--bundle", c.bundle, c.id])
            let pid = try command.start()
            c.isPresent = true
            for _ in 0..<5 {
                let state = try c.attempt(["state", c.id])
                try check(state.status <= 1 && !state.timedOut, state.description)
                if state.status == 0 {
                    let status = try JSON.parse(state.out).status.text ?? ""
                    try check(["creating", "created", "stopped"].contains(status), "status \(status)")
                }
                let list = try c.attempt(["list"])
                try check(list.status <= 1 && !list.timedOut, list.description)
            }
            try equal(command.finish(pid).status, 0, "exit code of create")
            try c.delete(force: true)
        }
    },
]
