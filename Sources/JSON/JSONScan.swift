// A pass over the raw text for what json-c lets through: NaN, raw control characters, NUL in keys, extreme nesting.

/// What the pass found in a text that json-c may go on to parse.
struct JSONScan {
    /// Number of object members in the text; json-c's tree has fewer when a key occurs twice.
    var members = 0

    private var depth = 0
    private var keyMayHoldNUL = false

    /// The deepest nesting accepted; the specification's own schema needs 8.
    static let maximumDepth = 128

    /// Scans the whole text.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var index = 0
        while index < text.count {
            let byte = unsafe text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                index = try unsafe scanString(text, from: index)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > Self.maximumDepth {
                    throw unsafe JSONScan.error(
                        "nested deeper than \(Self.maximumDepth) levels", at: index - 1, in: text)
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: ":"):
                members += 1
                if keyMayHoldNUL {
                    throw unsafe JSONScan.error("NUL in an object key", at: index - 1, in: text)
                }
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"),
                UInt8(ascii: ","), UInt8(ascii: "a")...UInt8(ascii: "z"):
                break
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                index = try unsafe scanNumber(text, from: index - 1)
            default:
                throw unsafe JSONScan.error("unexpected \(JSONScan.show(byte))", at: index - 1, in: text)
            }
        }
    }

    /// Returns the index behind the closing quote, or the end of a text that stops inside the string.
    private mutating func scanString(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(JSONError) -> Int {
        keyMayHoldNUL = false
        var index = start
        var seen: UInt8 = 0
        while index < text.count {
            let byte = unsafe text[index]
            index += 1
            seen |= byte
            if byte == UInt8(ascii: "\"") {
                if seen >= 0x80, unsafe String(validating: text[start..<index], as: UTF8.self) == nil {
                    throw unsafe JSONScan.error("a string that is not UTF-8", at: start - 1, in: text)
                }
                return index
            }
            if byte == UInt8(ascii: "\\") {
                if index + 5 <= text.count, unsafe text[index] == UInt8(ascii: "u"),
                    unsafe text[index + 1...index + 4].allSatisfy({ $0 == UInt8(ascii: "0") })
                {
                    keyMayHoldNUL = true
                }
                index += 1
            } else if byte < 0x20 {
                throw unsafe JSONScan.error("\(JSONScan.show(byte)) inside a string", at: index - 1, in: text)
            }
        }
        return text.count
    }

    /// Returns the index behind the number. json-c takes more than the grammar of RFC 8259 section 6, and clamps
    /// integers that 64 bits cannot hold; here both are errors.
    private func scanNumber(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(JSONError) -> Int {
        var index = start
        func skip(_ accepted: (UInt8) -> Bool) -> Int {
            let first = index
            while index < text.count, accepted(unsafe text[index]) { index += 1 }
            return index - first
        }
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        let hasSign = skip { $0 == UInt8(ascii: "-") }
        let zero = index
        let digits = skip(isDigit)
        var isWellFormed = hasSign < 2 && digits > 0
        if digits > 1, unsafe text[zero] == UInt8(ascii: "0") { isWellFormed = false }
        let integerEnd = index
        let points = skip { $0 == UInt8(ascii: ".") }
        if points > 0 { isWellFormed = isWellFormed && points == 1 && skip(isDigit) > 0 }
        let exponents = skip { $0 | 0x20 == UInt8(ascii: "e") }
        if exponents > 0 {
            let signs = skip { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            isWellFormed = isWellFormed && exponents == 1 && signs < 2 && skip(isDigit) > 0
        }
        if !isWellFormed { throw unsafe JSONScan.error("not a number", at: start, in: text) }
        if index == integerEnd, digits > 17 {
            let digits = unsafe String(decoding: text[start..<index], as: UTF8.self)
            if UInt64(digits) == nil, Int64(digits) == nil {
                throw unsafe JSONError(
                    pointer: JSONPlace.pointer(at: start, in: text),
                    message: "\(digits.prefix(40)) is out of range, it needs more than 64 bits")
            }
        }
        return index
    }

    private static func show(_ byte: UInt8) -> String {
        switch byte {
        case 0: "NUL byte"
        case 0x0a: "line break"
        case 0x21...0x7e: "'\(Character(UnicodeScalar(byte)))'"
        default: "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        }
    }

    /// An error about the document at a byte offset, shown as line and column (both from 1, columns in bytes).
    static func error(
        _ message: String, at offset: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> JSONError {
        var line = 1
        var column = 1
        for index in 0..<min(offset, text.count) {
            column += 1
            if unsafe text[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            }
        }
        return JSONError(pointer: "", message: "invalid JSON at line \(line), column \(column): \(message)")
    }
}
