// A kernel for the machine: it records the system calls, takes the reports and answers as the test says.
import CInit

enum Number {
    #if arch(arm64)
    static let read: UInt16 = 63
    static let sendto: UInt16 = 206
    static let clone: UInt16 = 220
    #else
    static let read: UInt16 = 0
    static let sendto: UInt16 = 44
    static let clone: UInt16 = 56
    #endif
    /// A system call that only tests make.
    static let any: UInt16 = 600
}

final class FakeKernel {
    struct Call: Equatable {
        var nr: UInt16
        var arguments: [UInt64]
    }

    /// Every call but the machine's own reads and reports on the channel.
    var calls: [Call] = []
    var reports: [apus_report] = []
    /// The descriptors that reports and waits went to.
    var channels: [UInt64] = []
    /// What the runtime sends; at its end, the end of file.
    var goAheads: [UInt64] = []
    var sendResult: Int?
    /// What the next wait's read returns instead of sending a go-ahead.
    var readResults: [Int] = []
    var answer: (Call) -> Int = { _ in 0 }

    func handle(_ nr: UInt16, _ arguments: [UInt64]) -> Int {
        switch nr {
        case Number.sendto:
            channels.append(arguments[0])
            if let sendResult { return sendResult }
            guard let report = UnsafePointer<apus_report>(bitPattern: UInt(arguments[1])) else { return -14 }
            reports.append(report.pointee)
            return Int(arguments[2])
        case Number.read:
            channels.append(arguments[0])
            if !readResults.isEmpty { return readResults.removeFirst() }
            if goAheads.isEmpty { return 0 }
            guard let word = UnsafeMutablePointer<UInt64>(bitPattern: UInt(arguments[1])) else { return -14 }
            word.pointee = goAheads.removeFirst()
            return 8
        default:
            let call = Call(nr: nr, arguments: arguments)
            calls.append(call)
            return answer(call)
        }
    }

    /// Runs the machine on `size` bytes at `block`; returns its exit status.
    func run(_ block: UnsafeMutableRawPointer, size: Int) -> Int32 {
        let context = Unmanaged.passUnretained(self).toOpaque()
        return apus_machine_run_with(
            block.assumingMemoryBound(to: apus_program.self), UInt64(size),
            { context, nr, arguments in
                let kernel = Unmanaged<FakeKernel>.fromOpaque(context!).takeUnretainedValue()
                return kernel.handle(nr, (0..<6).map { arguments![$0] })
            }, context)
    }

    /// What came of a program.
    struct Outcome {
        var status: Int32
        /// Where the data block began.
        var dataAddress: UInt64
        var data: [UInt8]
    }

    /// Runs a copy of `program`. `size` is what the machine is told, where that is not the truth.
    @discardableResult
    func run(_ program: TestProgram, size: Int? = nil) -> Outcome {
        let bytes = program.bytes
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 8)
        defer { block.deallocate() }
        block.copyMemory(from: bytes, byteCount: bytes.count)
        let status = run(block, size: size ?? bytes.count)
        let start = block + (bytes.count - program.data.count)
        return Outcome(
            status: status, dataAddress: UInt64(UInt(bitPattern: start)),
            data: [UInt8](UnsafeRawBufferPointer(start: start, count: program.data.count)))
    }
}
