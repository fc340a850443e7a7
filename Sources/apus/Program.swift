// One invocation from its arguments to its exit status, with what it prints and logs on the way.
import Lifecycle
import Linux

enum Program {
    /// Runs the command line `arguments`, without the program's name.
    static func run(_ arguments: [String]) -> Int32 {
        var parser = CommandLineParser(arguments)
        var log = Log()
        do throws(Failure) {
            try hold()
            // The global flags say where an error goes, also one about the rest of the line.
            let parsed = Result { () throws(Failure) in try parser.parse() }
            log = Log(parser.globals)
            try log.prepare()
            return try answer(parsed.get(), parser.globals, log)
        } catch {
            log.report(error)
            return error.exitStatus
        }
    }

    private static func hold() throws(Failure) {
        do throws(Errno) {
            try Syscall.holdStandardDescriptors()
        } catch {
            throw Failure("open /dev/null: \(error)", errno: error, syscall: "openat")
        }
    }

    private static func answer(
        _ request: Request, _ globals: GivenFlags, _ log: Log
    ) throws(Failure) -> Int32 {
        switch request {
        case .version: try Output.write(Version.text)
        case .help(nil): try Output.write(programHelp())
        case .help(let name?): try Output.write(Command.named(name).help)
        case .command(let name, let flags, let positionals):
            let settings = try Settings(globals)
            do throws(Failure) {
                return try perform(name, flags, positionals, settings, log)
            } catch {
                var failure = error
                failure.phase = failure.phase ?? name.rawValue
                // Else a caller could not tell it from a failure of the command in the container.
                if name == .exec { failure.exitStatus = 255 }
                throw failure
            }
        }
        return 0
    }
}

/// Standard output.
enum Output {
    /// Writes `text` at once, so that two commands' outputs do not mix.
    static func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) throws(Failure) {
        do throws(Errno) {
            try Syscall.write(1, bytes)
        } catch {
            throw Failure("write to standard output: \(error)", errno: error, syscall: "write")
        }
    }
}
