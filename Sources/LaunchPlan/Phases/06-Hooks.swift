// Phase 6: hooks that belong to creation, after the mounts and before the root changes (config.md, Hooks).
import OCI

extension LaunchPlan {
    mutating func planCreationHooks() {
        guard let hooks = spec.hooks else { return }
        for kind in [HookKind.prestart, .createRuntime, .createContainer] {
            for (index, hook) in hooks[kind].enumerated() {
                add(.runtime(.runHook(kind, hook)), "/hooks/\(kind.rawValue)/\(index)")
            }
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
