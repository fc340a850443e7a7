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

    /// A created container per runtime and bundle, for `state` and `exec`: their ids by `key`.
    func withCreated(_ contestants: [Contestant], _ body: ([String: String]) throws -> Void) throws {
        var ids: [String: String] = [:]
        for who in contestants {
            for bundle in [minimal, docker] {
                let id = who.newID()
                do {
                    _ = try meter.run([who.command("create", id)], in: bundle.path)
                    ids[key(who, bundle)] = id
                } catch let trouble as Trouble {
                    who.troubles["state"] = trouble.message
                }
            }
        }
        defer {
            for who in contestants {
                for bundle in [minimal, docker] {
                    guard let id = ids[key(who, bundle)] else { continue }
                    _ = try? meter.run([who.command("delete", "--force", id)], in: bundle.path)
                }
            }
        }
        try body(ids)
    }

    private func key(_ who: Contestant, _ bundle: Bundle) -> String { who.name + bundle.path }

    /// A command on the created container; `words` follow its id.
    private func use(
        _ created: [String: String], _ who: Contestant, _ bundle: Bundle, _ verb: String, _ words: String...
    ) throws -> Sample {
        guard let id = created[key(who, bundle)] else { throw Trouble(message: "create failed") }
        return try meter.run([who.command(verb, id) + words], in: bundle.path)
    }

    func all(_ created: [String: String]) -> [Case] {
        [
            Case(title: "`--version`") { who in
                try meter.run([[who.binary, "--version"]], in: work)
            },
            Case(title: "`state`") { try use(created, $0, minimal, "state") },
            Case(title: "`exec`, minimal") { try use(created, $0, minimal, "exec", "/bin/true") },
            Case(title: "`exec`, Docker's seccomp") { try use(created, $0, docker, "exec", "/bin/true") },
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
