// Programs for the init's machine, built by hand, and their bytes.
import CInit

/// One operand of an instruction.
enum Operand {
    case immediate(UInt64)
    case data(UInt64)
    case slot(UInt64)
    /// Bits that no operand has.
    case unknown(UInt64)

    var kind: UInt16 {
        switch self {
        case .immediate: 0
        case .data: 1
        case .slot: 2
        case .unknown: 3
        }
    }

    var value: UInt64 {
        switch self {
        case .immediate(let value), .data(let value), .slot(let value), .unknown(let value): value
        }
    }
}

func instruction(
    _ opcode: apus_opcode, _ operands: [Operand] = [], nr: UInt16 = 0, out: UInt8 = UInt8(APUS_NO_SLOT),
    skip: UInt16 = 0, tolerate: (UInt16, UInt16) = (0, 0), step: UInt16 = 0
) -> apus_instruction {
    var values = [UInt64](repeating: 0, count: 6)
    var kinds: UInt16 = 0
    for (index, operand) in operands.enumerated() {
        values[index] = operand.value
        kinds |= operand.kind << UInt16(2 * index)
    }
    return apus_instruction(
        opcode: UInt8(opcode.rawValue), out: out, nr: nr, kinds: kinds, skip: skip, tolerate: tolerate,
        step: step, reserved: 0, a: (values[0], values[1], values[2], values[3], values[4], values[5]))
}

struct TestProgram {
    var instructions: [apus_instruction]
    var data: [UInt8] = []
    var channel: Int32 = 9
    /// What the header says, where that is not the truth.
    var magic = UInt32(APUS_PROGRAM_MAGIC)
    var instructionCount: UInt32?
    var dataSize: UInt32?

    init(_ instructions: [apus_instruction], data: [UInt8] = []) {
        self.instructions = instructions
        self.data = data
    }

    var header: apus_program {
        apus_program(
            magic: magic, instruction_count: instructionCount ?? UInt32(instructions.count),
            data_size: dataSize ?? UInt32(data.count), channel: channel)
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: header) { Array($0) } + instructions.withUnsafeBytes { Array($0) } + data
    }
}

/// Eight bytes, as the machine reads a word from the data.
func word(_ value: UInt64) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
