// Numbers in the byte order of programs and messages.

extension [UInt8] {
    /// Appends the bytes of `value`, the lowest first.
    @inlinable
    public mutating func append<Number: FixedWidthInteger>(littleEndian value: Number) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { bytes in unsafe append(contentsOf: bytes) }
    }
}
