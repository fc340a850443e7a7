// What a command accepts: one row for each command, from which parser and help come.

/// The commands by their names.
enum CommandName: String, CaseIterable, Sendable {
    case create, run, start, state, kill, delete, list, spec, features, explain, check
    case ps, pause, resume, update, events, stats, wait, exec
    case checkpoint, restore, mounts
}

/// An argument that is not a flag.
struct Positional: Sendable, Equatable {
    let name: String
    var isOptional = false
    /// May be given any number of times; only the last one of a command.
    var isRepeated = false

    static let id = Positional(name: "ID")
}

/// What happens to dashes behind the first positional.
enum LateFlags: Sendable {
    /// They are flags like those before it.
    case flags
    /// Only what the table has exactly is a flag; anything else is a positional, such as a negative number.
    case known
    /// There are none: all that follows is for somebody else, such as a command line.
    case none
}

/// A command with its grammar.
struct Command: Sendable {
    let name: CommandName
    let summary: String
    var positionals: [Positional] = []
    var flags: [Flag] = []
    var lateFlags = LateFlags.flags
    /// More lines of help.
    var notes: String?

    /// How many positionals the command needs, and how many it takes.
    var least: Int { positionals.reduce(0) { $0 + ($1.isOptional ? 0 : 1) } }
    var most: Int { positionals.last?.isRepeated == true ? .max : positionals.count }
}
