// The gate to the kernel: every system call of the runtime goes through here.
import CLinux

/// System call numbers that the runtime itself uses, or that programs name.
public struct SystemCall: Equatable, Hashable, Sendable {
    public let number: Int32

    public init(_ number: Int32) { self.number = number }
}

/// Raw calls; results below zero are negated error numbers.
enum CLinuxCall {
    @inline(__always)
    static func raw(
        _ call: SystemCall, _ a0: Int = 0, _ a1: Int = 0, _ a2: Int = 0, _ a3: Int = 0, _ a4: Int = 0,
        _ a5: Int = 0
    ) -> Int {
        apus_syscall(Int(call.number), a0, a1, a2, a3, a4, a5)
    }
}

extension Syscall {
    /// Makes `call`, again after a signal, and returns its result.
    @inline(__always) @discardableResult
    public static func call(
        _ call: SystemCall, _ a0: Int = 0, _ a1: Int = 0, _ a2: Int = 0, _ a3: Int = 0, _ a4: Int = 0,
        _ a5: Int = 0
    ) throws(Errno) -> Int {
        while true {
            let result = CLinuxCall.raw(call, a0, a1, a2, a3, a4, a5)
            if result >= 0 || result < -4095 { return result }
            if result != -Int(Errno.interrupted.rawValue) { throw Errno(rawValue: Int32(-result)) }
        }
    }

    /// The address of a value or of bytes, for a call's argument.
    @inline(__always)
    static func address(_ pointer: UnsafeRawPointer) -> Int { Int(bitPattern: pointer) }

    /// Runs `body` with the address of `path` as a C string.
    @inline(__always)
    static func withPath<R>(_ path: String, _ body: (Int) throws(Errno) -> R) throws(Errno) -> R {
        var path = path
        var result: Result<R, Errno> = .failure(.invalid)
        path.withUTF8 { bytes in
            if unsafe bytes.contains(0) { return }
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { copy in
                for index in bytes.indices { unsafe copy[index] = bytes[index] }
                unsafe copy[bytes.count] = 0
                let start = Int(bitPattern: copy.baseAddress)
                do throws(Errno) {
                    result = .success(try body(start))
                } catch {
                    result = .failure(error)
                }
            }
        }
        return try result.get()
    }
}
