// Phase 9: the process: limits first, then identity, then the checks that `create` reports.
import Linux
import OCI

extension LaunchPlan {
    mutating func planProcess(_ process: Process) throws(SpecError) {
        // The CPUs that the caller was confined to are not the container's; a cpuset still confines it (runc does so).
        add(.container(.resetAffinity), "")
        try planKeyring(process)
        if !hasUserNamespace { planOOMScore(process) }
        if !hasUserNamespace || !isPrivileged { planLimits(process) }
        try planCredentials(process)
    }

    mutating func planKeyring(_ process: Process) throws(SpecError) {
        try planKeyLabel(process)
        if !options.noNewKeyring { add(.container(.joinKeyring("_ses." + options.id)), "") }
    }

    mutating func planCredentials(_ process: Process) throws(SpecError) {
        if let personality = spec.linux.personality {
            add(
                .container(.setPersonality(personality.domain == "LINUX32" ? 0x8 : 0)),
                "/linux/personality/domain")
        }
        try planScheduling(process)
        try planSecurityLabels(process)
        if process.noNewPrivileges { add(.container(.forbidNewPrivileges), "/process/noNewPrivileges") }
        let capabilities = try planCapabilities(process)
        add(.container(.dropBounding(capabilities.bounding)), "/process/capabilities/bounding")
        let directory = process.cwd.isEmpty ? "/" : process.cwd
        // As root first: the user's own directory may lie below one that the user cannot search. As the user then, where
        // root cannot (NFS without root).
        add(.container(.tryDirectory(directory)), "/process/cwd")
        add(
            .container(
                .setUser(
                    UserPlan(
                        uid: process.user.uid, gid: process.user.gid,
                        additionalGids: process.user.additionalGids, umask: process.user.umask ?? 0o022,
                        keepsGroups: keepsGroups || !allowsGroups,
                        mayKeepGroups: (joinsUserNamespace || facts.isInUserNamespace)
                            && process.user.additionalGids.isEmpty))),
            "/process/user")
        // A filter may be loaded by who may not gain privileges, or by who has CAP_SYS_ADMIN; in the second case that
        // capability stays until the filter is there, and goes with the last system call before execve.
        var first = capabilities.plan
        if keepsAdminForSeccomp(process) {
            guard grantable.contains(.sysAdmin) else {
                throw SpecError(
                    pointer: "/linux/seccomp",
                    message: "a filter needs noNewPrivileges, or a runtime with CAP_SYS_ADMIN")
            }
            first.effective.insert(.sysAdmin)
            first.permitted.insert(.sysAdmin)
        }
        add(.container(.setCapabilities(first)), "/process/capabilities")
        add(.container(.enterDirectory(directory)), "/process/cwd")
        add(.container(.findExecutable(executable(process))), "/process/args/0")
    }

    /// Like limits, a score may need privileges over the host: both are set before a user namespace is entered.
    mutating func planOOMScore(_ process: Process) {
        if let score = process.oomScoreAdj { add(.container(.setOOMScore(score)), "/process/oomScoreAdj") }
    }

    mutating func planLimits(_ process: Process) {
        for (index, limit) in process.rlimits.enumerated() {
            guard let kind = ResourceLimitKind(name: limit.type) else { continue }
            // The init needs a few descriptors itself until it has been started.
            let least: UInt64 = kind == .nofile ? Self.initDescriptors : 0
            add(
                .container(
                    .setLimit(
                        kind, name: limit.type, soft: max(limit.soft, least), hard: max(limit.hard, least))),
                "/process/rlimits/\(index)")
        }
    }

    /// What comes after `start`: nothing of it may fail for a reason that could have been seen before.
    mutating func planLastMile(_ process: Process) {
        for (index, limit) in process.rlimits.enumerated() {
            guard limit.soft < Self.initDescriptors, ResourceLimitKind(name: limit.type) == .nofile else {
                continue
            }
            add(
                .container(.setLimit(.nofile, name: limit.type, soft: limit.soft, hard: limit.hard)),
                "/process/rlimits/\(index)")
        }
        add(.container(.closeDescriptors(from: 3 + options.preservedDescriptors)), "")
        if let filter = options.filter {
            add(.container(.loadSeccomp(filter)), "/linux/seccomp")
            if filter.hasListener, let path = spec.linux.seccomp?.listenerPath {
                add(
                    .runtime(
                        .sendSeccompListener(path: path, metadata: spec.linux.seccomp?.listenerMetadata)),
                    "/linux/seccomp/listenerPath")
            }
            if keepsAdminForSeccomp(process), let plan = try? planCapabilities(process).plan {
                add(.container(.dropPrivileges(plan)), "/process/capabilities")
            }
        }
        add(.container(.execute(executable(process))), "/process/args/0")
    }

    /// More descriptors than an init has open when it is started.
    private static let initDescriptors: UInt64 = 64

    private func keepsAdminForSeccomp(_ process: Process) -> Bool {
        options.filter != nil && !process.noNewPrivileges
    }

    func executable(_ process: Process) -> ExecutablePlan {
        var environment = withoutDuplicates(process.env)
        if !environment.contains(where: { $0.hasPrefix("HOME=") && $0.utf8.count > 5 }) {
            environment.removeAll { $0.hasPrefix("HOME=") }
            environment.append("HOME=" + (facts.home ?? "/"))
        }
        if options.listenDescriptors > 0 {
            environment.removeAll { $0.hasPrefix("LISTEN_FDS=") || $0.hasPrefix("LISTEN_PID=") }
            environment += ["LISTEN_FDS=\(options.listenDescriptors)", "LISTEN_PID=1"]
        }
        if let hook {
            return ExecutablePlan(
                name: hook.path, candidates: [hook.path], arguments: hook.arguments,
                environment: hook.env ?? environment, isPathSearch: false)
        }
        let name = process.args.first ?? ""
        let isPathSearch = !name.utf8.contains(UInt8(ascii: "/"))
        var candidates = [name]
        if isPathSearch {
            let path = environment.first { $0.hasPrefix("PATH=") }.map { $0.dropFirst(5) } ?? ""
            // An entry that is not absolute would search the current directory, which the image chose.
            candidates = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { $0 + "/" + name }
        }
        return ExecutablePlan(
            name: name, candidates: candidates, arguments: process.args, environment: environment,
            isPathSearch: isPathSearch)
    }

    /// Of several entries for one variable the last one counts, as in runc.
    private func withoutDuplicates(_ environment: [String]) -> [String] {
        func name(_ entry: String) -> String {
            String(Substring(entry.utf8.prefix { $0 != UInt8(ascii: "=") }))
        }
        var last: [String: Int] = [:]
        for (index, entry) in environment.enumerated() { last[name(entry)] = index }
        if last.count == environment.count { return environment }
        return environment.indices.filter { last[name(environment[$0])] == $0 }.map { environment[$0] }
    }
}

extension CapabilitySet {
    public static let sysAdmin = CapabilitySet(rawValue: 1 << 21)
}
