// The form of a rule on a configuration and a host, and the run over all of them.
import Linux
import OCI

/// One thing that a configuration asks of a host.
struct HostRule: Sendable {
    /// Names the rule in `check`'s output.
    let id: StaticString
    let check: @Sendable (HostCase, inout HostReport) -> Void

    init(_ id: StaticString, _ check: @escaping @Sendable (HostCase, inout HostReport) -> Void) {
        self.id = id
        self.check = check
    }
}

/// What rules compare.
public struct HostCase: Sendable {
    public var spec: Spec
    public var facts: HostFacts
    public var survey: HostSurvey
    /// Absolute path of the bundle.
    public var bundle: String
    /// nil where planning has failed.
    public var plan: LaunchPlan?

    public init(_ spec: Spec, on facts: HostFacts, _ survey: HostSurvey, bundle: String, plan: LaunchPlan?) {
        self.spec = spec
        self.facts = facts
        self.survey = survey
        self.bundle = bundle
        self.plan = plan
    }

    var process: Process? { spec.process }

    func has(_ name: String) -> Bool { Capability(name: name).map(facts.capabilities.contains) ?? false }

    var createsUserNamespace: Bool { spec.linux.createsNamespace(.user) }

    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : bundle + "/" + path }

    /// Everything that this host would refuse, and what would be weaker on it than the configuration says.
    public func problems() -> [Problem] {
        var report = HostReport()
        for rule in HostRule.all {
            report.rule = rule.id
            rule.check(self, &report)
        }
        report.rule = "host-unseen"
        for unseen in survey.unseen {
            report.add(.note, "", "\(unseen.subject) cannot be seen: \(unseen.reason)")
        }
        return report.problems
    }
}

/// What the rules have found so far.
struct HostReport {
    private(set) var problems: [Problem] = []
    var rule: StaticString = ""

    /// `create` would fail.
    mutating func error(_ pointer: String, _ message: String, hint: String? = nil) {
        add(.error, pointer, message, hint: hint)
    }

    /// The container would get less, or be held less tightly, than the configuration says.
    mutating func warning(_ pointer: String, _ message: String, hint: String? = nil) {
        add(.warning, pointer, message, hint: hint)
    }

    mutating func add(
        _ severity: Problem.Severity, _ pointer: String, _ message: String, hint: String? = nil
    ) {
        problems.append(
            Problem(severity: severity, pointer: pointer, message: message, hint: hint, rule: "\(rule)"))
    }
}

extension HostRule {
    static let all: [HostRule] = kernelRules + fileRules + processRules + resourceRules

    /// The ids of all rules.
    public static var ids: [String] { all.map { "\($0.id)" } }
}
