// The end of a container's cgroups: its processes, killing them all, removing the directories.

import Linux

extension CgroupManager {
    /// The processes in the container's cgroup and in those below it, by their ids in the runtime's pid namespace.
    ///
    /// All hierarchies hold the same ones; one is read.
    public func processes() -> [Int32] {
        let directory = location.unified ?? location.directory(of: "pids") ?? location.directories.first
        return directory.map { processes(below: $0.path) } ?? []
    }

    /// A cgroup that is gone, or goes meanwhile, has no processes.
    func processes(below path: String) -> [Int32] {
        var pids: [Int32] = []
        // A threaded cgroup does not tell; its processes are told by the one above it.
        if let bytes = try? Syscall.readFile(path + "/cgroup.procs") {
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                if let pid = Int32(String(decoding: line, as: UTF8.self)), pid > 0 { pids.append(pid) }
            }
        }
        for child in children(of: path) { pids += processes(below: child) }
        return pids
    }

    private func children(of path: String) -> [String] {
        guard let directory = try? Syscall.open(path, [.readOnly, .directory]),
            let names = try? Syscall.subdirectories(of: directory.raw)
        else { return [] }
        return names.map { path + "/" + $0 }
    }

    /// Sends `signal` to all processes of the container.
    ///
    /// SIGKILL goes by `cgroup.kill` where the kernel has it, which misses none. Otherwise the processes are frozen
    /// meanwhile, so that none can fork away. After SIGKILL they are thawed even if they were frozen before: v1 lets a
    /// frozen process die only then.
    public func signalAll(_ signal: Int32) throws(CgroupError) {
        let isKill = signal == Signal.kill.number
        if isKill, let unified = location.unified,
            (try? Syscall.writeValue("1", to: unified.path + "/cgroup.kill")) != nil
        {
            return thawAfterKill()
        }
        let wasFrozen = !isKill && isFrozen
        let freezes = !wasFrozen && (try? freeze()) != nil
        // Without a freezer a process may fork while the list is read; a second look finds the child.
        var known: Set<Int32> = []
        var failure: CgroupError?
        for _ in 0..<(freezes || wasFrozen ? 1 : 10) {
            let pids = processes().filter { !known.contains($0) }
            if pids.isEmpty { break }
            for pid in pids {
                known.insert(pid)
                do throws(Errno) {
                    try Syscall.kill(pid, signal)
                } catch {
                    if error != .noProcess {
                        failure = .failed(
                            pointer: "", operation: "kill", subject: String(pid), errno: error, hint: nil)
                    }
                }
            }
        }
        if !wasFrozen { try? thaw() }
        if let failure { throw failure }
    }

    /// Removes the container's cgroups and those below them; not those above, which others may use. It is no error
    /// if they are gone. Waits some seconds for processes that were killed to be gone.
    ///
    /// All directories are tried; the first error is thrown.
    public func remove() throws(CgroupError) {
        var first: CgroupError?
        for directory in location.directories {
            do throws(CgroupError) {
                try removeTree(directory.path)
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    func removeTree(_ path: String) throws(CgroupError) {
        var delay = 100
        for _ in 0..<30 {
            do throws(Errno) {
                return try Syscall.unlink(path, directory: true)
            } catch {
                switch error {
                case .noEntry, .noDevice: return
                case .busy, .notEmpty: break
                default:
                    throw .failed(pointer: "", operation: "rmdir", subject: path, errno: error, hint: nil)
                }
            }
            // Busy by cgroups below it, or by processes that still die.
            var hasChildren = false
            for child in children(of: path) {
                hasChildren = true
                try removeTree(child)
            }
            if hasChildren, (try? Syscall.unlink(path, directory: true)) != nil { return }
            Syscall.sleep(microseconds: delay)
            delay = min(delay * 2, 250_000)
        }
        throw .failed(
            pointer: "", operation: "rmdir", subject: path, errno: .busy,
            hint: "\(processes(below: path).count) process(es) in it")
    }
}
