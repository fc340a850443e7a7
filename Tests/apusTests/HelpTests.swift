// The help, which comes from the same table as the parser.
import Testing

@testable import apus

@Suite struct HelpTests {
    @Test(arguments: CommandName.allCases)
    func namesAllThatWorks(name: CommandName) {
        let command = Command.named(name)
        #expect(command.name == name)
        for flag in command.flags {
            #expect(command.help.contains("--" + flag.name.rawValue) == flag.works, "\(flag.name)")
        }
        #expect(programHelp().contains("\n  \(name.rawValue) "))
        #expect(command.help.contains("usage: apus [GLOBAL FLAGS] \(name.rawValue)"))
    }

    /// A letter or a name for two flags would make one of them unreachable.
    @Test(arguments: [Flag.global] + CommandName.allCases.map { Command.named($0).flags + [.help] })
    func noFlagTwice(table: [Flag]) {
        #expect(Set(table.map(\.name)).count == table.count)
        let letters = table.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
    }

    /// Optional positionals come last, or the count would not tell which are there.
    @Test(arguments: CommandName.allCases)
    func optionalPositionalsAreLast(name: CommandName) {
        let optional = Command.named(name).positionals.map(\.isOptional)
        #expect(optional == optional.sorted { !$0 && $1 })
    }

    @Test func page() {
        #expect(
            Command.named(.kill).help == """
                apus kill: send a signal to a container

                usage: apus [GLOBAL FLAGS] kill [FLAGS] ID [SIGNAL]

                SIGNAL is a name, with or without SIG, or a number; without it, TERM.

                flags:
                  -a, --all   signal all processes of the container
                  -h, --help  show this help

                """)
    }

    @Test func version() {
        let lines = Version.text.split(separator: "\n")
        #expect(lines.first == "apus version \(Version.number)")
        #expect(lines.map { $0.split(separator: ":")[0] }.dropFirst() == ["commit", "spec", "libseccomp"])
        // A build from a tarball knows no commit.
        #expect(Version.commit == "unknown" || Version.commit.count >= 40)
        #expect(Version.text.hasSuffix("\n"))
    }
}
