// User namespaces: what comes before the fork into them, and what after (user_namespaces(7), peers.md 3.3).
import CLinux
import Linux

@testable import LaunchPlan

extension Trace {
    /// Hooks in the container of a runtime that enters its namespaces only while the init may be traced.
    var mustBeTraceable: Bool {
        let hooks = spec.hooks
        let copies = steps { if case .makeFilesystem = $0 { true } else { false } }
        let enters =
            !(hooks?.createContainer ?? []).isEmpty || !(hooks?.startContainer ?? []).isEmpty
            || !copies.isEmpty
        return enters && !isPrivileged(self) && hasUserNamespace
    }
}

private func fork(_ trace: Trace) -> Int? {
    trace.steps { if case .forkIntoNamespaces = $0 { true } else { false } }.first
}

private func maps(_ trace: Trace) -> Int? {
    trace.runtimeSteps { if case .writeIDMaps = $0 { true } else { false } }.first
}

/// Whether the runtime has the privileges of the namespace that it runs in.
private func isPrivileged(_ trace: Trace) -> Bool { trace.facts.capabilities.contains(.sysAdmin) }

let userNamespaceInvariants: [Invariant] = [
    Invariant(
        "the user namespace owns the other new namespaces: they are made after it, by its root",
        in: "user-namespace",
        breaking: { trace in
            let others = trace.steps { if case .newNamespaces = $0 { true } else { false } }[0]
            trace.swapSteps(others, fork(trace)!)
        }
    ) { trace in
        guard trace.hasUserNamespace else {
            return fork(trace) == nil ? [] : ["a fork for no user namespace"]
        }
        guard let fork = fork(trace) else { return ["no fork"] }
        let root = trace.steps { if case .becomeRoot = $0 { true } else { false } }.first ?? .max
        let makers = trace.steps {
            switch $0 {
            case .newNamespaces, .newCgroupNamespace, .newTimeNamespace: true
            default: false
            }
        }
        var cloned: UInt64 = 0
        for case .runtime(.startInit(let namespaces, _)) in trace.steps { cloned = namespaces }
        return (cloned == 0 ? [] : ["namespaces at the clone"])
            + makers.filter { $0 < root || $0 < fork }.map { "step \($0)" }
    },
    Invariant(
        "nothing is done in a new user namespace before its ids are mapped", in: "user-namespace",
        breaking: { trace in
            let root = trace.steps { if case .becomeRoot = $0 { true } else { false } }[0]
            trace.swapSteps(root, maps(trace)!)
        }
    ) { trace in
        let isNew =
            trace.hasUserNamespace
            && trace.spec.linux.namespaces.contains { $0.type == "user" && ($0.path ?? "").isEmpty }
        guard isNew else { return maps(trace) == nil ? [] : ["maps for no new user namespace"] }
        guard let fork = fork(trace), let maps = maps(trace) else { return ["no fork or no maps"] }
        // Nothing of the container's lies in between.
        return trace.steps[fork...maps].dropFirst().allSatisfy { !$0.isContainers } ? [] : ["step \(maps)"]
    },
    Invariant(
        "the init may be traced by nobody once it is in the container (CVE-2016-9962)",
        in: "user-namespace-rootless",
        breaking: { trace in
            let forbids = trace.steps { if case .forbidTracing = $0 { true } else { false } }[0]
            trace.swapSteps(forbids, trace.steps.count - 1)
        }
    ) { trace in
        let mounts = trace.steps {
            switch $0 {
            case .attachRoot, .enterJoinedRoot: true
            default: false
            }
        }
        var forbidden: Int?
        for (index, step) in trace.steps.enumerated() {
            switch step {
            case .container(.startClean(traceable: false)), .container(.forbidTracing):
                forbidden = forbidden ?? index
            default: continue
            }
        }
        guard let forbidden else { return trace.mustBeTraceable ? [] : ["never forbidden"] }
        return mounts.allSatisfy { forbidden < $0 } ? [] : ["step \(forbidden)"]
    },
    Invariant(
        "CVE-2014-8989: groups that a file denies access to are not dropped by a user without privileges",
        in: "user-namespace-rootless",
        breaking: { trace in
            for (index, step) in trace.steps.enumerated() {
                guard case .container(.setUser(var user)) = step else { continue }
                user.keepsGroups = false
                trace.steps[index] = .container(.setUser(user))
            }
        }
    ) { trace in
        guard maps(trace) != nil, !isPrivileged(trace),
            trace.spec.linux.gidMappings.isOwn(trace.facts.effectiveGroupID)
        else { return [] }
        return trace.steps { step in
            if case .setUser(let user) = step {
                !user.keepsGroups || !user.additionalGids.isEmpty
            } else {
                false
            }
        }.map { "step \($0)" }
    },
    Invariant(
        "no device is made in a user namespace: only the host's own nodes are bound",
        in: "user-namespace-devices",
        breaking: { trace in
            for (index, step) in trace.steps.enumerated() {
                guard case .container(.bindDevice(let device)) = step else { continue }
                trace.steps[index] = .container(.makeDevice(device))
            }
        }
    ) { trace in
        trace.steps { step in
            switch step {
            case .makeDevice(let device): trace.hasUserNamespace && device.type != 0o010_000
            case .bindDevice(let device):
                device.type == 0o010_000 || !trace.hasUserNamespace && !trace.facts.isInUserNamespace
            default: false
            }
        }.map { "step \($0)" }
    },
]
