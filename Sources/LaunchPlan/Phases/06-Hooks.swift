// Phase 6: hooks that belong to creation, after the mounts and before the root changes (config.md, Hooks).
import OCI

extension LaunchPlan {
    mutating func planCreationHooks() {
        for kind in [HookKind.prestart, .createRuntime, .createContainer] { planHooks(kind) }
    }

    mutating func planHooks(_ kind: HookKind) {
        for (index, hook) in (spec.hooks?[kind] ?? []).enumerated() {
            add(.runtime(.runHook(kind, hook)), "/hooks/\(kind.rawValue)/\(index)")
        }
    }
}

extension Hooks {
    /// The hooks of one kind, in their order.
    public subscript(kind: HookKind) -> [Hook] {
        switch kind {
        case .prestart: prestart
        case .createRuntime: createRuntime
        case .createContainer: createContainer
        case .startContainer: startContainer
        case .poststart: poststart
        case .poststop: poststop
        }
    }
}
