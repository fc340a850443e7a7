// What a container leaves on the host when something forgets to clean up.
import Linux

/// The host as far as a container may have changed it.
struct Traces {
    private let mounts: [UInt8]
    private let descriptors: [String]
    private let children: [UInt8]
    private let cgroups: [String]

    /// Looks now.
    init() {
        mounts = (try? Syscall.readFile("/proc/self/mountinfo")) ?? []
        children = (try? Syscall.readFile("/proc/self/task/\(Syscall.processID())/children")) ?? []
        descriptors = Self.names("/proc/self/fd").sorted()
        var found: [String] = []
        for hierarchy in Self.names("/sys/fs/cgroup") {
            // The parent stays: others may use it by now.
            let parent = "/sys/fs/cgroup/" + hierarchy + "/apus-faults"
            if Self.names(parent).contains("container") { found.append(parent) }
        }
        cgroups = found
    }

    private static func names(_ path: String) -> [String] {
        guard let directory = try? Syscall.open(path, .directory) else { return [] }
        return (try? Syscall.entries(of: directory.raw)) ?? []
    }

    /// What is there now and was not `before`.
    func differences(from before: Traces, _ id: String) -> [String] {
        var problems: [String] = []
        if mounts != before.mounts { problems.append("the host's mounts have changed") }
        if descriptors.count != before.descriptors.count { problems.append("descriptors: \(descriptors)") }
        if children != before.children {
            problems.append("processes left: \(String(decoding: children, as: UTF8.self))")
        }
        if !cgroups.isEmpty { problems.append("cgroups left: \(cgroups)") }
        if (try? Syscall.status("/run/apus-faults/" + id, follow: false)) != nil {
            problems.append("the state directory is left")
        }
        return problems
    }
}
