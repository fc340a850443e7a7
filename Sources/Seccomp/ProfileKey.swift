// The name of a profile's compiled form: a cryptographic hash of everything that the program depends on.
import CMD
import CSeccomp
import OCI

/// SHA-256 over a canonical encoding of a profile, libseccomp's version and the architecture.
struct ProfileKey: Equatable {
    let bytes: [UInt8]

    /// Goes up with every change in what `compile` makes of the same profile.
    static let formatVersion: UInt32 = 2

    init(_ profile: SeccompProfile) {
        let encoding = Self.encode(profile)
        var context = SHA2_CTX()
        unsafe SHA256Init(&context)
        unsafe encoding.withUnsafeBufferPointer { encoding in
            unsafe SHA256Update(&context, encoding.baseAddress, encoding.count)
        }
        self.bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            unsafe SHA256Final(digest.baseAddress, &context)
            count = 32
        }
    }

    /// 64 lower-case hexadecimal digits.
    var fileName: String {
        let digits = Array("0123456789abcdef".utf8)
        return unsafe String(unsafeUninitializedCapacity: 64) { text in
            for (index, byte) in bytes.enumerated() {
                unsafe text[2 * index] = digits[Int(byte >> 4)]
                unsafe text[2 * index + 1] = digits[Int(byte & 15)]
            }
            return 64
        }
    }

    /// Every variable part carries its length, so no two profiles have one encoding.
    static func encode(_ profile: SeccompProfile) -> [UInt8] {
        var encoder = Encoder()
        encoder.put(formatVersion)
        #if arch(x86_64)
        encoder.put("x86_64")
        #elseif arch(arm64)
        encoder.put("aarch64")
        #else
        #error("apus runs on x86-64 and aarch64")
        #endif
        if let version = unsafe seccomp_version() {
            unsafe encoder.put(version.pointee.major)
            unsafe encoder.put(version.pointee.minor)
            unsafe encoder.put(version.pointee.micro)
        }
        encoder.put(profile.defaultAction)
        encoder.put(profile.defaultErrnoRet)
        encoder.put(profile.architectures)
        encoder.put(UInt8(profile.flags == nil ? 0 : 1))
        encoder.put(profile.flags ?? [])
        encoder.put(length: profile.syscalls.count)
        for rule in profile.syscalls {
            encoder.put(rule.names)
            encoder.put(rule.action)
            encoder.put(rule.errnoRet)
            encoder.put(length: rule.args.count)
            for argument in rule.args {
                encoder.put(argument.index)
                encoder.put(argument.value)
                encoder.put(argument.valueTwo)
                encoder.put(argument.op)
            }
        }
        return encoder.bytes
    }
}

/// Appends values to bytes, little end first.
struct Encoder {
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16 << 10) }

    mutating func put<T: FixedWidthInteger>(_ value: T) {
        var value = value.littleEndian
        unsafe withUnsafeBytes(of: &value) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func put(_ value: UInt32?) {
        put(UInt8(value == nil ? 0 : 1))
        put(value ?? 0)
    }

    /// A length, seven bits at a step: less to hash.
    mutating func put(length: Int) {
        var rest = length
        while rest > 127 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ text: String) {
        put(length: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(_ texts: [String]) {
        put(length: texts.count)
        for text in texts { put(text) }
    }
}
