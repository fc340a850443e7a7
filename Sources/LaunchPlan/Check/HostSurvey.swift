// What `check` sees of a host beyond what a plan needs: a value, so that comparing is pure. Nothing here is looked at by
// `create`, which learns the same from the kernel's answers.
import Linux

/// A host as `check` found it, or as a test says it is. Where a fact is nil it could not be seen, and no rule speaks.
public struct HostSurvey: Sendable {
    /// System calls that this kernel lacks (ENOSYS), or that something denies to the runtime (EPERM), by probing them.
    public var refusedCalls: [SystemCall: Errno] = [:]
    public var namespaces: Set<NamespaceKind>?
    /// What is at the paths of `linux.namespaces`.
    public var joined: [String: JoinedPath] = [:]
    /// `user.max_user_namespaces`.
    public var userNamespaceLimit: UInt64?
    public var mapsIDs = IDRanges()
    /// The active security modules (/sys/kernel/security/lsm).
    public var securityModules: [String]?
    public var appArmorProfiles: Set<String>?
    /// What mount(2) can make without loading a module (/proc/filesystems).
    public var filesystems: Set<String>?
    /// Keys of `linux.sysctl` that /proc/sys does not have, by their path there.
    public var missingSysctls: Set<String> = []
    /// The runtime's own hard limits (getrlimit(2)).
    public var hardLimits: [ResourceLimitKind: UInt64] = [:]
    /// `fs.nr_open`: no limit of open files may be above it.
    public var mostOpenFiles: UInt64?
    public var oomScoreAdj: Int32?
    /// Of the devices that the configuration names, those that no driver of this host has: "c 10:229".
    public var missingDevices: Set<String> = []
    /// What is at the paths of the root, of hooks and, by their path in the container, of executables.
    public var files: [String: FileKind] = [:]
    public var executable: ExecutableFact = .unseen
    /// What `cgroup.controllers` of the v2 hierarchy's root offers.
    public var controllers: Set<String>?
    /// memory.memsw.* or memory.swap.* are there.
    public var accountsSwap: Bool?
    /// Actions and flags of seccomp(2) that the kernel lacks, by config.json's names.
    public var missingSeccomp: Set<String> = []
    public var idMappedMounts: Bool?
    public var networkInterfaces: Set<String>?
    /// The directory names of resctrl; nil where it is not mounted.
    public var resctrlGroups: Set<String>?
    public var onlineCPUs: String?
    public var onlineNodes: String?
    /// As config.json writes them: "2MB".
    public var hugepageSizes: Set<String>?
    public var rdmaDevices: Set<String>?
    /// The runtime itself may not gain privileges (prctl(2), PR_GET_NO_NEW_PRIVS).
    public var noNewPrivileges = false
    /// What could not be seen, and why: subject and reason.
    public var unseen: [Unseen] = []

    public init() {}

    /// A fact that is missing.
    public struct Unseen: Sendable, Equatable {
        public var subject: String
        public var reason: String

        public init(_ subject: String, _ reason: String) {
            self.subject = subject
            self.reason = reason
        }
    }
}

/// What a path of `linux.namespaces` leads to.
public enum JoinedPath: Sendable, Equatable {
    /// CLONE_NEW*.
    case namespace(UInt64)
    case noNamespace
    case missing
    case unseen
}

/// What a path leads to, as far as rules ask.
public enum FileKind: Sendable, Equatable {
    case directory
    case link
    case executable
    case file
    case other
    case missing
    case unseen
}

/// What looking for `process.args[0]` in the root found.
public enum ExecutableFact: Sendable, Equatable {
    case found
    case missing
    /// A path that is there, but nothing that execve(2) takes.
    case unusable(path: String, reason: String)
    /// Something will be mounted over it, or it could not be looked at.
    case unseen
}

/// The ids that a runtime without privileges may map (subuid(5), newuidmap(1)).
public struct IDRanges: Sendable, Equatable {
    public var users: [Range<UInt64>] = []
    public var groups: [Range<UInt64>] = []
    /// newuidmap and newgidmap are installed.
    public var hasPrograms = false

    public init() {}
}
