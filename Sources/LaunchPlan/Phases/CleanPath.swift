// Paths inside the root, in the one form that the rest of the plan uses.

/// `path` without ".", "..", empty components and the leading slash, as if "/" were its own parent; "" is the root.
func cleanPath(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
        if part == "." { continue }
        if part == ".." {
            _ = parts.popLast()
        } else {
            parts.append(part)
        }
    }
    return parts.joined(separator: "/")
}
