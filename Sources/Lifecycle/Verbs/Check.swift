// check: everything that is wrong with a bundle, in one run.
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// All problems of a bundle: of its JSON, its rules, and what this host would refuse. Needs no privileges.
    public static func check(bundle: String, _ options: RuntimeOptions) throws(Failure) -> [Problem] {
        let bytes = try Bundle.bytes(at: bundle)
        var problems = Spec.check(json: bytes).problems
        if problems.contains(where: { $0.severity == .error }) { return problems }
        do throws(Failure) {
            let plan = try plan(CreateRequest(id: "check", bundle: bundle), options)
            if let error = plan.unsupported {
                problems.append(
                    Problem(
                        severity: .error, pointer: error.pointer, message: error.message, rule: "unsupported")
                )
            }
            problems += plan.warnings.map {
                Problem(
                    severity: .warning, pointer: $0.pointer, message: $0.message, hint: $0.hint, rule: "host")
            }
        } catch {
            problems.append(
                Problem(
                    severity: .error, pointer: error.pointer ?? "", message: error.message, hint: error.hint,
                    rule: "host"))
        }
        return problems
    }
}
