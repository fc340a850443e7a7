// What a configuration asks of the kernel: system calls, namespaces, security modules, parameters.
import JSON
import Linux
import OCI

extension HostRule {
    static let kernelRules: [HostRule] = [
        // The program itself says which system calls it makes, and for which property.
        HostRule("host-system-calls") { host, report in
            if host.survey.refusedCalls.isEmpty { return }
            for call in runtimeCalls { refuse(call, "", host, &report) }
            guard let plan = host.plan else { return }
            var seen = runtimeCalls
            for instruction in Lowering.lower(plan).instructions where instruction.opcode == .syscall {
                let call = instruction.call
                guard let errno = host.survey.refusedCalls[call], !seen.contains(call),
                    !instruction.tolerates(errno)
                else { continue }
                seen.append(call)
                refuse(call, plan.steps[Int(instruction.step)].pointer, host, &report)
            }
        },
        HostRule("host-namespaces") { host, report in
            for (index, entry) in host.spec.linux.namespaces.enumerated() {
                guard let kind = NamespaceKind(specName: entry.type) else { continue }
                let pointer = "/linux/namespaces/\(index)"
                if let known = host.survey.namespaces, !known.contains(kind) {
                    report.error(pointer, "this kernel has no \(kind.specName) namespaces")
                } else if let path = entry.path {
                    checkJoin(path, kind, host.survey.joined[path], at: pointer + "/path", &report)
                } else if kind == .user, host.survey.userNamespaceLimit == 0 {
                    report.error(
                        pointer, "this host allows no user namespaces",
                        hint: "raise the kernel parameter user.max_user_namespaces")
                }
            }
        },
        HostRule("host-ids") { host, report in
            guard host.createsUserNamespace, !host.has("CAP_SETUID") else { return }
            let (linux, ids, facts) = (host.spec.linux, host.survey.mapsIDs, host.facts)
            // One's own id can be mapped by oneself.
            let isOwn =
                linux.uidMappings.maps(only: facts.effectiveUserID)
                && linux.gidMappings.maps(only: facts.effectiveGroupID)
            if isOwn { return }
            guard ids.hasPrograms else {
                return report.error(
                    "/linux/uidMappings", "needs newuidmap and newgidmap, which are not installed",
                    hint: "install the package uidmap")
            }
            check(linux.uidMappings, facts.effectiveUserID, ids.users, "uid", &report)
            check(linux.gidMappings, facts.effectiveGroupID, ids.groups, "gid", &report)
        },
        HostRule("host-security-modules") { host, report in
            guard let modules = host.survey.securityModules else { return }
            if let profile = host.process?.apparmorProfile, profile != "unconfined" {
                let pointer = "/process/apparmorProfile"
                if !modules.contains("apparmor") {
                    report.error(
                        pointer, "this host has no AppArmor", hint: "leave the profile out to go without")
                } else if let loaded = host.survey.appArmorProfiles, !loaded.contains(profile) {
                    report.error(
                        pointer, "AppArmor has no profile \"\(profile)\" loaded",
                        hint: nearest(profile, in: loaded.sorted()).map { "did you mean \"\($0)\"?" }
                            ?? "load it with apparmor_parser")
                }
            }
            if modules.contains("selinux") { return }
            if host.process?.selinuxLabel != nil {
                report.error("/process/selinuxLabel", "this host has no SELinux")
            }
            if host.spec.linux.mountLabel != nil {
                report.error("/linux/mountLabel", "this host has no SELinux")
            }
        },
        // Those of an interface are there when it is.
        HostRule("host-sysctls") { host, report in
            for key in host.spec.linux.sysctl.keys.sorted() {
                guard let path = SysctlKey(key)?.path, host.survey.missingSysctls.contains(path),
                    !path.split(separator: "/").contains(where: { $0 == "conf" || $0 == "neigh" })
                else { continue }
                report.error(
                    JSONPointer.appending(key, to: "/linux/sysctl"),
                    "this kernel has no parameter /proc/sys/\(path)")
            }
        },
        HostRule("host-seccomp") { host, report in
            guard let profile = host.spec.linux.seccomp, !host.survey.missingSeccomp.isEmpty else { return }
            func check(_ name: String, _ pointer: String, _ report: inout HostReport) {
                if host.survey.missingSeccomp.contains(name) {
                    report.error("/linux/seccomp" + pointer, "this kernel does not know \(name)")
                }
            }
            check(profile.defaultAction, "/defaultAction", &report)
            for (index, rule) in profile.syscalls.enumerated() {
                check(rule.action, "/syscalls/\(index)/action", &report)
            }
            for (index, flag) in (profile.flags ?? []).enumerated() {
                check(flag, "/flags/\(index)", &report)
            }
        },
    ]

    /// What no container can be made without.
    static let runtimeCalls: [SystemCall] = [.clone3, .pidfdOpen]

    private static func refuse(
        _ call: SystemCall, _ pointer: String, _ host: HostCase, _ report: inout HostReport
    ) {
        guard let errno = host.survey.refusedCalls[call] else { return }
        let name = call.name
        if errno == .notImplemented {
            report.error(pointer, "needs \(name), which this kernel does not have")
        } else {
            report.error(
                pointer, "needs \(name), which is denied here: \(errno)",
                hint: "allow it in the seccomp profile that the runtime itself runs under")
        }
    }

    private static func checkJoin(
        _ path: String, _ kind: NamespaceKind, _ found: JoinedPath?, at pointer: String,
        _ report: inout HostReport
    ) {
        switch found {
        case .missing: report.error(pointer, "\(path): no such file or directory")
        case .noNamespace: report.error(pointer, "\(path) is not a namespace")
        case .namespace(let flag) where flag != kind.cloneFlag:
            let other = NamespaceKind.allCases.first { $0.cloneFlag == flag }
            report.error(
                pointer,
                "\(path) is a namespace of type \(other?.specName ?? "unknown"), not \(kind.specName)")
        case .namespace, .unseen, nil: break
        }
    }

    /// Everything but one's own id needs a range in /etc/subuid (newuidmap(1)).
    private static func check(
        _ map: [IDMapping], _ own: UInt32, _ ranges: [Range<UInt64>], _ id: String,
        _ report: inout HostReport
    ) {
        for (index, entry) in map.enumerated() where !(entry.size == 1 && entry.hostID == own) {
            let (first, end) = (UInt64(entry.hostID), UInt64(entry.hostID) + UInt64(entry.size))
            if ranges.contains(where: { $0.lowerBound <= first && end <= $0.upperBound }) { continue }
            report.error(
                "/linux/\(id)Mappings/\(index)",
                "ids \(first) to \(end - 1) are not this user's in /etc/sub\(id)")
        }
    }
}

extension [IDMapping] {
    fileprivate func maps(only id: UInt32) -> Bool {
        count == 1 && self[0].size == 1 && self[0].hostID == id
    }
}

extension Instruction {
    /// Whether the program goes on after that error: there is another way behind.
    fileprivate func tolerates(_ errno: Errno) -> Bool {
        let numbers = [tolerate.first, tolerate.second]
        return numbers.contains(Instruction.anyError) || numbers.contains(UInt16(errno.rawValue))
    }
}
