// Calls that are newer than a profile: ENOSYS, so that programs fall back, as they would on an older kernel.
import CSeccomp
import OCI

/// What stands before libseccomp's program. The rule is runc's: on each architecture of the filter a call whose number
/// is above all that the profile names gets ENOSYS, unless calls that nobody names are let through anyway (by ALLOW, LOG
/// or TRACE) or get ENOSYS already. A libc that tries clone3(2) or faccessat2(2) goes on with the older call only then;
/// EPERM it would take for the answer.
struct NewerCalls {
    /// One AUDIT_ARCH_*, with the last call that the profile names. On x86-64 the calls of x32 share it, told apart by
    /// bit 30.
    struct Architecture: Equatable {
        let token: UInt32
        var last: UInt32?
        var lastX32: UInt32?
    }

    private(set) var architectures: [Architecture] = []

    private static let x32Bit: UInt32 = 0x4000_0000
    private static let notImplemented: UInt32 = 38

    init(_ profile: SeccompProfile) {
        let permissive = ["SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE"]
        if permissive.contains(profile.defaultAction) || profile.defaultErrnoRet == Self.notImplemented {
            return
        }
        let named = profile.architectures.compactMap { SeccompNames.architectureToken($0) }
        // The native architecture is in each filter.
        for token in [seccomp_arch_native()] + named { add(token, profile) }
    }

    private mutating func add(_ token: UInt32, _ profile: SeccompProfile) {
        let isX32 = token == SeccompNames.architectureToken("SCMP_ARCH_X32")
        let shared = isX32 ? SeccompNames.architectureToken("SCMP_ARCH_X86_64") ?? token : token
        var last: UInt32 = 0
        for rule in profile.syscalls {
            for name in rule.names { last = max(last, FilterContext.number(of: name, on: token) ?? 0) }
        }
        if last == 0 { return }
        if !architectures.contains(where: { $0.token == shared }) {
            architectures.append(Architecture(token: shared))
        }
        guard let index = architectures.firstIndex(where: { $0.token == shared }) else { return }
        if isX32 { architectures[index].lastX32 = last } else { architectures[index].last = last }
    }

    /// `struct sock_filter[]`; empty when there is nothing to add.
    var program: [UInt8] {
        if architectures.isEmpty { return [] }
        let tests = architectures.map { architecture in Self.test(architecture) }
        var rest = tests.reduce(0) { $0 + $1.count + 2 }
        var encoder = Encoder()
        encoder.put(.load, 4)
        for (architecture, test) in zip(architectures, tests) {
            // Another architecture: past the test and the jump behind it.
            encoder.put(.ifEqual, architecture.token, then: 0, otherwise: UInt8(test.count + 1))
            rest -= test.count + 2
            for row in test { encoder.put(row.code, row.value, then: row.then, otherwise: row.otherwise) }
            encoder.put(.jump, UInt32(rest))
        }
        return encoder.bytes
    }

    private typealias Row = (code: Code, value: UInt32, then: UInt8, otherwise: UInt8)

    /// Returns ENOSYS for a newer call, else runs to its end. x32 calls that the filter does not know are left to it.
    private static func test(_ architecture: Architecture) -> [Row] {
        let answer: Row = (.answer, 0x0005_0000 | notImplemented, 0, 0)
        // A limit that no number exceeds.
        let (last, lastX32) = (architecture.last ?? .max, architecture.lastX32 ?? .max)
        guard architecture.token == SeccompNames.architectureToken("SCMP_ARCH_X86_64") else {
            return [(.load, 0, 0, 0), (.ifAbove, last, 0, 1), answer]
        }
        return [
            (.load, 0, 0, 0), (.ifAtLeast, x32Bit, 1, 0), (.ifAbove, last, 1, 2), (.ifAbove, lastX32, 0, 1),
            answer,
        ]
    }

    /// The few instructions of classic BPF that it takes (linux/bpf_common.h).
    fileprivate enum Code: UInt16 {
        case load = 0x20
        case jump = 0x05
        case ifEqual = 0x15
        case ifAbove = 0x25
        case ifAtLeast = 0x35
        case answer = 0x06
    }
}

extension Encoder {
    /// One `struct sock_filter`.
    fileprivate mutating func put(
        _ code: NewerCalls.Code, _ value: UInt32, then: UInt8 = 0, otherwise: UInt8 = 0
    ) {
        put(code.rawValue)
        put(then)
        put(otherwise)
        put(value)
    }
}
