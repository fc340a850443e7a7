// Rules on what the process is and as whom it runs.
import JSON
import Linux

extension Process {
    static let commandRules: [Rule] = [
        .process("process-args", "config.md, Process") { process, report in
            guard let file = process.args.first else {
                return report.error("/args", "must have at least one entry")
            }
            report.requireNonEmpty(file, at: "/args/0")
        },
        .process("process-cwd", "config.md, Process") { process, report in
            report.requireAbsolute(process.cwd, at: "/cwd")
        },
        // execve(2) takes anything, but runc refuses what environ's readers cannot use, and so does this.
        .process("process-env", "config.md, Process") { process, report in
            for (index, entry) in process.env.enumerated() {
                if !entry.utf8.contains(UInt8(ascii: "=")) {
                    report.error("/env/\(index)", "\"\(entry)\" has no \"=\"", hint: "write NAME=VALUE")
                } else if entry.utf8.first == UInt8(ascii: "=") {
                    report.error("/env/\(index)", "\"\(entry)\" has no name", hint: "write NAME=VALUE")
                }
            }
        },
    ]

    static let credentialRules: [Rule] = [
        // The kernel's -1 means "do not change" (setresuid(2)).
        .process("user-ids", "config.md, User") { process, report in
            let user = process.user
            func check(_ id: UInt32, _ pointer: String, _ report: inout Report) {
                if id == UInt32.max { report.error(pointer, "\(id) is not an id: the kernel reserves it") }
            }
            check(user.uid, "/user/uid", &report)
            check(user.gid, "/user/gid", &report)
            for (index, id) in user.additionalGids.enumerated() {
                check(id, "/user/additionalGids/\(index)", &report)
            }
        },
        .process("umask", "config.md, User") { process, report in
            guard let umask = process.user.umask, umask > 0o777 else { return }
            let message = "\(umask) (octal \(String(umask, radix: 8))) has more than permission bits"
            let hint = "umask is a decimal number: octal 022 is 18"
            if umask > 0o7777 {
                report.error("/user/umask", message, hint: hint)
            } else {
                report.warning("/user/umask", message, hint: hint)
            }
        },
        // "Any value which cannot be mapped to a relevant kernel interface … MUST be logged as a warning."
        .process("capability-names", "config.md, Linux Process") { process, report in
            guard let capabilities = process.capabilities else { return }
            func check(_ names: [String], _ set: StaticString, _ report: inout Report) {
                for (index, name) in names.enumerated() where Capability(name: name) == nil {
                    report.warning(
                        "/capabilities/\(set)/\(index)", "unknown capability \"\(name)\"",
                        hint: didYouMean(name, in: Capability.names))
                }
            }
            check(capabilities.bounding, "bounding", &report)
            check(capabilities.effective, "effective", &report)
            check(capabilities.inheritable, "inheritable", &report)
            check(capabilities.permitted, "permitted", &report)
            check(capabilities.ambient, "ambient", &report)
        },
        .process("capability-sets", "capabilities(7)") { process, report in
            guard let capabilities = process.capabilities else { return }
            let (permitted, inheritable) = (capabilities.permitted, capabilities.inheritable)
            for (index, name) in capabilities.effective.enumerated() where Capability(name: name) != nil {
                if permitted.contains(name) { continue }
                report.error("/capabilities/effective/\(index)", "\(name) is not in the permitted set")
            }
            for (index, name) in capabilities.ambient.enumerated() where Capability(name: name) != nil {
                if permitted.contains(name), inheritable.contains(name) { continue }
                report.warning(
                    "/capabilities/ambient/\(index)",
                    "\(name) is not both permitted and inheritable, so the kernel will not raise it")
            }
        },
        .process("rlimits", "config.md, POSIX process") { process, report in
            for (index, limit) in process.rlimits.enumerated() {
                report.requireKnown(
                    limit.type, in: ResourceLimitKind.names, "resource limit", at: "/rlimits/\(index)/type")
                if limit.soft > limit.hard {
                    report.error(
                        "/rlimits/\(index)/soft", "\(limit.soft) is above the hard limit \(limit.hard)")
                }
                if process.rlimits[..<index].contains(where: { $0.type == limit.type }) {
                    report.error("/rlimits/\(index)/type", "duplicate resource limit \"\(limit.type)\"")
                }
            }
        },
        .process("oom-score", "config.md, Linux Process; proc(5)") { process, report in
            report.require(process.oomScoreAdj, in: -1000...1000, at: "/oomScoreAdj")
        },
    ]
}

extension Capabilities {
    /// The five sets with their names.
    public var sets: [(name: String, capabilities: [String])] {
        [
            ("bounding", bounding), ("effective", effective), ("inheritable", inheritable),
            ("permitted", permitted), ("ambient", ambient),
        ]
    }
}
