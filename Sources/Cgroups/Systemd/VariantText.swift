// GVariant text (the subset that unit properties need): true, 5, uint64 5, @t 5, 'text', ['a', 'b'], ('a', 1).

/// Reads one value of GVariant's text format.
struct VariantText {
    private var rest: ArraySlice<UInt8>
    /// Numbers are seconds, and become microseconds.
    private let inSeconds: Bool

    /// nil when `text` is no such value.
    static func value(of text: String, inSeconds: Bool) -> UnitValue? {
        var reader = VariantText(rest: Array(text.utf8)[...], inSeconds: inSeconds)
        guard let value = reader.value(type: nil) else { return nil }
        reader.skipBlanks()
        return reader.rest.isEmpty ? value : nil
    }

    private init(rest: ArraySlice<UInt8>, inSeconds: Bool) {
        self.rest = rest
        self.inSeconds = inSeconds
    }

    /// The words that may stand before a number, with the types that they mean.
    private static let keywords = [
        ("boolean", "b"), ("byte", "y"), ("int32", "i"), ("uint32", "u"), ("int64", "x"), ("uint64", "t"),
        ("string", "s"),
    ]

    private mutating func skipBlanks() {
        while let first = rest.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            rest.removeFirst()
        }
    }

    private mutating func take(_ letter: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == UInt8(ascii: letter) else { return false }
        rest.removeFirst()
        return true
    }

    /// What comes before a blank or a mark that ends a value.
    private mutating func word() -> String {
        skipBlanks()
        let word = rest.prefix { !" \t,])".utf8.contains($0) }
        rest.removeFirst(word.count)
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func value(type: String?) -> UnitValue? {
        skipBlanks()
        guard let first = rest.first else { return nil }
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return type ?? "s" == "s" ? string() : nil
        case UInt8(ascii: "["): return array(type)
        case UInt8(ascii: "("): return tuple(type)
        case UInt8(ascii: "@"):
            rest.removeFirst()
            let signature = word()
            return type == nil && !signature.isEmpty ? value(type: signature) : nil
        default: break
        }
        let word = word()
        if let named = Self.keywords.first(where: { $0.0 == word }) {
            return type == nil ? value(type: named.1) : nil
        }
        if word == "true" || word == "false" { return type ?? "b" == "b" ? .bool(word == "true") : nil }
        return inSeconds ? Self.microseconds(word) : Self.number(word, type ?? "i")
    }

    private static func number(_ word: String, _ type: String) -> UnitValue? {
        switch type {
        case "y": UInt8(word).map { .byte($0) }
        case "i": Int32(word).map { .int32($0) }
        case "u": UInt32(word).map { .uint32($0) }
        case "x": Int64(word).map { .int64($0) }
        case "t": UInt64(word).map { .uint64($0) }
        default: nil
        }
    }

    private static func microseconds(_ word: String) -> UnitValue? {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, let seconds = UInt64(whole), seconds < UInt64.max / 1_000_000,
            parts.count <= 2
        else { return nil }
        var fraction = parts.count == 2 ? String(parts[1].prefix(6)) : ""
        while fraction.utf8.count < 6 { fraction += "0" }
        return UInt64(fraction).map { .uint64(seconds * 1_000_000 + $0) }
    }

    private mutating func string() -> UnitValue? {
        let quote = rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote {
                return text.contains(0) ? nil : .string(String(decoding: text, as: UTF8.self))
            }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
            case let escaped? where "\\'\"".utf8.contains(escaped): text.append(escaped)
            default: return nil
            }
        }
        return nil
    }

    private mutating func array(_ type: String?) -> UnitValue? {
        guard type?.hasPrefix("a") ?? true, take("[") else { return nil }
        var element = type.map { String($0.dropFirst()) }
        var values: [UnitValue] = []
        while !take("]") {
            if !values.isEmpty, !take(",") { return nil }
            guard let value = value(type: element), value.signature == element ?? value.signature else {
                return nil
            }
            element = value.signature
            values.append(value)
        }
        return element.map { .array(of: $0, values) }
    }

    /// The members' types are what their texts say.
    private mutating func tuple(_ type: String?) -> UnitValue? {
        guard take("(") else { return nil }
        var members: [UnitValue] = []
        while !take(")") {
            if !members.isEmpty, !take(",") { return nil }
            guard let value = value(type: nil) else { return nil }
            members.append(value)
        }
        let structure = UnitValue.structure(members)
        return members.isEmpty || structure.signature != type ?? structure.signature ? nil : structure
    }
}
