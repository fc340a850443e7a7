// A cursor into a JSON document. It carries no path: the pointer of a value is searched for when an error needs it.
import CJSON

/// The type of a value, as error messages name it.
public enum JSONKind: Sendable {
    case null, bool, integer, fraction, string, array, object

    public var name: StaticString {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a number"
        case .fraction: "a number with a fraction or an exponent"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// One value of a `JSONDocument`; valid inside `JSONDocument.withRoot` only.
@safe
public struct JSONValue {
    /// json-c's node; nil is `null`.
    private let node: OpaquePointer?
    private let root: OpaquePointer?

    init(node: OpaquePointer?, root: OpaquePointer?) {
        unsafe self.node = node
        unsafe self.root = root
    }

    public var kind: JSONKind {
        switch unsafe json_object_get_type(node) {
        case json_type_boolean: .bool
        case json_type_int: .integer
        case json_type_double: .fraction
        case json_type_string: .string
        case json_type_array: .array
        case json_type_object: .object
        default: .null
        }
    }

    public var isNull: Bool { unsafe node == nil }

    // MARK: scalars

    /// The text of a string. NUL inside is an error: every string of ours ends up as a C string.
    public func string() throws(JSONError) -> String {
        guard kind == .string, let start = unsafe json_object_get_string(node) else {
            throw mismatch("a string")
        }
        let length = Int(unsafe json_object_get_string_len(node))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        if unsafe bytes.contains(0) { throw error("a string must not contain NUL") }
        // The scan has seen that the text is UTF-8, so that nothing is repaired here.
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    public func bool() throws(JSONError) -> Bool {
        guard kind == .bool else { throw mismatch("a boolean") }
        return unsafe json_object_get_boolean(node) != 0
    }

    /// An integer that fits `Number`; fractions, exponents and numbers out of range are errors.
    @inlinable
    public func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(JSONError)
        -> Number
    {
        let (negative, bits) = try integerBits()
        let number = negative ? Number(exactly: Int64(bitPattern: bits)) : Number(exactly: bits)
        guard let number else { throw outOfRange(negative, bits, "\(Number.min) to \(Number.max)") }
        return number
    }

    /// The sign and the bits of an integer: of an `Int64` when negative, else of a `UInt64`.
    @usableFromInline
    func integerBits() throws(JSONError) -> (negative: Bool, bits: UInt64) {
        guard kind == .integer else { throw mismatch("an integer") }
        // get_uint64 turns negatives into 0, get_int64 clamps above Int64.max: ask for the sign first.
        let signed = unsafe json_object_get_int64(node)
        if signed < 0 { return (true, UInt64(bitPattern: signed)) }
        return (false, unsafe json_object_get_uint64(node))
    }

    @usableFromInline
    func outOfRange(_ negative: Bool, _ bits: UInt64, _ range: String) -> JSONError {
        let text = negative ? String(Int64(bitPattern: bits)) : String(bits)
        return error("\(text) is out of range, expected \(range)")
    }

    // MARK: arrays

    /// Number of elements.
    public func elementCount() throws(JSONError) -> Int {
        guard kind == .array else { throw mismatch("an array") }
        return unsafe json_object_array_length(node)
    }

    /// An element of an array that `elementCount` has accepted. `null` elements are errors: nothing means nothing.
    public func element(_ index: Int) throws(JSONError) -> JSONValue {
        let value = unsafe JSONValue(node: json_object_array_get_idx(node, index), root: root)
        if value.isNull {
            throw JSONError(
                pointer: JSONPointer.appending(index, to: pointer),
                message: "null is not an element of this array")
        }
        return value
    }

    // MARK: objects

    /// Throws unless the value is an object.
    public func requireObject() throws(JSONError) {
        guard kind == .object else { throw mismatch("an object") }
    }

    /// The member of that name; nil when it is absent or `null`, or when this is no object.
    public subscript(key: StaticString) -> JSONValue? {
        var member: OpaquePointer?
        return unsafe key.utf8Start.withMemoryRebound(to: CChar.self, capacity: key.utf8CodeUnitCount + 1) {
            name in
            guard unsafe json_object_object_get_ex(node, name, &member) != 0, unsafe member != nil else {
                return nil
            }
            return unsafe JSONValue(node: member, root: root)
        }
    }

    /// Calls `body` with each member in the order of the text, `null` members too.
    public func forEachMember<Failure: Error>(
        _ body: (String, JSONValue) throws(Failure) -> Void
    ) throws(Failure) {
        guard kind == .object else { return }
        var entry = unsafe json_object_get_object(node).pointee.head
        while let current = unsafe entry {
            let (key, value) = unsafe JSONValue.member(current)
            try unsafe body(key, JSONValue(node: value, root: root))
            unsafe entry = unsafe current.pointee.next
        }
    }

    private static func member(_ entry: UnsafeMutablePointer<lh_entry>) -> (String, OpaquePointer?) {
        let key = unsafe entry.pointee.k.map {
            unsafe String(cString: $0.assumingMemoryBound(to: CChar.self))
        }
        return unsafe (key ?? "", entry.pointee.v.map { OpaquePointer($0) })
    }

    /// Number of object members at and below this value.
    func memberCount() -> Int {
        var count = 0
        switch unsafe json_object_get_type(node) {
        case json_type_object:
            var entry = unsafe json_object_get_object(node).pointee.head
            while let current = unsafe entry {
                let value = unsafe current.pointee.v.map { OpaquePointer($0) }
                count += unsafe 1 + JSONValue(node: value, root: root).memberCount()
                unsafe entry = unsafe current.pointee.next
            }
        case json_type_array:
            let length = unsafe json_object_array_length(node)
            for index in 0..<length {
                count += unsafe JSONValue(node: json_object_array_get_idx(node, index), root: root)
                    .memberCount()
            }
        default: break
        }
        return count
    }

    // MARK: errors

    /// An error about this value.
    public func error(_ message: String) -> JSONError { JSONError(pointer: pointer, message: message) }

    @usableFromInline
    func mismatch(_ expected: String) -> JSONError { error("expected \(expected), found \(kind.name)") }

    /// The pointer of this value, found by walking the document: slow, for errors only.
    public var pointer: String {
        guard unsafe node != nil else { return "" }
        return unsafe JSONValue(node: root, root: root).path(to: self) ?? ""
    }

    private func path(to target: JSONValue) -> String? {
        if unsafe node == target.node { return "" }
        switch kind {
        case .object:
            var found: String?
            forEachMember { key, value in
                if found == nil, let rest = value.path(to: target) {
                    found = "/" + JSONPointer.escape(key) + rest
                }
            }
            return found
        case .array:
            let length = unsafe json_object_array_length(node)
            for index in 0..<length {
                let child = unsafe JSONValue(node: json_object_array_get_idx(node, index), root: root)
                if let rest = child.path(to: target) { return "/" + String(index) + rest }
            }
            return nil
        default: return nil
        }
    }
}
