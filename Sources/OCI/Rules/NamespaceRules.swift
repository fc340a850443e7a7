// Rules on namespaces and what depends on them: id maps and clock offsets.
import JSON
import Linux

extension Spec {
    static let namespaceRules: [Rule] = [
        Rule("namespace-types", "config-linux.md, Namespaces") { spec, report in
            for (index, entry) in spec.linux.namespaces.enumerated()
            where NamespaceKind(specName: entry.type) == nil {
                let names = NamespaceKind.allCases.map(\.specName)
                // The names of /proc/PID/ns are the usual slip, and too far away for a nearest name.
                let kernels = NamespaceKind.allCases.first { $0.procName == entry.type }
                report.error(
                    "/linux/namespaces/\(index)/type", "unknown namespace \"\(entry.type)\"",
                    hint: kernels.map { "did you mean \"\($0.specName)\"?" }
                        ?? didYouMean(entry.type, in: names))
            }
        },
        Rule("namespace-duplicates", "config-linux.md, Namespaces") { spec, report in
            let entries = spec.linux.namespaces
            for (index, entry) in entries.enumerated()
            where entries[..<index].contains(where: { $0.type == entry.type }) {
                report.error("/linux/namespaces/\(index)", "duplicate namespace \"\(entry.type)\"")
            }
        },
        Rule("namespace-paths", "config-linux.md, Namespaces") { spec, report in
            for (index, entry) in spec.linux.namespaces.enumerated() {
                if let path = entry.path {
                    report.requireAbsolute(path, at: "/linux/namespaces/\(index)/path")
                }
            }
        },
        Rule("id-mappings", "config-linux.md, User namespace mappings") { spec, report in
            let linux = spec.linux
            checkPair(linux.uidMappings, linux.gidMappings, at: "/linux", &report)
            let given = !linux.uidMappings.isEmpty || !linux.gidMappings.isEmpty
            if given, linux.namespace(.user) == nil {
                let name = linux.uidMappings.isEmpty ? "gidMappings" : "uidMappings"
                report.error(
                    "/linux/\(name)", "needs a user namespace in /linux/namespaces",
                    hint: "add {\"type\": \"user\"} there")
            }
            if !given, linux.createsNamespace(.user) {
                report.error("/linux/uidMappings", "is required but missing: the user namespace is new")
            }
        },
        Rule("time-offsets", "config-linux.md, Offset for Time Namespace") { spec, report in
            let offsets = spec.linux.timeOffsets
            if offsets.isEmpty { return }
            for (clock, offset) in offsets.sorted(by: { $0.key < $1.key }) {
                let pointer = JSONPointer.appending(clock, to: "/linux/timeOffsets")
                report.requireKnown(clock, in: TimeOffset.clocks, "clock", at: pointer)
                report.require(offset.nanosecs, in: 0...999_999_999, at: pointer + "/nanosecs")
            }
            if !spec.linux.createsNamespace(.time) {
                report.error(
                    "/linux/timeOffsets", "needs a new time namespace in /linux/namespaces",
                    hint: "add {\"type\": \"time\"} there")
            }
        },
    ]

    /// Both maps or neither, and each one such that the kernel takes it (user_namespaces(7)).
    static func checkPair(
        _ uids: [IDMapping], _ gids: [IDMapping], at pointer: String, _ report: inout Report
    ) {
        if uids.isEmpty != gids.isEmpty {
            let (missing, given) =
                uids.isEmpty ? ("uidMappings", "gidMappings") : ("gidMappings", "uidMappings")
            report.error(pointer + "/" + missing, "is required but missing: \(given) is given")
        }
        checkRanges(uids, at: pointer + "/uidMappings", &report)
        checkRanges(gids, at: pointer + "/gidMappings", &report)
    }

    private static func checkRanges(_ map: [IDMapping], at pointer: String, _ report: inout Report) {
        if map.count > 340 { report.error(pointer, "\(map.count) ranges are more than the kernel's 340") }
        for (index, range) in map.prefix(341).enumerated() {
            if range.size == 0 { report.error("\(pointer)/\(index)/size", "must be above 0") }
            let (inside, outside) = (range.inside, range.outside)
            if max(inside.upperBound, outside.upperBound) > UInt64(UInt32.max) {
                report.error("\(pointer)/\(index)", "ends beyond the largest id")
            }
            let overlap = map[..<index].firstIndex { other in
                other.inside.overlaps(inside) || other.outside.overlaps(outside)
            }
            if let overlap { report.error("\(pointer)/\(index)", "overlaps range \(overlap)") }
        }
    }
}

extension IDMapping {
    /// The ids inside the namespace.
    var inside: Range<UInt64> { UInt64(containerID)..<UInt64(containerID) + UInt64(size) }
    /// The ids in the parent namespace.
    var outside: Range<UInt64> { UInt64(hostID)..<UInt64(hostID) + UInt64(size) }
}

extension TimeOffset {
    /// The clocks that have offsets (time_namespaces(7)).
    public static let clocks: [String] = ["monotonic", "boottime"]
}
