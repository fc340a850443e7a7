// What commands print: states, tables of containers, problems.
import JSON
import Lifecycle
import OCI
import Seccomp

extension State {
    /// The indented JSON of `state`.
    var page: [UInt8] {
        var json = JSONWriter(indent: "  ")
        write(to: &json)
        json.endLine()
        return json.bytes
    }
}

/// The JSON of `list`, on one line.
func listPage(_ states: [State]) -> [UInt8] {
    var json = JSONWriter()
    json.array { json in for state in states { state.write(to: &json) } }
    json.endLine()
    return json.bytes
}

/// The table of `list`: columns at least 12 wide, three blanks between them, as runc has them.
func listTable(_ states: [State]) -> String {
    var rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]]
    for state in states {
        rows.append([
            state.id, String(state.pid), state.status.rawValue, state.bundle, state.created, state.owner,
        ])
    }
    let last = rows[0].count - 1
    let widths = (0..<last).map { column in max(12, (rows.map { $0[column].count }.max() ?? 0) + 3) }
    var text = ""
    for row in rows {
        for column in 0..<last {
            text += row[column]
            text += String(repeating: " ", count: widths[column] - row[column].count)
        }
        text += row[last] + "\n"
    }
    return text
}

/// The JSON of `features`.
func featuresPage() -> [UInt8] {
    var json = JSONWriter(indent: "  ")
    Features(
        annotations: [
            ("io.github.seccomp.libseccomp.version", SeccompNames.libraryVersion),
            ("org.opencontainers.runc.checkpoint.enabled", Verb.canCheckpoint ? "true" : "false"),
        ], architectures: SeccompNames.architectures
    ).write(to: &json)
    json.endLine()
    return json.bytes
}

/// The text of `check`: a line for each problem, and under it what to do.
func checkText(_ problems: [Problem]) -> String {
    if problems.isEmpty { return "no problems\n" }
    var text = ""
    for problem in problems {
        let pointer = problem.pointer.isEmpty ? "config.json" : problem.pointer
        text += "\(problem.severity.name) \(pointer): \(problem.message)\n"
        if let hint = problem.hint, !hint.isEmpty { text += "  hint: \(hint)\n" }
    }
    return text
}

/// The JSON of `check`: an array, empty without problems.
func checkPage(_ problems: [Problem]) -> [UInt8] {
    var json = JSONWriter(indent: "  ")
    json.array { json in
        for problem in problems {
            json.object { json in
                json.member("severity", problem.severity.name)
                json.member("pointer", problem.pointer)
                json.member("message", problem.message)
                if let hint = problem.hint { json.member("hint", hint) }
                json.member("rule", problem.rule)
            }
        }
    }
    json.endLine()
    return json.bytes
}
