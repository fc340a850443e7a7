// One run of the fuzzer over the init's machine, with a kernel that answers from the same bytes. The corpus is replayed by
// MachineCorpusTests.
import CInit

/// A program from `bytes`: what the machine does with it stays in its block, and it ends.
func fuzzMachine(_ bytes: [UInt8]) {
    // The kernel's answers and the runtime's go-aheads come first, so that mutations reach them as well.
    let answers = bytes.prefix(8).map { Int(Int8(bitPattern: $0)) }
    guard answers.count == 8 else { return }
    var program = Array(bytes.dropFirst(8))
    let size = MemoryLayout<apus_program>.size
    let instruction = MemoryLayout<apus_instruction>.size
    guard program.count >= size + instruction else { return }
    // A header that lies is refused at once: three runs of four get one that holds.
    if bytes[0] & 3 != 0 {
        let count = min(1 + Int(bytes[1] % 32), (program.count - size) / instruction)
        let data = (program.count - size - count * instruction) & ~7
        program.removeLast(program.count - size - count * instruction - data)
        var header = apus_program(
            magic: UInt32(APUS_PROGRAM_MAGIC), instruction_count: UInt32(count), data_size: UInt32(data),
            channel: 9)
        withUnsafeBytes(of: &header) { program.replaceSubrange(0..<size, with: $0) }
    }
    // Not the numbers by which the fake kernel knows the machine's own reads and reports.
    for start in stride(from: size, through: program.count - instruction, by: instruction) {
        withUnsafeBytes(of: Number.any.littleEndian) {
            program.replaceSubrange(start + 2..<start + 4, with: $0)
        }
    }
    run(program, answers)
}

private func run(_ program: [UInt8], _ answers: [Int]) {
    // Exactly as large as the program, so that a sanitizer sees the first byte beyond.
    let block = UnsafeMutableRawPointer.allocate(byteCount: program.count, alignment: 8)
    defer { block.deallocate() }
    block.copyMemory(from: program, byteCount: program.count)
    let count = Int(block.load(fromByteOffset: 4, as: UInt32.self))
    let size = Int(block.load(fromByteOffset: 8, as: UInt32.self))
    let start = UInt(bitPattern: block)
    let data = start &+ 16 &+ 64 &* UInt(count)
    let kernel = FakeKernel()
    kernel.goAheads = answers.prefix(2).map { UInt64(bitPattern: Int64($0)) }
    var calls = 0
    kernel.answer = { call in
        calls += 1
        precondition(calls <= 2 * program.count, "a program ends")
        for argument in call.arguments {
            // An address in the block that is not in the data: the machine has let an operand out.
            let place = UInt(truncatingIfNeeded: argument)
            if place >= start, place < start &+ UInt(program.count) {
                precondition(place >= data && place < data &+ UInt(size), "stray address")
            }
        }
        return answers[calls % answers.count]
    }
    _ = kernel.run(block, size: program.count)
    let instructions = UnsafeRawBufferPointer(start: block, count: min(program.count, 16 &+ 64 &* count))
    precondition(instructions.elementsEqual(program.prefix(instructions.count)), "a program stays as it is")
}
