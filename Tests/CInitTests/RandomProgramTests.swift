// A hundred thousand random programs between guard pages: none reads or writes outside of its block, none hangs.
import CInit
import Glibc
import Testing

/// SplitMix64: the same programs on every run.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }

    /// True once in `n` times.
    mutating func once(in n: UInt64) -> Bool { below(n) == 0 }
}

/// Pages that may be touched, between two that may not.
private struct GuardedPages: ~Copyable {
    static let usable = 8192
    let base: UnsafeMutableRawPointer
    var start: UnsafeMutableRawPointer { base + 65536 }

    init() {
        base = mmap(nil, 65536 * 2 + Self.usable, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        precondition(mprotect(base + 65536, Self.usable, PROT_READ | PROT_WRITE) == 0)
    }

    deinit { munmap(base, 65536 * 2 + Self.usable) }
}

@Suite struct RandomProgramTests {
    /// Mostly plausible: a program that is refused at once shows little.
    private func randomOperand(_ random: inout Random, dataSize: UInt64) -> Operand {
        switch random.below(12) {
        case 0...3: .immediate(random.below(24))
        case 4: .immediate(random.next())
        case 5...7: .slot(random.below(128))
        case 8...10: dataSize == 0 ? .slot(random.below(4)) : .data(random.below(dataSize))
        default: random.once(in: 100) ? .data(random.below(dataSize + 9)) : .slot(random.below(128))
        }
    }

    private func randomInstruction(_ random: inout Random, left: UInt64, dataSize: UInt64) -> apus_instruction
    {
        let opcode = apus_opcode(UInt32(1 + random.below(8)))
        var operands = (0..<Int(random.below(7))).map { _ in randomOperand(&random, dataSize: dataSize) }
        if opcode == APUS_STORE || opcode == APUS_LOAD {
            let width: UInt64 = random.once(in: 2) ? 4 : 8
            operands = [
                .immediate(random.below(dataSize + (random.once(in: 30) ? 1 : 0) + 1)),
                .slot(random.below(128)),
                .immediate(width),
            ]
        }
        if opcode == APUS_FORK { operands = [.immediate(random.once(in: 40) ? random.next() : 0x2000_0000)] }
        if opcode == APUS_EXPECT, dataSize > 0, !operands.isEmpty, !random.once(in: 20) {
            operands[0] = .data(random.below(dataSize - 7))
        }
        let tolerate = (
            UInt16(random.once(in: 2) ? UInt64(APUS_ANY_ERRNO) : random.below(40)), UInt16(random.below(40))
        )
        return instruction(
            opcode, operands, nr: Number.any, out: UInt8(random.once(in: 3) ? 255 : random.below(128)),
            skip: UInt16(random.below(left + (random.once(in: 200) ? 2 : 1))), tolerate: tolerate)
    }

    private func randomProgram(_ random: inout Random) -> TestProgram {
        let count = random.below(17)
        let dataSize = random.below(9) * 8
        var program = TestProgram(
            (0..<count).map { randomInstruction(&random, left: count - $0 - 1, dataSize: dataSize) },
            data: (0..<dataSize).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        if random.once(in: 50) { program.instructionCount = UInt32(truncatingIfNeeded: random.next()) }
        if random.once(in: 50) { program.dataSize = UInt32(random.below(100)) }
        return program
    }

    /// Flips a bit anywhere: fields that the generator does not vary.
    private func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
        for _ in 0..<random.below(3) where bytes.count > 16 {
            let index = 16 + Int(random.below(UInt64(bytes.count - 16)))
            // Not a number of a system call: the fake kernel would take it for the machine's own read or report.
            if (index - 16) % 64 == 2 || (index - 16) % 64 == 3 { continue }
            bytes[index] ^= 1 << UInt8(random.below(8))
        }
    }

    private func answer(_ random: inout Random) -> Int {
        switch random.below(8) {
        case 0: -4
        case 1...2: -Int(random.below(40))
        case 3: Int(truncatingIfNeeded: random.next())
        default: Int(random.below(4))
        }
    }

    @Test func stayInTheirBlock() {
        var random = Random(state: 20_261_123)
        var statuses: [Int32: Int] = [:]
        let pages = GuardedPages()
        for index in 0..<100_000 {
            let program = randomProgram(&random)
            var bytes = program.bytes
            if random.once(in: 8) { mutate(&bytes, &random) }
            // Against the upper guard, or against the lower.
            let block = index % 2 == 0 ? pages.start + (GuardedPages.usable - bytes.count) : pages.start
            block.copyMemory(from: bytes, byteCount: bytes.count)
            let kernel = FakeKernel()
            kernel.goAheads = (0..<random.below(3)).map { _ in random.next() }
            let start = UInt64(UInt(bitPattern: pages.base)),
                end = start + 65536 * 2 + UInt64(GuardedPages.usable)
            // The data block by the header, which may not be the truth; then nothing runs.
            let count = UInt64(block.load(fromByteOffset: 4, as: UInt32.self))
            let size = UInt64(block.load(fromByteOffset: 8, as: UInt32.self))
            let data = UInt64(UInt(bitPattern: block)) + 16 + 64 * count
            var strays = 0
            kernel.answer = { call in
                for argument in call.arguments where argument >= start && argument < end {
                    if argument < data || argument >= data + size { strays += 1 }
                }
                return self.answer(&random)
            }
            let status = kernel.run(block, size: bytes.count)
            statuses[status, default: 0] += 1
            let after = UnsafeRawBufferPointer(start: block, count: bytes.count - program.data.count)
            if strays != 0 || !after.elementsEqual(bytes.prefix(after.count)) {
                Issue.record("program \(index): \(strays) stray addresses, or its instructions changed")
                return
            }
        }
        // Each way out was taken often, so the programs are neither all refused nor all trivial.
        for status in [0, APUS_EXIT_FAILURE, APUS_EXIT_ORPHAN, APUS_EXIT_PROGRAM] {
            #expect(statuses[status, default: 0] > 4000, "\(statuses)")
        }
        #expect(statuses.count == 4, "\(statuses)")
    }
}
