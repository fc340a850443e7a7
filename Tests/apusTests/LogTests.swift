// The lines of the log in both forms, and which warnings get there.
import Linux
import OCI
import Testing

@testable import Lifecycle

@Suite struct LogTests {
    private let failure = Failure(
        "mount tmpfs on \"/dev\": invalid argument", pointer: "/mounts/2", hint: "see mount(8)",
        errno: .invalid,
        syscall: "fsconfig", phase: "create")

    private func entry(_ failure: Failure, _ format: Log.Format) -> String {
        let entry = LogEntry(.error, failure.line, failure.particulars, time: "2026-11-23T17:13:16Z")
        return String(decoding: entry.encoded(format), as: UTF8.self)
    }

    @Test func json() {
        #expect(
            entry(failure, .json)
                == #"{"level":"error","msg":"/mounts/2: mount tmpfs on \"/dev\": invalid argument; see mount(8)","#
                + #""time":"2026-11-23T17:13:16Z","pointer":"/mounts/2","errno":"EINVAL","syscall":"fsconfig","#
                + #""phase":"create","hint":"see mount(8)"}"# + "\n")
        #expect(
            entry(Failure("container does not exist"), .json)
                == #"{"level":"error","msg":"container does not exist","time":"2026-11-23T17:13:16Z"}"# + "\n"
        )
    }

    /// A line break in a message must not make two lines of one.
    @Test func text() {
        #expect(
            entry(failure, .text)
                == #"time="2026-11-23T17:13:16Z" level=error msg="/mounts/2: mount tmpfs on \"/dev\": invalid "#
                + #"argument; see mount(8)" pointer=/mounts/2 errno=EINVAL syscall=fsconfig phase=create "#
                + #"hint="see mount(8)""# + "\n")
        #expect(
            entry(Failure("a\nb"), .text) == #"time="2026-11-23T17:13:16Z" level=error msg="a\nb""# + "\n")
    }

    @Test func pointerOfTheWholeDocumentIsLeftOut() {
        let failure = Failure(SpecError(pointer: "", message: "not an object"))
        #expect(failure.description == "not an object")
        #expect(!entry(failure, .json).contains("pointer"))
    }

    @Test func warningsGoToAFileOnDemandOnly() throws {
        let warnings = [
            SpecError(pointer: "/linux/intelRdt", message: "one"), SpecError(pointer: "", message: "two"),
        ]
        let path = "/tmp/apus-test-log-\(Syscall.processID())-\(UInt32.random(in: 0 ... .max))"
        defer { try? Syscall.unlink(path) }
        try Log(file: path, format: .json).prepare()
        Log(file: path, format: .json).report(warnings)
        #expect(try Syscall.readFile(path).isEmpty)
        Log(file: path, format: .json, level: .warning).report(warnings)
        let lines = try Syscall.readFile(path).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2)
        for line in lines { #expect(String(decoding: line, as: UTF8.self).contains(#""level":"warning""#)) }
    }
}
