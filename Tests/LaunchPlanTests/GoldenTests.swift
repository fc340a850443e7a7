// The plan of every fixture, as `explain` prints it, or the error that it ends with.
import Foundation
import LaunchPlan
import OCI
import Testing

/// `UPDATE_GOLDEN=1 swift test --filter GoldenTests` writes plan.txt and error.txt anew; review the difference.
@Suite struct GoldenTests {
    static let updates = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    @Test func fixturesAreThere() {
        #expect(PlanFixture.all.count >= 25)
    }

    @Test(arguments: PlanFixture.all)
    func outcome(of fixture: PlanFixture) throws {
        var (expected, other) = ("plan.txt", "error.txt")
        let text: String
        do {
            text = Explain.text(try fixture.plan(), syscalls: false)
        } catch let error as SpecError {
            text = error.description + "\n"
            (expected, other) = (other, expected)
        }
        if Self.updates {
            try text.write(to: fixture.file(expected), atomically: true, encoding: .utf8)
            try? FileManager.default.removeItem(at: fixture.file(other))
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.file(other).path))
        let golden = try String(contentsOf: fixture.file(expected), encoding: .utf8)
        #expect(text == golden)
    }
}
