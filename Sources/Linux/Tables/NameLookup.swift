// Looking names up in a table, and the nearest valid name for an error's "did you mean".

/// The index of `name` in `names`. Compares lengths first, so that a look-up touches the bytes of few rows.
@inlinable
func position(of name: String, in names: [String]) -> Int? {
    let count = name.utf8.count
    for index in names.indices where names[index].utf8.count == count && names[index] == name {
        return index
    }
    return nil
}

/// The name in `names` with the smallest edit distance to `name`, case ignored; the first of equals.
///
/// - Returns: nil when nothing is near: more than a third of the letters (at least one, at most four) differ.
public func nearest(_ name: String, in names: [String]) -> String? {
    let wanted = lowercased(name)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let limit = min(max(wanted.count / 3, 1), 4)
    var best: (name: String, distance: Int)?
    for candidate in names {
        let letters = lowercased(candidate)
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that make `b` of `a`.
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        row.reserveCapacity(b.count + 1)
        for j in 0..<b.count {
            var distance = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            row.append(distance)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}

/// The bytes of `text` with ASCII letters in lower case.
private func lowercased(_ text: String) -> [UInt8] {
    text.utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
}
