// What the kernel can do: asked by calls that are bound to fail after the kernel has shown that it knows them.
import CLinux
import LaunchPlan
import Linux
import OCI

extension HostSurvey {
    /// One call that changes nothing.
    private struct Probe {
        let call: SystemCall
        let arguments: (Int, Int, Int, Int, Int)
        /// The kernel looks at privileges first (CAP_SYS_ADMIN), so that EPERM says nothing without them.
        let isPrivileged: Bool

        init(
            _ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0,
            privileged: Bool = false
        ) {
            self.call = call
            arguments = (a, b, c, d, e)
            isPrivileged = privileged
        }
    }

    private static let nowhere = -1

    /// Bad descriptors, null pointers and sizes of zero: EBADF, EFAULT or EINVAL, whatever the kernel checks first.
    private static let probes: [Probe] = [
        Probe(.openat2, nowhere), Probe(.clone3), Probe(.pidfdOpen, nowhere),
        Probe(.pidfdSendSignal, nowhere), Probe(.closeRange, 1, 0), Probe(.memfdCreate),
        Probe(.openTree, nowhere, 0, nowhere), Probe(.execveat, nowhere, 0, 0, 0, nowhere),
        Probe(.faccessat2, nowhere, 0, nowhere, nowhere), Probe(.setns, nowhere),
        Probe(.keyctl, nowhere), Probe(.seccomp, nowhere),
        Probe(.fsopen, 0, nowhere, privileged: true), Probe(.fsconfig, nowhere, nowhere),
        Probe(.fsmount, nowhere, nowhere, nowhere, privileged: true),
        Probe(.moveMount, nowhere, 0, nowhere, 0, nowhere, privileged: true),
        Probe(.mountSetattr, nowhere, 0, nowhere), Probe(.pivotRoot, privileged: true),
        Probe(.mount, privileged: true), Probe(.umount2, 0, nowhere, privileged: true),
        Probe(.schedSetattr, nowhere), Probe(.ioprioSet, nowhere), Probe(.setMempolicy, nowhere),
    ]

    mutating func probeKernel(for spec: Spec, _ facts: HostFacts) {
        let isPrivileged = Syscall.permittedCapabilities().contains(Self.sysAdmin)
        for probe in Self.probes {
            let (a, b, c, d, e) = probe.arguments
            do throws(Errno) {
                try Syscall.call(probe.call, a, b, c, d, e)
            } catch {
                let isDenied = error == .notPermitted && (isPrivileged || !probe.isPrivileged)
                if error == .notImplemented || isDenied { refusedCalls[probe.call] = error }
            }
        }
        if !isPrivileged {
            note("whether mounting is allowed", "the runtime does not have CAP_SYS_ADMIN here")
        }
        probeNamespaces(for: spec)
        probeSeccomp()
        idMappedMounts = Self.knowsIDMappedMounts(isPrivileged)
        filesystems = Self.filesystems()
    }

    private static let sysAdmin = CapabilitySet(rawValue: 1 << UInt64(CAP_SYS_ADMIN))

    private mutating func probeNamespaces(for spec: Spec) {
        if Self.exists("/proc/self/ns/mnt") {
            namespaces = Set(
                NamespaceKind.allCases.filter { Self.exists("/proc/self/ns/\($0.procName)") })
        } else {
            note("the kinds of namespaces", "no /proc is mounted")
        }
        userNamespaceLimit = Self.number("/proc/sys/user/max_user_namespaces")
        for case let path? in spec.linux.namespaces.map(\.path) { joined[path] = look(atNamespace: path) }
    }

    private mutating func look(atNamespace path: String) -> JoinedPath {
        do throws(Errno) {
            let file = try Syscall.open(path, [.readOnly, .nonBlocking])
            do throws(Errno) { return .namespace(try Syscall.namespaceKind(file.raw)) } catch {
                return .noNamespace
            }
        } catch .noEntry {
            return .missing
        } catch {
            note(path, error)
            return .unseen
        }
    }

    /// SECCOMP_GET_ACTION_AVAIL says yes or EOPNOTSUPP; a filter at address 0 fails with EFAULT if the flag is known
    /// (seccomp(2)).
    private mutating func probeSeccomp() {
        let actions: [(name: String, value: UInt32)] = [
            ("SCMP_ACT_KILL_PROCESS", 0x8000_0000), ("SCMP_ACT_LOG", 0x7ffc_0000),
            ("SCMP_ACT_NOTIFY", 0x7fc0_0000),
        ]
        for action in actions where !Syscall.knowsSeccompAction(action.value) {
            missingSeccomp.insert(action.name)
        }
        let flags: [(name: String, value: Int)] = [
            ("SECCOMP_FILTER_FLAG_TSYNC", 1), ("SECCOMP_FILTER_FLAG_LOG", 2),
            ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4),
            // Only together with SECCOMP_FILTER_FLAG_NEW_LISTENER.
            ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 1 << 5 | 1 << 3),
        ]
        for flag in flags {
            do throws(Errno) { try Syscall.call(.seccomp, 1, flag.value, 0) } catch {
                if error == .invalid || error == .notImplemented { missingSeccomp.insert(flag.name) }
            }
        }
    }

    /// A kernel that knows MOUNT_ATTR_IDMAP looks for the user namespace's descriptor, and finds none (EBADF).
    private static func knowsIDMappedMounts(_ isPrivileged: Bool) -> Bool? {
        guard isPrivileged else { return nil }
        do throws(Errno) { try Syscall.setIDMap(ofMountAt: "/", userNamespace: Int32.max) } catch {
            return error == .badDescriptor
        }
        return nil
    }

    /// Lines are `nodev\tproc` or `\text4`.
    private static func filesystems() -> Set<String>? {
        text("/proc/filesystems").map { text in
            Set(text.split(separator: "\n").compactMap { $0.split(separator: "\t").last.map(String.init) })
        }
    }
}
