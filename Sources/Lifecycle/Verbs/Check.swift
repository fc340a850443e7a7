// check: everything that is wrong with a bundle, in one run.
import Cgroups
import LaunchPlan
import Linux
import OCI
import Seccomp

extension Verb {
    /// All problems of a bundle: of its JSON, its rules, and what this host would refuse or weaken. Touches nothing, and
    /// needs no privileges: without them it notes what it could not see.
    public static func check(bundle: String, _ options: RuntimeOptions) throws(Failure) -> [Problem] {
        let bytes = try Bundle.bytes(at: bundle)
        let (spec, problems) = Spec.check(json: bytes)
        guard let spec else { return problems }
        // Where something is wrong by itself, the host would be asked for the wrong thing.
        let broken = problems.filter { $0.severity == .error }.map(\.pointer)
        let compared = compare(spec, plans: broken.isEmpty, bundle: bundle, options)
        return problems
            + compared.filter { problem in !broken.contains { isRelated($0, problem.pointer) } }
    }

    /// Whether one of the pointers leads through the other.
    private static func isRelated(_ one: String, _ other: String) -> Bool {
        (one + "/").hasPrefix(other + "/") && !other.isEmpty || (other + "/").hasPrefix(one + "/")
    }

    /// - Parameter plans: false where the rules have found an error: there is no plan then.
    private static func compare(
        _ spec: Spec, plans: Bool, bundle: String, _ options: RuntimeOptions
    ) -> [Problem] {
        var problems: [Problem] = []
        var facts: HostFacts
        do throws(Failure) {
            var request = CreateRequest(id: "check", bundle: bundle)
            request.isInUserNamespace = HostProbe.isInUserNamespace()
            facts = try HostProbe.facts(for: spec, request, driver: options.manager)
        } catch {
            problems.append(problem(error))
            facts = HostFacts(cgroups: .none)
        }
        var survey = HostSurvey.probe(for: spec, facts: facts, bundle: bundle)
        if facts.effectiveUserID != 0, !spec.linux.createsNamespace(.user) {
            // Root is going to run this: an ordinary user could not.
            facts.capabilities = .all
            survey.hardLimits = [:]
            survey.oomScoreAdj = nil
            survey.note(
                "what root may do here",
                "check runs as user \(facts.effectiveUserID), and without a user "
                    + "namespace only root can create this container")
        }
        var plan: LaunchPlan?
        do throws(Failure) {
            if plans { plan = try planned(spec, facts, bundle, options) }
        } catch {
            problems.append(problem(error))
        }
        let compared = HostCase(spec, on: facts, survey, bundle: bundle, plan: plan).problems()
        // Where the plan has failed, a rule may say the same with more words.
        let pointers = compared.filter { $0.severity == .error }.map(\.pointer)
        return problems.filter { !pointers.contains($0.pointer) || $0.pointer.isEmpty } + compared
    }

    private static func planned(
        _ spec: Spec, _ facts: HostFacts, _ bundle: String, _ options: RuntimeOptions
    ) throws(Failure) -> LaunchPlan {
        var launch = LaunchOptions(id: "check", bundle: bundle)
        launch.manager = options.manager
        if let profile = spec.linux.seccomp { launch.filter = try filter(profile, cache: nil) }
        do throws(SpecError) {
            return try LaunchPlan(creating: spec, on: facts, launch)
        } catch {
            throw Failure(error)
        }
    }

    private static func problem(_ error: Failure) -> Problem {
        Problem(
            severity: .error, pointer: error.pointer ?? "", message: error.message, hint: error.hint,
            rule: "host-plan")
    }
}
