// Whole invocations that fail: their exit status, and exactly one line in the log.
import JSON
import Linux
import OCI
import Testing

@testable import Lifecycle
@testable import apus

/// A directory of its own for one test, removed with all files in it.
private func withDirectory(_ body: (String) throws -> Void) throws {
    let path = "/tmp/apus-test-\(Syscall.processID())-\(UInt32.random(in: 0 ... .max))"
    try Syscall.makeDirectory(path, mode: 0o700)
    defer {
        if let directory = try? Syscall.open(path, .directory),
            let names = try? Syscall.entries(of: directory.raw)
        {
            for name in names { try? Syscall.unlink(path + "/" + name) }
        }
        try? Syscall.unlink(path, directory: true)
    }
    try body(path)
}

private func lines(_ path: String) throws -> [String] {
    String(decoding: try Syscall.readFile(path), as: UTF8.self).split(separator: "\n").map(String.init)
}

@Suite struct ProgramTests {
    @Test(
        arguments: [
            (["state", "nope"], "container does not exist"),
            (["delete", "nope"], "container does not exist"),
            (["state", "a/b"], "invalid container ID format: \"a/b\""),
            (["nothing"], "unknown command \"nothing\"; see apus --help"),
            (
                ["kill", "nope", "NOSUCH"],
                "unknown signal \"NOSUCH\"; a name such as KILL or SIGTERM, or a number up to 64"
            ),
        ] as [([String], String)])
    func failureIsOneObject(command: [String], message: String) throws {
        try withDirectory { directory in
            let log = directory + "/log.json"
            let globals = ["--root", directory + "/root", "--log", log, "--log-format", "json"]
            #expect(Program.run(globals + command) == 1)
            let found = try lines(log)
            #expect(found.count == 1)
            #expect(try #require(found.first).hasPrefix(#"{"level":"error","msg":"#))
            let document = try JSONDocument(parsing: Array(try #require(found.first).utf8))
            var members: [String: String] = [:]
            try document.withRoot { root in
                try root.forEachMember { key, value in members[key] = try value.string() }
            }
            #expect(members["msg"] == message)
        }
    }

    /// go-runc calls with one log for a container's whole life.
    @Test func theLogIsAppendedTo() throws {
        try withDirectory { directory in
            let log = directory + "/log"
            for _ in 1...3 {
                #expect(Program.run(["--root", directory, "--log", log, "state", "nope"]) == 1)
            }
            let found = try lines(log)
            #expect(found.count == 3)
            for line in found {
                #expect(line.hasPrefix("time=\"20"))
                #expect(line.contains(" level=error msg=\"container does not exist\" phase=state"))
            }
        }
    }

    @Test func theLogIsThereWhenThereIsNothingToSay() throws {
        try withDirectory { directory in
            #expect(
                Program.run(["--root", directory, "--log", directory + "/log", "delete", "--force", "nope"])
                    == 0)
            let status = try Syscall.status(directory + "/log")
            #expect(status.size == 0)
            #expect(status.permissions & 0o600 == 0o600)
        }
    }

    @Test func aLogThatCannotBeOpenedIsAnError() throws {
        try withDirectory { directory in
            #expect(Program.run(["--log", directory + "/none/log", "delete", "--force", "nope"]) == 1)
        }
    }

    @Test func specIsWrittenOnce() throws {
        try withDirectory { directory in
            #expect(Program.run(["spec", "--bundle", directory]) == 0)
            let text = try Syscall.readFile(directory + "/config.json")
            let problems = Spec.check(json: text).problems
            #expect(problems.filter { $0.severity == .error && $0.rule != "unsupported" } == [])
            #expect(Program.run(["spec", "-b", directory]) == 1)
            #expect(try Syscall.readFile(directory + "/config.json") == text)
        }
    }
}
