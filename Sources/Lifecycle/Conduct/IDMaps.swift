// The id maps of a process's user namespace: written directly, or by newuidmap(1) and newgidmap(1).
import LaunchPlan
import Linux
import OCI

/// Access to /proc/PID/uid_map and gid_map (user_namespaces(7)).
struct IDMaps {
    let pid: Int32
    /// The runtime may write any map.
    let isPrivileged: Bool

    enum Kind {
        case users, groups

        var file: String { self == .users ? "uid_map" : "gid_map" }
        var pointer: String { self == .users ? "/linux/uidMappings" : "/linux/gidMappings" }
        var noun: String { self == .users ? "user" : "group" }
        /// The setuid program that maps ranges, and the file that grants them.
        var program: String { self == .users ? "newuidmap" : "newgidmap" }
        var grants: String { self == .users ? "/etc/subuid" : "/etc/subgid" }
        /// The runtime's own id.
        var own: UInt32 { self == .users ? Syscall.effectiveUserID() : Syscall.effectiveGroupID() }
    }

    /// The map of a process, as seen from the runtime's user namespace; empty when it cannot be read.
    static func read(_ kind: Kind, of pid: Int32) -> [IDMapping] {
        let bytes = (try? Syscall.readFile("/proc/\(pid)/\(kind.file)")) ?? []
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let words = line.split(separator: UInt8(ascii: " ")).compactMap {
                UInt32(String(decoding: $0, as: UTF8.self))
            }
            guard words.count == 3 else { return nil }
            var range = IDMapping()
            (range.containerID, range.hostID, range.size) = (words[0], words[1], words[2])
            return range
        }
    }

    /// A new user namespace with these maps, which lives as long as the descriptor. A process must be in it for its maps
    /// to be written: an init that waits.
    static func namespace(
        _ uids: [IDMapping], _ gids: [IDMapping], isPrivileged: Bool, _ pointer: String
    ) throws(Failure) -> FileDescriptor {
        do throws(Failure) {
            let process = try calls("clone into a user namespace for the ids of a mount") {
                () throws(Errno) in
                var program = Program()
                program.yield()
                var launch = InitLaunch(program: program, namespaces: NamespaceKind.user.cloneFlag)
                return try launch.start()
            }
            defer {
                try? Syscall.signal(process: process.pidfd.raw, 9)
                _ = try? Syscall.wait(process.pid)
            }
            let maps = IDMaps(pid: process.pid, isPrivileged: isPrivileged)
            try maps.write(.groups, gids)
            try maps.write(.users, uids)
            return try calls("open the user namespace of a mount") { () throws(Errno) in
                try Syscall.open("/proc/\(process.pid)/ns/user")
            }
        } catch {
            var failure = error
            failure.pointer =
                pointer
                + (error.pointer.map { $0.hasSuffix("gidMappings") } == true
                    ? "/gidMappings" : "/uidMappings")
            throw failure
        }
    }

    func write(_ kind: Kind, _ map: [IDMapping]) throws(Failure) {
        let isOwn = map.isOwn(kind.own)
        if !isPrivileged, !isOwn { return try writeByProgram(kind, map) }
        do throws(Errno) {
            // Else a group could be dropped that a file denies access to (CVE-2014-8989): the kernel insists.
            if !isPrivileged, kind == .groups { try Syscall.writeValue("deny", to: "/proc/\(pid)/setgroups") }
            let lines = map.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
            try Syscall.writeValue(lines, to: "/proc/\(pid)/\(kind.file)")
        } catch {
            throw Failure(
                "write \(kind.file) of the container's init: \(error)", pointer: kind.pointer,
                hint: error == .notPermitted ? "an id outside is not mapped here either" : nil, errno: error)
        }
    }

    // MARK: - Ranges of an unprivileged user

    /// Where distributions put the setuid programs. $PATH is not asked: it is the caller's, and they get root's rights.
    private static let directories = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/run/wrappers/bin"]

    private func writeByProgram(_ kind: Kind, _ map: [IDMapping]) throws(Failure) {
        let name = kind.program
        let found = Self.directories.lazy.map { $0 + "/" + name }.first {
            (try? Syscall.status($0)).map { $0.isRegular && $0.permissions & 0o111 != 0 } ?? false
        }
        guard let path = found else {
            throw Failure(
                "\(name) is needed to map more than the own \(kind.noun), and is not installed",
                pointer: kind.pointer,
                hint: "install uidmap (Debian) or shadow-utils, or map 0 to \(kind.own) with size 1 only")
        }
        var arguments = [path, String(pid)]
        for range in map {
            arguments += [String(range.containerID), String(range.hostID), String(range.size)]
        }
        let ended: (status: ExitStatus, output: String)
        do throws(Errno) {
            ended = try HostProgram(arguments).run()
        } catch {
            throw Failure("\(path): \(error)", pointer: kind.pointer, errno: error)
        }
        if ended.status == .exited(0) { return }
        throw Failure(
            "\(path): \(ended.status.text), output: \(ended.output)", pointer: kind.pointer,
            hint:
                "\(kind.grants) must grant the \(kind.noun) ids outside to user \(Syscall.effectiveUserID())")
    }
}
