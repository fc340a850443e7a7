// Reads the layout from this host.

import Linux

extension CgroupLayout {
    // linux/magic.h
    private static let cgroup2Magic = 0x6367_7270

    /// Asks the kernel. A host with cgroup v2 alone costs one statfs(2); others cost reading /proc/self/mountinfo.
    public static func probe() throws(CgroupError) -> CgroupLayout {
        if let type = try? Syscall.fileSystemType(at: root), type == cgroup2Magic {
            return .unified(mount: root)
        }
        do throws(Errno) {
            return CgroupLayout(mountinfo: try Syscall.readFile("/proc/self/mountinfo"))
        } catch {
            throw .failed(
                pointer: "", operation: "read", subject: "/proc/self/mountinfo", errno: error, hint: nil)
        }
    }
}
