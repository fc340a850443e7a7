// The fuzzers, in one program: fuzz TARGET, then libFuzzer's own arguments. See Tests/Fuzz/run.
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

/// The target's name is ours; libFuzzer gets the rest.
private func fuzz() -> Int32 {
    guard CommandLine.argc > 1, let target = targets[CommandLine.arguments[1]] else {
        print("usage: fuzz configuration|machine|arguments [libFuzzer's arguments]")
        return 2
    }
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    arguments[0] = CommandLine.unsafeArgv[0]
    return runDriver(&count, &arguments, target)
}

exit(fuzz())
