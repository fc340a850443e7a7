// One run of the fuzzer over the pure part: bytes → JSON → configuration → rules → plan → program, on random hosts. The
// corpus is replayed by CorpusTests.
import Cgroups
import LaunchPlan
import Linux
import OCI

/// Whatever the bytes are, there is an answer: problems, or a plan whose program is sound.
func fuzzConfiguration(_ bytes: [UInt8]) {
    let (spec, problems) = Spec.check(json: bytes)
    // Two readers of one text agree: what `check` reads without an error, `create` reads.
    let isRefused = problems.contains { $0.severity == .error }
    // A hash, so that a file of the corpus always meets the same hosts.
    var chance = Chance(seed: bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    guard let spec, !isRefused else {
        if let spec {
            let host = RandomHost(&chance, sources: [:])
            _ = HostCase(spec, on: host.facts, RandomHost.survey(&chance), bundle: "/bundle", plan: nil)
                .problems()
        }
        precondition(isRefused || spec != nil)
        precondition(problems.allSatisfy { !$0.message.isEmpty && !$0.rule.isEmpty })
        if (try? Spec(json: bytes))?.isAccepted == true { fatalError("create takes what check refuses") }
        return
    }
    guard let read = try? Spec(json: bytes), read == spec, read.isAccepted else {
        fatalError("create refuses, or reads otherwise, what check takes")
    }
    for _ in 0..<2 {
        let host = RandomHost(&chance, sources: sources(of: spec, &chance))
        let plan = try? LaunchPlan(creating: spec, on: host.facts, host.options)
        if let plan { inspect(plan) }
        let survey = RandomHost.survey(&chance)
        _ = HostCase(spec, on: host.facts, survey, bundle: "/bundle", plan: plan).problems()
    }
}

/// The kernel's answers about bind mounts: mostly there.
private func sources(of spec: Spec, _ chance: inout Chance) -> [String: SourceKind] {
    var sources: [String: SourceKind] = [:]
    for case let source? in spec.mounts.map(\.source) where chance.happens(90) {
        let path = source.hasPrefix("/") ? source : "/bundle/" + source
        sources[path] = chance.one(of: [.directory, .file, .procDirectory])
    }
    return sources
}

private func inspect(_ plan: LaunchPlan) {
    let program = Lowering.lower(plan)
    for (index, instruction) in program.instructions.enumerated() {
        precondition(index + Int(instruction.skip) < program.instructions.count)
        precondition(Int(instruction.step) < plan.steps.count)
        for case .data(let offset) in instruction.operands {
            precondition(offset >= 0 && offset <= program.data.count)
        }
    }
    precondition(!Explain.text(plan, syscalls: true).isEmpty)
    precondition(!Explain.json(plan, syscalls: false).isEmpty)
}

extension Spec {
    fileprivate var isAccepted: Bool { (try? validate()) != nil }
}
