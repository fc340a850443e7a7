// Which security modules this host runs; asked only when a configuration needs one.
import Linux

enum SecurityModules {
    /// The file below /proc/self that takes an AppArmor profile; nil when AppArmor is not enabled. Kernels before 5.8
    /// have only the name that all modules share.
    static var appArmorAttribute: String? {
        let enabled = try? Syscall.readFile("/sys/module/apparmor/parameters/enabled", limit: 16)
        guard enabled?.first == UInt8(ascii: "Y") else { return nil }
        let own = "attr/apparmor/exec"
        return (try? Syscall.status("/proc/self/" + own)) == nil ? "attr/exec" : own
    }

    /// selinuxfs is mounted where all of SELinux' tools expect it (selinux(8)); the kernel mounts none without SELinux.
    static var hasSELinux: Bool {
        guard let directory = try? Syscall.open("/sys/fs/selinux", [.pathOnly, .directory]) else {
            return false
        }
        return (try? Syscall.fileSystemType(directory.raw)) == 0xf97c_ff8c  // SELINUX_MAGIC
    }
}
