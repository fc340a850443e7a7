// The entry into a container that runs already: cgroups, CPUs, namespaces, root.
import CLinux
import Linux

extension Lowering {
    mutating func lowerEntry(_ step: ContainerStep) {
        switch step {
        case .enterCgroup(let file): enterCgroup(file)
        case .moveToCPUs(let mask):
            program.syscall(.schedSetaffinity, .value(0), .value(mask.count * 8), program.words(mask))
        case .joinContainer(let namespaces): joinContainer(namespaces)
        case .enterContainerRoot:
            program.syscall(.fchdir, .slot(program.inherit(.targetRoot)))
            program.syscall(.chroot, program.string("."))
            program.syscall(.chdir, program.string("/"))
        case .takeStandardStreams:
            for number in 0...2 {
                program.syscall(
                    .dup3, .slot(program.inherit(.stream(number))), .value(number), .value(0))
            }
        default: preconditionFailure("not a step of the entry")
        }
    }

    private mutating func enterCgroup(_ path: String) {
        let file = program.newSlot()
        program.syscall(
            .openat, .currentDirectory, program.string(path),
            .immediate(UInt64(APUS_O_WRONLY.rawValue | APUS_O_CLOEXEC.rawValue) | Self.noFollow), out: file)
        program.syscall(.write, .slot(file), program.string("0"), .value(1))
        program.close(file)
    }

    /// One setns(2) by pidfd: the kernel checks the host's privileges for all of them before it enters the first, so that
    /// a user namespace can come along with namespaces that are not its own.
    private mutating func joinContainer(_ namespaces: UInt64) {
        if facts.denied.contains(.pidfdOpen) {
            for kind in Self.joinOrder(isPrivileged: facts.capabilities.contains(.sysAdmin))
            where namespaces & kind.cloneFlag != 0 {
                let descriptor = program.inherit(.targetNamespace(kind))
                program.syscall(.setns, .slot(descriptor), .immediate(kind.cloneFlag))
            }
        } else {
            program.syscall(.setns, .slot(program.inherit(.target)), .immediate(namespaces))
        }
        guard namespaces & NamespaceKind.user.cloneFlag != 0 else { return }
        // The ids from before mean nothing in the user namespace. EINVAL: it has no 0.
        for call: SystemCall in [.setresgid, .setresuid] {
            program.syscall(call, .value(0), .value(0), .value(0), tolerate: [.invalid])
        }
    }

    /// One by one, without a pidfd: who may do all outside joins what others own from outside, the user namespace last;
    /// who may not, gets the right to the others from the user namespace.
    public static func joinOrder(isPrivileged: Bool) -> [NamespaceKind] {
        let others: [NamespaceKind] = [.network, .ipc, .uts, .cgroup, .time, .mount, .pid]
        return isPrivileged ? others + [.user] : [.user] + others
    }
}
