// One instruction of an init program, as Sources/CInit/include/machine.h lays it out.
import Linux

/// What an instruction does; the raw values are the machine's.
public enum Opcode: UInt8, Sendable {
    case syscall = 1
    case yield = 2
    case fork = 3
    case store = 4
    case load = 5
    case expect = 6
    case skip = 7
    case set = 8
}

/// A slot of the machine: it holds the result of an instruction, mostly a descriptor.
public struct Slot: Equatable, Hashable, Sendable {
    public let number: UInt8

    public init(_ number: UInt8) { self.number = number }

    /// The socket to the runtime.
    public static let channel = Slot(0)
    /// "No result is kept."
    public static let none = Slot(255)
}

/// An operand of an instruction.
public enum Operand: Equatable, Sendable {
    case immediate(UInt64)
    /// The address of a byte of the data block.
    case data(Int)
    case slot(Slot)

    public static func value(_ value: Int) -> Operand { .immediate(UInt64(bitPattern: Int64(value))) }

    /// AT_FDCWD.
    public static let currentDirectory = Operand.value(-100)

    var kind: UInt16 {
        switch self {
        case .immediate: 0
        case .data: 1
        case .slot: 2
        }
    }

    var bits: UInt64 {
        switch self {
        case .immediate(let value): value
        case .data(let offset): UInt64(offset)
        case .slot(let slot): UInt64(slot.number)
        }
    }
}

/// One instruction.
public struct Instruction: Equatable, Sendable {
    public var opcode: Opcode
    public var out: Slot = .none
    public var call: SystemCall = SystemCall(0)
    public var skip: UInt16 = 0
    /// Errors that are no failure; they skip `skip` instructions.
    public var tolerate: (first: UInt16, second: UInt16) = (0, 0)
    /// Index of the plan's step that this belongs to.
    public var step: UInt16 = 0
    public var operands: [Operand] = []

    public static let anyError: UInt16 = 0xffff

    public static func == (a: Self, b: Self) -> Bool {
        a.opcode == b.opcode && a.out == b.out && a.call == b.call && a.skip == b.skip
            && a.tolerate == b.tolerate && a.step == b.step && a.operands == b.operands
    }

    /// Size of `struct apus_instruction`, in bytes.
    static let size = 64

    /// Appends the machine's form of the instruction.
    func encode(into bytes: inout [UInt8]) {
        bytes.append(opcode.rawValue)
        bytes.append(out.number)
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: call.number))
        var kinds: UInt16 = 0
        for (index, operand) in operands.enumerated() { kinds |= operand.kind << (2 * UInt16(index)) }
        bytes.append(littleEndian: kinds)
        bytes.append(littleEndian: skip)
        bytes.append(littleEndian: tolerate.first)
        bytes.append(littleEndian: tolerate.second)
        bytes.append(littleEndian: step)
        bytes.append(littleEndian: UInt16(0))
        for index in 0..<6 {
            bytes.append(littleEndian: index < operands.count ? operands[index].bits : 0)
        }
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
        var value = value
        for _ in 0..<MemoryLayout<T>.size {
            append(UInt8(truncatingIfNeeded: value))
            value >>= 8
        }
    }
}
