// A plan with its program, taken apart so that invariants can look at it and mutants can be made of it.
import CLinux
import Linux
import OCI
import Testing

@testable import LaunchPlan

/// What the init would do, with the steps that it belongs to.
struct Trace: Sendable {
    var name: String
    var spec: Spec
    var facts: HostFacts
    var options: LaunchOptions
    var steps: [Step]
    var instructions: [Instruction]
    var data: [UInt8]
    let inherited: Set<Int>
    let names: [String: Slot]

    init(name: String, plan: LaunchPlan) {
        let program = Lowering.lower(plan)
        self.name = name
        spec = plan.spec
        facts = plan.facts
        options = plan.options
        steps = plan.steps.map(\.step)
        instructions = program.instructions
        data = program.data
        inherited = Set(program.inherited.map(\.instruction))
        names = Dictionary(uniqueKeysWithValues: program.names.map { ($0.name, $0.slot) })
    }

    // MARK: looking

    var hasUserNamespace: Bool { spec.linux.namespaces.contains { $0.type == "user" } }

    var calls: [Int] { instructions.indices.filter { instructions[$0].opcode == .syscall } }

    func calls(_ call: SystemCall) -> [Int] {
        instructions.indices.filter { instructions[$0].opcode == .syscall && instructions[$0].call == call }
    }

    /// Indices of the container steps for which `matches`.
    func steps(_ matches: (ContainerStep) -> Bool) -> [Int] {
        steps.indices.filter { if case .container(let step) = steps[$0] { matches(step) } else { false } }
    }

    func runtimeSteps(_ matches: (RuntimeStep) -> Bool) -> [Int] {
        steps.indices.filter { if case .runtime(let step) = steps[$0] { matches(step) } else { false } }
    }

    func containerStep(of instruction: Int) -> ContainerStep? {
        let index = Int(instructions[instruction].step)
        guard steps.indices.contains(index), case .container(let step) = steps[index] else { return nil }
        return step
    }

    /// Index of the step that enters the container's root.
    var rootChange: Int? {
        steps {
            switch $0 {
            case .pivotRoot, .moveRoot, .changeRoot: true
            default: false
            }
        }.first
    }

    /// The instructions after the root changed.
    var afterRootChange: [Int] {
        guard let rootChange else { return [] }
        return instructions.indices.filter { Int(instructions[$0].step) > rootChange }
    }

    func word(_ offset: Int, width: Int = 8) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(data[offset + $1]) << (8 * UInt64($1)) }
    }

    /// The C string that argument `argument` points to.
    func string(_ instruction: Int, _ argument: Int) -> String? {
        let operands = instructions[instruction].operands
        guard operands.indices.contains(argument), case .data(let offset) = operands[argument] else {
            return nil
        }
        return String(decoding: data[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }

    func immediate(_ instruction: Int, _ argument: Int) -> UInt64? {
        let operands = instructions[instruction].operands
        guard operands.indices.contains(argument), case .immediate(let value) = operands[argument] else {
            return nil
        }
        return value
    }

    func slot(_ instruction: Int, _ argument: Int) -> Slot? {
        let operands = instructions[instruction].operands
        guard operands.indices.contains(argument), case .slot(let slot) = operands[argument] else {
            return nil
        }
        return slot
    }

    /// `struct open_how` of an openat2(2): flags and resolve.
    func openHow(_ instruction: Int) -> (flags: UInt64, resolve: UInt64)? {
        guard case .data(let offset) = instructions[instruction].operands[2] else { return nil }
        return (word(offset), word(offset + 16))
    }

    /// Effective, permitted, inheritable of a capset(2).
    func capabilitySets(_ instruction: Int) -> [UInt64] {
        guard case .data(let offset) = instructions[instruction].operands[1] else { return [] }
        return (0..<3).map { word(offset + 4 * $0, width: 4) | word(offset + 12 + 4 * $0, width: 4) << 32 }
    }

    func line(_ index: Int) -> String {
        let instruction = instructions[index]
        return "\(index): \(instruction.opcode == .syscall ? instruction.call.name : "\(instruction.opcode)")"
    }

    // MARK: breaking

    /// Takes instruction `index` out; jumps over it get shorter.
    mutating func remove(_ index: Int) {
        for jump in instructions.indices where jump < index && jump + Int(instructions[jump].skip) >= index {
            if instructions[jump].skip > 0 { instructions[jump].skip -= 1 }
        }
        instructions.remove(at: index)
    }

    mutating func move(_ index: Int, before other: Int) {
        let instruction = instructions.remove(at: index)
        instructions.insert(instruction, at: other > index ? other - 1 : other)
    }

    mutating func swapSteps(_ a: Int, _ b: Int) { steps.swapAt(a, b) }

    /// Sets a 64-bit word of the data block.
    mutating func set(_ offset: Int, _ value: UInt64) {
        for index in 0..<8 { data[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
    }

    /// Offset of the data operand `argument`.
    func offset(_ instruction: Int, _ argument: Int) -> Int {
        guard case .data(let offset) = instructions[instruction].operands[argument] else { return 0 }
        return offset
    }
}

/// A rule that every plan and its program keep.
struct Invariant: CustomTestStringConvertible, Sendable {
    /// The rule, with the vulnerability or the text that it comes from.
    let name: String
    /// What breaks it; empty when it holds.
    let violations: @Sendable (Trace) -> [String]
    /// Breaks it; the invariant must see that.
    let breaking: @Sendable (inout Trace) -> Void
    /// The case of spec-fixtures that `breaking` is written for.
    let fixture: String

    init(
        _ name: String, in fixture: String = "everything",
        breaking: @escaping @Sendable (inout Trace) -> Void,
        _ violations: @escaping @Sendable (Trace) -> [String]
    ) {
        self.name = name
        self.violations = violations
        self.breaking = breaking
        self.fixture = fixture
    }

    var testDescription: String { name }
}
