// The probe's output, cut into one section per command.
struct ProbeOutput {
    struct Section {
        var command: String
        var lines: [String] = []
        /// The value of the first line `key=value` (or `key: value`, as /proc files have it); empty when there is none.
        subscript(key: String) -> String {
            for line in lines {
                if line.hasPrefix(key + "=") { return String(line.dropFirst(key.count + 1)) }
                if line.hasPrefix(key + ":") { return String(line.dropFirst(key.count + 1)).trimmed }
            }
            return ""
        }
        /// All values of a key that comes more than once.
        func all(_ key: String) -> [String] {
            lines.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        var text: String { lines.joined(separator: "\n") }
    }

    let sections: [Section]
    let raw: String

    init(_ text: String) {
        raw = text
        var sections: [Section] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("@ ") {
                sections.append(Section(command: String(line.dropFirst(2))))
            } else if !sections.isEmpty {
                sections[sections.count - 1].lines.append(String(line))
            }
        }
        self.sections = sections
    }

    /// The first section whose command is this one, else the first that begins with it; empty when there is none.
    subscript(command: String) -> Section {
        sections.first { $0.command == command || $0.command.hasPrefix(command + " ") }
            ?? sections.first { $0.command.hasPrefix(command) } ?? Section(command: "")
    }
}
