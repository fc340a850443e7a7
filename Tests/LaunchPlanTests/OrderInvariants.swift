// The order of steps, and who does what when (config.md, runtime.md, peers.md 3.7).
import Linux

@testable import LaunchPlan

private func isMount(_ step: ContainerStep) -> Bool {
    switch step {
    case .mount, .makeDevice, .linkDevice: true
    default: false
    }
}

private func isMask(_ step: ContainerStep) -> Bool {
    switch step {
    case .mask, .makeReadOnly, .prepareMasks: true
    default: false
    }
}

private func start(_ trace: Trace) -> [Int] {
    trace.runtimeSteps { if case .startInit = $0 { true } else { false } }
}

let orderInvariants: [Invariant] = [
    Invariant(
        "masks and read-only paths come after all mounts and devices, and before the root changes",
        breaking: { trace in trace.swapSteps(trace.steps(isMask)[0], trace.steps(isMount)[0]) }
    ) { trace in
        let masks = trace.steps(isMask)
        guard let first = masks.first, let last = masks.last else { return [] }
        let mounts = trace.steps(isMount).last ?? 0
        return mounts < first && last < (trace.rootChange ?? 0) ? [] : ["steps \(first)…\(last)"]
    },
    Invariant(
        "a masked path below a read-only one stays masked: read-only paths come first",
        breaking: { trace in
            trace.swapSteps(
                trace.steps { if case .makeReadOnly = $0 { true } else { false } }[0],
                trace.steps { if case .mask = $0 { true } else { false } }[0])
        }
    ) { trace in
        let readOnly = trace.steps { if case .makeReadOnly = $0 { true } else { false } }.last ?? 0
        let mask = trace.steps { if case .mask = $0 { true } else { false } }.first ?? .max
        return readOnly < mask ? [] : ["step \(mask)"]
    },
    Invariant(
        "the root becomes read-only after all that is made in it, and before the process",
        breaking: { trace in
            trace.swapSteps(
                trace.steps { if case .makeRootReadOnly = $0 { true } else { false } }[0],
                trace.steps(isMount)[0])
        }
    ) { trace in
        guard let index = trace.steps({ if case .makeRootReadOnly = $0 { true } else { false } }).first else {
            // A joined mount namespace, and no namespace, leave the root as it is.
            return trace.spec.root?.readonly == true
                && !trace.steps { if case .attachRoot = $0 { true } else { false } }.isEmpty
                ? ["the root stays writable"] : []
        }
        let makers = trace.steps { step in
            if case .ensureDirectory = step { true } else { isMount(step) }
        }
        let hooks = trace.runtimeSteps {
            if case .runHook(let kind, _) = $0 { kind != .startContainer } else { false }
        }
        let user = trace.steps { if case .setUser = $0 { true } else { false } }.first ?? .max
        return (makers + hooks).allSatisfy { $0 < index } && index < user ? [] : ["step \(index)"]
    },
    Invariant(
        "hooks of creation run after the mounts and before the root changes, in their order (config.md, Hooks)",
        breaking: { trace in
            let hooks = trace.runtimeSteps { if case .runHook = $0 { true } else { false } }
            trace.swapSteps(hooks[0], hooks[hooks.count - 1])
        }
    ) { trace in
        var kinds: [HookKind] = []
        var broken: [String] = []
        for (index, step) in trace.steps.enumerated() {
            guard case .runtime(.runHook(let kind, _)) = step else { continue }
            kinds.append(kind)
            if kind == .startContainer {
                let announce = trace.runtimeSteps { if case .announceCreated = $0 { true } else { false } }[0]
                if index < announce { broken.append("startContainer hook at step \(index)") }
                continue
            }
            if index < (trace.steps(isMount).last ?? 0) || index > (trace.rootChange ?? .max) {
                broken.append("\(kind.rawValue) hook at step \(index)")
            }
        }
        var order: [HookKind] = [.prestart, .createRuntime, .createContainer]
        // Otherwise `start` runs them.
        if trace.options.startsAtOnce { order.append(.startContainer) }
        let expected = order.flatMap { kind in (trace.spec.hooks?[kind] ?? []).map { _ in kind } }
        return kinds == expected ? broken : broken + ["hooks \(kinds)"]
    },
    Invariant(
        "the runtime needs no pid before the init is there, and the container no cgroup that is not limited",
        breaking: { trace in
            let join = trace.runtimeSteps { if case .joinCgroups = $0 { true } else { false } }[0]
            trace.swapSteps(join, 0)
        }
    ) { trace in
        guard start(trace).count == 1, let start = start(trace).first else { return ["no single start"] }
        return trace.steps.indices.filter { index in
            switch trace.steps[index] {
            case .container, .runtime(.filterDevices), .runtime(.writeIDMaps), .runtime(.joinCgroups),
                .runtime(.startUnit), .runtime(.enterDelegatedCgroup), .runtime(.attachToUnit),
                .runtime(.adoptInit), .runtime(.joinRdt), .runtime(.moveNetDevice),
                .runtime(.sendSeccompListener), .runtime(.runHook), .runtime(.fill), .runtime(.setTimeOffset),
                .runtime(.setScheduler), .runtime(.setIOPriority),
                .runtime(.announceCreated), .runtime(.takeTerminal):
                index < start
            case .runtime(.openNamespace), .runtime(.copyUp), .runtime(.openMount), .runtime(.openRoot),
                .runtime(.createCgroups), .runtime(.limit), .runtime(.prepareRdt),
                .runtime(.moveToCPUs), .runtime(.aimAtPIDNamespace):
                index > start
            // In a user namespace the ids are known only when it is there.
            case .runtime(.ownStandardDescriptors):
                trace.hasUserNamespace ? index < start : index > start
            case .runtime(.startInit): false
            }
        }.map { "step \($0)" }
    },
    Invariant(
        "the init waits wherever the runtime acts, and nowhere else",
        breaking: { trace in
            let index = trace.instructions.firstIndex { $0.opcode == .yield }
            trace.remove(index!)
        }
    ) { trace in
        guard let start = start(trace).first else { return ["no start"] }
        // What the runtime does beside the init asks it for nothing.
        let steps = trace.steps[start...].filter { step in
            if case .runtime(let step) = step { !step.runsBesideInit } else { true }
        }
        var (expected, forks) = (0, 0)
        for (before, step) in zip(steps, steps.dropFirst()) {
            guard case .runtime(let step) = step else { continue }
            if case .adoptInit = step {
                forks += 1
                continue
            }
            // Its hand-over is of its own kind.
            if case .sendSeccompListener = step { continue }
            switch before {
            case .container, .runtime(.startInit): expected += 1
            // What follows a fork shares its hand-over.
            case .runtime: continue
            }
        }
        let yields = trace.instructions.filter { $0.opcode == .yield }.count
        let found = trace.instructions.filter { $0.opcode == .fork }.count
        return yields == expected && forks == found ? [] : ["\(yields) waits for \(expected), \(found) forks"]
    },
    Invariant(
        "the container's session begins after all namespaces are joined and forked into",
        breaking: { trace in
            trace.swapSteps(
                trace.steps { if case .newSession = $0 { true } else { false } }[0],
                trace.steps { if case .joinNamespace = $0 { true } else { false } }[0])
        }
    ) { trace in
        let session = trace.steps { if case .newSession = $0 { true } else { false } }
        let joins = trace.steps { step in
            switch step {
            case .joinNamespace, .forkIntoPIDNamespace, .forkIntoNamespaces: true
            default: false
            }
        }
        return session.count == 1 && joins.allSatisfy { $0 < session[0] } ? [] : ["steps \(session)"]
    },
    Invariant(
        "each namespace of config.json is either new or joined (config-linux.md, Namespaces)",
        breaking: { trace in trace.spec.linux.namespaces[0].path = "/proc/1/ns/x" }
    ) { trace in
        var flags: UInt64 = 0
        for case .runtime(.startInit(let namespaces, _)) in trace.steps { flags = namespaces }
        for case .container(.forkIntoNamespaces(let namespaces)) in trace.steps { flags |= namespaces }
        for case .container(.newNamespaces(let namespaces)) in trace.steps { flags |= namespaces }
        return trace.spec.linux.namespaces.compactMap { entry in
            guard let kind = NamespaceKind(specName: entry.type) else { return "unknown \(entry.type)" }
            let joined = !trace.steps {
                if case .joinNamespace(_, kind) = $0 { true } else { false }
            }.isEmpty
            let unshared = trace.calls(.unshare).contains { trace.immediate($0, 0) == kind.cloneFlag }
            let isNew = flags & kind.cloneFlag != 0 || unshared
            let joins = !(entry.path ?? "").isEmpty
            return joins == joined && isNew != joins ? nil : "\(entry.type): new \(isNew), joined \(joined)"
        }
    },
]
