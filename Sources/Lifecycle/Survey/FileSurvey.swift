// The files that a configuration names: the root, hooks, and what shall be executed in the root.
import CLinux
import LaunchPlan
import Linux
import OCI

extension HostSurvey {
    private static let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)

    mutating func probeFiles(for spec: Spec, _ facts: HostFacts, _ bundle: String) {
        for (name, hooks) in spec.hooks?.lists ?? [] where name != "startContainer" {
            for hook in hooks { files[hook.path] = look(at: hook.path) }
        }
        guard let path = spec.root?.path, !path.isEmpty else { return }
        let root = path.hasPrefix("/") ? path : bundle + "/" + path
        files[root] = look(at: root, follow: false)
        guard files[root] == .directory else { return }
        guard let directory = try? Syscall.open(root, [.pathOnly, .directory]) else {
            return note("the root \(root)", "it cannot be opened")
        }
        for hook in spec.hooks?.startContainer ?? [] where !Self.isCovered(hook.path, spec) {
            if case .missing = Self.find(hook.path, in: directory.raw) {
                files["root:" + hook.path] = .missing
            }
        }
        if let process = spec.process { executable = search(process, spec, directory.raw) }
    }

    private mutating func look(at path: String, follow: Bool = true) -> FileKind {
        do throws(Errno) {
            let status = try Syscall.status(path, follow: follow)
            if status.isSymlink { return .link }
            if status.isDirectory { return .directory }
            guard status.isRegular else { return .other }
            return Syscall.isExecutable(path) ? .executable : .file
        } catch .noEntry {
            return .missing
        } catch .notDirectory {
            return .missing
        } catch {
            note(path, error)
            return .unseen
        }
    }

    // MARK: - Executables in the root

    /// Whether a mount will hide the path.
    private static func isCovered(_ path: String, _ spec: Spec) -> Bool {
        let place = cleanPath(path)
        return spec.mounts.contains { mount in
            let destination = cleanPath(mount.destination)
            return destination.isEmpty || place == destination || place.hasPrefix(destination + "/")
        }
    }

    /// execvp's way through $PATH, as the init goes it (environ(7)).
    private func search(_ process: Process, _ spec: Spec, _ root: Int32) -> ExecutableFact {
        guard let name = process.args.first else { return .unseen }
        var candidates = [name.hasPrefix("/") ? name : process.cwd + "/" + name]
        if !name.contains("/") {
            let path = process.env.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
            candidates = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { $0 + "/" + name }
        }
        var first: ExecutableFact?
        for candidate in candidates {
            if Self.isCovered(candidate, spec) { return .unseen }
            let fact = Self.find(candidate, in: root)
            if fact == .found || fact == .unseen { return fact }
            if fact != .missing, first == nil { first = fact }
        }
        return first ?? .missing
    }

    private static func find(_ path: String, in root: Int32) -> ExecutableFact {
        do throws(Errno) {
            let file = try Syscall.open(path, .pathOnly, resolve: inRoot, at: root)
            let status = try Syscall.status("", at: file.raw)
            if status.isDirectory { return .unusable(path: path, reason: "it is a directory") }
            guard status.isRegular else { return .unusable(path: path, reason: "it is no regular file") }
            guard status.mode & 0o111 != 0 else {
                return .unusable(path: path, reason: "its mode is 0\(String(status.permissions, radix: 8))")
            }
            return interpreter(of: path, in: root)
        } catch .noEntry {
            return .missing
        } catch .notDirectory {
            return .missing
        } catch {
            return .unseen
        }
    }

    /// A script whose interpreter is missing fails with a puzzling ENOENT (execve(2)).
    private static func interpreter(of path: String, in root: Int32) -> ExecutableFact {
        guard let file = try? Syscall.open(path, [.readOnly, .nonBlocking], resolve: inRoot, at: root),
            let start = try? Syscall.read(file.raw, count: 256)
        else { return .found }
        if start.isEmpty { return .unusable(path: path, reason: "it is empty") }
        guard start.starts(with: "#!".utf8) else { return .found }
        let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        guard let word = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).first else { return .found }
        let name = String(decoding: word, as: UTF8.self)
        do throws(Errno) { _ = try Syscall.open(name, .pathOnly, resolve: inRoot, at: root) } catch {
            if error == .noEntry {
                return .unusable(path: path, reason: "its interpreter \(name) is not in the root")
            }
        }
        return .found
    }
}
