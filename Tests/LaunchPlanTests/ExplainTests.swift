// The forms of explain that the golden plans do not show: JSON, and the program below its steps.
import Foundation
import JSON
import OCI
import Testing

@testable import LaunchPlan

@Suite struct ExplainTests {
    private let fixture = PlanFixture(name: "everything")

    @Test func jsonHasAllStepsInOrder() throws {
        let plan = try fixture.plan()
        let text = Explain.json(plan, syscalls: true)
        try JSONDocument(parsing: Array(text.utf8)).withRoot { root throws in
            guard let steps = root["steps"] else { throw SpecError(pointer: "", message: "no steps") }
            #expect(try steps.elementCount() == plan.steps.count)
            var instructions = 0
            for (index, planned) in plan.steps.enumerated() {
                let step = try steps.element(index)
                #expect(try step["number"]?.integer(Int.self) == index + 1)
                #expect(try step["actor"]?.string() == planned.step.actor)
                #expect(try step["pointer"]?.string() == planned.pointer)
                #expect(try step["summary"]?.string() == planned.step.summary)
                instructions += try step["instructions"]?.elementCount() ?? 0
            }
            #expect(instructions == Lowering.lower(plan).instructions.count)
            #expect(try root["warnings"]?.elementCount() == plan.warnings.count + plan.notes.count)
        }
        #expect(!Explain.json(plan, syscalls: false).contains("\"instructions\""))
    }

    /// Everything that a program can hold has a form: no number stands where a name is meant.
    @Test func programMatchesGolden() throws {
        let text = Explain.text(try fixture.plan(), syscalls: true)
        let file = fixture.file("syscalls.txt")
        if GoldenTests.updates { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
        #expect(!text.contains("syscall_"))
    }

    @Test func everyStepHasASummary() throws {
        for trace in InvariantTests.traces {
            for step in trace.steps where step.summary.isEmpty || step.summary.contains("\n") {
                Issue.record("\(trace.name): \(step)")
            }
        }
    }
}
