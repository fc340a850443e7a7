// Files that a command reads, or standard input in their place.
import Lifecycle
import Linux

/// A file that is named on the command line; `-` is standard input.
struct InputFile {
    let path: String

    /// For people.
    var name: String { path == "-" ? "standard input" : path }

    /// All of it, which may be `limit` bytes; `contents` says what it holds.
    func read(_ contents: String, limit: Int) throws(Failure) -> [UInt8] {
        do throws(Errno) {
            return try path == "-" ? Syscall.readAll(0, limit: limit) : Syscall.readFile(path, limit: limit)
        } catch {
            throw Failure("\(contents) in \(name): \(error)", errno: error)
        }
    }
}
