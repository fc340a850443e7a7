// Problems of a configuration as `check` lists them: all of them, warnings too.

/// One finding about a configuration.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
    public enum Severity: Sendable {
        /// `create` refuses the configuration.
        case error
        /// `create` goes on.
        case warning
        /// Nothing is wrong as far as `check` could see, and this is where it could not.
        case note

        public var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .note: "note"
            }
        }
    }

    public var severity: Severity
    /// JSON pointer (RFC 6901); empty for the whole document.
    public var pointer: String
    public var message: String
    public var hint: String?
    /// The rule that found it: `capability-names`, or `type`, `unknown-property`, `unsupported`.
    public var rule: String

    public init(severity: Severity, pointer: String, message: String, hint: String? = nil, rule: String) {
        self.severity = severity
        self.pointer = pointer
        self.message = message
        self.hint = hint
        self.rule = rule
    }

    public var error: SpecError { SpecError(pointer: pointer, message: message, hint: hint) }

    public var description: String { error.description }
}

/// Collects problems while decoding goes on. Keeps the first 1000 errors and the first 1000 others: no one reads more, and
/// however much is unknown, an error is not lost.
public final class Findings {
    public private(set) var problems: [Problem] = []
    private var errors = 0

    private static let limit = 1000

    public init() {}

    public func add(_ problem: Problem) {
        let isError = problem.severity == .error
        if isError { errors += 1 }
        let same = isError ? errors - 1 : problems.count - min(errors, Findings.limit)
        if same < Findings.limit { problems.append(problem) }
    }

    func add(_ error: SpecError) {
        add(
            Problem(
                severity: .error, pointer: error.pointer, message: error.message, hint: error.hint,
                rule: "type"))
    }

    /// Pointers of what could not be decoded; rules that look at the defaults left there have nothing to say.
    var undecoded: [String] { problems.filter { $0.rule == "type" }.map(\.pointer) }
}
