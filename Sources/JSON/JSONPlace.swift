// Where in a text something is, as a JSON pointer. Slow: for the texts that are refused.

/// Walks a text that is well formed up to the place of interest.
struct JSONPlace {
    /// An object or an array that is open, with the place inside it.
    private struct Level {
        var isObject: Bool
        var keys: Set<String> = []
        var key: String?
        var index = 0
    }

    private var levels: [Level] = []

    /// The pointer of the value at a byte offset.
    static func pointer(at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> String {
        var place = JSONPlace()
        unsafe _ = place.walk(text, to: offset)
        return place.pointer
    }

    /// The error that names the first key that occurs twice in one object.
    static func duplicateKey(in text: UnsafeBufferPointer<UInt8>) -> JSONError {
        var place = JSONPlace()
        guard let key = unsafe place.walk(text, to: text.count) else {
            return JSONError(pointer: "", message: "invalid JSON: duplicate key")
        }
        return JSONError(pointer: place.pointer, message: "duplicate key \"\(key)\"")
    }

    /// Follows the text up to `offset` or to a duplicate key, which is returned.
    private mutating func walk(_ text: UnsafeBufferPointer<UInt8>, to offset: Int) -> String? {
        var lastString: Range<Int> = 0..<0
        var index = 0
        while index < offset {
            switch unsafe text[index] {
            case UInt8(ascii: "\""):
                let end = unsafe JSONPlace.endOfString(text, from: index + 1)
                lastString = index..<end
                index = end - 1
            case UInt8(ascii: "{"): levels.append(Level(isObject: true))
            case UInt8(ascii: "["): levels.append(Level(isObject: false))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = levels.popLast()
            case UInt8(ascii: ","):
                guard let last = levels.indices.last else { break }
                levels[last].index += 1
                levels[last].key = nil
            case UInt8(ascii: ":"):
                guard let last = levels.indices.last else { break }
                let key = unsafe JSONPlace.decode(text[lastString])
                levels[last].key = key
                if !levels[last].keys.insert(key).inserted { return key }
            default: break
            }
            index += 1
        }
        return nil
    }

    private var pointer: String {
        levels.reduce("") { parent, level in
            if !level.isObject { return JSONPointer.appending(level.index, to: parent) }
            return level.key.map { JSONPointer.appending($0, to: parent) } ?? parent
        }
    }

    /// The index behind the closing quote.
    private static func endOfString(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count, unsafe text[index] != UInt8(ascii: "\"") {
            index += unsafe text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, text.count)
    }

    /// A quoted string without its quotes and escapes.
    private static func decode(_ quoted: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        let bytes = unsafe Array(quoted)
        guard let document = try? JSONDocument(parsing: bytes) else { return "" }
        return document.withRoot { (try? $0.string()) ?? "" }
    }
}
