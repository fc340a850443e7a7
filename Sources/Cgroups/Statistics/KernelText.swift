// The formats of cgroup files as values: keys with numbers, lists of ranges, block devices, pressure (cgroup-v2.rst, Format).

/// `key number` on each line; what is not of that form is left out.
func keyedNumbers(_ text: String) -> [KeyedNumber] {
    text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard words.count == 2, let value = UInt64(words[1]) else { return nil }
        return KeyedNumber(key: String(words[0]), value: value)
    }
}

extension [KeyedNumber] {
    /// Zero for a key that is not there.
    subscript(_ key: String) -> UInt64 { first { $0.key == key }?.value ?? 0 }
}

/// One number, or `max`; nil for anything else.
func singleNumber(_ text: String) -> UInt64? {
    let word = text.split(whereSeparator: \.isWhitespace).first ?? ""
    return word == "max" ? .max : UInt64(word)
}

/// All numbers of a line.
func numbers(_ text: String) -> [UInt64] {
    text.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
}

/// `0-3,7` as 0, 1, 2, 3, 7.
func numberList(_ text: String) -> [UInt16] {
    var list: [UInt16] = []
    for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
        let ends = part.split(separator: "-").compactMap { UInt16($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { continue }
        list += Array(first...last)
    }
    return list
}

/// A blkio file of cgroup v1: `8:0 Read 4096`, or `8:0 17` without operations; the lines of totals are left out.
func blockEntries(_ text: String) -> [BlockEntry] {
    text.split(separator: "\n").compactMap { line in
        let words = line.split { $0 == " " || $0 == ":" }
        guard words.count >= 3, let major = UInt64(words[0]), let minor = UInt64(words[1]),
            let value = UInt64(words[words.count - 1])
        else { return nil }
        return BlockEntry(
            major: major, minor: minor, operation: words.count > 3 ? String(words[2]) : "", value: value)
    }
}

/// io.stat: `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6` as bytes and operations.
func ioStatistics(_ text: String) -> (bytes: [BlockEntry], operations: [BlockEntry]) {
    let names = ["r": "Read", "w": "Write", "d": "Discard"]
    var bytes: [BlockEntry] = []
    var operations: [BlockEntry] = []
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        let device = (words.first ?? "").split(separator: ":").compactMap { UInt64($0) }
        guard device.count == 2 else { continue }
        for word in words.dropFirst() {
            let pair = word.split(separator: "=")
            guard pair.count == 2, let value = UInt64(pair[1]), let name = names[String(pair[0].prefix(1))]
            else { continue }
            let entry = BlockEntry(major: device[0], minor: device[1], operation: name, value: value)
            switch pair[0].dropFirst() {
            case "bytes": bytes.append(entry)
            case "ios": operations.append(entry)
            default: continue
            }
        }
    }
    return (bytes, operations)
}

/// A pressure file: `some avg10=0.12 avg60=0.00 avg300=0.00 total=4711`, and the same for `full`.
func pressure(_ text: String) -> Pressure? {
    var pressure = Pressure()
    var isFound = false
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        var share = Pressure.Share()
        for (index, name) in ["avg10", "avg60", "avg300"].enumerated() {
            let digits = value(of: name, in: words)?.filter { $0 != "." } ?? ""
            share.averages[index] = UInt64(digits) ?? 0
        }
        share.total = value(of: "total", in: words).flatMap { UInt64($0) } ?? 0
        switch words.first {
        case "some": pressure.some = share
        case "full": pressure.full = share
        default: continue
        }
        isFound = true
    }
    return isFound ? pressure : nil
}

private func value(of name: String, in words: [Substring]) -> Substring? {
    words.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
}
