// Starts programs with exactly the descriptors, environment and directory a test asks for, and waits with a limit.
import Foundation
import Launch

/// How a program ended and what it printed.
struct Outcome: Sendable {
    let argv: [String]
    /// The exit code, or 128 + the signal's number.
    let status: Int32
    let out: String
    let err: String
    let timedOut: Bool
    let seconds: Double

    var description: String {
        "`\(argv.joined(separator: " "))` ended with \(status)\(timedOut ? " (killed: time limit)" : "")"
            + (err.isEmpty ? "" : ", stderr: \(err.trimmed.suffix(800))")
    }
}

struct Command: Sendable {
    var argv: [String]
    var environment: [String: String]
    var directory: String
    var input = "/dev/null"
    var output: String
    var errors: String
    /// Descriptors of this process that become 3, 4, ... in the program.
    var passed: [Int32] = []
    /// In a session of its own; `input`, if it is a terminal, controls it.
    var newSession = false
    /// Seconds until the program is killed.
    var limit = 20.0
    /// When the case's own time is over.
    var deadline = Date.distantFuture

    /// Starts the program; the caller must wait for it.
    func start() throws -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = argv.map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        arguments.append(nil)
        variables.append(nil)
        let texts: [UnsafeMutablePointer<CChar>?] = [directory, input, output, errors].map { (text: String) in
            strdup(text)
        }
        defer { (arguments + variables + texts).forEach { free($0) } }
        var pid: pid_t = 0
        var code: Int32 = 0
        // A program just copied is "busy" while another thread's child still holds the copy's descriptor.
        for _ in 0..<50 {
            code = passed.withUnsafeBufferPointer { passed in
                var how = launch(
                    directory: .init(texts[0]), input: .init(texts[1]), output: .init(texts[2]),
                    errors: .init(texts[3]), passed: passed.baseAddress, passed_count: Int32(passed.count),
                    new_session: newSession ? 1 : 0)
                return launch(&pid, &how, arguments, variables)
            }
            if code != ETXTBSY { break }
            usleep(2000)
        }
        guard code == 0 else { throw Failure("cannot start \(argv[0]): \(String(cString: strerror(code)))") }
        return pid
    }

    func run() throws -> Outcome {
        let began = Date()
        if began > deadline {
            throw Failure("the case's time is over before `\(argv.joined(separator: " "))`")
        }
        let pid = try start()
        return finish(pid, began: began)
    }

    func finish(_ pid: pid_t, began: Date = Date()) -> Outcome {
        let (status, timedOut) = Command.wait(
            pid, limit: max(0.1, min(limit, deadline.timeIntervalSinceNow)))
        return Outcome(
            argv: argv, status: status, out: Files.read(output) ?? "", err: Files.read(errors) ?? "",
            timedOut: timedOut, seconds: Date().timeIntervalSince(began))
    }

    /// Waits for a child, kills it when the limit (in seconds) passes.
    static func wait(_ pid: pid_t, limit: Double) -> (status: Int32, timedOut: Bool) {
        var raw: Int32 = 0
        var pause: UInt32 = 300
        var timedOut = false
        let end = Date().addingTimeInterval(limit)
        while waitpid(pid, &raw, WNOHANG) == 0 {
            usleep(pause)
            pause = min(pause * 2, 8000)
            if !timedOut && Date() > end {
                kill(pid, SIGKILL)
                timedOut = true
            }
        }
        let signal = raw & 0x7f
        return (signal == 0 ? (raw >> 8) & 0xff : 128 + signal, timedOut)
    }
}

/// Tries until the condition holds; false when the limit (in seconds) passes first.
func eventually(within limit: Double = 5, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date().addingTimeInterval(limit)
    var pause: UInt32 = 500
    while true {
        if try condition() { return true }
        if Date() > end { return false }
        usleep(pause)
        pause = min(pause * 2, 20000)
    }
}
