// From arguments to a request, by the tables. No side effects.
import Lifecycle
import Linux

/// What the caller wants.
enum Request: Sendable, Equatable {
    case version
    /// Of the program, or of one command.
    case help(CommandName?)
    case command(CommandName, GivenFlags, [String])
}

/// Reads the arguments behind the program's name.
struct CommandLineParser {
    /// The global flags so far: an error is logged as they say, even one about what follows them.
    private(set) var globals = GivenFlags()
    private let arguments: [String]
    private var next = 0

    init(_ arguments: [String]) { self.arguments = arguments }

    mutating func parse() throws(Failure) -> Request {
        while let argument = peek, isFlag(argument) {
            next += 1
            if argument == "--" { break }
            globals.append(try readFlag(argument, of: Flag.global, command: nil))
            if globals.isOn(.help) { return .help(nil) }
            if globals.isOn(.version) { return .version }
        }
        guard let word = take() else { return .help(nil) }
        if word == "help" { return .help(try take().map(command)) }
        return try parse(Command.named(try command(word)))
    }

    private mutating func parse(_ command: Command) throws(Failure) -> Request {
        var flags = GivenFlags()
        var positionals: [String] = []
        var onlyPositionals = false
        while let argument = take() {
            if onlyPositionals || !isFlag(argument) {
                positionals.append(argument)
                if command.lateFlags == .none { onlyPositionals = true }
            } else if argument == "--" {
                onlyPositionals = true
            } else if command.lateFlags == .known, !positionals.isEmpty, !command.has(argument) {
                positionals.append(argument)
            } else {
                flags.append(try readFlag(argument, of: command.flags + [.help], command: command.name))
                if flags.isOn(.help) { return .help(command.name) }
            }
        }
        try checkCount(of: positionals, for: command)
        return .command(command.name, flags, positionals)
    }

    private func command(_ word: String) throws(Failure) -> CommandName {
        if let name = CommandName(rawValue: word) { return name }
        let near = nearest(word, in: CommandName.allCases.map(\.rawValue))
        throw usage("unknown command \"\(word)\"", near: near, command: nil)
    }

    private func checkCount(of positionals: [String], for command: Command) throws(Failure) {
        let count = positionals.count
        guard count < command.least || count > command.most else { return }
        let bound = count < command.least ? command.least : command.most
        let how = command.least == command.most ? "exactly" : count < command.least ? "at least" : "at most"
        let need = bound == 0 ? "no arguments" : "\(how) \(bound) argument\(bound == 1 ? "" : "s")"
        let excess = count > command.most ? ", not also \"\(positionals[command.most])\"" : ""
        throw usage("\"\(command.name.rawValue)\" requires \(need)\(excess)", command: command.name)
    }

    // MARK: one flag

    /// Reads `argument`, and its value where that is an argument of its own. Several flags come of letters in a row.
    private mutating func readFlag(
        _ argument: String, of table: [Flag], command: CommandName?
    ) throws(Failure) -> [GivenFlag] {
        let body = argument.utf8.drop { $0 == UInt8(ascii: "-") }
        let dashes = argument.utf8.count - body.count
        let equals = body.firstIndex(of: UInt8(ascii: "="))
        let name = Substring(body[..<(equals ?? body.endIndex)])
        let attached = equals.map { String(Substring(body[body.index(after: $0)...])) }
        // One dash is enough for a long flag: go-runc sends -no-subreaper.
        if dashes <= 2, let flag = table.first(where: { $0.name.rawValue == name }) {
            return [try take(flag, attached, command)]
        }
        guard dashes == 1 else { throw unknown(argument, String(name), table, command) }
        var rest = body
        var flags: [GivenFlag] = []
        while let letter = rest.popFirst() {
            guard let flag = table.first(where: { $0.letter == letter }) else {
                throw unknown(argument, String(name), table, command)
            }
            let isLast = rest.isEmpty || flag.value != .none || rest.first == UInt8(ascii: "=")
            if rest.first == UInt8(ascii: "=") { rest.removeFirst() }
            let value = rest.isEmpty && equals == nil ? nil : String(Substring(rest))
            flags.append(try take(flag, isLast ? value : nil, command))
            if isLast { break }
        }
        return flags
    }

    private mutating func take(
        _ flag: Flag, _ attached: String?, _ command: CommandName?
    ) throws(Failure) -> GivenFlag {
        let name = flag.name.rawValue
        guard flag.works else { throw Failure("--\(name) is not supported yet") }
        switch flag.value {
        case .none:
            guard let value = truth(attached ?? "true") else {
                throw invalid(attached ?? "", for: flag, "true or false", command)
            }
            return GivenFlag(name: flag.name, value: value)
        case .optionalChoice(let words):
            var value = attached
            if value == nil, let word = peek, words.contains(word) { value = take() }
            guard words.contains(value ?? words[0]) else {
                throw invalid(value ?? "", for: flag, oneOf(words), command)
            }
            return GivenFlag(name: flag.name, value: value ?? words[0])
        case .choice(let words):
            let value = try needed(attached, name, command)
            guard words.contains(value) else { throw invalid(value, for: flag, oneOf(words), command) }
            return GivenFlag(name: flag.name, value: value)
        case .count:
            let value = try needed(attached, name, command)
            guard let number = Int32(value), number >= 0 else {
                throw invalid(value, for: flag, "a whole number, zero or more", command)
            }
            return GivenFlag(name: flag.name, value: String(number))
        case .text:
            return GivenFlag(name: flag.name, value: try needed(attached, name, command))
        }
    }

    /// The value behind `=`, or the next argument, whatever it looks like.
    private mutating func needed(
        _ attached: String?, _ name: String, _ command: CommandName?
    ) throws(Failure) -> String {
        if let attached { return attached }
        guard let value = take() else { throw usage("flag needs an argument: --\(name)", command: command) }
        return value
    }

    // MARK: arguments

    private var peek: String? { next < arguments.count ? arguments[next] : nil }

    private mutating func take() -> String? {
        guard next < arguments.count else { return nil }
        next += 1
        return arguments[next - 1]
    }

    // MARK: errors

    private func invalid(_ value: String, for flag: Flag, _ want: String, _ command: CommandName?) -> Failure
    {
        usage("invalid value \"\(value)\" for flag --\(flag.name.rawValue): want \(want)", command: command)
    }

    private func unknown(_ argument: String, _ name: String, _ table: [Flag], _ command: CommandName?)
        -> Failure
    {
        let isGlobal = command != nil && Flag.global.contains { $0.name.rawValue == name }
        if isGlobal, let command {
            return Failure(
                "flag provided but not defined for \(command.rawValue): \(argument)",
                hint: "--\(name) goes before the command")
        }
        let near = nearest(name, in: table.filter(\.works).map(\.name.rawValue))
        return usage(
            "flag provided but not defined: \(argument)", near: near.map { "--" + $0 }, command: command)
    }

    private func usage(_ message: String, near: String? = nil, command: CommandName?) -> Failure {
        let help = "apus \(command.map { $0.rawValue + " " } ?? "")--help"
        return Failure(message, hint: near.map { "did you mean \"\($0)\"? (\(help))" } ?? "see \(help)")
    }
}

extension Command {
    /// Whether `argument` is exactly a flag of the table, without a value.
    fileprivate func has(_ argument: String) -> Bool {
        (flags + [.help]).contains { flag in
            argument == "--" + flag.name.rawValue
                || flag.letter.map { Array(argument.utf8) == [UInt8(ascii: "-"), $0] } ?? false
        }
    }
}

/// A dash alone is a word: standard input.
private func isFlag(_ argument: String) -> Bool {
    argument.utf8.first == UInt8(ascii: "-") && argument.utf8.count > 1
}

private func truth(_ word: String) -> String? {
    switch word {
    case "true", "1", "t": "true"
    case "false", "0", "f": "false"
    default: nil
    }
}

private func oneOf(_ words: [String]) -> String {
    words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
}
