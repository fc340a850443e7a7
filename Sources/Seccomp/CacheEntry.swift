// A compiled filter as a file: a header that tells a whole entry from a torn or foreign one, and the program.

/// One file of the cache.
struct CacheEntry {
    static let magic = Array("apusbpf1".utf8)
    /// Magic, key, flags, size of the program, checksum.
    static let headerSize = 8 + 32 + 4 + 4 + 8

    static func encode(_ filter: SeccompFilter, key: ProfileKey) -> [UInt8] {
        var encoder = Encoder()
        encoder.bytes += magic
        encoder.bytes += key.bytes
        encoder.put(filter.flags)
        encoder.put(UInt32(filter.program.count))
        let checksum = checksum(encoder.bytes, filter.program)
        encoder.put(checksum)
        encoder.bytes += filter.program
        return encoder.bytes
    }

    /// The filter in `bytes`; nil unless they are exactly what `encode` made for `key`.
    static func decode(_ bytes: [UInt8], key: ProfileKey) -> SeccompFilter? {
        guard bytes.count >= headerSize else { return nil }
        let program = Array(bytes[headerSize...])
        guard bytes[..<8].elementsEqual(magic), bytes[8..<40].elementsEqual(key.bytes),
            number(bytes[44..<48]) == program.count, program.count % SeccompFilter.instructionSize == 0,
            !program.isEmpty, number(bytes[48..<56]) == checksum(Array(bytes[..<48]), program)
        else { return nil }
        return SeccompFilter(program: program, flags: UInt32(number(bytes[40..<44])))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// 64 bits over both, 8 bytes at a step. It finds accidents; who may write the file is checked apart.
    private static func checksum(_ header: [UInt8], _ program: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0x9e37_79b9_7f4a_7c15
        for part in [header, program] {
            unsafe part.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                    let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    sum = (sum ^ word) &* 0xff51_afd7_ed55_8ccd
                    sum ^= sum >> 32
                }
            }
        }
        return sum
    }
}
