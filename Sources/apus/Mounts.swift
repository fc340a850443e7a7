// mounts: from the command line to the verb.
import Lifecycle
import Linux

extension Verb {
    private static let limit = 4 << 20

    static func mounts(_ positionals: [String], _ options: RuntimeOptions) throws(Failure) {
        guard let action = MountsAction(rawValue: positionals[0]) else {
            throw Failure("unknown action \"\(positionals[0])\"", hint: "add or remove")
        }
        let file = positionals[2]
        let bytes: [UInt8]
        do throws(Errno) {
            bytes =
                try file == "-"
                ? Syscall.readAll(0, limit: limit) : Syscall.readFile(file, limit: limit)
        } catch {
            throw Failure(
                "mounts in \(file == "-" ? "standard input" : file): \(error)", errno: error)
        }
        try mounts(action, positionals[1], json: bytes, options)
    }
}
