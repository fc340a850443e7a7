// The command line of the bench; conformance/bench writes it.
import Foundation

struct Options {
    /// What is measured: "times" or "limits".
    var part = "times"
    /// Names and binaries; the first is compared with the others.
    var contestants: [(name: String, binary: String)] = []
    var rounds = 40
    var meter = ""
    /// A static program that does nothing.
    var program = ""
    /// A seccomp profile as JSON.
    var profile = ""
    /// A directory that is ours.
    var work = ""

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Trouble(message: "\(flag) needs a value") }
            switch flag {
            case "--part": part = value
            case "--rounds": rounds = Int(value) ?? 0
            case "--meter": meter = value
            case "--program": program = value
            case "--profile": profile = value
            case "--work": work = value
            case "--runtime":
                let halves = value.split(separator: "=", maxSplits: 1).map(String.init)
                guard halves.count == 2 else { throw Trouble(message: "--runtime is NAME=BINARY") }
                contestants.append((halves[0], halves[1]))
            default: throw Trouble(message: "unknown flag \(flag)")
            }
        }
        guard rounds > 0, !contestants.isEmpty, ["times", "limits"].contains(part) else {
            throw Trouble(message: "--rounds, --runtime or --part is wrong")
        }
    }
}
