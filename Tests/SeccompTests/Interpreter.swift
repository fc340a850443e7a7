// A classic BPF machine: what the kernel would answer to one system call under a compiled filter.
import Seccomp

/// `struct seccomp_data` (seccomp(2)).
struct CallData {
    var number: Int32
    var architecture: UInt32 = Architecture.x86_64
    var arguments: [UInt64] = []

    /// The 32-bit word at `offset`, as BPF_LD | BPF_W | BPF_ABS loads it.
    func word(_ offset: Int) -> UInt32? {
        switch offset {
        case 0: return UInt32(bitPattern: number)
        case 4: return architecture
        case 8, 12: return 0
        case 16..<64 where offset % 4 == 0:
            let index = (offset - 16) / 8
            let argument = index < arguments.count ? arguments[index] : 0
            return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
        default: return nil
        }
    }
}

enum Architecture {
    static let x86_64: UInt32 = 0xc000_003e
    static let x86: UInt32 = 0x4000_0003
    static let aarch64: UInt32 = 0xc000_00b7
    static let arm: UInt32 = 0x4000_0028
    static let s390x: UInt32 = 0x8000_0016
}

/// SECCOMP_RET_* values.
enum Verdict {
    static let allow: UInt32 = 0x7fff_0000
    static let log: UInt32 = 0x7ffc_0000
    static let trap: UInt32 = 0x0003_0000
    static let killThread: UInt32 = 0
    static let killProcess: UInt32 = 0x8000_0000
    static func errno(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }
    static func trace(_ number: UInt32) -> UInt32 { 0x7ff0_0000 | number }
}

extension SeccompFilter {
    struct InvalidProgram: Error {
        let instruction: Int
    }

    private func field(_ offset: Int, _ size: Int) -> UInt32 {
        (0..<size).reduce(0) { $0 | UInt32(program[offset + $1]) << UInt32(8 * $1) }
    }

    /// Runs the program; throws on whatever the kernel would refuse or libseccomp never emits.
    func verdict(_ data: CallData) throws -> UInt32 {
        var accumulator: UInt32 = 0
        var position = 0
        while position * 8 < program.count {
            let start = position * 8
            let code = field(start, 2)
            let jumps = (Int(program[start + 2]), Int(program[start + 3]))
            let constant = field(start + 4, 4)
            position += 1
            switch code {
            case 0x20:  // BPF_LD | BPF_W | BPF_ABS
                guard let word = data.word(Int(constant)) else {
                    throw InvalidProgram(instruction: position - 1)
                }
                accumulator = word
            case 0x54:  // BPF_ALU | BPF_AND | BPF_K
                accumulator &= constant
            case 0x05:  // BPF_JMP | BPF_JA
                position += Int(constant)
            case 0x15: position += accumulator == constant ? jumps.0 : jumps.1  // BPF_JEQ
            case 0x25: position += accumulator > constant ? jumps.0 : jumps.1  // BPF_JGT
            case 0x35: position += accumulator >= constant ? jumps.0 : jumps.1  // BPF_JGE
            case 0x06: return constant  // BPF_RET | BPF_K
            default: throw InvalidProgram(instruction: position - 1)
            }
        }
        throw InvalidProgram(instruction: position)
    }
}
