// From verdicts on cases to verdicts on rules, and how both are shown to a person.
enum RuleVerdict: String, CaseIterable, Sendable {
    case obeyed, broken, undecided, skipped
}

/// What a run says about one rule.
struct RuleResult: Sendable {
    let rule: Rule
    let verdict: RuleVerdict
    /// Why it is broken, skipped or undecided.
    let reasons: [String]

    /// nil when none of the rule's cases was run although it has some.
    init?(_ rule: Rule, _ results: [Result]) {
        self.rule = rule
        let mine = results.filter { rule.names($0.test) }
        if mine.isEmpty {
            guard let why = rule.undecided else { return nil }
            (verdict, reasons) = (.undecided, [why])
            return
        }
        var failed: [String] = []
        var skipped: [String] = []
        for result in mine {
            switch result.verdict {
            case .failed(let messages):
                failed.append("\(result.test.id): \(messages.first?.lines.first ?? "failed")")
            case .skipped(let reason): skipped.append("\(result.test.id): \(reason)")
            case .passed: break
            }
        }
        if !failed.isEmpty {
            (verdict, reasons) = (.broken, failed)
        } else if skipped.count == mine.count {
            (verdict, reasons) = (.skipped, skipped)
        } else {
            (verdict, reasons) = (.obeyed, [])
        }
    }
}

/// All rules after a run, and their sums by section.
struct RuleSummary {
    let results: [RuleResult]
    let sections: [String]

    init(_ table: RuleTable, _ results: [Result]) {
        sections = table.sections
        self.results = table.rules.compactMap { RuleResult($0, results) }
    }

    static func sums(_ results: [RuleResult]) -> String {
        RuleVerdict.allCases.map { verdict in
            "\(results.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }.joined(separator: ", ")
    }

    /// One line for each section, and one for all.
    var lines: [String] {
        sections.compactMap { section in
            let mine = results.filter { $0.rule.section == section }
            guard !mine.isEmpty else { return nil }
            return section.padded(62) + RuleSummary.sums(mine)
        } + ["all rules".padded(62) + RuleSummary.sums(results)]
    }

    /// Rule by rule.
    var report: String {
        var text = ""
        for section in sections {
            let mine = results.filter { $0.rule.section == section }
            if mine.isEmpty { continue }
            text += "\n\(section)\n"
            for result in mine {
                let word = result.verdict == .broken ? "BROKEN" : result.verdict.rawValue
                text += "  " + word.padded(10) + result.rule.id.padded(44) + result.rule.text + "\n"
                for reason in result.reasons { text += "            " + reason + "\n" }
            }
        }
        return text
    }
}

extension String {
    func padded(_ width: Int) -> String {
        count >= width ? self + " " : self + String(repeating: " ", count: width - count)
    }
}
