// Sizes, numbers and durations as people write them on command lines, and sizes as people read them.
import Lifecycle

enum Quantity {
    /// Bytes: `1048576`, `512K`, `1.5g`, `2GiB`, with factors of 1024; `-1` is unlimited.
    static func size(_ text: String) -> Int64? {
        if text == "-1" { return -1 }
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        var suffix = String(decoding: bytes.dropFirst(digits.count), as: UTF8.self).lowercased()[...]
        if suffix.hasPrefix(" ") { suffix = suffix.dropFirst() }
        let units = "bkmgtp"
        let unit = suffix.first ?? "b"
        guard let index = units.firstIndex(of: unit),
            ["", "b", "ib"].contains(suffix.dropFirst()), let number = decimal(digits)
        else { return nil }
        let power = units.distance(from: units.startIndex, to: index)
        let product = number * Double(1 << (10 * power) as Int64)
        return product < 9e18 ? Int64(product) : nil
    }

    /// Digits with at most one point among them.
    private static func decimal(_ digits: some Collection<UInt8>) -> Double? {
        var value = 0.0
        var scale: Double?
        var isEmpty = true
        for digit in digits {
            if digit == UInt8(ascii: ".") {
                if scale != nil { return nil }
                scale = 1
                continue
            }
            isEmpty = false
            value = value * 10 + Double(digit - 48)
            scale = scale.map { $0 * 10 }
        }
        return isEmpty ? nil : value / (scale ?? 1)
    }

    /// Milliseconds: `500ms`, `5s`, `1m30s`, `1h`; a number alone is seconds.
    static func duration(_ text: String) -> Int? {
        if let seconds = Int(text), abs(seconds) < 1 << 31 { return seconds * 1000 }
        let units: [(String, Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
        var rest = text.utf8[...]
        var total = 0.0
        if rest.isEmpty { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(number.count)
            let name = String(Substring(rest.prefix { $0 >= UInt8(ascii: "a") }))
            guard let value = decimal(number), let unit = units.first(where: { $0.0 == name }) else {
                return nil
            }
            rest = rest.dropFirst(name.utf8.count)
            total += value * unit.1
        }
        return total < 1e12 ? Int(total) : nil
    }

    /// `12.5MiB`; four digits at most.
    static func text(bytes: UInt64) -> String {
        var hundredths = bytes.multipliedReportingOverflow(by: 100).overflow ? UInt64.max : bytes * 100
        if bytes < 1024 { return "\(bytes)B" }
        for unit in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
            hundredths /= 1024
            if hundredths < 102_400 { return decimal(hundredths: hundredths) + unit }
        }
        return "\(bytes)B"
    }

    /// `12.34` for 1234.
    static func decimal(hundredths: UInt64) -> String {
        let fraction = hundredths % 100
        return "\(hundredths / 100)." + (fraction < 10 ? "0" : "") + String(fraction)
    }
}
