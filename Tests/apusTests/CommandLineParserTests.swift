// The grammar: the forms of a flag, where flags end, and what is refused with which words.
import Lifecycle
import Testing

@testable import apus

private func parse(_ arguments: String...) throws(Failure) -> Request {
    var parser = CommandLineParser(arguments)
    return try parser.parse()
}

private func message(_ arguments: [String]) -> String? {
    var parser = CommandLineParser(arguments)
    do throws(Failure) { _ = try parser.parse() } catch { return error.line }
    return nil
}

@Suite struct FlagFormTests {
    @Test(arguments: [
        ["--bundle", "/b"], ["--bundle=/b"], ["-bundle", "/b"], ["-bundle=/b"], ["-b", "/b"], ["-b/b"],
        ["-b=/b"],
        ["--bundle", "/a", "--bundle", "/b"],
    ])
    func value(form: [String]) throws {
        for arguments in [["create"] + form + ["c1"], ["create", "c1"] + form] {
            var parser = CommandLineParser(arguments)
            guard case .command(.create, let flags, ["c1"]) = try parser.parse() else {
                Issue.record("\(arguments)")
                continue
            }
            #expect(flags.value(.bundle) == "/b")
        }
    }

    @Test(arguments: [
        ("--detach", true), ("-detach", true), ("-d", true), ("--detach=true", true),
        ("--detach=false", false),
        ("--detach=0", false), ("-d=false", false), ("--keep", false),
    ])
    func toggle(form: String, expected: Bool) throws {
        guard case .command(.run, let flags, _) = try parse("run", form, "c1") else {
            Issue.record("not run")
            return
        }
        #expect(flags.isOn(.detach) == expected)
    }

    @Test func lettersInARow() throws {
        guard case .command(.list, let flags, _) = try parse("list", "-qfjson") else {
            Issue.record("not list")
            return
        }
        #expect(flags.list == [GivenFlag(.quiet, "true"), GivenFlag(.format, "json")])
    }

    /// go-runc has this one with one dash.
    @Test func oneDashAndSeveralLetters() throws {
        #expect(
            try parse("run", "-no-subreaper", "c1")
                == .command(.run, GivenFlags([GivenFlag(.noSubreaper, "true")]), ["c1"]))
    }

    @Test func aValueMayLookLikeAFlag() throws {
        #expect(
            try parse("run", "--bundle", "--keep", "c1")
                == .command(.run, GivenFlags([GivenFlag(.bundle, "--keep")]), ["c1"]))
    }

    @Test func optionalValue() throws {
        for (arguments, value) in [
            (["--rootless", "list"], "true"), (["--rootless", "auto", "list"], "auto"),
            (["--rootless=false", "list"], "false"),
        ] {
            var parser = CommandLineParser(arguments)
            #expect(try parser.parse() == .command(.list, GivenFlags(), []))
            #expect(parser.globals.value(.rootless) == value)
        }
    }

    @Test func twoDashesEndTheFlags() throws {
        #expect(try parse("state", "--", "-x") == .command(.state, GivenFlags(), ["-x"]))
        #expect(try parse("--", "state", "-") == .command(.state, GivenFlags(), ["-"]))
    }

    /// What a script writes for an unset variable is no value.
    @Test func emptyValue() throws {
        guard case .command(_, let flags, _) = try parse("create", "--pid-file", "", "--bundle=", "c1") else {
            Issue.record("not create")
            return
        }
        #expect(flags.text(.pidFile) == nil)
        #expect(flags.text(.bundle) == nil)
    }
}

@Suite struct KillGrammarTests {
    private func kill(_ arguments: String...) throws -> (GivenFlags, [String])? {
        var parser = CommandLineParser(["kill"] + arguments)
        guard case .command(.kill, let flags, let positionals) = try parser.parse() else { return nil }
        return (flags, positionals)
    }

    /// Behind the id a dash does not make a flag, unless it is one of kill's own.
    @Test func dashesBehindTheID() throws {
        let (none, signal) = try #require(try kill("c1", "-9"))
        #expect(none == GivenFlags())
        #expect(signal == ["c1", "-9"])
        for arguments in [["c1", "KILL", "--all"], ["c1", "-a", "KILL"], ["-a", "c1", "KILL"]] {
            var parser = CommandLineParser(["kill"] + arguments)
            #expect(
                try parser.parse() == .command(.kill, GivenFlags([GivenFlag(.all, "true")]), ["c1", "KILL"]))
        }
    }

    @Test(
        arguments: [
            (nil, 15), ("9", 9), ("KILL", 9), ("SIGKILL", 9), ("sigterm", 15), ("HUP", 1), ("0", 0),
            ("RTMIN+1", 35),
        ] as [(String?, Int32)])
    func signals(text: String?, number: Int32) throws {
        #expect(try signal(text) == number)
    }

    @Test(arguments: ["", "NOSUCH", "65", "-9", "SIG", "9 "])
    func unknownSignal(text: String) {
        #expect(throws: Failure.self) { try signal(text) }
    }
}

@Suite struct HelpRequestTests {
    @Test func help() throws {
        for arguments in [[], ["--help"], ["-h"], ["help"], ["-help"], ["--root", "/x", "--help"]] {
            var parser = CommandLineParser(arguments)
            #expect(try parser.parse() == .help(nil), "\(arguments)")
        }
        #expect(try parse("help", "kill") == .help(.kill))
    }

    /// Before anything else is asked for, as podman does to see whether a command exists.
    @Test(arguments: CommandName.allCases)
    func ofEachCommand(name: CommandName) throws {
        #expect(try parse(name.rawValue, "--help") == .help(name))
        #expect(try parse(name.rawValue, "-h") == .help(name))
    }

    @Test func version() throws {
        #expect(try parse("--version") == .version)
        #expect(try parse("-v") == .version)
        #expect(try parse("--root", "/x", "--version") == .version)
    }
}

@Suite struct UsageErrorTests {
    @Test(
        arguments: [
            (["strat", "c1"], "unknown command \"strat\"; did you mean \"start\"? (apus --help)"),
            (["frobnicate", "--help"], "unknown command \"frobnicate\"; see apus --help"),
            (["help", "nothing"], "unknown command \"nothing\"; see apus --help"),
            (
                ["create", "--bunlde", "x", "c1"],
                "flag provided but not defined: --bunlde; did you mean \"--bundle\"? (apus create --help)"
            ),
            (
                ["--rot", "x", "list"],
                "flag provided but not defined: --rot; did you mean \"--root\"? (apus --help)"
            ),
            (["list", "-x"], "flag provided but not defined: -x; see apus list --help"),
            (
                ["list", "---quiet"],
                "flag provided but not defined: ---quiet; did you mean \"--quiet\"? (apus list --help)"
            ),
            (
                ["state", "--root", "/x", "c1"],
                "flag provided but not defined for state: --root; --root goes before the command"
            ),
            (["create", "c1", "--bundle"], "flag needs an argument: --bundle; see apus create --help"),
            (["--root"], "flag needs an argument: --root; see apus --help"),
            (["state"], "\"state\" requires exactly 1 argument; see apus state --help"),
            (
                ["state", "a", "b"],
                "\"state\" requires exactly 1 argument, not also \"b\"; see apus state --help"
            ),
            (["kill"], "\"kill\" requires at least 1 argument; see apus kill --help"),
            (
                ["kill", "a", "9", "x"],
                "\"kill\" requires at most 2 arguments, not also \"x\"; see apus kill --help"
            ),
            (["list", "x"], "\"list\" requires no arguments, not also \"x\"; see apus list --help"),
            (
                ["--log-format", "xml", "list"],
                "invalid value \"xml\" for flag --log-format: want text or json; see apus --help"
            ),
            (
                ["list", "--format=text"],
                "invalid value \"text\" for flag --format: want table or json; see apus list --help"
            ),
            (
                ["--rootless=maybe", "list"],
                "invalid value \"maybe\" for flag --rootless: want true, false or auto; see apus --help"
            ),
            (
                ["run", "--preserve-fds", "-1", "c1"],
                "invalid value \"-1\" for flag --preserve-fds: want a whole number, zero or more; see apus run --help"
            ),
            (
                ["run", "--keep=perhaps", "c1"],
                "invalid value \"perhaps\" for flag --keep: want true or false; see apus run --help"
            ),
        ] as [([String], String)])
    func text(arguments: [String], expected: String) {
        #expect(message(arguments) == expected)
    }

    /// The log takes an error about the command, too.
    @Test func globalsBeforeAnErrorAreKept() {
        var parser = CommandLineParser(["--log", "/l", "--log-format", "json", "nothing"])
        #expect(throws: Failure.self) { try parser.parse() }
        #expect(parser.globals.value(.log) == "/l")
        #expect(parser.globals.value(.logFormat) == "json")
    }
}

extension GivenFlags {
    init(_ flags: [GivenFlag]) {
        self.init()
        append(flags)
    }
}
