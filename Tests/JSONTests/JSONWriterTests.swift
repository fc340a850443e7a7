// The text that the writer builds, byte by byte.
import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    @Test func compact() {
        var json = JSONWriter()
        json.object {
            $0.member("path", "/a/b")
            $0.member("n", -5)
            $0.member("u", UInt64.max)
            $0.member("flags", ["x", "y"])
            $0.member("none", object: { _ in })
            $0.member(
                "list",
                array: {
                    $0.value(1)
                    $0.null()
                    $0.object { $0.member("ok", true) }
                })
        }
        #expect(
            json.text
                == #"{"path":"/a/b","n":-5,"u":18446744073709551615,"flags":["x","y"],"none":{},"#
                + #""list":[1,null,{"ok":true}]}"#)
    }

    @Test func numbers() {
        var json = JSONWriter()
        json.array { json in
            json.value(0)
            json.value(-7)
            json.value(10)
            json.value(UInt8.max)
            json.value(1_000_000)
            json.value(Int64.min)
            json.value(Int64.max)
            json.value(UInt64.max)
        }
        let all = "0,-7,10,255,1000000,-9223372036854775808,9223372036854775807,18446744073709551615"
        #expect(json.text == "[\(all)]")
    }

    @Test func indented() {
        var json = JSONWriter(indent: "\t")
        json.object {
            $0.member("a", ["x", "y"])
            $0.member("e", [])
            $0.member("o", object: { $0.member("k", false) })
        }
        json.endLine()
        #expect(
            json.text
                == "{\n\t\"a\": [\n\t\t\"x\",\n\t\t\"y\"\n\t],\n\t\"e\": [],\n\t\"o\": {\n\t\t\"k\": false\n\t}\n}\n"
        )
    }

    @Test func escapes() {
        var json = JSONWriter()
        json.array {
            $0.value("\"\\/\n\r\t\u{0}\u{1f}\u{7f}é😀")
            $0.value(bytes: [0x61, 0xff, 0x62])
        }
        #expect(json.text == "[\"\\\"\\\\/\\n\\r\\t\\u0000\\u001f\u{7f}é😀\",\"a\u{fffd}b\"]")
    }

    @Test func readsBack() throws {
        let hard = (1...0x2ff).compactMap { UnicodeScalar($0) }.map { String(Character($0)) }.joined()
        var json = JSONWriter(indent: "  ")
        json.object { $0.member(hard, hard) }
        let document = try JSONDocument(parsing: json.bytes)
        var count = 0
        try document.withRoot { root throws(JSONError) in
            try root.forEachMember { key, value throws(JSONError) in
                count += 1
                #expect(key == hard)
                #expect(try value.string() == hard)
            }
        }
        #expect(count == 1)
    }
}
