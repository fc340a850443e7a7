// A runtime without the host's privileges, in what concerns cgroups.
import Cgroups
import Linux

enum Rootless {
    /// What to tell of cgroups that could not be made.
    static func failure(_ error: CgroupError) -> Failure {
        var failure = Failure(error)
        if isRefusal(error), isHere {
            failure.phase = phase
            failure.hint = "no cgroup is delegated to this user, and config.json asks for limits"
        }
        return failure
    }

    /// No hook has run yet.
    static let phase = "cgroups"

    private static func isRefusal(_ error: CgroupError) -> Bool {
        let refusals: [Errno?] = [.permissionDenied, .notPermitted, .readOnly]
        return refusals.contains(error.errno)
    }

    /// An ordinary user, or root in a user namespace.
    static var isHere: Bool { Syscall.effectiveUserID() != 0 || HostProbe.isInUserNamespace() }
}

extension RuntimeOptions {
    /// Whether this process is in a user namespace that is not the first (user_namespaces(7), uid_map).
    public static func isInUserNamespace() -> Bool { HostProbe.isInUserNamespace() }
}
