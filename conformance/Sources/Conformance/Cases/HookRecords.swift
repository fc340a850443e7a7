// Hooks that write down what they see, and the reading of that.
import Foundation

/// What one hook saw; the probe's `hook` command wrote it.
struct HookRecord {
    let tag: String
    let section: ProbeOutput.Section
    var state: JSON { (try? JSON.parse(section["stdin"])) ?? .null }
    subscript(key: String) -> String { section[key] }
}

extension Trial {
    var hookLog: String { directory + "/hooks/log" }

    /// An entry of config.hooks that records under this tag; `inside` for hooks whose path is the container's.
    func hook(
        _ tag: String, code: Int? = nil, inside: Bool = false, sleep: Int? = nil, _ more: JSON = [:]
    ) -> JSON {
        var entry = more
        entry.path = .string(inside ? "/probe" : probe)
        var args = ["probe", "hook", inside ? "/hooks/log" : hookLog, tag]
        if code != nil || sleep != nil { args.append("\(code ?? 0)") }
        if let sleep { args.append("\(sleep)") }
        entry.args = JSON(args)
        return entry
    }

    func records() -> [HookRecord] {
        ProbeOutput(Files.read(hookLog) ?? "").sections.map { HookRecord(tag: $0.command, section: $0) }
    }

    func record(_ tag: String) throws -> HookRecord {
        // Some runtimes return from start before the startContainer hooks have run.
        _ = eventually(within: 2) { records().contains { $0.tag == tag && !$0["end"].isEmpty } }
        guard let found = records().first(where: { $0.tag == tag }) else {
            throw Failure("the hook \(tag) never ran; there are \(records().map(\.tag))")
        }
        return found
    }

    /// A container with hooks; `/hooks` inside is the directory of the log.
    func hooked(
        probe: [String] = ["exit", "0"], _ hooks: JSON, _ edit: (inout JSON) -> Void = { _ in }
    ) throws
        -> Container
    {
        try Files.makeDirectory(directory + "/hooks", mode: 0o777)
        return try container(probe) {
            $0.hooks = hooks
            $0.mounts.append(.bind(directory + "/hooks", "/hooks"))
            edit(&$0)
        }
    }
}

let hookKinds = [
    "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
]
let hookStatuses = [
    "created|creating", "created|creating", "created|creating", "created", "running", "stopped",
]

func allHooks(_ t: Trial) -> JSON {
    .object(
        Dictionary(uniqueKeysWithValues: hookKinds.map { ($0, [t.hook($0, inside: $0 == "startContainer")]) })
    )
}
