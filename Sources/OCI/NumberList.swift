// Lists of CPUs and of memory nodes: `0-3,7`.

/// A comma-separated list of numbers and ranges, as cpusets write it (cpuset(7), List format).
public enum NumberList {
    /// More than any kernel numbers: 8192 CPUs, 1024 nodes.
    static let limit = 65536

    /// The numbers in ascending order; nil where the text is no list or a number is beyond all kernels.
    public static func numbers(of text: String) -> [Int]? {
        var found = Set<Int>()
        for item in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = item.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { end in
                Int(Substring(end).filter { $0 != " " })
            }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                first >= 0, first <= last, last < limit
            else { return nil }
            found.formUnion(first...last)
        }
        return found.sorted()
    }
}
