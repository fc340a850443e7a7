// One run of the fuzzer over the command line: arguments separated by line breaks. The corpus is replayed by
// ArgumentCorpusTests.
import Lifecycle

@testable import apus

/// Whatever the arguments are, they are understood or refused with a message that says why in one line.
func fuzzArguments(_ bytes: [UInt8]) {
    let arguments = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
    var parser = CommandLineParser(arguments)
    do throws(Failure) {
        switch try parser.parse() {
        case .version: break
        case .help(let name): precondition(!(name.map { Command.named($0).help } ?? programHelp()).isEmpty)
        case .command(let name, let flags, let positionals):
            precondition(positionals.count <= arguments.count)
            precondition(Command.named(name).name == name)
            for flag in flags.list {
                _ = (flags.text(flag.name), flags.isOn(flag.name), flags.count(flag.name))
            }
            if let word = positionals.dropFirst().first { _ = try signal(word) }
            _ = try Settings(parser.globals)
        }
    } catch {
        precondition(!error.line.isEmpty && error.exitStatus != 0)
    }
    _ = Log(parser.globals)
}
