// The process: order of privileges, descriptors, seccomp, and what create must have seen before it reports success.
import CLinux
import Linux
import OCI

@testable import LaunchPlan

private func set(_ names: [String], _ trace: Trace) -> UInt64 {
    // A user namespace gives all of them.
    names.compactMap { Capability(name: $0) }
        .filter { trace.hasUserNamespace || trace.facts.capabilities.contains($0) }
        .reduce(0) { $0 | 1 << UInt64($1.number) }
}

private func prctl(_ trace: Trace, _ option: Int32) -> [Int] {
    trace.calls(.prctl).filter { trace.immediate($0, 0) == UInt64(option) }
}

let processInvariants: [Invariant] = [
    Invariant(
        "CVE-2016-9962: nobody may trace the init from before it joins a namespace",
        breaking: { trace in trace.remove(prctl(trace, PR_SET_DUMPABLE)[0]) }
    ) { trace in
        let sets = prctl(trace, PR_SET_DUMPABLE)
        if sets.isEmpty, trace.mustBeTraceable { return [] }
        guard let first = sets.first, sets.allSatisfy({ trace.immediate($0, 1) == 0 }) else {
            return ["the init stays dumpable"]
        }
        // Alone in its new namespaces it may set their time first; the root comes later anyhow.
        let setsTime = trace.steps { if case .setTimeOffset = $0 { true } else { false } }
        if trace.hasUserNamespace, !setsTime.isEmpty { return [] }
        let join = (trace.calls(.setns) + trace.calls(.unshare)).min() ?? .max
        return first < join ? [] : ["the init is dumpable in the container's namespaces"]
    },
    Invariant(
        "CVE-2024-21626: descriptors close at execve, and none is opened after that is settled",
        breaking: { trace in trace.remove(trace.calls(.closeRange)[0]) }
    ) { trace in
        let ranges = trace.calls(.closeRange)
        guard let range = ranges.first, ranges.count == 1, let execute = trace.calls(.execve).last else {
            return ["no close_range"]
        }
        var broken: [String] = []
        if trace.immediate(range, 0) != UInt64(3 + trace.options.preservedDescriptors)
            || trace.immediate(range, 1) != UInt64(UInt32.max) || trace.immediate(range, 2) != 4
        {
            broken.append(trace.line(range))
        }
        let opening = trace.calls.filter { trace.instructions[$0].call.opensDescriptor && $0 > range }
        broken += (opening + trace.inherited.filter { $0 > range }).map(trace.line)
        return execute > range ? broken : broken + ["execve comes first"]
    },
    Invariant(
        "every descriptor is close-on-exec from the start",
        breaking: { trace in
            trace.instructions[trace.calls(.fsopen)[0]].operands[1] = .immediate(0)
        }
    ) { trace in
        let cloexec = UInt64(APUS_O_CLOEXEC.rawValue)
        return trace.calls.filter { index in
            switch trace.instructions[index].call {
            case .openat: (trace.immediate(index, 2) ?? 0) & cloexec == 0
            case .openat2: (trace.openHow(index)?.flags ?? 0) & cloexec == 0
            case .openTree: (trace.immediate(index, 2) ?? 0) & cloexec == 0
            case .socket: (trace.immediate(index, 1) ?? 0) & cloexec == 0
            case .accept4: (trace.immediate(index, 3) ?? 0) & cloexec == 0
            case .fsopen, .fsmount: (trace.immediate(index, 1) ?? 0) & 1 == 0
            case .fspick: (trace.immediate(index, 2) ?? 0) & 1 == 0
            default: false
            }
        }.map(trace.line)
    },
    Invariant(
        "CVE-2024-21626: the working directory is checked to lie in the root, and stays",
        breaking: { trace in trace.remove(trace.calls(.getcwd)[0] + 1) }
    ) { trace in
        guard let enter = trace.calls(.chdir).last, let ask = trace.calls(.getcwd).last else {
            return ["the directory is not entered"]
        }
        var broken: [String] = []
        let check = trace.instructions[ask + 1]
        if ask != enter + 1 || check.opcode != .expect || check.skip != 0
            || check.operands.first != trace.instructions[ask].operands.first
            || check.operands[2] != .immediate(UInt64(UInt8(ascii: "/")))
        {
            broken.append("\(trace.line(enter)) is not checked")
        }
        broken += (trace.calls(.fchdir) + trace.calls(.chroot)).filter { $0 > enter }.map(trace.line)
        return broken
    },
    Invariant(
        "seccomp comes last: with no_new_privs right before execve, without before the last drop of capabilities",
        breaking: { trace in trace.move(trace.calls(.seccomp)[0], before: trace.calls(.closeRange)[0]) }
    ) { trace in
        let loads = trace.calls(.seccomp)
        guard trace.options.filter != nil else { return loads.map(trace.line) }
        guard loads.count == 1, let execute = trace.calls(.execve).last else {
            return ["no filter is loaded"]
        }
        let after = trace.calls.filter { $0 > loads[0] && $0 < execute }.map { trace.instructions[$0].call }
        let forbids = !prctl(trace, PR_SET_NO_NEW_PRIVS).isEmpty
        // A listener is handed over at once.
        let handsOver =
            trace.options.filter?.hasListener == true && trace.spec.linux.seccomp?.listenerPath != nil
        let expected: [SystemCall] = (handsOver ? [.write, .read] : []) + (forbids ? [] : [.capset])
        return after == expected ? [] : ["\(after.map(\.name)) between the filter and execve"]
    },
    Invariant(
        "no_new_privs is set exactly when config.json asks for it, and never cleared",
        breaking: { trace in trace.spec.process?.noNewPrivileges.toggle() }
    ) { trace in
        let calls = prctl(trace, PR_SET_NO_NEW_PRIVS)
        let asked = trace.spec.process?.noNewPrivileges ?? false
        return calls.count == (asked ? 1 : 0) && calls.allSatisfy { trace.immediate($0, 1) == 1 }
            ? [] : ["no_new_privs: \(calls.count) calls"]
    },
    Invariant(
        "the bounding set loses all but what is asked for, before the user changes",
        breaking: { trace in trace.remove(prctl(trace, PR_CAPBSET_DROP)[0]) }
    ) { trace in
        let drops = prctl(trace, PR_CAPBSET_DROP)
        let dropped = drops.compactMap { trace.immediate($0, 1) }.reduce(0) { $0 | 1 << $1 }
        let kept = set(trace.spec.process?.capabilities?.bounding ?? [], trace)
        var broken: [String] = []
        if dropped != CapabilitySet.all.rawValue & ~kept { broken.append("wrong bounding set") }
        if let user = trace.calls(.setresuid).last, drops.contains(where: { $0 > user }) {
            broken.append("the bounding set is dropped after the user changed")
        }
        return broken
    },
    Invariant(
        "CVE-2022-27650, CVE-2022-29162, CVE-2025-27612: the process ends with the capabilities asked for, no inherited more",
        breaking: { trace in trace.data[trace.offset(trace.calls(.capset).last!, 1) + 8] ^= 0x20 }
    ) { trace in
        let asked = trace.spec.process?.capabilities ?? Capabilities()
        let (permitted, inheritable) = (set(asked.permitted, trace), set(asked.inheritable, trace))
        let expected = [set(asked.effective, trace) & permitted, permitted, inheritable]
        guard let last = trace.calls(.capset).last, trace.capabilitySets(last) == expected else {
            return ["wrong capabilities"]
        }
        let raised = prctl(trace, PR_CAP_AMBIENT).filter {
            trace.immediate($0, 1) == UInt64(PR_CAP_AMBIENT_RAISE)
        }
        .compactMap { trace.immediate($0, 2) }.reduce(0) { $0 | 1 << $1 }
        let early = trace.calls(.capset).filter { trace.capabilitySets($0)[2] != inheritable }
        return early.map(trace.line)
            + (raised == set(asked.ambient, trace) & permitted & inheritable ? [] : ["wrong ambient set"])
    },
    Invariant(
        "groups, group and user change in this order, capabilities kept; limits and names come before",
        breaking: { trace in
            trace.move(trace.calls(.setresuid)[0], before: trace.calls(.setgroups)[0])
        }
    ) { trace in
        // The first ones may make root of a user namespace.
        guard let group = trace.calls(.setresgid).last, let user = trace.calls(.setresuid).last,
            let capset = trace.calls(.capset).first
        else { return ["the user does not change"] }
        let keepsGroups = trace.steps { if case .setUser(let user) = $0 { user.keepsGroups } else { false } }
        guard let groups = keepsGroups.isEmpty ? trace.calls(.setgroups).first : group - 1 else {
            return ["the groups do not change"]
        }
        var broken = groups < group && group < user && user < capset ? [] : ["wrong order"]
        if trace.spec.process?.user.uid != 0, (prctl(trace, PR_SET_KEEPCAPS).first ?? .max) > user {
            broken.append("capabilities are lost with the user")
        }
        let before: [SystemCall] = [
            .prlimit64, .sethostname, .setdomainname, .personality, .keyctl, .write, .mount, .pivotRoot,
            .schedSetaffinity, .schedSetattr, .ioprioSet, .setMempolicy,
        ]
        broken += trace.calls.filter { index in
            index > groups && before.contains(trace.instructions[index].call)
                && trace.slot(index, 0) != .channel
                // The init itself needs more descriptors than a process may be left with (RLIMIT_NOFILE).
                && trace.immediate(index, 1) != 7
        }.map(trace.line)
        return broken
    },
    Invariant(
        "security labels are written by way of the verified /proc, all that are asked for, before the user changes",
        breaking: { trace in trace.spec.process?.apparmorProfile = "other" }
    ) { trace in
        var asked: [String] = []
        if let profile = trace.spec.process?.apparmorProfile { asked.append("exec " + profile) }
        if let label = trace.spec.process?.selinuxLabel {
            asked += trace.options.noNewKeyring ? [label] : [label, label]
        }
        let user = trace.calls(.setresuid).last ?? .max
        let written = trace.calls(.write).filter { write in
            trace.calls(.openat2).contains { open in
                trace.instructions[open].out == trace.slot(write, 0) && open < write && write < user
                    && trace.instructions[open].step == trace.instructions[write].step
                    && trace.slot(open, 0) == trace.names["proc"]
                    && trace.string(open, 1)?.hasPrefix("self/attr/") == true
            }
        }
        return written.compactMap { trace.string($0, 1) }.sorted() == asked.sorted()
            ? [] : ["labels \(written.map(trace.line))"]
    },
    Invariant(
        "scheduler, I/O priority and memory policy are set exactly when config.json asks for them",
        breaking: { trace in trace.spec.process?.scheduler = Scheduler() }
    ) { trace in
        let rows: [(call: SystemCall, isAsked: Bool)] = [
            (.schedSetattr, trace.spec.process?.scheduler != nil),
            (.ioprioSet, trace.spec.process?.ioPriority != nil),
            (.setMempolicy, trace.spec.linux.memoryPolicy != nil), (.schedSetaffinity, true),
        ]
        // For a user namespace a runtime with privileges does it.
        let outside: [SystemCall: Int] = [
            .schedSetattr: trace.runtimeSteps { if case .setScheduler = $0 { true } else { false } }.count,
            .ioprioSet: trace.runtimeSteps { if case .setIOPriority = $0 { true } else { false } }.count,
        ]
        return rows.filter { row in
            trace.calls(row.call).count + (outside[row.call] ?? 0) != (row.isAsked ? 1 : 0)
        }.map { $0.call.name }
    },
    Invariant(
        "create sees a bad directory or executable: both are looked at before the state is saved",
        breaking: { trace in
            trace.swapSteps(
                trace.runtimeSteps { if case .announceCreated = $0 { true } else { false } }[0],
                trace.steps { if case .findExecutable = $0 { true } else { false } }[0])
        }
    ) { trace in
        func first(_ matches: (ContainerStep) -> Bool) -> Int { trace.steps(matches).first ?? .max }
        let announce = trace.runtimeSteps { if case .announceCreated = $0 { true } else { false } }
        guard announce.count == 1 else { return ["the state is saved \(announce.count) times"] }
        let directory = first { if case .enterDirectory = $0 { true } else { false } }
        let executable = first { if case .findExecutable = $0 { true } else { false } }
        let wait = first { if case .awaitStart = $0 { true } else { false } }
        let waits = wait == announce[0] + 1
        return directory < announce[0] && executable < announce[0] && waits != trace.options.startsAtOnce
            ? [] : ["wrong order"]
    },
    Invariant(
        "CVE-2020-15257: the init makes no socket but to bring up loopback, and only calls that are known here",
        breaking: { trace in trace.instructions[trace.calls[0]].call = .socket }
    ) { trace in
        trace.calls.filter { index in
            if case .raiseLoopback = trace.containerStep(of: index) {
                switch trace.instructions[index].call {
                case .socket: return trace.immediate(index, 0) != 2
                case .ioctl: return trace.immediate(index, 1) != 0x8914
                default: break
                }
            }
            if case .openTerminal = trace.containerStep(of: index) {
                switch trace.instructions[index].call {
                case .ioctl: return ![0x4004_5431, 0x5441, 0x540e].contains(trace.immediate(index, 1))
                case .sendmsg, .dup3, .fchown: return false
                default: break
                }
            }
            if case .takeStandardStreams = trace.containerStep(of: index),
                trace.instructions[index].call == .dup3
            {
                return trace.immediate(index, 1).map { $0 > 2 } ?? true
            }
            return !SystemCall.allowedInPrograms.contains(trace.instructions[index].call)
        }.map(trace.line)
    },
    Invariant(
        "the environment names each variable once, has HOME, and PATH searches absolute directories only",
        breaking: { trace in
            for (index, step) in trace.steps.enumerated() {
                guard case .container(.execute(var plan)) = step else { continue }
                plan.environment.append("HOME=/twice")
                trace.steps[index] = .container(.execute(plan))
            }
        }
    ) { trace in
        var broken: [String] = []
        for case .container(.execute(let plan)) in trace.steps {
            let names = plan.environment.map { $0.prefix { $0 != "=" } }
            if Set(names).count != names.count { broken.append("a variable twice") }
            if !plan.environment.contains(where: { $0.hasPrefix("HOME=/") }) { broken.append("no HOME") }
            if plan.isPathSearch, plan.candidates.contains(where: { !$0.hasPrefix("/") }) {
                broken.append("a relative directory in PATH")
            }
        }
        return broken
    },
]

extension SystemCall {
    /// What a program may do; anything new is to be thought about here first.
    static let allowedInPrograms: Set<SystemCall> = [
        .rtSigprocmask, .prctl, .umask, .setsid, .openat, .openat2, .fstatfs, .setns, .unshare, .close,
        .write,
        .mount, .openTree, .moveMount, .mountSetattr, .fsopen, .fsconfig, .fsmount, .fspick, .statx, .mkdirat,
        .readlinkat, .mknodat, .symlinkat, .unlinkat, .fchmodat, .fchownat, .fchdir, .pivotRoot, .umount2,
        .chdir, .chroot,
        .sethostname, .setdomainname, .keyctl, .prlimit64, .personality, .setgroups, .setresuid, .setresgid,
        .capset, .getcwd, .faccessat, .accept4, .closeRange, .seccomp, .execve, .read, .schedSetaffinity,
        .schedSetattr, .ioprioSet, .setMempolicy, .fsetxattr,
    ]

    /// Whether the result is a new descriptor.
    var opensDescriptor: Bool {
        [.openat, .openat2, .openTree, .fsopen, .fsmount, .fspick, .accept4, .socket].contains(self)
    }
}
