// The table of rules (conformance/rules): what the spec asks, and which cases prove it.
import Foundation

/// One rule of the runtime-spec.
struct Rule: Sendable {
    let id: String
    /// FILE#HEADING of the spec.
    let section: String
    /// `MUST`, `SHOULD NOT`, ... in the order of the table.
    var keywords: [String] = []
    var text = ""
    /// Ids of cases; `*` stands for anything.
    var patterns: [String] = []
    /// Why no case decides it, or what is being built.
    var undecided: String?
    /// True while that is a promise, not a reason.
    var isPending = false

    func names(_ test: Case) -> Bool { patterns.contains { Rule.matches($0, test.id) } }

    static func matches(_ pattern: String, _ id: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return pattern == id }
        let head = pattern[..<star]
        let tail = pattern[pattern.index(after: star)...]
        return id.count >= head.count + tail.count && id.hasPrefix(head) && id.hasSuffix(tail)
    }
}

struct RuleTable: Sendable {
    var rules: [Rule] = []

    init(path: String) throws {
        guard let text = Files.read(path) else { throw Failure("cannot read \(path)") }
        var section = ""
        for line in text.lines {
            if line.hasPrefix("## ") {
                section = String(line.dropFirst(3))
            } else if line.hasPrefix("#") {
                continue
            } else if !line.hasPrefix(" ") {
                var rule = Rule(id: line.words[0], section: section)
                rule.keywords = line.words.dropFirst()
                    .filter { $0.first?.isUppercase == true }.map { $0.replacing("-", with: " ") }
                rules.append(rule)
            } else {
                RuleTable.read(line.trimmed, into: &rules[rules.count - 1])
            }
        }
    }

    private static func read(_ line: String, into rule: inout Rule) {
        if line.hasPrefix("cases: ") {
            rule.patterns += line.words.dropFirst()
        } else if line.hasPrefix("undecidable: ") {
            rule.undecided = String(line.dropFirst("undecidable: ".count))
        } else if line.hasPrefix("pending: ") {
            rule.undecided = line
            rule.isPending = true
        } else {
            rule.text = line
        }
    }

    /// The rules that a case helps to decide.
    func rules(provenBy test: Case) -> [Rule] { rules.filter { $0.names(test) } }

    /// Sections in the order of the table.
    var sections: [String] {
        var seen = Set<String>()
        return rules.map(\.section).filter { seen.insert($0).inserted }
    }

    /// What is wrong with the table itself; `conformance/check-rules` compares it with the spec.
    func problems(_ cases: [Case]) -> [String] {
        var problems: [String] = []
        for rule in rules {
            for pattern in rule.patterns where !cases.contains(where: { Rule.matches(pattern, $0.id) }) {
                problems.append("\(rule.id): there is no case \(pattern)")
            }
            if rule.patterns.isEmpty && rule.undecided == nil {
                problems.append("\(rule.id): neither cases nor a reason")
            }
            if rule.text.isEmpty { problems.append("\(rule.id): no words") }
        }
        problems += Dictionary(grouping: rules, by: \.id).filter { $1.count > 1 }.keys.sorted().map {
            "\($0): there twice"
        }
        problems += Dictionary(grouping: cases, by: \.id).filter { $1.count > 1 }.keys.sorted().map {
            "case \($0): there twice"
        }
        for test in cases where !test.isBeyondSpec && !rules.contains(where: { $0.names(test) }) {
            problems.append("case \(test.id): no rule names it, and it says to be of \(test.source)")
        }
        return problems
    }
}

extension Case {
    /// True for what the runtime-spec does not ask: the contract with engines, attacks.
    var isBeyondSpec: Bool {
        let files = [
            "bundle.md", "config.md", "config-linux.md", "runtime.md", "runtime-linux.md", "features.md",
            "features-linux.md",
        ]
        let file = source.prefix { $0 != " " && $0 != "#" }
        return !tags.isDisjoint(with: [.contract, .security]) || !files.contains(String(file))
    }
}
