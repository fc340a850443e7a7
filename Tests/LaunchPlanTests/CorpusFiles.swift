// The files that a fuzzer has learned and found, beside the tests that replay them: Tests/Fuzz/run adds to them.
import Foundation

struct CorpusFiles {
    private let directory: URL
    let names: [String]

    /// The directory `Corpus` beside the source file `source`.
    init(beside source: String) {
        directory = URL(filePath: source).deletingLastPathComponent().appending(path: "Corpus")
        names = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).sorted()
    }

    func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: directory.appending(path: name)))
    }
}
