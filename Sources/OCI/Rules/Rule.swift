// The form of a rule, and the run over all of them.
import JSON
import Linux

/// One demand of the specification, or of the kernel, on a part of the configuration.
///
/// The type is not generic over that part: each type argument would cost the runtime's start-up its metadata.
struct Rule: Sendable {
    /// Names the rule in `check`'s output.
    let id: StaticString
    /// Where the demand comes from.
    let section: StaticString
    let check: @Sendable (Spec, inout Report) -> Void

    init(
        _ id: StaticString, _ section: StaticString, _ check: @escaping @Sendable (Spec, inout Report) -> Void
    ) {
        self.id = id
        self.section = section
        self.check = check
    }

    /// A rule on the process; its pointers start there.
    static func process(
        _ id: StaticString, _ section: StaticString,
        _ check: @escaping @Sendable (Process, inout Report) -> Void
    ) -> Rule {
        Rule(id, section) { spec, report in
            if let process = spec.process { check(process, &report) }
        }
    }

    /// A rule on the seccomp profile; its pointers start there.
    static func seccomp(
        _ id: StaticString, _ section: StaticString,
        _ check: @escaping @Sendable (SeccompProfile, inout Report) -> Void
    ) -> Rule {
        Rule(id, section) { spec, report in
            if let profile = spec.linux.seccomp { check(profile, &report) }
        }
    }

    /// A rule on the resources; its pointers start there.
    static func resources(
        _ id: StaticString, _ section: StaticString,
        _ check: @escaping @Sendable (Resources, inout Report) -> Void
    ) -> Rule {
        Rule(id, section) { spec, report in
            if let resources = spec.linux.resources { check(resources, &report) }
        }
    }
}

/// What the rules have found so far.
struct Report {
    private(set) var problems: [Problem] = []
    /// Pointer of the subject that rules write relative pointers to.
    var base = ""
    var rule: StaticString = ""
    /// Whether warnings are wanted; looking for them costs more than looking for errors.
    var advises = true

    mutating func error(_ pointer: String, _ message: String, hint: String? = nil) {
        add(.error, pointer, message, hint)
    }

    mutating func warning(_ pointer: String, _ message: String, hint: String? = nil) {
        if advises { add(.warning, pointer, message, hint) }
    }

    private mutating func add(
        _ severity: Problem.Severity, _ pointer: String, _ message: String, _ hint: String?
    ) {
        problems.append(
            Problem(
                severity: severity, pointer: base + pointer, message: message, hint: hint, rule: "\(rule)"))
    }

    mutating func run(_ rules: [Rule], on spec: Spec, at base: String) {
        self.base = base
        for row in rules {
            rule = row.id
            row.check(spec, &self)
        }
    }

    // MARK: demands that many rules make

    /// The value is one of a closed set of names.
    mutating func requireKnown(
        _ name: String, in names: [String], _ kind: StaticString, at pointer: @autoclosure () -> String
    ) {
        if names.contains(name) { return }
        error(pointer(), "unknown \(kind) \"\(name)\"", hint: didYouMean(name, in: names))
    }

    mutating func requireAbsolute(_ path: String, at pointer: @autoclosure () -> String) {
        if path.utf8.first == UInt8(ascii: "/") { return }
        error(pointer(), path.isEmpty ? "must not be empty" : "\"\(path)\" is not an absolute path")
    }

    mutating func requireNonEmpty(_ text: String, at pointer: @autoclosure () -> String) {
        if text.isEmpty { error(pointer(), "must not be empty") }
    }

    mutating func require<Number: BinaryInteger>(
        _ number: Number?, in range: ClosedRange<Number>, at pointer: @autoclosure () -> String
    ) {
        guard let number, !range.contains(number) else { return }
        error(pointer(), "\(number) is out of range, expected \(range.lowerBound) to \(range.upperBound)")
    }
}

extension Spec {
    /// Everything that is wrong with the configuration by itself, in the order of the rules; no look at the host.
    public func problems() -> [Problem] { problems(Report()) }

    /// Throws the first error; warnings are not looked for.
    public func validate() throws(SpecError) {
        var report = Report()
        report.advises = false
        try problems(report).throwFirstError()
    }

    /// The same for the process alone: for a process that enters a container.
    public func validateProcess() throws(SpecError) {
        var report = Report()
        report.advises = false
        report.run(Process.rules, on: self, at: "/process")
        var alone = Spec()
        alone.process = process
        report.run(Unsupported.rules, on: alone, at: "")
        try report.problems.throwFirstError()
    }

    private func problems(_ start: Report) -> [Problem] {
        var report = start
        report.run(Spec.rules, on: self, at: "")
        if process != nil { report.run(Process.rules, on: self, at: "/process") }
        if linux.seccomp != nil { report.run(SeccompProfile.rules, on: self, at: "/linux/seccomp") }
        if linux.resources != nil { report.run(Resources.rules, on: self, at: "/linux/resources") }
        report.run(Unsupported.rules, on: self, at: "")
        if report.advises { report.run(Spec.adviceRules, on: self, at: "") }
        return report.problems
    }

    /// Decodes and applies all rules: every problem of a config.json in one run. The configuration is nil when
    /// the text is not JSON.
    public static func check(json bytes: [UInt8]) -> (spec: Spec?, problems: [Problem]) {
        let findings = Findings()
        guard var spec = decode(json: bytes, findings: findings) else { return (nil, findings.problems) }
        spec.adoptAnnotations()
        // A default that stands in for something undecodable is not worth a second complaint, nor is what does not
        // fit to it in the same entry of a list.
        let undecoded = findings.undecoded.map { pointer in
            let entry = pointer.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            return entry.last.flatMap { Int($0) } == nil ? pointer : entry.joined(separator: "/")
        }
        let more = spec.problems().filter { problem in
            !undecoded.contains { problem.pointer == $0 || problem.pointer.hasPrefix($0 + "/") }
        }
        return (spec, findings.problems + more)
    }

    static let rules: [Rule] =
        topRules + mountRules + hookRules + namespaceRules + deviceRules + linuxRules + sysctlRules
}

extension Process {
    /// What is wrong with the process of a config.json or of `exec --process`; pointers start at `base`.
    public func problems(at base: String = "") -> [Problem] {
        var spec = Spec()
        spec.process = self
        var report = Report()
        report.run(Process.rules, on: spec, at: base)
        return report.problems
    }

    static let rules: [Rule] = commandRules + credentialRules + schedulingRules
}

extension Resources {
    /// What is wrong with the resources of a config.json or of `update`; pointers start at `base`.
    public func problems(at base: String = "") -> [Problem] {
        var spec = Spec()
        spec.linux.resources = self
        var report = Report()
        report.run(Resources.rules, on: spec, at: base)
        return report.problems
    }

    static let rules: [Rule] = memoryRules + cpuRules + otherResourceRules
}

extension [Problem] {
    /// Throws the first error among the problems.
    public func throwFirstError() throws(SpecError) {
        for problem in self where problem.severity == .error { throw problem.error }
    }
}
