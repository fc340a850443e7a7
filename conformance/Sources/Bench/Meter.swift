// Runs commands through conformance/meter and reads what they cost.
import Foundation
import Launch

/// What one run cost, descendants included.
struct Sample {
    /// Milliseconds.
    var wall: Double
    /// Milliseconds, user and system.
    var cpu: Double
    /// KiB.
    var peak: Double
}

struct Trouble: Error {
    let message: String
}

/// Runs `argv` in `directory` with its output in the file `output`; its status as a shell has it. Not Foundation's
/// Process: that waits until all descendants are gone, and `create` leaves one.
func spawn(_ argv: [String], in directory: String, output: String) -> Int32 {
    unlink(output)
    var arguments: [UnsafeMutablePointer<CChar>?] = argv.map { strdup($0) }
    var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin")]
    arguments.append(nil)
    environment.append(nil)
    let paths = [directory, "/dev/null", output, "/dev/null"]
    let texts: [UnsafeMutablePointer<CChar>?] = paths.map { (path: String) in strdup(path) }
    defer { (arguments + environment + texts).forEach { free($0) } }
    var how = launch(
        directory: .init(texts[0]), input: .init(texts[1]), output: .init(texts[2]), errors: .init(texts[3]),
        passed: nil, passed_count: 0, new_session: 0)
    var pid: pid_t = 0
    guard launch(&pid, &how, arguments, environment) == 0 else { return 127 }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
}

struct Meter {
    let path: String
    /// Two files for what is printed.
    let output: String
    let errors: String

    init(path: String, work: String) {
        self.path = path
        output = work + "/output"
        errors = work + "/errors"
    }

    /// Runs `commands` in turn; throws with what the last one printed when it fails.
    func run(_ commands: [[String]], in directory: String) throws -> Sample {
        unlink(errors)
        _ = spawn([path, errors] + commands.joined(separator: [";"]), in: directory, output: output)
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard numbers.count == 4 else { throw Trouble(message: "the meter said \"\(text)\"") }
        guard numbers[0] == 0 else {
            let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
            let last = said.split(separator: "\n").last.map(String.init) ?? "nothing"
            throw Trouble(message: "status \(Int(numbers[0])): \(last)")
        }
        return Sample(wall: numbers[1] / 1e6, cpu: numbers[2] / 1e3, peak: numbers[3])
    }
}
