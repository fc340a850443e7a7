// Owns a parsed JSON text: json-c does the parsing, this file closes the gaps that json-c leaves.
import CJSON

/// A parsed JSON text. The values in it live as long as the document.
@safe
public struct JSONDocument: ~Copyable {
    private let root: OpaquePointer?

    /// Parses one JSON value with nothing but white space around it.
    ///
    /// Refused besides what RFC 8259 refuses: duplicate keys, NUL in keys, integers beyond 64 bits, and nesting
    /// deeper than `JSONScan.maximumDepth`.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        let result = unsafe bytes.withUnsafeBufferPointer { text in
            unsafe Result { () throws(JSONError) in unsafe try JSONDocument.parse(text) }
        }
        unsafe root = try result.get()
    }

    /// As `init(parsing:)`, over memory that the caller owns.
    public init(parsing text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        unsafe root = try JSONDocument.parse(text)
    }

    deinit { unsafe _ = json_object_put(root) }

    /// Calls `body` with the outermost value. The cursor must not outlive the call.
    public borrowing func withRoot<Output, Failure: Error>(
        _ body: (JSONValue) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        try unsafe body(JSONValue(node: root, root: root))
    }

    /// Returns json-c's tree, which the caller owns; nil stands for `null`.
    private static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> OpaquePointer? {
        if unsafe text.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) {
            throw JSONError(pointer: "", message: "invalid JSON: the text is empty")
        }
        let scan = try unsafe JSONScan(text)
        guard text.count < Int(Int32.max),
            let tokener = unsafe json_tokener_new_ex(Int32(JSONScan.maximumDepth + 1))
        else { throw JSONError(pointer: "", message: "invalid JSON: the text is too long") }
        defer { unsafe json_tokener_free(tokener) }
        unsafe json_tokener_set_flags(tokener, JSON_TOKENER_STRICT)
        let tree = unsafe text.withMemoryRebound(to: CChar.self) { characters in
            // A number at the outermost level ends only where the text does: the second call is that end.
            let tree = unsafe json_tokener_parse_ex(tokener, characters.baseAddress, Int32(characters.count))
            if unsafe json_tokener_get_error(tokener) != json_tokener_continue { return unsafe tree }
            return unsafe json_tokener_parse_ex(tokener, "", 1)
        }
        let status = unsafe json_tokener_get_error(tokener)
        if status != json_tokener_success {
            unsafe _ = json_object_put(tree)
            throw unsafe failure(status, at: json_tokener_get_parse_end(tokener), in: text)
        }
        if unsafe JSONValue(node: tree, root: tree).memberCount() != scan.members {
            unsafe _ = json_object_put(tree)
            throw unsafe JSONPlace.duplicateKey(in: text)
        }
        return unsafe tree
    }

    private static func failure(
        _ status: json_tokener_error, at offset: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> JSONError {
        switch status {
        case json_tokener_continue, json_tokener_error_parse_eof:
            return unsafe JSONScan.error("the text ends too early", at: text.count, in: text)
        case json_tokener_error_parse_number:
            return unsafe JSONScan.error(
                "not a number", at: offset, in: text)
        case json_tokener_error_parse_unexpected:
            return unsafe JSONScan.error("unexpected character", at: offset, in: text)
        default:
            return unsafe JSONScan.error(
                String(cString: json_tokener_error_desc(status)), at: offset, in: text)
        }
    }
}
