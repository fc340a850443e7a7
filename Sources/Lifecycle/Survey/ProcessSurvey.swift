// Who the runtime is and what it may: security modules, limits, ids.
import CLinux
import LaunchPlan
import Linux
import OCI

extension HostSurvey {
    mutating func probeSecurity(for spec: Spec) {
        securityModules = Self.words("/sys/kernel/security/lsm").map { Array($0) } ?? modulesOfOld()
        let asksForLabels =
            spec.process?.apparmorProfile != nil || spec.process?.selinuxLabel != nil
            || spec.linux.mountLabel != nil
        if securityModules == nil, asksForLabels {
            note("the security modules", "neither /sys/kernel/security nor /sys/module can be read")
        }
        for key in spec.linux.sysctl.keys {
            guard let path = SysctlKey(key)?.path else { continue }
            if !Self.exists("/proc/sys/" + path) { missingSysctls.insert(path) }
        }
        guard spec.process?.apparmorProfile != nil, securityModules?.contains("apparmor") == true else {
            return
        }
        // "docker-default (enforce)"
        appArmorProfiles = Self.text("/sys/kernel/security/apparmor/profiles").map { text in
            Set(
                text.split(separator: "\n").map {
                    String($0.prefix(upTo: $0.lastIndex(of: "(") ?? $0.endIndex).dropLast())
                })
        }
        if appArmorProfiles == nil { note("AppArmor's profiles", "only root may read them") }
    }

    /// Without securityfs: each module shows itself in a place of its own.
    private func modulesOfOld() -> [String]? {
        guard Self.exists("/sys/module") else { return nil }
        var modules: [String] = []
        if Self.text("/sys/module/apparmor/parameters/enabled") == "Y" { modules.append("apparmor") }
        if Self.exists("/sys/fs/selinux/enforce") { modules.append("selinux") }
        return modules
    }

    mutating func probeProcess() {
        for kind in ResourceLimitKind.allCases { hardLimits[kind] = Syscall.hardLimit(kind) }
        mostOpenFiles = Self.number("/proc/sys/fs/nr_open")
        oomScoreAdj = Self.text("/proc/self/oom_score_adj").flatMap { Int32($0) }
        noNewPrivileges = (try? Syscall.processControl(Int32(PR_GET_NO_NEW_PRIVS))) == 1
    }

    mutating func probeIDs(for spec: Spec, _ facts: HostFacts) {
        guard !facts.capabilities.contains(CapabilitySet(rawValue: 1 << UInt64(CAP_SETUID))),
            spec.linux.createsNamespace(.user)
        else { return }
        let name = Self.userName(facts.effectiveUserID)
        mapsIDs.users = Self.ranges("/etc/subuid", name, facts.effectiveUserID)
        mapsIDs.groups = Self.ranges("/etc/subgid", name, facts.effectiveUserID)
        mapsIDs.hasPrograms = ["newuidmap", "newgidmap"].allSatisfy { program in
            (Environment["PATH"] ?? "/usr/bin").split(separator: ":").contains {
                Syscall.isExecutable($0 + "/" + program)
            }
        }
    }

    /// `name:first:count`, where the name may be a number (subuid(5)).
    private static func ranges(_ path: String, _ name: String?, _ uid: UInt32) -> [Range<UInt64>] {
        (text(path) ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, let first = UInt64(fields[1]), let count = UInt64(fields[2]),
                fields[0] == String(uid) || name.map({ fields[0] == $0 }) ?? false,
                first <= UInt64(UInt32.max), count <= UInt64(UInt32.max)
            else { return nil }
            return first..<first + count
        }
    }

    private static func userName(_ uid: UInt32) -> String? {
        for line in (text("/etc/passwd") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == String(uid) { return String(fields[0]) }
        }
        return nil
    }
}
