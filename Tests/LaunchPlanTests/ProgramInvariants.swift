// The program as the machine sees it: jumps, slots, places in the data block.
import Linux

@testable import LaunchPlan

let programInvariants: [Invariant] = [
    Invariant(
        "jumps lead forward, and never out of the step that they are in",
        breaking: { trace in
            let index = trace.instructions.lastIndex { $0.skip > 0 }!
            trace.instructions[index].skip = 200
        }
    ) { trace in
        trace.instructions.indices.filter { index in
            let target = index + Int(trace.instructions[index].skip) + 1
            guard trace.instructions[index].skip > 0 else { return false }
            if target > trace.instructions.count { return true }
            return trace.instructions[target - 1].step != trace.instructions[index].step
        }.map(trace.line)
    },
    Invariant(
        "steps come in their order in the program",
        breaking: { trace in trace.instructions[trace.instructions.count - 1].step = 0 }
    ) { trace in
        zip(trace.instructions, trace.instructions.dropFirst()).enumerated()
            .filter { $0.element.0.step > $0.element.1.step }.map { trace.line($0.offset + 1) }
    },
    Invariant(
        "slots are set before they are used, descriptors are open when they are used, and closed once",
        breaking: { trace in
            let index = trace.calls(.close).first { Int(trace.instructions[$0].step) > 0 }!
            trace.remove(index)
        }
    ) { trace in
        var flow = SlotFlow(trace)
        return flow.violations()
    },
    Invariant(
        "operands of data lie in the data block, with all that the call reads or writes there",
        breaking: { trace in trace.data.removeLast(16) }
    ) { trace in
        var broken: [String] = []
        for (index, instruction) in trace.instructions.enumerated() {
            for (number, operand) in instruction.operands.enumerated() {
                guard case .data(let offset) = operand else { continue }
                let size = trace.size(of: instruction, number, at: offset)
                if offset < 0 || offset + size > trace.data.count { broken.append(trace.line(index)) }
            }
            if instruction.opcode == .store || instruction.opcode == .load {
                let (offset, width) = (trace.immediate(index, 0) ?? .max, trace.immediate(index, 2) ?? 0)
                if (width != 4 && width != 8) || offset + width > UInt64(trace.data.count) {
                    broken.append(trace.line(index))
                }
            }
        }
        return broken
    },
    Invariant(
        "every system call has the arguments that its row in the table of calls has",
        breaking: { trace in trace.instructions[trace.calls(.execve)[0]].operands.append(.value(0)) }
    ) { trace in
        trace.calls.filter { index in
            guard let shape = CallShape.shape(of: trace.instructions[index]) else { return true }
            let count = trace.instructions[index].operands.count
            return count > shape.arguments.count && trace.instructions[index].call != .prctl
        }.map(trace.line)
    },
]

extension Trace {
    /// Number of bytes at `offset` that belong to argument `number`.
    fileprivate func size(of instruction: Instruction, _ number: Int, at offset: Int) -> Int {
        if instruction.opcode == .expect { return 8 }
        guard instruction.opcode == .syscall else { return 1 }
        let kinds = CallShape.shape(of: instruction)?.arguments ?? []
        guard kinds.indices.contains(number) else { return 1 }
        func count(_ index: Int) -> Int {
            if case .immediate(let value) = instruction.operands[index] { Int(value) } else { 0 }
        }
        switch kinds[number] {
        case .string:
            guard let end = data[min(max(offset, 0), data.count)...].firstIndex(of: 0) else {
                return .max / 2
            }
            return end - offset + 1
        case .bytes(let index): return count(index)
        case .groups(let index): return 4 * count(index)
        case .openHow, .capabilityData: return 24
        case .mountAttributes: return 32
        case .interfaceFlags: return 40
        case .schedulerAttributes: return 56
        case .limits, .filter: return 16
        case .place:
            switch instruction.call {
            case .statx: return 256
            case .fstatfs: return 120
            case .getcwd, .schedSetaffinity: return count(1)
            default: return 8
            }
        default: return 8
        }
    }
}

/// What a slot may hold at one place of the program.
private struct Contents: OptionSet {
    let rawValue: UInt8
    static let nothing = Contents(rawValue: 1)
    static let value = Contents(rawValue: 2)
    static let open = Contents(rawValue: 4)
    static let closed = Contents(rawValue: 8)
    static let error = Contents(rawValue: 16)
}

/// Follows all ways through a program; since jumps lead forward, one pass is enough.
private struct SlotFlow {
    let trace: Trace
    private var states: [[Contents]?]
    private var broken: [String] = []

    init(_ trace: Trace) {
        self.trace = trace
        states = Array(repeating: nil, count: trace.instructions.count + 1)
        var start = Array(repeating: Contents.nothing, count: 128)
        start[0] = .open
        states[0] = start
    }

    mutating func violations() -> [String] {
        for index in trace.instructions.indices {
            if let state = states[index] { run(index, state) }
        }
        let kept = Set(trace.names.values.map { Int($0.number) } + [0])
        if let end = states[trace.instructions.count] {
            for slot in end.indices where end[slot].contains(.open) && !kept.contains(slot) {
                broken.append("slot \(slot) is never closed")
            }
        }
        return broken
    }

    private mutating func merge(_ state: [Contents], into index: Int) {
        guard index <= trace.instructions.count else { return }
        states[index] = states[index].map { zip($0, state).map { $0.union($1) } } ?? state
    }

    private mutating func run(_ index: Int, _ before: [Contents]) {
        let instruction = trace.instructions[index]
        check(index, instruction, before)
        var state = before
        let out = Int(instruction.out.number)
        let hasOut = instruction.out != .none
        let target = index + 1 + Int(instruction.skip)
        switch instruction.opcode {
        case .syscall:
            if instruction.call == .close, let slot = trace.slot(index, 0) {
                state[Int(slot.number)] = .closed
            }
            var failed = state
            if hasOut {
                if before[out].contains(.open) && instruction.opensDescriptor {
                    broken.append("\(trace.line(index)) loses the descriptor in slot \(out)")
                }
                state[out] = instruction.opensDescriptor ? .open : .value
                failed[out] = .error
            }
            if instruction.tolerate.first != 0 { merge(failed, into: target) }
            merge(state, into: index + 1)
        case .set:
            state[out] = trace.inherited.contains(index) ? .open : .value
            if case .slot(let source)? = instruction.operands.first {
                state[out] = state[Int(source.number)]
                state[Int(source.number)] = .closed
            }
            merge(state, into: index + 1)
        case .load, .yield, .fork:
            if hasOut { state[out] = .value }
            merge(state, into: index + 1)
        case .expect:
            let fails = instruction.skip == 0 && instruction.operands[1] == .immediate(0)
            if fails && instruction.operands[2] != .immediate(0) { return }
            merge(state, into: index + 1)
            if instruction.skip > 0 { merge(state, into: target) }
        case .skip: merge(state, into: target)
        case .store: merge(state, into: index + 1)
        }
    }

    private mutating func check(_ index: Int, _ instruction: Instruction, _ state: [Contents]) {
        let kinds = CallShape.shape(of: instruction)?.arguments ?? []
        for (number, operand) in instruction.operands.enumerated() {
            guard case .slot(let slot) = operand else { continue }
            let contents = state[Int(slot.number)]
            if contents.contains(.nothing) {
                broken.append("\(trace.line(index)) uses an empty slot \(slot.number)")
            }
            guard instruction.opcode == .syscall, instruction.call != .keyctl, kinds.indices.contains(number),
                case .descriptor = kinds[number], contents != .open
            else { continue }
            broken.append("\(trace.line(index)) uses slot \(slot.number), not surely a descriptor")
        }
    }
}

extension Instruction {
    /// Whether the result is a new descriptor: of ioctl(2), with TIOCGPTPEER.
    fileprivate var opensDescriptor: Bool {
        call.opensDescriptor || (call == .ioctl && operands.dropFirst().first == .immediate(0x5441))
    }
}
