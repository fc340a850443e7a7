// Writes JSON: compact or indented, members in the order of the calls, slashes not escaped.

/// Builds one JSON text.
///
///     var json = JSONWriter(indent: "\t")
///     json.object { $0.member("id", "c1") }
public struct JSONWriter: Sendable {
    /// The text so far, UTF-8.
    public private(set) var bytes: [UInt8] = []

    private let indent: String?
    private var depth = 0
    private var isFirst = true
    private var followsKey = false

    /// `indent` is one level of indentation; nil writes one line without spaces.
    public init(indent: String? = nil) { self.indent = indent }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: containers

    /// An object; `body` writes its members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        container(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// An array; `body` writes its elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        container(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// An array of strings.
    public mutating func array(_ elements: [String]) {
        array { json in for element in elements { json.value(element) } }
    }

    private mutating func container(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { breakLine() }
        isFirst = false
        bytes.append(close)
    }

    // MARK: members

    /// The name of the member whose value the next call writes.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if indent != nil { bytes.append(UInt8(ascii: " ")) }
        followsKey = true
    }

    public mutating func member(_ name: String, _ string: String) {
        key(name)
        value(string)
    }

    @inlinable
    public mutating func member(_ name: String, _ number: some FixedWidthInteger) {
        key(name)
        value(number)
    }

    /// A number with two digits behind the point, without needless zeros: 1250 becomes 12.5.
    public mutating func member(_ name: String, hundredths number: UInt64) {
        key(name)
        separate()
        bytes += String(number / 100).utf8
        if number % 100 == 0 { return }
        bytes += [UInt8(ascii: "."), UInt8(48 + number / 10 % 10)]
        if number % 10 != 0 { bytes.append(UInt8(48 + number % 10)) }
    }

    public mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    public mutating func member(_ name: String, _ strings: [String]) {
        key(name)
        array(strings)
    }

    public mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    public mutating func member(_ name: String, array body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    // MARK: values

    public mutating func value(_ string: String) {
        separate()
        quote(string)
    }

    /// A string from bytes of unknown origin; what is not UTF-8 becomes U+FFFD.
    public mutating func value(bytes string: some Collection<UInt8>) {
        value(String(decoding: string, as: UTF8.self))
    }

    @inlinable
    public mutating func value(_ number: some FixedWidthInteger) {
        value(magnitude: UInt64(number.magnitude), isNegative: number < 0)
    }

    /// By hand: `description` costs every start its generic machinery.
    @usableFromInline
    mutating func value(magnitude: UInt64, isNegative: Bool) {
        separate()
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        var unit: UInt64 = 1
        while magnitude / unit > 9 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(magnitude / unit % 10))
            unit /= 10
        }
    }

    public mutating func value(_ flag: Bool) {
        separate()
        bytes += (flag ? "true" : "false").utf8
    }

    public mutating func null() {
        separate()
        bytes += "null".utf8
    }

    /// Ends the text with a line break, for files that people read.
    public mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    // MARK: punctuation

    /// Writes what stands between the previous value and the next one.
    private mutating func separate() {
        if followsKey {
            followsKey = false
            return
        }
        if depth == 0 { return }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        breakLine()
    }

    private mutating func breakLine() {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes += indent.utf8 }
    }

    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20: bytes += ((byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16)).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
