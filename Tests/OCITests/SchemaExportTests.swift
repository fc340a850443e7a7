// Leaves every configuration of these tests, with what `check` says of it, for Tests/Schema/run to compare with the
// official JSON schema.
import Foundation
import Testing

@testable import OCI

@Suite struct SchemaExportTests {
    private static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func export() throws {
        var lines: [String] = []
        for (name, text) in [
            ("good", Fixture.good), ("everything", Fixture.everything), ("runc spec", Fixture.runcSpec),
            ("crun spec", Fixture.crunSpec),
        ] {
            lines.append(try line(name, text))
        }
        for change in (RuleCase.everyBad + RuleCase.badAttributes + RuleCase.unsupported).map(\.change)
            + RuleCase.nothingAsked
        {
            var tree = try #require(JSONTree(Fixture.good))
            try tree.apply(change)
            lines.append(try line(change, tree.text))
        }
        let fixtures = Self.top.appending(path: "spec-fixtures")
        for name in try FileManager.default.contentsOfDirectory(atPath: fixtures.path).sorted() {
            let file = fixtures.appending(path: name + "/config.json")
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            lines.append(try line("spec-fixtures/" + name, text))
        }
        #expect(lines.count > 300)
        let file = Self.top.appending(path: ".build/schema-cases.jsonl")
        try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    }

    /// What is refused only for now is no disagreement.
    private func line(_ name: String, _ text: String) throws -> String {
        let errors = Spec.check(json: Array(text.utf8)).problems
            .filter { $0.severity == .error && $0.rule != "unsupported" }
            .map { ["rule": $0.rule, "pointer": $0.pointer, "message": $0.message] }
        let row: [String: Any] = ["name": name, "config": text, "errors": errors]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: row, options: .sortedKeys), as: UTF8.self)
    }
}
