// How each type of value is read from JSON: scalars, lists, maps, objects.
import JSON

/// A type that config.json can hold.
public protocol SpecValue {
    /// What stands for a value that could not be read, so that decoding can go on to the next problem.
    init()

    /// Reads the value. With `findings`, errors inside it are collected there; an error of its own is thrown.
    init(_ json: JSONValue, findings: Findings?) throws(SpecError)
}

/// An object of the specification; `read` is its table of properties.
public protocol SpecObject: SpecValue {
    mutating func read(from object: inout ObjectReader) throws(SpecError)
}

extension SpecValue {
    /// Reads the value; collects its error instead of throwing it where there is a place to collect.
    static func decode(_ json: JSONValue, findings: Findings?) throws(SpecError) -> Self {
        do {
            return try Self(json, findings: findings)
        } catch {
            guard let findings else { throw error }
            findings.add(error)
            return Self()
        }
    }
}

extension SpecObject {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        try specError { () throws(JSONError) in try json.requireObject() }
        self.init()
        var object = ObjectReader(json, findings: findings)
        try read(from: &object)
        object.reportUnknown()
    }

    /// Reads the object at a cursor; the first error is thrown.
    public init(json: JSONValue) throws(SpecError) {
        try self.init(json, findings: nil)
    }

    /// Parses a text that holds just this object; the first error is thrown. An empty string where the schema allows
    /// none is taken as absent, and so is `null`.
    public init(json bytes: [UInt8]) throws(SpecError) {
        let document = try specError { () throws(JSONError) in try JSONDocument(parsing: bytes) }
        self = try document.withRoot { root throws(SpecError) in try Self(root, findings: nil) }
    }
}

extension SpecObject {
    /// Parses and decodes to the end, collecting type errors and unknown properties; nil when it is not JSON.
    public static func decode(json bytes: [UInt8], findings: Findings) -> Self? {
        do {
            let document = try specError { () throws(JSONError) in try JSONDocument(parsing: bytes) }
            return try document.withRoot { root throws(SpecError) in try Self(root, findings: findings) }
        } catch {
            findings.add(error)
            return nil
        }
    }
}

/// Runs `body` with its error turned into a `SpecError`.
@inline(__always)
func specError<Output: ~Copyable>(_ body: () throws(JSONError) -> Output) throws(SpecError) -> Output {
    do { return try body() } catch { throw SpecError(error) }
}

extension String: SpecValue {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        self = try specError { () throws(JSONError) in try json.string() }
    }
}

extension Bool: SpecValue {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        self = try specError { () throws(JSONError) in try json.bool() }
    }
}

extension SpecValue where Self: FixedWidthInteger {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        self = try specError { () throws(JSONError) in try json.integer() }
    }
}

extension Int: SpecValue {}
extension Int32: SpecValue {}
extension Int64: SpecValue {}
extension UInt16: SpecValue {}
extension UInt32: SpecValue {}
extension UInt64: SpecValue {}

extension Array: SpecValue where Element: SpecValue {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        let count = try specError { () throws(JSONError) in try json.elementCount() }
        self.init()
        reserveCapacity(count)
        for index in 0..<count {
            do {
                let element = try specError { () throws(JSONError) in try json.element(index) }
                append(try Element(element, findings: findings))
            } catch {
                guard let findings else { throw error }
                findings.add(error)
                append(Element())
            }
        }
    }
}

extension Array where Element: SpecObject {
    /// Parses a text that holds just this list; the first error is thrown.
    public init(list bytes: [UInt8]) throws(SpecError) {
        let document = try specError { () throws(JSONError) in try JSONDocument(parsing: bytes) }
        self = try document.withRoot { root throws(SpecError) in try Self(root, findings: nil) }
    }
}

/// Members whose value is `null` are absent.
extension Dictionary: SpecValue where Key == String, Value: SpecValue {
    public init(_ json: JSONValue, findings: Findings?) throws(SpecError) {
        try specError { () throws(JSONError) in try json.requireObject() }
        self.init()
        try json.forEachMember { key, value throws(SpecError) in
            if !value.isNull { self[key] = try Value.decode(value, findings: findings) }
        }
    }
}
