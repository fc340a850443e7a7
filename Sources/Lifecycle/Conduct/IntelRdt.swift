// resctrl groups: made or checked before the init is there, joined by it, removed with the container.
import LaunchPlan
import Linux

/// The groups of one container (config-linux.md, IntelRdt). A plain directory can stand in for the file system.
struct IntelRdtGroups {
    let plan: IntelRdtPlan
    /// Directories that were made here, the outer one first.
    private(set) var made: [String] = []

    init(_ plan: IntelRdtPlan) { self.plan = plan }

    /// Of what was made, that which goes with the container: a group that `closID` names stays.
    var removedWithContainer: [String] { made.filter { $0 == plan.monitor || plan.origin == .own } }

    mutating func prepare() throws(Failure) {
        do throws(Failure) {
            try prepareGroup()
            if let monitor = plan.monitor {
                try Self.at("/enableMonitoring", "make \(monitor)") { () throws(Errno) in
                    try Syscall.makeDirectory(monitor, mode: 0o755)
                }
                made.append(monitor)
            }
        } catch {
            Self.remove(made)
            made = []
            throw error
        }
    }

    private mutating func prepareGroup() throws(Failure) {
        let isThere = (try? Syscall.status(plan.group))?.isDirectory ?? false
        switch plan.origin {
        case .existing:
            if !isThere {
                throw Failure(
                    "resctrl group \(plan.group) does not exist", pointer: "/linux/intelRdt/closID",
                    hint: "make it, or give it schemata here")
            }
        case .shared where isThere: try compare()
        case .own, .shared:
            if !isThere {
                try Self.at("/closID", "make \(plan.group)") { () throws(Errno) in
                    try Syscall.makeDirectory(plan.group, mode: 0o755)
                }
                made.append(plan.group)
            }
        }
        // L3 first, then MB, in one write; schemata last.
        let old = [plan.l3CacheSchema, plan.memBwSchema].compactMap { $0 }
        if !old.isEmpty { try write(old, at: plan.l3CacheSchema == nil ? "/memBwSchema" : "/l3CacheSchema") }
        if !plan.schemata.isEmpty { try write(plan.schemata, at: "/schemata") }
    }

    private func write(_ lines: [String], at pointer: String) throws(Failure) {
        let text = lines.map { $0 + "\n" }.joined()
        try Self.at(pointer, "write \(plan.group)/schemata") { () throws(Errno) in
            try Self.write(text, to: plan.group + "/schemata")
        }
    }

    /// A group that was there must be what the configuration says.
    private func compare() throws(Failure) {
        let asked = [("/l3CacheSchema", plan.l3CacheSchema), ("/memBwSchema", plan.memBwSchema)]
        guard asked.contains(where: { $0.1 != nil }) else { return }
        let text = try Self.at("/closID", "read \(plan.group)/schemata") { () throws(Errno) in
            try Syscall.readFile(plan.group + "/schemata")
        }
        // The kernel aligns the names: "    L3:0=ff;1=ff".
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
            String(line.drop { $0 == " " })
        }
        for (pointer, schema) in asked {
            guard let schema, !lines.contains(schema) else { continue }
            throw Failure(
                "resctrl group \(plan.group) exists and its schemata are not \"\(schema)\"",
                pointer: "/linux/intelRdt" + pointer)
        }
    }

    func join(_ pid: Int32) throws(Failure) {
        for group in plan.groups {
            try Self.at("", "write \(pid) to \(group)/tasks") { () throws(Errno) in
                try Self.write(String(pid), to: group + "/tasks")
            }
        }
    }

    /// Removes groups, the inner one first.
    static func remove(_ groups: [String]) {
        for group in groups.reversed() { try? Syscall.unlink(group, directory: true) }
    }

    private static func write(_ text: String, to path: String) throws(Errno) {
        let file = try Syscall.open(path, .writeOnly)
        try Syscall.write(file.raw, Array(text.utf8))
    }

    private static func at<R: ~Copyable>(
        _ pointer: String, _ what: String, _ body: () throws(Errno) -> R
    ) throws(Failure) -> R {
        do throws(Errno) {
            return try body()
        } catch {
            throw Failure("\(what): \(error)", pointer: "/linux/intelRdt" + pointer, errno: error)
        }
    }
}
