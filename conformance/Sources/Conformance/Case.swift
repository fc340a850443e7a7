// What a case is, and the few words its body uses to say what must hold.
enum Tag: String, CaseIterable, Sendable {
    /// Texts, exit codes and formats that engines expect of runc; other runtimes may differ without being wrong.
    case contract
    /// An attack of a known class.
    case security
    /// Takes seconds, not milliseconds.
    case slow
    /// Runs alone, after all others.
    case serial
    case cgroups
    /// Needs a host with systemd; `conformance/vm/run --systemd` is one.
    case systemd
    case hooks
    case seccomp
    case mounts
}

struct Case: Sendable {
    let id: String
    let title: String
    /// Where the rule is written: a file and section of the runtime-spec, a CVE, or `peers.md`.
    let source: String
    let tags: Set<Tag>
    let body: @Sendable (Trial) throws -> Void

    init(
        _ id: String, _ title: String, _ source: String = "", tags: Set<Tag> = [],
        _ body: @escaping @Sendable (Trial) throws -> Void
    ) {
        self.id = id
        self.title = title
        self.source = source
        self.tags = tags
        self.body = body
    }
}

/// The runtime did not do what the case asks.
struct Failure: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// The host lacks what the case needs.
struct Skip: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw Failure(message()) }
}

func equal<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) throws {
    if found != wanted { throw Failure("\(what): found \"\(found)\", wanted \"\(wanted)\"") }
}

func contains(_ text: String, _ part: String, _ what: String) throws {
    if !text.contains(part) { throw Failure("\(what): \"\(part)\" is not in \"\(text)\"") }
}

func lacks(_ text: String, _ part: String, _ what: String) throws {
    if text.contains(part) { throw Failure("\(what): \"\(part)\" is in \"\(text)\"") }
}
