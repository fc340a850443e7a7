// `explain`: a launch plan for people, as text, and for programs, as JSON.
import JSON
import Linux

/// Prints plans. Needs no root and touches nothing.
public enum Explain {
    /// Numbered steps with actor, JSON pointer and what is done; a line wherever one actor hands over to the other. With
    /// `syscalls`, the init's instructions stand below their steps.
    public static func text(_ plan: LaunchPlan, syscalls: Bool) -> String {
        let program = syscalls ? Lowering.lower(plan) : nil
        var lines = Lines(plan)
        for (index, planned) in plan.steps.enumerated() {
            lines.add(planned, number: index + 1)
            if let program { lines.add(program.range(of: index), of: program) }
        }
        for later in plan.later { lines.add(later) }
        for warning in plan.warnings + plan.notes { lines.text += "warning: \(warning)\n" }
        return lines.text
    }

    /// `{"steps": [{"number", "actor", "pointer", "summary", "instructions"}], "later": [{"command", "actor", "pointer",
    /// "summary"}], "warnings": [{"pointer", "message"}]}`.
    public static func json(_ plan: LaunchPlan, syscalls: Bool) -> String {
        let program = syscalls ? Lowering.lower(plan) : nil
        var json = JSONWriter(indent: "  ")
        json.object { json in
            json.member(
                "steps",
                array: { json in
                    for (index, planned) in plan.steps.enumerated() {
                        json.object { json in write(planned, index, program, to: &json) }
                    }
                })
            json.member(
                "later",
                array: { json in
                    for later in plan.later {
                        json.object { json in
                            json.member("command", later.command)
                            write(later.planned, to: &json)
                        }
                    }
                })
            json.member(
                "warnings",
                array: { json in
                    for warning in plan.warnings + plan.notes {
                        json.object { json in
                            json.member("pointer", warning.pointer)
                            json.member("message", warning.message)
                        }
                    }
                })
        }
        json.endLine()
        return json.text
    }

    private static func write(
        _ planned: PlannedStep, _ index: Int, _ program: Program?, to json: inout JSONWriter
    ) {
        json.member("number", index + 1)
        write(planned, to: &json)
        guard let program else { return }
        json.member(
            "instructions",
            array: { json in
                for index in program.range(of: index) {
                    json.object { json in
                        json.member("index", index)
                        json.member("text", Strace.format(at: index, in: program))
                    }
                }
            })
    }

    private static func write(_ planned: PlannedStep, to json: inout JSONWriter) {
        json.member("actor", planned.step.actor)
        json.member("pointer", planned.pointer)
        json.member("summary", planned.step.summary)
    }
}

extension Program {
    /// The instructions of step `index`.
    func range(of index: Int) -> Range<Int> {
        guard let first = instructions.firstIndex(where: { $0.step == UInt16(index) }) else { return 0..<0 }
        var end = first
        while end < instructions.count, instructions[end].step == UInt16(index) { end += 1 }
        return first..<end
    }
}

/// The lines of the text, their columns aligned.
private struct Lines {
    var text = ""
    private let numberWidth: Int
    private let pointerWidth: Int
    private var actor: String?

    init(_ plan: LaunchPlan) {
        numberWidth = String(plan.steps.count).utf8.count
        // A few long pointers do not push all the others aside.
        pointerWidth = min(34, plan.steps.map(\.pointer.utf8.count).max() ?? 0)
    }

    mutating func add(_ planned: PlannedStep, number: Int) {
        let isHandOver = actor.map { $0 != planned.step.actor } ?? false
        if isHandOver { text += String(repeating: " ", count: numberWidth + 2) + "---\n" }
        actor = planned.step.actor
        let number = String(number)
        text += String(repeating: " ", count: numberWidth - number.utf8.count) + number
        text += "  " + padded(planned.step.actor, 9)
        text += "  " + padded(planned.pointer, pointerWidth)
        text += "  " + planned.step.summary + "\n"
    }

    /// Of another command: no number, and the command stands before what it does.
    mutating func add(_ later: LaterStep) {
        let planned = later.planned
        text += padded("", numberWidth + 2) + padded(later.command, 9)
        text += "  " + padded(planned.pointer, pointerWidth) + "  " + planned.step.summary + "\n"
    }

    /// The instructions in `range`, indented below their step.
    mutating func add(_ range: Range<Int>, of program: Program) {
        let width = String(program.instructions.count).utf8.count
        for index in range {
            let number = String(index)
            text += String(repeating: " ", count: numberWidth + 4 + width - number.utf8.count) + number
            text += "  " + Strace.format(at: index, in: program) + "\n"
        }
    }

    private func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: max(0, width - word.utf8.count))
    }
}
