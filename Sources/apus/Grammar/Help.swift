// The help of the program and of each command, from the tables.

extension Command {
    /// `apus create [FLAGS] ID`
    var usage: String {
        var text = "apus [GLOBAL FLAGS] \(name.rawValue)"
        if !flags.isEmpty { text += " [FLAGS]" }
        for positional in positionals {
            let name = positional.name + (positional.isRepeated ? "..." : "")
            text += positional.isOptional ? " [\(name)]" : " " + name
        }
        return text
    }

    /// What `apus COMMAND --help` prints.
    var help: String {
        var text = "apus \(name.rawValue): \(summary)\n\nusage: \(usage)\n"
        if let notes { text += "\n" + notes + "\n" }
        return text + "\nflags:\n" + Flag.table(flags + [.help])
    }
}

extension Flag {
    /// One line for each flag, its help in one column; what does not work yet is left out.
    static func table(_ flags: [Flag]) -> String {
        rows(
            flags.filter(\.works).map { flag in
                ("  \(flag.form)", flag.summary + (flag.fallback.map { " (default: \($0))" } ?? ""))
            })
    }

    /// `-b, --bundle DIR`
    private var form: String {
        let short = letter.map { "-\(Unicode.Scalar($0)), " } ?? "    "
        let name = short + "--" + name.rawValue
        guard let display = value.display else { return name }
        if case .optionalChoice = value { return name + "[=\(display)]" }
        return name + " " + display
    }
}

/// What `apus --help` prints.
func programHelp() -> String {
    let commands = CommandName.allCases.map { ("  " + $0.rawValue, Command.named($0).summary) }
    return """
        apus: a low-level OCI container runtime

        usage: apus [GLOBAL FLAGS] COMMAND [FLAGS] [ARGUMENTS]

        commands:
        \(rows(commands))
        global flags:
        \(Flag.table(Flag.global))
        "apus COMMAND --help" shows the flags of a command.

        """
}

/// Two columns; a wide first cell has its second one on the next line.
private func rows(_ rows: [(String, String)]) -> String {
    let widest = 30
    let width = rows.map(\.0.utf8.count).filter { $0 <= widest }.max() ?? 0
    var text = ""
    for (first, second) in rows {
        let wide = first.utf8.count > width
        let gap = String(repeating: " ", count: wide ? width + 2 : width + 2 - first.utf8.count)
        text += first + (wide ? "\n" : "") + gap + second + "\n"
    }
    return text
}
