// What each instruction does.
import CInit
import Testing

/// An instruction that shows a slot's value: the first argument of a system call.
private func show(_ slot: UInt64) -> apus_instruction {
    instruction(APUS_SYSCALL, [.slot(slot)], nr: Number.any)
}

@Suite struct MachineTests {
    let kernel = FakeKernel()

    private func shown(_ program: TestProgram) -> [UInt64] {
        #expect(kernel.run(program).status == 0)
        return kernel.calls.map { $0.arguments[0] }
    }

    @Test func emptyProgramEnds() {
        #expect(kernel.run(TestProgram([])).status == 0)
        #expect(kernel.calls.isEmpty && kernel.channels.isEmpty)
    }

    @Test func systemCallGetsItsNumberAndOperands() {
        let outcome = kernel.run(
            TestProgram(
                [
                    instruction(APUS_SET, [.immediate(77)], out: 5),
                    instruction(
                        APUS_SYSCALL,
                        [.immediate(1), .slot(5), .data(3), .immediate(.max), .slot(0), .data(15)], nr: 333),
                ], data: [UInt8](repeating: 0, count: 16)))
        #expect(outcome.status == 0)
        let data = outcome.dataAddress
        #expect(kernel.calls == [.init(nr: 333, arguments: [1, 77, data + 3, .max, 9, data + 15])])
    }

    @Test func systemCallResultGoesToItsSlot() {
        kernel.answer = { $0.arguments[0] == 1 ? 42 : 0 }
        let call = instruction(APUS_SYSCALL, [.immediate(1)], nr: Number.any, out: 127)
        #expect(shown(TestProgram([call, show(127)])) == [1, 42])
    }

    /// Addresses may have the top bit set; only the last page's worth are errors.
    @Test(arguments: [(-4096, true), (-4095, false), (-1, false), (Int.min, true)])
    func errorsAreTheLast4095Values(result: Int, succeeds: Bool) {
        kernel.answer = { _ in result }
        let outcome = kernel.run(TestProgram([instruction(APUS_SYSCALL, nr: Number.any)]))
        #expect(outcome.status == (succeeds ? 0 : APUS_EXIT_FAILURE))
    }

    @Test func failureIsReportedWithItsPlace() throws {
        kernel.answer = { _ in -2 }
        let program = TestProgram([
            instruction(APUS_SKIP), instruction(APUS_SYSCALL, nr: Number.any, tolerate: (1, 3), step: 300),
            show(0),
        ])
        #expect(kernel.run(program).status == APUS_EXIT_FAILURE)
        #expect(kernel.calls.count == 1)
        let report = try #require(kernel.reports.first)
        #expect(kernel.reports.count == 1)
        #expect(report.kind == APUS_REPORT_FAILURE.rawValue && report.pc == 1 && report.step == 300)
        #expect(report.error == 2 && kernel.channels == [9])
    }

    @Test func failureThatNobodyHearsKeepsItsStatus() {
        kernel.answer = { _ in -2 }
        kernel.sendResult = -32
        #expect(
            kernel.run(TestProgram([instruction(APUS_SYSCALL, nr: Number.any)])).status == APUS_EXIT_FAILURE)
    }

    @Test(arguments: [(17, 0), (0, 17), (UInt16(APUS_ANY_ERRNO), 0)] as [(UInt16, UInt16)])
    func toleratedErrorSkips(first: UInt16, second: UInt16) {
        kernel.answer = { $0.arguments[0] == 1 ? -17 : 0 }
        let call = instruction(
            APUS_SYSCALL, [.immediate(1)], nr: Number.any, out: 4, skip: 1, tolerate: (first, second))
        let program = TestProgram([call, show(0), show(4)])
        #expect(shown(program) == [1, UInt64(bitPattern: -17)])
        #expect(kernel.reports.isEmpty)
    }

    @Test func successDoesNotSkip() {
        let call = instruction(APUS_SYSCALL, [.immediate(1)], nr: Number.any, skip: 1, tolerate: (17, 0))
        #expect(shown(TestProgram([call, show(0), show(1)])) == [1, 9, 0])
    }

    @Test func interruptedCallIsRetried() {
        var interruptions = 3
        kernel.answer = { _ in
            interruptions -= 1
            return interruptions >= 0 ? -4 : 6
        }
        let outcome = kernel.run(
            TestProgram([instruction(APUS_SYSCALL, nr: Number.any, tolerate: (0xffff, 0))]))
        #expect(outcome.status == 0)
        #expect(kernel.calls.count == 4)
    }

    @Test func yieldReportsAndTakesTheAnswer() throws {
        kernel.goAheads = [1234]
        let program = TestProgram([
            instruction(APUS_SET, [.immediate(55)], out: 2),
            instruction(APUS_YIELD, [.slot(2)], out: 3, step: 8), show(3),
        ])
        #expect(shown(program) == [1234])
        let report = try #require(kernel.reports.first)
        #expect(kernel.reports.count == 1)
        #expect(report.kind == APUS_REPORT_YIELD.rawValue && report.pc == 1 && report.step == 8)
        #expect(report.value == 55 && report.error == 0)
    }

    @Test func channelIsWhatSlot0Holds() {
        kernel.goAheads = [0, 0]
        let program = TestProgram([
            instruction(APUS_YIELD), instruction(APUS_SET, [.immediate(21)], out: 0), instruction(APUS_YIELD),
        ])
        #expect(kernel.run(program).status == 0)
        #expect(kernel.channels == [9, 9, 21, 21])
    }

    @Test func waitIsRetriedWhenInterrupted() {
        kernel.readResults = [-4, -4]
        kernel.goAheads = [5]
        #expect(kernel.run(TestProgram([instruction(APUS_YIELD)])).status == 0)
    }

    /// End of file, a reset connection, half a word.
    @Test(arguments: [0, -104, 4])
    func initLeavesWhenTheRuntimeIsGone(result: Int) {
        kernel.readResults = [result]
        kernel.goAheads = [5]
        #expect(kernel.run(TestProgram([instruction(APUS_YIELD), show(0)])).status == APUS_EXIT_ORPHAN)
        #expect(kernel.calls.isEmpty && kernel.reports.count == 1)
    }

    @Test(arguments: [APUS_YIELD, APUS_FORK])
    func initLeavesWhenItCannotReport(opcode: apus_opcode) {
        kernel.sendResult = -32
        kernel.goAheads = [5]
        kernel.answer = { _ in 100 }
        #expect(kernel.run(TestProgram([instruction(opcode), show(0)])).status == APUS_EXIT_ORPHAN)
        #expect(kernel.goAheads == [5])
    }

    @Test func forkingProcessReportsTheChildAndLeaves() throws {
        kernel.answer = { _ in 4711 }
        let program = TestProgram([instruction(APUS_FORK, [.immediate(0x2000_8000)], step: 6), show(0)])
        #expect(kernel.run(program).status == 0)
        #expect(kernel.calls == [.init(nr: Number.clone, arguments: [0x2000_8011, 0, 0, 0, 0, 0])])
        let report = try #require(kernel.reports.first)
        #expect(kernel.reports.count == 1)
        #expect(report.kind == APUS_REPORT_FORK.rawValue && report.value == 4711 && report.step == 6)
    }

    @Test func forkedProcessWaitsAndGoesOn() {
        kernel.goAheads = [88]
        kernel.answer = { _ in 0 }
        let program = TestProgram([instruction(APUS_FORK, out: 1), show(1)])
        #expect(kernel.run(program).status == 0)
        #expect(kernel.calls.map { $0.arguments[0] } == [17, 88])
        #expect(kernel.reports.isEmpty)
    }

    @Test func failedForkIsAFailure() {
        kernel.answer = { _ in -11 }
        #expect(kernel.run(TestProgram([instruction(APUS_FORK)])).status == APUS_EXIT_FAILURE)
        #expect(kernel.reports.map(\.error) == [11])
    }

    @Test func storeAndLoadMoveWords() {
        let program = TestProgram(
            [
                instruction(APUS_SET, [.immediate(0x1122_3344_5566_7788)], out: 1),
                instruction(APUS_STORE, [.immediate(3), .slot(1), .immediate(4)]),
                instruction(APUS_STORE, [.immediate(8), .slot(1), .immediate(8)]),
                instruction(APUS_LOAD, [.immediate(3), .immediate(0), .immediate(4)], out: 2), show(2),
                instruction(APUS_LOAD, [.immediate(9), .immediate(0), .immediate(4)], out: 2), show(2),
                instruction(APUS_LOAD, [.immediate(8), .immediate(0), .immediate(8)], out: 2), show(2),
                instruction(APUS_STORE, [.immediate(0), .immediate(.max), .immediate(4)]),
                instruction(APUS_LOAD, [.immediate(0), .immediate(0), .immediate(4)], out: 2), show(2),
            ], data: [UInt8](repeating: 0, count: 16))
        let outcome = kernel.run(program)
        #expect(outcome.status == 0)
        #expect(
            kernel.calls.map { $0.arguments[0] } == [
                0x5566_7788, 0x4455_6677, 0x1122_3344_5566_7788, 0xffff_ffff,
            ])
        #expect(
            outcome.data == [255, 255, 255, 255, 0x77, 0x66, 0x55, 0] + word(0x1122_3344_5566_7788))
    }

    @Test func storeTakesADataOperandAsAnAddress() {
        let program = TestProgram(
            [instruction(APUS_STORE, [.immediate(0), .data(8), .immediate(8)])], data: word(0) + word(0))
        let outcome = kernel.run(program)
        #expect(outcome.data == word(outcome.dataAddress + 8) + word(0))
    }

    @Test(arguments: [
        Operand.data(1), .immediate(0x0102_0304_0506_0708), .slot(1),
    ])
    func expectComparesUnderItsMask(value: Operand) {
        let expect = { (wanted: UInt64, skip: UInt16) in
            instruction(
                APUS_EXPECT, [value, .immediate(0xff00), .immediate(wanted), .immediate(30)], skip: skip,
                step: 4)
        }
        let set = instruction(APUS_SET, [.immediate(0x0102_0304_0506_0708)], out: 1)
        let data = [0xaa] + word(0x0102_0304_0506_0708) + [UInt8](repeating: 0, count: 7)
        #expect(shown(TestProgram([set, expect(0x0700, 1), show(0)], data: data)) == [9])
        #expect(shown(TestProgram([set, expect(0x0800, 1), show(0), show(1)], data: data)).count == 2)
        #expect(
            kernel.run(TestProgram([set, expect(0x0800, 0), show(0)], data: data)).status == APUS_EXIT_FAILURE
        )
        #expect(kernel.calls.count == 2)
        #expect(kernel.reports.map(\.error) == [30])
        #expect(kernel.reports.map(\.pc) == [1] && kernel.reports.map(\.step) == [4])
    }

    @Test func expectTakesMaskAndValueFromSlots() {
        let program = TestProgram([
            instruction(APUS_SET, [.immediate(6)], out: 1), instruction(APUS_SET, [.immediate(2)], out: 2),
            instruction(APUS_EXPECT, [.immediate(0xb), .slot(1), .slot(2), .immediate(1)]), show(0),
        ])
        #expect(shown(program) == [9])
    }

    @Test func skipJumpsForward() {
        let program = TestProgram([
            instruction(APUS_SKIP, skip: 2), show(0), show(0), instruction(APUS_SKIP), show(1),
            instruction(APUS_SKIP, skip: 1), show(0),
        ])
        #expect(shown(program) == [0])
    }

    @Test func setTakesEveryKindAndMayDropIt() {
        let program = TestProgram(
            [
                instruction(APUS_SET, [.immediate(3)], out: 1), instruction(APUS_SET, [.slot(1)], out: 2),
                instruction(APUS_SET, [.immediate(4)]), show(2), instruction(APUS_SET, [.data(7)], out: 2),
                show(2),
            ], data: word(0))
        let outcome = kernel.run(program)
        #expect(kernel.calls.map { $0.arguments[0] } == [3, outcome.dataAddress + 7])
    }

    @Test func slotsBeginAtZero() {
        #expect(shown(TestProgram((1..<128).map { show($0) })).allSatisfy { $0 == 0 })
        #expect(kernel.calls.count == 127)
    }
}
