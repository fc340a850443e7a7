// A JSON text that tests can change at a pointer.
import Foundation
import Testing

/// Uses Foundation, so that the tests do not trust the parser that they test.
struct JSONTree {
    private var root: Any

    init?(_ text: String) {
        guard let root = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else { return nil }
        self.root = root
    }

    /// Numbers beyond 64 bits cannot pass through Foundation: a placeholder stands for each new value.
    private var replacements: [String] = []
    private static func placeholder(_ index: Int) -> String { "@@value \(index)@@" }

    var text: String {
        let data = try? JSONSerialization.data(withJSONObject: root, options: [.sortedKeys])
        return replacements.enumerated().reduce(String(decoding: data ?? Data(), as: UTF8.self)) {
            text, new in
            text.replacingOccurrences(of: "\"\(Self.placeholder(new.offset))\"", with: new.element)
        }
    }

    /// `POINTER = JSON` or `POINTER -`; an index at the end of an array appends.
    mutating func apply(_ change: String) throws {
        if change.hasSuffix(" -") {
            root = try Self.replace(root, change.dropLast(2).split(separator: "/")[...], with: nil)
            return
        }
        let range = try #require(change.range(of: " = "))
        let path = change[..<range.lowerBound].split(separator: "/")[...]
        root = try Self.replace(root, path, with: Self.placeholder(replacements.count))
        replacements.append(String(change[range.upperBound...]))
    }

    private static func replace(_ value: Any, _ path: ArraySlice<Substring>, with new: Any?) throws -> Any {
        guard let token = path.first else { return try #require(new) }
        let rest = path.dropFirst()
        if var object = value as? [String: Any] {
            let key = String(token)
            object[key] = rest.isEmpty ? new : try replace(try #require(object[key]), rest, with: new)
            return object
        }
        var array = try #require(value as? [Any])
        let index = try #require(Int(token))
        if index == array.count { array.append(NSNull()) }
        array[index] = try replace(array[index], rest, with: new)
        return array
    }
}
