// One of the runtimes that are compared.
import Foundation

final class Contestant {
    let name: String
    let binary: String
    /// Its state directory, for this bench alone.
    let root: String
    private var count = 0
    /// Why a case could not be measured.
    var troubles: [String: String] = [:]
    var samples: [String: [Sample]] = [:]
    /// Bytes.
    var smallestLimit: Int?

    init(name: String, binary: String, work: String) throws {
        self.name = name
        self.binary = binary
        self.root = "\(work)/state-\(name)"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
    }

    /// A container id that was not used before.
    func newID() -> String {
        count += 1
        return "bench-\(getpid())-\(name)-\(count)"
    }

    func command(_ words: String...) -> [String] { [binary, "--root", root] + words }

    func forgetCache() { try? FileManager.default.removeItem(atPath: root + "/.cache") }

    /// The first line of `--version`.
    func version() -> String {
        let output = root + "/version"
        defer { unlink(output) }
        guard spawn([binary, "--version"], in: "/", output: output) == 0,
            let text = try? String(contentsOfFile: output, encoding: .utf8)
        else { return "\(name) (does not start)" }
        return text.split(separator: "\n").first.map(String.init) ?? name
    }
}
