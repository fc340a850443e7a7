// The table of sentences names rules that exist, and rules that come from the specification are in it.
import Foundation
import Testing

@testable import LaunchPlan
@testable import OCI

@Suite struct SentenceTests {
    private static let rules =
        Spec.rules + Spec.adviceRules + Process.rules + Resources.rules + SeccompProfile.rules
        + Unsupported.rules

    @Test func namesOfRulesExist() {
        let known = Set(Self.rules.map { "\($0.id)" } + ["unknown-property"])
        for sentence in Sentence.all {
            switch sentence.verdict {
            case .rules(let first, let second):
                for name in [first, second].compactMap({ $0 }) where !known.contains(name) {
                    Issue.record("\(sentence.document.rawValue):\(sentence.line): no rule \(name)")
                }
            case .host(let name):
                #expect(HostRule.ids.contains(name), "\(sentence.line)")
            case .reading, .deed, .elsewhere, .reason: break
            }
        }
    }

    @Test func eachSentenceOnce() {
        #expect(Sentence.all.count == 237)
        #expect(Set(Sentence.all.map { "\($0.document)\($0.line)\($0.text)" }).count == Sentence.all.count)
    }

    /// `OCI_SPEC=DIR swift test --filter SentenceTests` reads the documents themselves: no sentence is left out.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["OCI_SPEC"] != nil))
    func nothingIsLeftOut() throws {
        let directory = try #require(ProcessInfo.processInfo.environment["OCI_SPEC"])
        for document in [Sentence.Document.config, .linux, .bundle] {
            let text = try String(contentsOfFile: directory + "/" + document.rawValue, encoding: .utf8)
            let known = Sentence.all.filter { $0.document == document }
            var isCode = false
            for (index, line) in text.components(separatedBy: "\n").enumerated() {
                if line.hasPrefix("```") { isCode.toggle() }
                // Mount options are one table, and one row here.
                if isCode || line.firstMatch(of: /^\s*`[a-z]+ *`\s*\|/) != nil { continue }
                let words = line.matches(of: /\b(MUST|SHOULD|REQUIRED|RECOMMENDED)\b/)
                if words.isEmpty { continue }
                let rows = known.filter { $0.line == index + 1 && line.contains($0.text) }
                #expect(!rows.isEmpty, "\(document.rawValue):\(index + 1): \(line)")
            }
        }
    }
}
