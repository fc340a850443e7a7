// The pid file: decimal, without a newline, there whole or not at all (peers.md 1.5).
import Linux

enum PIDFile {
    static func write(_ pid: Int32, to path: String) throws(Failure) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let directory = String(path[..<slash])
        let temporary = directory + "/." + path[path.index(after: slash)...]
        do throws(Errno) {
            do {
                let file = try Syscall.open(
                    temporary, [.writeOnly, .create, .truncate, .noFollow], mode: 0o644)
                try Syscall.write(file.raw, Array(String(pid).utf8))
            }
            try Syscall.rename(temporary, to: path)
        } catch {
            throw Failure("pid file \(path): \(error)", errno: error)
        }
    }
}
