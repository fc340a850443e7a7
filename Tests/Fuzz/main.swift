// The fuzzers, in one program: FUZZ_TARGET=… fuzz, with libFuzzer's own arguments. See Tests/Fuzz/run.
import Glibc

/// libFuzzer's entry for programs with a main of their own (llvm.org/docs/LibFuzzer.html).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}

private let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = [
    "configuration": { start, count in
        fuzzConfiguration(bytes(start, count))
        return 0
    },
    "machine": { start, count in
        fuzzMachine(bytes(start, count))
        return 0
    },
    "arguments": { start, count in
        fuzzArguments(bytes(start, count))
        return 0
    },
]

/// The target comes by the environment: libFuzzer runs itself again with the arguments that it knows.
private func fuzz() -> Int32 {
    guard let name = getenv("FUZZ_TARGET"), let target = targets[String(cString: name)] else {
        print("FUZZ_TARGET has to be one of: \(targets.keys.sorted().joined(separator: ", "))")
        return 2
    }
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    return runDriver(&count, &arguments, target)
}

exit(fuzz())
