// `spec`: writes a configuration to begin with, never over another one.
import Lifecycle
import Linux
import OCI

func writeSpec(_ flags: GivenFlags) throws(Failure) {
    let path = try absolute(flags.text(.bundle) ?? ".") + "/config.json"
    let ids = flags.isOn(.rootless) ? (uid: Syscall.effectiveUserID(), gid: Syscall.effectiveGroupID()) : nil
    do throws(Errno) {
        let file = try Syscall.open(path, [.writeOnly, .create, .exclusive], mode: 0o666)
        try Syscall.write(file.raw, DefaultSpec.text(rootless: ids, unified: hasUnifiedCgroups))
    } catch .exists {
        throw Failure("File config.json exists. Remove it first", errno: .exists)
    } catch {
        throw Failure("\(path): \(error)", errno: error)
    }
}

private var hasUnifiedCgroups: Bool {
    let cgroup2 = 0x6367_7270
    return (try? Syscall.fileSystemType(at: "/sys/fs/cgroup")) == cgroup2
}
