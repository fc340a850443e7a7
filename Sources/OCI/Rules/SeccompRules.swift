// Rules on the seccomp profile (config-linux.md, Seccomp).
import JSON

extension SeccompProfile {
    static let rules: [Rule] = [
        .seccomp("seccomp-actions", "config-linux.md, Seccomp") { profile, report in
            report.requireKnown(profile.defaultAction, in: actions, "action", at: "/defaultAction")
            for (index, rule) in profile.syscalls.enumerated() {
                report.requireKnown(rule.action, in: actions, "action", at: "/syscalls/\(index)/action")
            }
        },
        .seccomp("seccomp-errno", "config-linux.md, Seccomp") { profile, report in
            checkErrno(profile.defaultErrnoRet, of: profile.defaultAction, "/defaultErrnoRet", &report)
            for (index, rule) in profile.syscalls.enumerated() where rule.errnoRet != nil {
                checkErrno(rule.errnoRet, of: rule.action, "/syscalls/\(index)/errnoRet", &report)
            }
        },
        .seccomp("seccomp-names", "config-linux.md, Seccomp") { profile, report in
            for (index, rule) in profile.syscalls.enumerated() {
                if rule.names.isEmpty {
                    report.error("/syscalls/\(index)/names", "must have at least one entry")
                }
                for (number, name) in rule.names.enumerated() {
                    report.requireNonEmpty(name, at: "/syscalls/\(index)/names/\(number)")
                }
            }
        },
        .seccomp("seccomp-arguments", "config-linux.md, Seccomp") { profile, report in
            for (index, rule) in profile.syscalls.enumerated() {
                for (number, argument) in rule.args.enumerated() {
                    let pointer = "/syscalls/\(index)/args/\(number)"
                    report.requireKnown(argument.op, in: operators, "operator", at: pointer + "/op")
                    report.require(argument.index, in: 0...5, at: pointer + "/index")
                }
            }
        },
        .seccomp("seccomp-architectures", "config-linux.md, Seccomp") { profile, report in
            for (index, name) in profile.architectures.enumerated() {
                report.requireKnown(
                    name, in: architectureNames, "architecture", at: "/architectures/\(index)")
            }
        },
        .seccomp("seccomp-flags", "config-linux.md, Seccomp; seccomp(2)") { profile, report in
            for (index, name) in (profile.flags ?? []).enumerated() {
                report.requireKnown(name, in: flagNames, "flag", at: "/flags/\(index)")
                if name == "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", !profile.usesNotify {
                    report.error("/flags/\(index)", "\(name) needs a rule with SCMP_ACT_NOTIFY")
                }
            }
        },
        // The runtime itself writes to the socket of the listener after the filter is loaded.
        .seccomp("seccomp-notify", "config-linux.md, Seccomp") { profile, report in
            if profile.defaultAction == notify {
                report.error("/defaultAction", "must not be \(notify): nothing could answer")
            }
            for (index, rule) in profile.syscalls.enumerated() where rule.action == notify {
                if let number = rule.names.firstIndex(of: "write") {
                    report.error("/syscalls/\(index)/names/\(number)", "\(notify) cannot be used for write")
                }
            }
            if profile.usesNotify, profile.listenerPath == nil {
                report.error("/listenerPath", "is required but missing: a rule has \(notify)")
            }
            if profile.listenerMetadata != nil, profile.listenerPath == nil {
                report.error("/listenerMetadata", "must not be set without listenerPath")
            }
        },
    ]

    static let notify = "SCMP_ACT_NOTIFY"

    /// Whether a rule hands system calls to a listener.
    public var usesNotify: Bool {
        defaultAction == SeccompProfile.notify || syscalls.contains { $0.action == SeccompProfile.notify }
    }

    /// Only ERRNO and TRACE carry a number: 12 bits as an errno, 16 bits for the tracer (seccomp_rule_add(3)).
    private static func checkErrno(
        _ number: UInt32?, of action: String, _ pointer: @autoclosure () -> String, _ report: inout Report
    ) {
        guard let number, number != 0, let row = actionTable.first(where: { $0.name == action }) else {
            return
        }
        if let greatest = row.greatestErrno {
            report.require(number, in: 0...greatest, at: pointer())
        } else {
            report.error(pointer(), "does not go with \(action)")
        }
    }
}
