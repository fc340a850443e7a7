// A runtime without the host's privileges, in what concerns cgroups.
import Cgroups
import Linux

enum Rootless {
    /// Whether a container may do without cgroups after all: its user was given none, and config.json asks for no limit.
    ///
    /// Rules on devices do not count: without privileges over the host a container opens what its user may open, and makes
    /// no nodes.
    static func canDoWithout(_ plan: CgroupPlan, _ error: CgroupError) -> Bool {
        isRefusal(error) && !plan.limits && isHere
    }

    /// What to tell of cgroups that could not be made.
    static func failure(_ error: CgroupError) -> Failure {
        var failure = Failure(error)
        if isRefusal(error), isHere {
            failure.hint = "no cgroup is delegated to this user, and config.json asks for limits"
        }
        return failure
    }

    private static func isRefusal(_ error: CgroupError) -> Bool {
        let refusals: [Errno?] = [.permissionDenied, .notPermitted, .readOnly]
        return refusals.contains(error.errno)
    }

    /// An ordinary user, or root in a user namespace (user_namespaces(7), uid_map).
    static var isHere: Bool {
        if Syscall.effectiveUserID() != 0 { return true }
        guard let map = try? Syscall.readText("/proc/self/uid_map") else { return false }
        return map.split(whereSeparator: { $0 == " " || $0 == "\n" }) != ["0", "0", "4294967295"]
    }
}
