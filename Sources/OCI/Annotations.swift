// Annotations that change what apus does: crun's, where engines set them.

/// The keys, one row each; `features` lists them.
public enum Annotation {
    /// "1": the process keeps the supplementary groups of the runtime. Podman's `--group-add keep-groups`.
    public static let keepOriginalGroups = "run.oci.keep_original_groups"
    /// Which option of SELinux gives mounts their label: `context`, `fscontext`, `defcontext`, `rootcontext`.
    public static let mountContextType = "run.oci.mount_context_type"
    /// Files that the output of hooks is appended to.
    public static let hooksOutput = "run.oci.hooks.stdout"
    public static let hooksErrors = "run.oci.hooks.stderr"
    /// Where the seccomp listener goes, when `linux.seccomp.listenerPath` is absent.
    public static let seccompReceiver = "run.oci.seccomp.receiver"

    /// features.md, `potentiallyUnsafeConfigAnnotations`.
    public static let potentiallyUnsafe: [String] = [
        hooksErrors, hooksOutput, keepOriginalGroups, mountContextType, seccompReceiver,
    ]
}

extension Spec {
    /// Puts what an annotation stands for in the place of the property that it stands for.
    public mutating func adoptAnnotations() {
        if annotations.isEmpty || linux.seccomp == nil { return }
        if let path = annotations[Annotation.seccompReceiver], linux.seccomp?.listenerPath == nil {
            linux.seccomp?.listenerPath = path
        }
    }
}
