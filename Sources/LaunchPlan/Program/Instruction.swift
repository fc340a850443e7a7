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

/// The operands of one instruction, in place: an array each would be hundreds of allocations in one program.
struct Operands: Equatable, Sendable {
    private(set) var count: UInt8 = 0
    /// Two bits for each.
    private(set) var kinds: UInt16 = 0
    private(set) var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)

    /// As a system call has them: at most six.
    static let limit = 6

    @inline(__always)
    init(
        _ a: Operand? = nil, _ b: Operand? = nil, _ c: Operand? = nil, _ d: Operand? = nil,
        _ e: Operand? = nil, _ f: Operand? = nil
    ) {
        words = (add(a), add(b), add(c), add(d), add(e), add(f))
    }

    private mutating func add(_ operand: Operand?) -> UInt64 {
        guard let operand else { return 0 }
        kinds |= operand.kind << (2 * UInt16(count))
        count += 1
        return operand.bits
    }

    static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && a.kinds == b.kinds && a.words == b.words
    }

    var list: [Operand] {
        let (a, b, c, d, e, f) = words
        return [a, b, c, d, e, f].prefix(Int(count)).enumerated().map { index, bits in
            switch kinds >> (2 * UInt16(index)) & 3 {
            case 0: .immediate(bits)
            case 1: .data(Int(bits))
            default: .slot(Slot(UInt8(truncatingIfNeeded: bits)))
            }
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
    var inPlace = Operands()

    /// The operands, for those who read programs.
    public var operands: [Operand] {
        get { inPlace.list }
        set {
            precondition(newValue.count <= Operands.limit)
            func at(_ index: Int) -> Operand? { index < newValue.count ? newValue[index] : nil }
            inPlace = Operands(at(0), at(1), at(2), at(3), at(4), at(5))
        }
    }

    public static let anyError: UInt16 = 0xffff

    public static func == (a: Self, b: Self) -> Bool {
        a.opcode == b.opcode && a.out == b.out && a.call == b.call && a.skip == b.skip
            && a.tolerate == b.tolerate && a.step == b.step && a.inPlace == b.inPlace
    }

    /// Size of `struct apus_instruction`, in bytes.
    static let size = 64

    /// Appends the machine's form of the instruction, whose 64-bit words are little-endian as this machine is.
    func encode(into words: inout [UInt64]) {
        func word(_ a: UInt16, _ b: UInt16, _ c: UInt16, _ d: UInt16) -> UInt64 {
            UInt64(a) | UInt64(b) << 16 | UInt64(c) << 32 | UInt64(d) << 48
        }
        words.append(
            word(
                UInt16(opcode.rawValue) | UInt16(out.number) << 8,
                UInt16(truncatingIfNeeded: call.number), inPlace.kinds, skip))
        words.append(word(tolerate.first, tolerate.second, step, 0))
        let (a, b, c, d, e, f) = inPlace.words
        words.append(a)
        words.append(b)
        words.append(c)
        words.append(d)
        words.append(e)
        words.append(f)
    }
}
