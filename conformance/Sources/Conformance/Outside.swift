// What can be seen from the host: /proc, /sys/fs/cgroup, mount tables.
import Foundation

/// One line of a mountinfo file.
struct Mount: Sendable {
    let id: Int
    let parent: Int
    let root: String
    let point: String
    let options: Set<String>
    /// Optional fields: `shared:1`, `master:2`, `unbindable`.
    let tags: [String]
    let type: String
    let source: String
    let superOptions: Set<String>

    init?(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else { return nil }
        id = Int(words[0]) ?? 0
        parent = Int(words[1]) ?? 0
        root = words[3]
        point = words[4]
        options = Set(words[5].split(separator: ",").map(String.init))
        tags = Array(words[6..<dash])
        type = words[dash + 1]
        source = words[dash + 2]
        superOptions = Set(words[dash + 3].split(separator: ",").map(String.init))
    }

    static func table(_ text: String) -> [Mount] { text.lines.compactMap { Mount($0) } }

    /// `shared`, `slave`, `shared,slave`, `unbindable` or `private`.
    var propagation: String {
        var found: [String] = []
        if tags.contains(where: { $0.hasPrefix("shared:") }) { found.append("shared") }
        if tags.contains(where: { $0.hasPrefix("master:") }) { found.append("slave") }
        if tags.contains("unbindable") { found.append("unbindable") }
        return found.isEmpty ? "private" : found.joined(separator: ",")
    }
}

/// The facts about this host that cases depend on.
struct Host: Sendable {
    /// Mount points of cgroup v1 hierarchies by controller (`name=systemd` included).
    let v1: [String: String]
    /// Mount point of the cgroup2 file system, if mounted.
    let unified: String?
    let capabilities: UInt64

    init() {
        var v1: [String: String] = [:]
        var unified: String?
        for mount in Mount.table(Files.read("/proc/self/mountinfo") ?? "") {
            // A later mount on the same point or above hides the earlier ones.
            if mount.point == "/sys/fs/cgroup" { (v1, unified) = ([:], nil) }
            if mount.type == "cgroup2" { unified = mount.point }
            if mount.type == "cgroup" {
                for option in mount.superOptions where option != "rw" { v1[option] = mount.point }
            }
        }
        self.v1 = v1
        self.unified = unified
        let status = ProbeOutput.Section(command: "", lines: (Files.read("/proc/self/status") ?? "").lines)
        capabilities = UInt64(status["CapEff"], radix: 16) ?? 0
    }

    /// True when cgroup v2 is the only hierarchy.
    var onlyUnified: Bool { v1.isEmpty && unified != nil }

    var hierarchies: Set<String> { Set(v1.values).union(unified.map { [$0] } ?? []) }

    func controllers(at group: String = "") -> [String] {
        (unified.flatMap { Files.read("\($0)\(group)/cgroup.controllers") } ?? "").words
    }

    /// True when containers can be limited by this controller, on v1 or v2.
    func hasController(_ name: String) -> Bool {
        v1[name] != nil || (onlyUnified && controllers().contains(name))
    }

    func has(capability number: Int) -> Bool { capabilities & (1 << UInt64(number)) != 0 }

    static let sysResource = 24
    static let lastCapability = Int((Files.read("/proc/sys/kernel/cap_last_cap") ?? "40").trimmed) ?? 40
}

enum Outside {
    /// A process's cgroup by controller name; "" is the unified hierarchy.
    static func cgroups(of pid: Int) -> [String: String] {
        var groups: [String: String] = [:]
        for line in (Files.read("/proc/\(pid)/cgroup") ?? "").lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(controller)] = String(fields[2])
            }
        }
        return groups
    }

    static func status(_ pid: Int, _ key: String) -> String {
        ProbeOutput.Section(command: "", lines: (Files.read("/proc/\(pid)/status") ?? "").lines)[key]
    }

    static func namespace(_ pid: String, _ kind: String) -> String {
        Files.readLink("/proc/\(pid)/ns/\(kind)") ?? "none"
    }

    /// Processes that carry the mark in their command line, environment or cgroup (zombies aside).
    static func processes(marked mark: String) -> [String] {
        var found: [String] = []
        for name in Files.names("/proc") where name.first?.isNumber == true {
            let command = Files.read("/proc/\(name)/cmdline") ?? ""
            let marked =
                command.contains(mark)
                || (Files.read("/proc/\(name)/cgroup") ?? "").contains(mark)
                || (Files.read("/proc/\(name)/environ") ?? "").contains(mark)
            if marked, !(Outside.status(Int(name) ?? 0, "State")).hasPrefix("Z") {
                found.append("\(name) (\(command.replacingOccurrences(of: "\0", with: " ").prefix(80)))")
            }
        }
        return found
    }

    /// Directories below the host's cgroup hierarchies whose name contains the mark.
    static func groups(_ host: Host, marked mark: String) -> [String] {
        var found: [String] = []
        func walk(_ path: String, _ depth: Int) {
            guard depth < 6, let directory = opendir(path) else { return }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                walk(path + "/" + name, depth + 1)
                if name.contains(mark) { found.append(path + "/" + name) }
            }
        }
        host.hierarchies.sorted().forEach { walk($0, 0) }
        return found
    }

    static func mounts(below path: String) -> [String] {
        Mount.table(Files.read("/proc/self/mountinfo") ?? "").map(\.point).filter { $0.hasPrefix(path) }
    }
}
