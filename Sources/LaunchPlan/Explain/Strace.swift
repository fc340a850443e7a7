// Instructions of a program as strace would show them: for `explain` and for errors.
import CLinux
import Linux

/// The formatter. Pure: the same instruction always gives the same line.
public enum Strace {
    /// One instruction: `openat2(root, "dev", {flags=O_PATH|O_CLOEXEC, resolve=…}, 24) = $5`.
    public static func format(_ instruction: Instruction, in program: Program) -> String {
        line(instruction, in: program, at: nil)
    }

    /// The instruction at `index`; its jumps name the instructions that they lead to.
    static func format(at index: Int, in program: Program) -> String {
        let instruction = program.instructions[index]
        if let inherited = program.inherited.first(where: { $0.instruction == index }) {
            return "\(program.name(of: instruction.out)) = \(inherited.name.description)"
        }
        return line(instruction, in: program, at: index)
    }

    /// A failed instruction with its cause: `fsconfig($3, FSCONFIG_SET_STRING, "size", "64q", 0): invalid argument`. A
    /// check that failed is the cause alone.
    public static func failed(_ instruction: Instruction, in program: Program, errno: Errno) -> String {
        switch instruction.opcode {
        case .syscall: call(instruction, in: program) + ": " + errno.description
        case .fork: fork(instruction, in: program) + ": " + errno.description
        default: errno.description
        }
    }

    private static func line(_ instruction: Instruction, in program: Program, at index: Int?) -> String {
        func operand(_ number: Int) -> String { value(instruction.operands[number], in: program) }
        let out = instruction.out == .none ? "" : " = " + program.name(of: instruction.out)
        switch instruction.opcode {
        case .syscall:
            return call(instruction, in: program) + out + tolerance(instruction, at: index)
        case .yield: return "hand over to the runtime, wait for its word" + out
        case .fork: return fork(instruction, in: program)
        case .store: return "\(target(instruction)) = \(operand(1))"
        case .load: return "\(program.name(of: instruction.out)) = \(target(instruction))"
        case .expect: return expectation(instruction, in: program, at: index)
        case .skip: return instruction.skip == 0 ? "go on" : jump(instruction, at: index)
        case .set: return "\(program.name(of: instruction.out)) = \(operand(0))"
        }
    }

    // MARK: calls

    private static func call(_ instruction: Instruction, in program: Program) -> String {
        let shape = CallShape.shape(of: instruction)
        let arguments = instruction.operands.indices.map { index in
            let kinds = shape?.arguments ?? []
            return program.text(of: index, index < kinds.count ? kinds[index] : .signed, in: instruction)
        }
        return "\(instruction.call.name)(\(arguments.joined(separator: ", ")))"
    }

    private static func fork(_ instruction: Instruction, in program: Program) -> String {
        guard case .immediate(let flags)? = instruction.operands.first else { return "clone(SIGCHLD)" }
        return "clone(\(FlagNames.clone.text(flags))|SIGCHLD)"
    }

    /// What an error that is no failure leads to: " (EEXIST: go on)".
    private static func tolerance(_ instruction: Instruction, at index: Int?) -> String {
        let (first, second) = instruction.tolerate
        if first == 0 { return "" }
        var names = first == Instruction.anyError ? "any error" : Errno(rawValue: Int32(first)).name
        if second != 0 { names += " or " + Errno(rawValue: Int32(second)).name }
        return " (\(names): \(instruction.skip == 0 ? "go on" : jump(instruction, at: index)))"
    }

    // MARK: the machine's own instructions

    private static func jump(_ instruction: Instruction, at index: Int?) -> String {
        let skip = Int(instruction.skip)
        return index.map { "go to \($0 + skip + 1)" } ?? "skip \(skip)"
    }

    /// The place that STORE and LOAD name, with its width.
    private static func target(_ instruction: Instruction) -> String {
        guard case .immediate(let offset) = instruction.operands[0],
            case .immediate(let width) = instruction.operands[2]
        else { return "?" }
        return Program.place(Int(truncatingIfNeeded: offset)) + (width == 4 ? " (u32)" : "")
    }

    /// The value of an operand outside of a call.
    private static func value(_ operand: Operand, in program: Program) -> String {
        switch operand {
        case .immediate(let value): number(value)
        case .data(let offset): "&" + Program.place(offset)
        case .slot(let slot): program.name(of: slot)
        }
    }

    /// A number; errors by name.
    private static func number(_ value: UInt64) -> String {
        let signed = Int64(bitPattern: value)
        if (-4095 ..< -1).contains(signed) { return "-" + Errno(rawValue: Int32(-signed)).name }
        return (0..<4096).contains(value) || signed < 0 ? String(signed) : "0x" + String(value, radix: 16)
    }

    private static func expectation(_ instruction: Instruction, in program: Program, at index: Int?) -> String
    {
        guard instruction.operands.count == 4, case .immediate(let mask) = instruction.operands[1],
            case .immediate(let expected) = instruction.operands[2],
            case .immediate(let error) = instruction.operands[3]
        else { return "?" }
        let otherwise =
            instruction.skip == 0
            ? "fail with " + Errno(rawValue: Int32(truncatingIfNeeded: error)).name
            : jump(instruction, at: index)
        if mask == 0 { return expected == 0 ? "go on" : otherwise }
        var left =
            switch instruction.operands[0] {
            case .data(let offset): Program.place(offset)
            case let operand: value(operand, in: program)
            }
        var right = expected == UInt64(PROC_SUPER_MAGIC) ? "PROC_SUPER_MAGIC" : number(expected)
        if mask == 0o170_000, let type = Program.fileType(expected) {
            (left, right) = ("(\(left) & S_IFMT)", type)
        } else if mask != .max {
            left = "(\(left) & \(number(mask)))"
        }
        return "unless \(left) == \(right): \(otherwise)"
    }
}

extension Program {
    /// "root", "proc", …, or the slot's number: "$5".
    func name(of slot: Slot) -> String {
        if slot == .channel { return "channel" }
        return names.first { $0.slot == slot }?.name ?? "$\(slot.number)"
    }
}

extension InheritedDescriptor {
    /// What the runtime hands on.
    var description: String {
        switch self {
        case .namespace(let index): "the namespace of /linux/namespaces/\(index)"
        case .mount(let index): "the mount of /mounts/\(index)"
        case .root: "the opened root"
        case .startSocket: "the socket that start connects to"
        case .target: "the pidfd of the target"
        case .terminal: "the socket for the terminal"
        case .stream(let number): "standard stream \(number)"
        case .targetNamespace(let kind): "the target's \(kind.specName) namespace"
        case .targetRoot: "the root directory of the target"
        }
    }
}
