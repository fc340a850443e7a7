// Programs that the machine must refuse before it runs any of them.
import CInit
import Testing

/// A program that is not well formed.
struct IllFormed: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bad: apus_instruction

    init(_ description: String, _ bad: apus_instruction) {
        testDescription = description
        self.bad = bad
    }

    /// 16 bytes of data are there; one instruction before the bad one, two after it.
    static let all: [IllFormed] = [
        IllFormed("opcode 0", instruction(apus_opcode(0))),
        IllFormed("opcode 9", instruction(apus_opcode(9))),
        IllFormed("opcode 255", instruction(apus_opcode(255))),
        IllFormed("operand kind 3", instruction(APUS_SYSCALL, [.unknown(0)])),
        IllFormed("operand kind 3, last", instruction(APUS_SET, Array(repeating: .unknown(0), count: 6))),
        IllFormed("kind of a seventh operand", withKinds(1 << 12)),
        IllFormed("kind of an eighth operand", withKinds(1 << 15)),
        IllFormed("slot 128", instruction(APUS_SYSCALL, [.slot(128)])),
        IllFormed("slot of a huge number", instruction(APUS_SYSCALL, [.immediate(0), .slot(.max)])),
        IllFormed("slot 128 of an unused operand", instruction(APUS_SKIP, [.slot(128)])),
        IllFormed("out slot 128", instruction(APUS_SET, out: 128)),
        IllFormed("out slot 254", instruction(APUS_SYSCALL, out: 254)),
        IllFormed("data past the end", instruction(APUS_SYSCALL, [.data(16)])),
        IllFormed("data at a huge offset", instruction(APUS_SET, [.data(.max)], out: 1)),
        IllFormed("data before the block", instruction(APUS_YIELD, [.data(UInt64(bitPattern: -8))])),
        IllFormed("skip past the end", instruction(APUS_SKIP, skip: 3)),
        IllFormed("tolerance past the end", instruction(APUS_SYSCALL, skip: 0xffff, tolerate: (1, 0))),
        IllFormed("expect past the end", instruction(APUS_EXPECT, skip: 3)),
        IllFormed("expect of a word over the end", instruction(APUS_EXPECT, [.data(9)])),
        IllFormed("expect of a word past the end", instruction(APUS_EXPECT, [.data(16)])),
        IllFormed("store of a word over the end", store(13, 4)),
        IllFormed("store of a long word over the end", store(9, 8)),
        IllFormed("store past the end", store(16, 4)),
        IllFormed("store before the block", store(.max - 3, 4)),
        IllFormed("store of 0 bytes", store(0, 0)),
        IllFormed("store of 1 byte", store(0, 1)),
        IllFormed("store of 16 bytes", store(0, 16)),
        IllFormed("store of a huge width", store(8, .max - 7)),
        IllFormed(
            "store to a slot's offset", instruction(APUS_STORE, [.slot(1), .immediate(0), .immediate(4)])),
        IllFormed(
            "store to a data operand", instruction(APUS_STORE, [.data(1), .immediate(0), .immediate(4)])),
        IllFormed(
            "store of a slot's width", instruction(APUS_STORE, [.immediate(0), .immediate(0), .slot(4)])),
        IllFormed("load over the end", load(.immediate(9), .immediate(8))),
        IllFormed("load past the end", load(.immediate(17), .immediate(4))),
        IllFormed("load before the block", load(.immediate(.max), .immediate(8))),
        IllFormed("load of 2 bytes", load(.immediate(0), .immediate(2))),
        IllFormed("load from a slot's offset", load(.slot(1), .immediate(4))),
        IllFormed("load of a slot's width", load(.immediate(0), .slot(8))),
    ]

    private static func store(_ offset: UInt64, _ width: UInt64) -> apus_instruction {
        instruction(APUS_STORE, [.immediate(offset), .immediate(0), .immediate(width)])
    }

    private static func load(_ offset: Operand, _ width: Operand) -> apus_instruction {
        instruction(APUS_LOAD, [offset, .immediate(0), width], out: 1)
    }

    private static func withKinds(_ kinds: UInt16) -> apus_instruction {
        var result = instruction(APUS_SKIP)
        result.kinds = kinds
        return result
    }
}

@Suite struct MachineRefusalTests {
    let kernel = FakeKernel()
    static let call = instruction(APUS_SYSCALL, nr: Number.any)

    @Test(arguments: IllFormed.all)
    func refusesBeforeItRuns(_ illFormed: IllFormed) throws {
        var bad = illFormed.bad
        bad.step = 12
        let program = TestProgram([Self.call, bad, Self.call, Self.call], data: word(0) + word(0))
        #expect(kernel.run(program).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.isEmpty)
        let report = try #require(kernel.reports.first)
        #expect(kernel.reports.count == 1)
        #expect(report.kind == APUS_REPORT_FAILURE.rawValue && report.pc == 1 && report.step == 12)
        #expect(report.error == 74 && kernel.channels == [9])
    }

    /// The same places, one byte or one instruction less: the limits are not too strict.
    @Test func takesTheLastPossiblePlaces() {
        kernel.goAheads = [1]
        let program = TestProgram(
            [
                instruction(APUS_SYSCALL, [.data(15), .slot(127)], nr: Number.any, out: 127),
                instruction(APUS_EXPECT, [.data(8), .immediate(0), .immediate(0)], skip: 1),
                instruction(APUS_STORE, [.immediate(12), .immediate(1), .immediate(4)]),
                instruction(APUS_STORE, [.immediate(8), .immediate(1), .immediate(8)]),
                instruction(APUS_LOAD, [.immediate(8), .immediate(0), .immediate(8)], out: 0),
                instruction(APUS_SKIP, skip: 1), Self.call,
            ], data: word(0) + word(0))
        #expect(kernel.run(program).status == 0)
        #expect(kernel.calls.count == 1)
    }

    @Test func refusesWithoutDataWhatNeedsSome() {
        for bad in [
            instruction(APUS_SYSCALL, [.data(0)]), instruction(APUS_EXPECT, [.data(0)]),
            instruction(APUS_STORE, [.immediate(0), .immediate(0), .immediate(4)]),
        ] {
            #expect(kernel.run(TestProgram([bad])).status == APUS_EXIT_PROGRAM)
        }
    }

    @Test func refusesAHeaderOfAnotherFormat() {
        var program = TestProgram([Self.call])
        program.magic = 0x7375_7060
        #expect(kernel.run(program).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.isEmpty && kernel.channels.isEmpty)
    }

    @Test(arguments: [0, 1, 15])
    func refusesABlockWithoutAHeader(size: Int) {
        #expect(kernel.run(TestProgram([Self.call]), size: size).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.isEmpty && kernel.channels.isEmpty)
    }

    /// Counts that do not fit, and counts whose bytes overflow 32 bits: 2^26 instructions are 2^32 bytes.
    @Test(
        arguments: [
            (2, 8), (1, 16), (1 << 26, 8), (.max, 8), (1, .max - 7), (1, 4), (0, 73), (1 << 26, 0),
        ] as [(UInt32, UInt32)])
    func refusesSizesThatAreNotTheBlocks(count: UInt32, dataSize: UInt32) {
        var program = TestProgram([Self.call], data: word(0))
        program.instructionCount = count
        program.dataSize = dataSize
        #expect(kernel.run(program).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.isEmpty)
        #expect(kernel.reports.map(\.error) == [74] && kernel.reports.map(\.pc) == [0])
    }

    @Test func refusesABlockOneByteShort() {
        let program = TestProgram([Self.call], data: word(0))
        #expect(kernel.run(program, size: program.bytes.count - 1).status == APUS_EXIT_PROGRAM)
        #expect(kernel.run(program, size: program.bytes.count).status == 0)
        #expect(kernel.calls.count == 1)
    }

    /// CLONE_VM, CLONE_VFORK, CLONE_SETTLS, a signal, bits above 32: FORK's two sides must share nothing.
    @Test(arguments: [UInt64(0x100), 0x4000, 0x80000, 17, 0x80, 1 << 32])
    func refusesToForkWithOtherFlags(flags: UInt64) {
        let program = TestProgram([
            instruction(APUS_SET, [.immediate(flags)], out: 1), instruction(APUS_FORK, [.slot(1)]),
        ])
        #expect(kernel.run(program).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.isEmpty)
        #expect(kernel.reports.map(\.pc) == [1])
    }

    /// A system call wrote over the program: what is not sound then does not run.
    @Test func checksAgainWhatASystemCallOverwrote() {
        kernel.answer = { call in
            let data = UnsafeMutableRawPointer(bitPattern: UInt(call.arguments[0]))!
            (data - MemoryLayout<apus_instruction>.size).storeBytes(of: 200, as: UInt8.self)
            return 0
        }
        let program = TestProgram(
            [instruction(APUS_SYSCALL, [.data(0)], nr: Number.any), Self.call], data: word(0))
        #expect(kernel.run(program).status == APUS_EXIT_PROGRAM)
        #expect(kernel.calls.count == 1)
        #expect(kernel.reports.map(\.pc) == [1])
    }
}
