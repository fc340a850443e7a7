// A JSON value that a test can edit with dots: `config.process.args = ["/probe", "ids"]`.
import Foundation

@dynamicMemberLookup
enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
    /// Bytes that are written as they are, for input that no JSON writer would make.
    case raw(String)

    /// A member; missing members read as null, and setting null removes.
    subscript(dynamicMember name: String) -> JSON {
        get { self[name] }
        set { self[name] = newValue }
    }

    subscript(name: String) -> JSON {
        get { if case .object(let members) = self { members[name] ?? .null } else { .null } }
        set {
            var members = if case .object(let old) = self { old } else { [String: JSON]() }
            // Not `= nil`: that would be JSON's own null.
            if newValue == .null { members.removeValue(forKey: name) } else { members[name] = newValue }
            self = .object(members)
        }
    }

    subscript(index: Int) -> JSON {
        get { index < items.count ? items[index] : .null }
        set {
            var list = items
            list[index] = newValue
            self = .array(list)
        }
    }

    var items: [JSON] { if case .array(let list) = self { list } else { [] } }
    var text: String? { if case .string(let value) = self { value } else { nil } }
    var number: Int? { if case .int(let value) = self { value } else { nil } }
    var names: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }

    mutating func append(_ element: JSON) { self = .array(items + [element]) }
    mutating func append(contentsOf elements: [JSON]) { self = .array(items + elements) }
    mutating func remove(where condition: (JSON) -> Bool) { self = .array(items.filter { !condition($0) }) }

    /// The value as JSON text, members in order of their names.
    var encoded: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): JSON.quote(value)
        case .array(let list): "[" + list.map(\.encoded).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { JSON.quote($0.key) + ":" + $0.value.encoded }
                .joined(separator: ",\n") + "}"
        case .raw(let text): text
        }
    }

    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    static func parse(_ text: String) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }
}

extension JSON: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral,
    ExpressibleByFloatLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    init(nilLiteral: ()) { self = .null }
    init(_ strings: [String]) { self = .array(strings.map { .string($0) }) }
}
