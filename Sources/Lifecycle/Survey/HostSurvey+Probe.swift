// The look at the host that `check` takes: touches nothing, needs no privileges, and notes what it could not see.
import LaunchPlan
import Linux
import OCI

extension HostSurvey {
    /// What rules ask of this host about `spec`.
    static func probe(for spec: Spec, facts: HostFacts, bundle: String) -> HostSurvey {
        var survey = HostSurvey()
        survey.probeKernel(for: spec, facts)
        survey.probeSecurity(for: spec)
        survey.probeProcess()
        survey.probeIDs(for: spec, facts)
        survey.probeFiles(for: spec, facts, bundle)
        survey.probeDevices(for: spec)
        survey.probeResources(for: spec, facts)
        return survey
    }

    mutating func note(_ subject: String, _ reason: String) { unseen.append(Unseen(subject, reason)) }

    mutating func note(_ subject: String, _ errno: Errno) { note(subject, errno.description) }

    /// A small text file's content without the line break at its end; nil where there is none to read.
    static func text(_ path: String) -> String? {
        guard let bytes = try? Syscall.readFile(path, limit: 1 << 20) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    static func words(_ path: String) -> Set<String>? {
        text(path).map { Set($0.split { $0 == " " || $0 == "," || $0 == "\n" }.map(String.init)) }
    }

    static func number(_ path: String) -> UInt64? { text(path).flatMap { UInt64($0) } }

    /// The names in a directory; nil where there is none.
    static func names(in path: String) -> Set<String>? {
        guard let directory = try? Syscall.open(path, [.readOnly, .directory]),
            let names = try? Syscall.entries(of: directory.raw)
        else { return nil }
        return Set(names)
    }

    static func exists(_ path: String) -> Bool { (try? Syscall.status(path)) != nil }
}
