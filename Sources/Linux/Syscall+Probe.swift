// Calls that only `check` makes, to learn what a kernel knows.
import CLinux

extension Syscall {
    /// seccomp(2), SECCOMP_GET_ACTION_AVAIL.
    public static func knowsSeccompAction(_ action: UInt32) -> Bool {
        var action = action
        let result = try? withAddress(of: &action) { (action) throws(Errno) -> Int in
            try call(.seccomp, Int(SECCOMP_GET_ACTION_AVAIL), 0, action)
        }
        return result != nil
    }

    /// mount_setattr(2) with MOUNT_ATTR_IDMAP and a descriptor that is none: fails always.
    public static func setIDMap(ofMountAt path: String, userNamespace: Int32) throws(Errno) {
        var attributes = mount_attr(
            attr_set: UInt64(MOUNT_ATTR_IDMAP), attr_clr: 0, propagation: 0,
            userns_fd: UInt64(UInt32(bitPattern: userNamespace)))
        try withPath(path) { (path) throws(Errno) in
            try withAddress(of: &attributes) { (attributes) throws(Errno) in
                _ = try call(
                    .mountSetattr, Int(currentDirectory), path, 0, attributes,
                    MemoryLayout<mount_attr>.size)
            }
        }
    }

    /// The hard limit of this process (prlimit(2)).
    public static func hardLimit(_ kind: ResourceLimitKind) -> UInt64? {
        var limits: (soft: UInt64, hard: UInt64) = (0, 0)
        let result = try? withAddress(of: &limits) { (limits) throws(Errno) -> Int in
            try call(.prlimit64, 0, Int(kind.rawValue), 0, limits)
        }
        return result == nil ? nil : limits.hard
    }

    /// Whether the file may be executed by the effective user (faccessat2(2), X_OK).
    public static func isExecutable(_ path: String) -> Bool {
        let result = try? withPath(path) { (path) throws(Errno) -> Int in
            try call(.faccessat2, Int(currentDirectory), path, 1, Int(APUS_AT_EACCESS.rawValue))
        }
        return result != nil
    }
}
