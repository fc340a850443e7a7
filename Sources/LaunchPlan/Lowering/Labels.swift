// SELinux labels of files.
import CLinux
import Linux

extension Lowering {
    /// Labels the root of a detached mount (fsetxattr(2)); a mount's own descriptor is a mere place (O_PATH).
    mutating func labelRoot(_ mount: Slot, _ label: String) {
        let directory = program.newSlot()
        program.syscall(
            .openat, .slot(mount), program.string("."), .immediate(Self.directory | Self.closeOnExec),
            out: directory)
        program.syscall(
            .fsetxattr, .slot(directory), program.string("security.selinux"), program.string(label),
            .value(label.utf8.count + 1), .value(0))
        program.close(directory)
    }

    static let closeOnExec = UInt64(APUS_O_CLOEXEC.rawValue)
}
