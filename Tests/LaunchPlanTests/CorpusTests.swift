// Replays what the fuzzer has learned and found (LaunchPlanTests/Corpus): Tests/Fuzz/run adds to it.
import Foundation
import Testing

@Suite struct CorpusTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Corpus")

    static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).sorted()

    @Test func isThere() { #expect(!Self.files.isEmpty) }

    /// A trap ends the tests, so a file that is answered at all has passed.
    @Test(arguments: files) func isAnswered(_ file: String) throws {
        fuzzConfiguration([UInt8](try Data(contentsOf: Self.directory.appending(path: file))))
    }
}
