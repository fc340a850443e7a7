// Replays what the fuzzer has learned and found (LaunchPlanTests/Corpus).
import Testing

@Suite struct CorpusTests {
    static let corpus = CorpusFiles(beside: #filePath)

    @Test func isThere() { #expect(!Self.corpus.names.isEmpty) }

    /// A trap ends the tests, so a file that is answered at all has passed.
    @Test(arguments: corpus.names) func isAnswered(_ file: String) throws {
        fuzzConfiguration(try Self.corpus.bytes(of: file))
    }
}
