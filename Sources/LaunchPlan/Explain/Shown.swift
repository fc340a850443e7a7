// How values of config.json appear in one line of text: bare where that is unambiguous, else quoted as strace quotes.

/// `text` as it is, or in quotes when it is empty, has blanks or quotes, or has characters that would end the line.
func shown(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != 0x22 && $0 != 0x5c }
    return isPlain && !text.isEmpty ? text : quoted(text.utf8)
}

/// A C string literal with the bytes of `text`; of more than `limit` bytes the rest is three dots.
func quoted(_ text: some Collection<UInt8>, limit: Int = 256) -> String {
    var line: [UInt8] = [0x22]
    for byte in text.prefix(limit) {
        switch byte {
        case 0x22, 0x5c: line += [0x5c, byte]
        case 0x0a: line += [0x5c, UInt8(ascii: "n")]
        case 0x09: line += [0x5c, UInt8(ascii: "t")]
        case 0..<0x20, 0x7f: line += ("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
        default: line.append(byte)
        }
    }
    line.append(0x22)
    return String(decoding: line, as: UTF8.self) + (text.count > limit ? "..." : "")
}

/// "a, b and c".
func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}

/// "1 step", "2 steps".
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
}

/// `number` as C writes octal: "0644", "0".
func octal(_ number: UInt64) -> String { number == 0 ? "0" : "0" + String(number, radix: 8) }

/// "0", "0-3 and 7".
func listedCPUs(_ mask: [UInt64]) -> String {
    func has(_ cpu: Int) -> Bool { cpu / 64 < mask.count && mask[cpu / 64] >> UInt64(cpu % 64) & 1 != 0 }
    var ranges: [String] = []
    var cpu = 0
    while cpu < mask.count * 64 {
        let first = cpu
        while has(cpu) { cpu += 1 }
        if cpu > first { ranges.append(cpu - first == 1 ? "\(first)" : "\(first)-\(cpu - 1)") }
        cpu += 1
    }
    return listed(ranges)
}
