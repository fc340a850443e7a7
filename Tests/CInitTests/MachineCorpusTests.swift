// Replays what the fuzzer has learned and found (CInitTests/Corpus).
import Testing

@Suite struct MachineCorpusTests {
    static let corpus = CorpusFiles(beside: #filePath)

    @Test func isThere() { #expect(!Self.corpus.names.isEmpty) }

    /// A trap ends the tests, so a file that is answered at all has passed.
    @Test(arguments: corpus.names) func isAnswered(_ file: String) throws {
        fuzzMachine(try Self.corpus.bytes(of: file))
    }
}
