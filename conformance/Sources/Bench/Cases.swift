// What is measured, one closure for a case: each runs once and says what it cost.
import Foundation

struct Case {
    let title: String
    /// Before each run, not measured.
    var prepare: (Contestant) throws -> Void = { _ in }
    let run: (Contestant) throws -> Sample
}

struct Cases {
    let meter: Meter
    let work: String
    let minimal: Bundle
    let docker: Bundle

    init(_ options: Options) throws {
        meter = Meter(path: options.meter, work: options.work)
        work = options.work
        minimal = try Bundle(path: work + "/minimal", program: options.program)
        let profile = try Data(contentsOf: URL(filePath: options.profile))
        let seccomp = try JSONSerialization.jsonObject(with: profile)
        docker = try Bundle(path: work + "/docker", program: options.program) { config in
            edit(&config, "linux") { $0["seccomp"] = seccomp }
        }
    }

    func run(_ who: Contestant, _ bundle: Bundle) throws -> Sample {
        let id = who.newID()
        do {
            return try meter.run([who.command("run", id)], in: bundle.path)
        } catch {
            _ = try? meter.run([who.command("delete", "--force", id)], in: bundle.path)
            throw error
        }
    }

    func cycle(_ who: Contestant, _ bundle: Bundle) throws -> Sample {
        let id = who.newID()
        do {
            return try meter.run(
                [
                    who.command("create", id), who.command("start", id), ["@reap"],
                    who.command("delete", id),
                ], in: bundle.path)
        } catch {
            _ = try? meter.run([who.command("delete", "--force", id)], in: bundle.path)
            throw error
        }
    }

    /// A created container per runtime, for `state`.
    func withCreated(_ contestants: [Contestant], _ body: ([String: String]) throws -> Void) throws {
        var ids: [String: String] = [:]
        for who in contestants {
            let id = who.newID()
            do {
                _ = try meter.run([who.command("create", id)], in: minimal.path)
                ids[who.name] = id
            } catch let trouble as Trouble {
                who.troubles["state"] = trouble.message
            }
        }
        defer {
            for who in contestants {
                guard let id = ids[who.name] else { continue }
                _ = try? meter.run([who.command("delete", "--force", id)], in: minimal.path)
            }
        }
        try body(ids)
    }

    func all(_ created: [String: String]) -> [Case] {
        [
            Case(title: "`--version`") { who in
                try meter.run([[who.binary, "--version"]], in: work)
            },
            Case(title: "`state`") { who in
                guard let id = created[who.name] else { throw Trouble(message: "create failed") }
                return try meter.run([who.command("state", id)], in: work)
            },
            Case(title: "`run`, minimal") { try run($0, minimal) },
            Case(title: "`run`, Docker's seccomp, cold", prepare: { $0.forgetCache() }) {
                try run($0, docker)
            },
            // The cold run just before filled the cache.
            Case(title: "`run`, Docker's seccomp, warm") { try run($0, docker) },
            Case(title: "`create` + `start` + `delete`") { try cycle($0, minimal) },
        ]
    }
}
