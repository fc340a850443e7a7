// mounts: from the command line to the verb.
import Lifecycle

extension Verb {
    private static let limit = 4 << 20

    static func mounts(_ positionals: [String], _ options: RuntimeOptions) throws(Failure) {
        guard let action = MountsAction(rawValue: positionals[0]) else {
            throw Failure("unknown action \"\(positionals[0])\"", hint: "add or remove")
        }
        let bytes = try InputFile(path: positionals[2]).read("mounts", limit: limit)
        try mounts(action, positionals[1], json: bytes, options)
    }
}
