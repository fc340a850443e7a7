// A program for the init's machine, and the small assembler that the lowering writes it with.
import Linux

/// Plain system calls and the bytes that they point to (design.md, section 5).
public struct Program: Equatable, Sendable {
    public private(set) var instructions: [Instruction] = []
    public private(set) var data: [UInt8] = []
    /// Where the numbers of inherited descriptors go: the instruction that sets the slot.
    public private(set) var inherited: [(name: InheritedDescriptor, instruction: Int)] = []
    /// Slots that hold one thing from end to end, by name: for people who read programs.
    public private(set) var names: [(slot: Slot, name: String)] = []

    /// The runtime must have all its descriptors marked close-on-exec before it starts this.
    public internal(set) var needsMarkedDescriptors = false

    /// `Lowering.placeNumber` must be nothing that the init inherits.
    public internal(set) var reservesPlace = false

    /// Where each string of the data block is. A dictionary of so few would be slower to make than to search.
    private var strings: [(hash: UInt32, offset: UInt32)] = []
    private var step: UInt16 = 0
    private var free: [UInt8] = []
    private var nextSlot: UInt8 = 1

    public init() {
        strings.reserveCapacity(256)
        data.reserveCapacity(8 << 10)
        instructions.reserveCapacity(640)
    }

    public static func == (a: Program, b: Program) -> Bool {
        a.instructions == b.instructions && a.data == b.data
    }
}

/// A descriptor that the init inherits from the runtime, by role.
public enum InheritedDescriptor: Equatable, Sendable {
    /// The namespace that `linux.namespaces[index].path` names.
    case namespace(index: Int)
    /// A mount that the runtime prepared for `mounts[index]`.
    case mount(index: Int)
    /// The rootfs, opened by the runtime.
    case root
    /// The socket on which a created container waits for `start`.
    case startSocket
    /// The pidfd of the process whose namespaces are joined.
    case target
    /// The socket to send a terminal on.
    case terminal
    /// The root directory of that process.
    case targetRoot
    /// One of that process' namespaces.
    case targetNamespace(NamespaceKind)
    /// What becomes standard input, output or errors, by number.
    case stream(Int)
}

// MARK: - Data

extension Program {
    /// The place of `string` in the data block, as a C string; equal strings share one.
    public mutating func string(_ string: String) -> Operand {
        // FNV-1a
        var hash: UInt32 = 0x811c_9dc5
        for byte in string.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        for known in strings where known.hash == hash && holds(string, at: Int(known.offset)) {
            return .data(Int(known.offset))
        }
        let offset = data.count
        for byte in string.utf8 { data.append(byte) }
        data.append(0)
        strings.append((hash, UInt32(offset)))
        return .data(offset)
    }

    /// Whether the data block has the C string `string` at `offset`.
    private func holds(_ string: String, at offset: Int) -> Bool {
        var place = offset
        for byte in string.utf8 {
            if place >= data.count || data[place] != byte { return false }
            place += 1
        }
        return place < data.count && data[place] == 0
    }

    /// A place for `bytes`, aligned to 8.
    public mutating func bytes(_ bytes: [UInt8]) -> Operand {
        align()
        let offset = data.count
        data.append(contentsOf: bytes)
        return .data(offset)
    }

    /// A place of `count` zero bytes, aligned to 8.
    public mutating func space(_ count: Int) -> Operand {
        align()
        let offset = data.count
        for _ in 0..<count { data.append(0) }
        return .data(offset)
    }

    /// A place for `words`, 64 bits each.
    public mutating func words(_ words: [UInt64]) -> Operand {
        align()
        let offset = data.count
        for word in words { data.append(littleEndian: word) }
        return .data(offset)
    }

    /// A null-terminated array of pointers to C strings, filled in when the program runs.
    public mutating func stringArray(_ elements: [String]) -> Operand {
        let places = elements.map { string($0) }
        guard case .data(let start) = space((places.count + 1) * 8) else { return .data(0) }
        for (index, place) in places.enumerated() { store(place, at: start + index * 8) }
        return .data(start)
    }

    private mutating func align() {
        while data.count % 8 != 0 { data.append(0) }
    }
}

// MARK: - Slots

extension Program {
    public mutating func newSlot() -> Slot {
        if let slot = free.popLast() { return Slot(slot) }
        return freshSlot()
    }

    private mutating func freshSlot() -> Slot {
        precondition(nextSlot < 128, "a program has 128 slots")
        nextSlot += 1
        return Slot(nextSlot - 1)
    }

    /// A slot that nothing else ever uses; `explain` and errors call it `name`.
    mutating func newSlot(named name: String) -> Slot {
        let slot = freshSlot()
        names.append((slot, name))
        return slot
    }

    public mutating func release(_ slot: Slot) { free.append(slot.number) }

    /// Closes the descriptor in `slot` and gives the slot back.
    public mutating func close(_ slot: Slot) {
        syscall(.close, .slot(slot))
        release(slot)
    }
}

// MARK: - Instructions

extension Program {
    /// Instructions from here on belong to step `index` of the plan.
    public mutating func begin(step index: Int) { step = UInt16(index) }

    /// Index of the next instruction.
    public var here: Int { instructions.count }

    private mutating func add(_ instruction: Instruction) {
        var instruction = instruction
        instruction.step = step
        instructions.append(instruction)
    }

    /// A system call whose errors in `tolerate` skip `skip` instructions.
    public mutating func syscall(
        _ call: SystemCall, _ a: Operand? = nil, _ b: Operand? = nil, _ c: Operand? = nil,
        _ d: Operand? = nil, _ e: Operand? = nil, _ f: Operand? = nil, out: Slot = .none,
        tolerate: [Errno] = [], skip: Int = 0
    ) {
        precondition(tolerate.count <= 2)
        var instruction = Instruction(opcode: .syscall, out: out, call: call, skip: UInt16(skip))
        instruction.tolerate = (
            tolerate.count > 0 ? UInt16(tolerate[0].rawValue) : 0,
            tolerate.count > 1 ? UInt16(tolerate[1].rawValue) : 0
        )
        instruction.inPlace = Operands(a, b, c, d, e, f)
        add(instruction)
    }

    /// A system call all of whose errors skip `skip` instructions.
    public mutating func attempt(
        _ call: SystemCall, _ a: Operand? = nil, _ b: Operand? = nil, _ c: Operand? = nil,
        _ d: Operand? = nil, _ e: Operand? = nil, _ f: Operand? = nil, out: Slot = .none, skip: Int = 0
    ) {
        var instruction = Instruction(opcode: .syscall, out: out, call: call, skip: UInt16(skip))
        instruction.tolerate = (Instruction.anyError, 0)
        instruction.inPlace = Operands(a, b, c, d, e, f)
        add(instruction)
    }

    /// A hand-over: reports `value` and waits for the runtime.
    public mutating func yield(_ value: Operand = .immediate(0), out: Slot = .none) {
        add(Instruction(opcode: .yield, out: out, inPlace: Operands(value)))
    }

    /// A new process goes on from here; the old one leaves. `flags` are clone(2)'s.
    public mutating func fork(flags: UInt64) {
        add(Instruction(opcode: .fork, inPlace: Operands(.immediate(flags))))
    }

    /// Writes a value (an address, when it is a data operand) to the data block.
    public mutating func store(_ value: Operand, at offset: Int, width: Int = 8) {
        add(
            Instruction(
                opcode: .store,
                inPlace: Operands(.immediate(UInt64(offset)), value, .immediate(UInt64(width)))))
    }

    public mutating func load(at offset: Int, width: Int = 8, out: Slot) {
        add(
            Instruction(
                opcode: .load, out: out,
                inPlace: Operands(.immediate(UInt64(offset)), .immediate(0), .immediate(UInt64(width)))))
    }

    /// Fails with `error` unless `(value & mask) == expected`; a data operand is the 64-bit word there.
    public mutating func expect(
        _ value: Operand, mask: UInt64 = .max, equals expected: UInt64, error: Errno
    ) {
        add(
            Instruction(
                opcode: .expect,
                inPlace: Operands(
                    value, .immediate(mask), .immediate(expected), .immediate(UInt64(error.rawValue)))))
    }

    /// Skips `skip` instructions unless `(value & mask) == expected`.
    public mutating func when(
        _ value: Operand, mask: UInt64 = .max, equals expected: UInt64, elseSkip skip: Int
    ) {
        precondition(skip > 0)
        add(
            Instruction(
                opcode: .expect, skip: UInt16(skip),
                inPlace: Operands(value, .immediate(mask), .immediate(expected), .immediate(0))))
    }

    /// Fails with `error`, always.
    public mutating func fail(_ error: Errno) {
        expect(.immediate(0), mask: 0, equals: 1, error: error)
    }

    public mutating func skip(_ count: Int) { add(Instruction(opcode: .skip, skip: UInt16(count))) }

    public mutating func set(_ slot: Slot, _ value: Operand) {
        add(Instruction(opcode: .set, out: slot, inPlace: Operands(value)))
    }

    /// Makes the instruction at `index` skip to here: for jumps over code whose length is known only afterwards.
    public mutating func land(_ index: Int) {
        instructions[index].skip = UInt16(instructions.count - index - 1)
    }

    /// A slot that holds the inherited descriptor `name` when the program runs.
    public mutating func inherit(_ name: InheritedDescriptor) -> Slot {
        let slot = newSlot()
        inherit(name, in: slot)
        return slot
    }

    mutating func inherit(_ name: InheritedDescriptor, in slot: Slot) {
        inherited.append((name, here))
        set(slot, .value(-1))
    }

    /// Sets the number of the inherited descriptor that instruction `index` holds.
    public mutating func bind(instruction index: Int, to descriptor: Int32) {
        instructions[index].inPlace = Operands(.value(Int(descriptor)))
    }

    /// Makes the first instruction of step `index` fail: for tests that try every failure.
    public mutating func sabotage(step index: Int) {
        guard let first = instructions.firstIndex(where: { $0.step == UInt16(index) && $0.opcode != .set })
        else {
            return
        }
        instructions[first] = Instruction(
            opcode: .expect, step: UInt16(index),
            inPlace: Operands(.immediate(0), .immediate(0), .immediate(1), .immediate(5)))
    }
}

// MARK: - The machine's form

extension Program {
    /// `struct apus_program` and its instructions, as 64-bit words; `data`, aligned here, follows them.
    public mutating func encoded(channel: Int32) -> [UInt64] {
        align()
        var words: [UInt64] = []
        words.reserveCapacity(2 + instructions.count * Instruction.size / 8)
        words.append(0x7375_7061 | UInt64(instructions.count) << 32)
        words.append(UInt64(data.count) | UInt64(UInt32(bitPattern: channel)) << 32)
        for instruction in instructions { instruction.encode(into: &words) }
        return words
    }
}
