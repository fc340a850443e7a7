// Reading values, and the pointers in the errors.
import Testing

@testable import JSON

@Suite struct JSONValueTests {
    /// Runs `body` on the parsed text.
    func read<T>(_ text: String, _ body: (JSONValue) throws(JSONError) -> T) throws(JSONError) -> T {
        try JSONDocument(parsing: Array(text.utf8)).withRoot(body)
    }

    func message(_ text: String, _ body: (JSONValue) throws(JSONError) -> Void) -> String {
        do {
            try read(text, body)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func scalars() throws {
        #expect(
            try read(#""a\/\u00fc\ud83d\ude00""#) { root throws(JSONError) in try root.string() } == "a/ü😀")
        #expect(try read("true") { root throws(JSONError) in try root.bool() })
        #expect(try read("-1") { root throws(JSONError) in try root.integer(Int64.self) } == -1)
        #expect(
            try read("18446744073709551615") { root throws(JSONError) in try root.integer(UInt64.self) }
                == .max)
        #expect(
            try read("-9223372036854775808") { root throws(JSONError) in try root.integer(Int64.self) }
                == .min)
    }

    @Test func wrongTypes() {
        #expect(
            message(#"{"process":{"args":[1]}}"#) { root throws(JSONError) in
                _ = try root["process"]?["args"]?.element(0).string()
            } == "/process/args/0: expected a string, found a number")
        #expect(
            message("[]") { root throws(JSONError) in try root.requireObject() }
                == "expected an object, found an array")
        #expect(
            message("1") { root throws(JSONError) in _ = try root.bool() }
                == "expected a boolean, found a number")
        #expect(
            message(#"{"a/b~c":true}"#) { root throws(JSONError) in _ = try root["a/b~c"]?.elementCount() }
                == "/a~1b~0c: expected an array, found a boolean")
        #expect(
            message("[null]") { root throws(JSONError) in _ = try root.element(0).string() }
                == "/0: null is not an element of this array")
    }

    @Test func numbers() {
        func u32(_ text: String) -> String {
            message(text) { root throws(JSONError) in _ = try root.integer(UInt32.self) }
        }
        #expect(u32("-1") == "-1 is out of range, expected 0 to 4294967295")
        #expect(u32("4294967296") == "4294967296 is out of range, expected 0 to 4294967295")
        #expect(
            u32("18446744073709551615") == "18446744073709551615 is out of range, expected 0 to 4294967295")
        #expect(u32("1.0") == "expected an integer, found a number with a fraction or an exponent")
        #expect(u32("1e3") == "expected an integer, found a number with a fraction or an exponent")
        #expect(u32("\"1\"") == "expected an integer, found a string")
        #expect(u32("4294967295") == "no error")
        #expect(
            message("9223372036854775808") { root throws(JSONError) in _ = try root.integer(Int64.self) }
                .hasPrefix("9223372036854775808 is out of range"))
    }

    @Test func nulInString() {
        #expect(
            message(#"{"a":"x\u0000y"}"#) { root throws(JSONError) in _ = try root["a"]?.string() }
                == "/a: a string must not contain NUL")
    }

    @Test func members() throws {
        var seen: [String] = []
        try read(#"{"z":1,"a":null,"m":{"x":2}}"#) { root throws(JSONError) in
            root.forEachMember { key, value in seen.append("\(key)=\(value.kind.name) \(value.pointer)") }
            #expect(root["a"] == nil)
            #expect(root["zz"] == nil)
            #expect(root["m"]?["x"]?.pointer == "/m/x")
            #expect(root["m"]?["x"]?["y"] == nil)
        }
        #expect(seen == ["z=a number /z", "a=null ", "m=an object /m"])
    }
}

extension JSONValue? {
    static func == (value: JSONValue?, absent: _OptionalNilComparisonType) -> Bool {
        if case .none = value { true } else { false }
    }
}
