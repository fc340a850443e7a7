// The path of a container within a hierarchy (config-linux.md, Cgroups Path).

/// A path below the root of each hierarchy: begins with `/`, has at least one component, and no `.` or `..`.
public struct CgroupPath: Sendable, Equatable {
    public let text: String

    public var components: [Substring] { text.split(separator: "/") }

    /// Applies the rules of `linux.cgroupsPath`.
    ///
    /// An absolute path is relative to the mount, as the spec demands. For a relative one the spec leaves the place to
    /// the runtime: it is the mount here too, as with crun, so that a container's place does not depend on the cgroup
    /// of the shell that made it, and no container ends in a cgroup whose owner limits or removes it. An absent path
    /// is the container's id.
    public init(cgroupsPath: String?, id: String) throws(CgroupError) {
        let pointer = "/linux/cgroupsPath"
        let given = cgroupsPath ?? ""
        var path = ""
        for component in (given.isEmpty ? id : given).split(separator: "/") where component != "." {
            if component == ".." {
                throw .invalid(pointer: pointer, reason: "cgroup path must not contain ..: \(given)")
            }
            if component.utf8.count > 255 {
                throw .invalid(pointer: pointer, reason: "cgroup path has a component of more than 255 bytes")
            }
            if component.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\n") }) {
                throw .invalid(pointer: pointer, reason: "cgroup path must not contain NUL or newline")
            }
            // As a string: appending a part of one costs every start its generic machinery.
            path += "/" + String(component)
        }
        if path.isEmpty {
            throw .invalid(
                pointer: pointer, reason: "cgroup path must not be the root of the hierarchy: \(given)")
        }
        if path.utf8.count > 3800 {
            throw .invalid(pointer: pointer, reason: "cgroup path is longer than 3800 bytes")
        }
        text = path
    }
}
