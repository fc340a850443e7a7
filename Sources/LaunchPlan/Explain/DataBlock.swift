// Reads what a program's data block holds at the places that instructions point to.
import Linux

extension Program {
    /// The little-endian number of `width` bytes at `offset`; 0 past the end.
    func number(at offset: Int, width: Int = 8) -> UInt64 {
        guard offset >= 0, offset + width <= data.count else { return 0 }
        var value: UInt64 = 0
        for index in (0..<width).reversed() { value = value << 8 | UInt64(data[offset + index]) }
        return value
    }

    /// The bytes of the C string at `offset`, without its end.
    func cString(at offset: Int) -> ArraySlice<UInt8> {
        guard data.indices.contains(offset) else { return [] }
        let rest = data[offset...]
        return rest.prefix { $0 != 0 }
    }

    /// What STORE instructions put at `offset`: a pointer's target, when the program fills one in there.
    func stored(at offset: Int) -> Int? {
        for instruction in instructions where instruction.opcode == .store {
            if case .immediate(UInt64(offset)) = instruction.operands[0],
                case .data(let target) = instruction.operands[1]
            {
                return target
            }
        }
        return nil
    }

    /// The strings of a null-terminated array of pointers at `offset`.
    func cStrings(at offset: Int) -> [ArraySlice<UInt8>] {
        var strings: [ArraySlice<UInt8>] = []
        while let target = stored(at: offset + strings.count * 8) { strings.append(cString(at: target)) }
        return strings
    }
}
