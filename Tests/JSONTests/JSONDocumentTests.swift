// What is JSON and what is not.
import Testing

@testable import JSON

@Suite struct JSONDocumentTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var text: String
        var pointer: String = ""
        var fragment: String
        var testDescription: String { String(text.prefix(40)) }
    }

    static let bad: [Bad] = [
        Bad(text: "", fragment: "the text is empty"),
        Bad(text: " \n\t\r ", fragment: "the text is empty"),
        Bad(text: "{", fragment: "line 1, column 2: the text ends too early"),
        Bad(text: #"{"a":1"#, fragment: "the text ends too early"),
        Bad(text: #"{"a":"b"#, fragment: "the text ends too early"),
        Bad(text: "{\"a\":\n[1,2", fragment: "line 2, column 5: the text ends too early"),
        Bad(text: "{} {}", fragment: "unexpected character"),
        Bad(text: "{}x", fragment: "unexpected character"),
        Bad(text: "{}]", fragment: "unexpected character"),
        Bad(text: "[1,]", fragment: "unexpected character"),
        Bad(text: #"{"a":1,}"#, fragment: "column 8: unexpected character"),
        Bad(text: "{'a':1}", fragment: "column 2: unexpected '''"),
        Bad(text: "{/* c */}", fragment: "unexpected '/'"),
        Bad(text: "[NaN]", fragment: "unexpected 'N'"),
        Bad(text: "[-Infinity]", fragment: "not a number"),
        Bad(text: "[01]", fragment: "not a number"),
        Bad(text: "[1e]", fragment: "line 1"),
        Bad(text: "[-]", fragment: "line 1"),
        Bad(text: "[+1]", fragment: "line 1"),
        Bad(text: "[.5]", fragment: "line 1"),
        Bad(text: "[18446744073709551616]", pointer: "/0", fragment: "more than 64 bits"),
        Bad(
            text: #"{"a":{"b":0},"c":[1,{"d":-9223372036854775809}]}"#, pointer: "/c/1/d", fragment: "64 bits"
        ),
        Bad(text: "[1.]", fragment: "not a number"),
        Bad(text: "[1.e3]", fragment: "not a number"),
        Bad(text: "[--1]", fragment: "not a number"),
        Bad(text: "[1-2]", fragment: "line 1"),
        Bad(text: "[1ee2]", fragment: "not a number"),
        Bad(text: "[1e+]", fragment: "not a number"),
        Bad(text: "[1..2]", fragment: "not a number"),
        Bad(text: "-", fragment: "not a number"),
        Bad(text: "[1, 00000000000000000000000]", fragment: "not a number"),
        Bad(text: "[truex]", fragment: "line 1"),
        Bad(text: "[\"a\nb\"]", fragment: "column 4: line break inside a string"),
        Bad(text: "[\"a\u{1}b\"]", fragment: "byte 0x01 inside a string"),
        Bad(text: "[1]\u{0}", fragment: "unexpected NUL byte"),
        Bad(text: #"["\x"]"#, fragment: "line 1"),
        Bad(text: #"{"a\u0000b":1}"#, fragment: "NUL in an object key"),
        Bad(text: #"{"a":1,"b":2,"a":3}"#, pointer: "/a", fragment: "duplicate key \"a\""),
        Bad(
            text: #"[0,{"x":[{"k/~":1,"k\/~":3}]}]"#, pointer: "/1/x/0/k~1~0",
            fragment: "duplicate key \"k/~\""),
        Bad(text: #"{"a":{"b":1,"\u0062":3}}"#, pointer: "/a/b", fragment: "duplicate key \"b\""),
        Bad(text: String(repeating: "[", count: 129), fragment: "nested deeper than 128 levels"),
        Bad(text: String(repeating: "{\"a\":", count: 129) + "1", fragment: "nested deeper than 128 levels"),
    ]

    @Test(arguments: bad) func refused(_ bad: Bad) {
        let error = #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: Array(bad.text.utf8)) }
        #expect(error?.pointer == bad.pointer)
        #expect(error?.message.contains(bad.fragment) == true, "\(error?.message ?? "no error")")
    }

    @Test func notUTF8() {
        for bytes: [UInt8] in [[0xff], [0xc3], [0x80]] {
            #expect(throws: JSONError.self) {
                try JSONDocument(parsing: Array("[\"".utf8) + bytes + Array("\"]".utf8)).withRoot {
                    root throws(JSONError) in _ = try root.element(0).string()
                }
            }
        }
    }

    @Test(arguments: [
        "{}", " {}\n", "[]", "null", "true", "1", "-1", "\"a\"", "[1.5,1e3,-0,0,0.5e-7,10E+2]",
        #"{"a":{"a":[{"a":null}]}}"#,
        "[18446744073709551615,-9223372036854775808]", #"["\u0000 \/ \\ \" \ud83d\ude00 ü"]"#,
    ])
    func accepted(_ text: String) throws {
        _ = try JSONDocument(parsing: Array(text.utf8))
    }

    @Test func deepestNesting() throws {
        _ = try JSONDocument(
            parsing: Array((String(repeating: "[", count: 128) + String(repeating: "]", count: 128)).utf8))
    }

    /// Endless `[` is refused after 129 bytes, however much follows.
    @Test func hugeNesting() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 28)
        let clock = ContinuousClock()
        let spent = clock.measure {
            #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: bytes) }
        }
        #expect(spent < .milliseconds(100))
    }
}

/// Damaged texts: whatever happens, an answer and no crash.
@Suite struct JSONDamageTests {
    private static let text = #"{"a":[1,-2.5e3,{"b":"x\u00fc\n\"ü"}],"c":null,"d":true,"e":{"f":[[],{}]}}"#

    @Test func everyTruncationIsRefused() {
        let bytes = Array(Self.text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: Array(bytes[..<count])) }
        }
    }

    @Test func everyByteReplaced() {
        let bytes = Array(Self.text.utf8)
        var accepted = 0
        for index in bytes.indices {
            for value: UInt8 in [
                0, 0x0a, 0x20, 0x22, 0x2c, 0x30, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0xc3, 0xff,
            ] {
                var changed = bytes
                changed[index] = value
                guard let document = try? JSONDocument(parsing: changed) else { continue }
                accepted += 1
                document.withRoot { root in root.forEachMember { _, value in _ = value.pointer } }
            }
        }
        #expect(accepted > 0)
        #expect(accepted < bytes.count * 7)
    }
}
