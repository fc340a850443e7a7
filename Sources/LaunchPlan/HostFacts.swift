// What a plan needs to know of the host: a value, so that planning is pure.
import Cgroups
import Linux

/// The host as `HostProbe` found it, or as a test says it is.
public struct HostFacts: Sendable {
    public var cgroups: CgroupLayout
    public var effectiveUserID: UInt32 = 0
    public var effectiveGroupID: UInt32 = 0
    /// What the runtime may hand on: its own permitted capabilities.
    public var capabilities: CapabilitySet = .all
    /// Number of the last capability that this kernel knows.
    public var lastCapability: Int = Capability.names.count - 1
    /// What the sources of bind mounts are, by path; a missing one is absent.
    public var sources: [String: SourceKind] = [:]
    /// Targets of those sources that are symbolic links, where `copy-symlink` or `src-nofollow` asks for it.
    public var sourceLinks: [String: String] = [:]
    /// Destinations of mounts behind dangling links of the rootfs, and the places that these would lead to.
    public var danglingLinks: [String: String] = [:]
    /// The home directory that the container's passwd gives the user; nil when it says nothing.
    public var home: String?
    /// Where the mount that holds the rootfs is mounted; see `LaunchPlan.needsRootfsMountPoint`.
    public var rootfsMountPoint: String?
    /// With the systemd driver: the manager that units are asked of.
    public var systemd = SystemdInstance.system
    /// `--no-pivot`: where the host has a whole procfs or sysfs outside of the rootfs, the last one first.
    public var kernelMounts: [String] = []
    /// The runtime's standard descriptors that are host's /dev/null, or belong to the user already, are left alone.
    public var ownableStandardDescriptors: [Int32] = []

    /// The file below /proc/self that takes the AppArmor profile of the next execve; nil without AppArmor.
    public var appArmorAttribute: String?
    public var hasSELinux = false
    /// Kinds of namespaces that are joined by path and turn out to be the runtime's own: looked at for sysctls.
    public var runtimeNamespaces: [NamespaceKind] = []
    /// Where resctrl is mounted.
    public var resctrl: String?
    /// The runtime itself runs in a user namespace that is not the initial one: root there may not make devices.
    public var isInUserNamespace = false
    /// Of `sources` and the rootfs, those below a directory that is not open to all: who is root only in a user namespace
    /// may not get there.
    public var hiddenPaths: Set<String> = []

    /// What is to be done without.
    public var denied: DeniedCalls = []

    /// The runtime's own cgroup (v2), where one without privileges makes those of containers.
    public var ownCgroup: String?
    /// The runtime may not make the container's cgroups: probed only where privileges are missing.
    public var cgroupsAreClosed = false

    public init(cgroups: CgroupLayout) { self.cgroups = cgroups }
}

/// What the source of a bind mount is.
public enum SourceKind: Sendable, Equatable {
    case directory
    case file
    /// A symbolic link that is not followed.
    case link
    /// A directory of a real procfs: the only thing besides a new procfs that may cover /proc.
    case procDirectory
}

/// What the caller asks for besides config.json.
public struct LaunchOptions: Sendable {
    public var id: String
    /// Absolute path of the bundle; relative paths in config.json start there.
    public var bundle: String
    /// `--no-pivot`: move the root mount and chroot instead of pivot_root(2).
    public var noPivot = false
    /// `--no-new-keyring`.
    public var noNewKeyring = false
    /// `--preserve-fds`: so many descriptors from 3 on reach the process.
    public var preservedDescriptors = 0
    /// Of these, the first so many are sockets that systemd activated: LISTEN_FDS (sd_listen_fds(3)).
    public var listenDescriptors = 0
    public var manager: CgroupDriver = .cgroupfs
    /// The compiled `linux.seccomp`: struct sock_filter[] and SECCOMP_FILTER_FLAG_*.
    public var filter: CompiledFilter?
    /// `--rootless`: whether cgroups that may not be made are left out; nil where privileges decide.
    public var rootless: Bool?
    /// `run`: the runtime itself starts the process, so no socket waits for `start`.
    public var startsAtOnce = false

    public init(id: String, bundle: String) {
        self.id = id
        self.bundle = bundle
    }
}

/// A seccomp program in the kernel's form.
public struct CompiledFilter: Sendable, Equatable {
    public var program: [UInt8]
    public var flags: UInt32

    public init(program: [UInt8], flags: UInt32) {
        self.program = program
        self.flags = flags
    }

    /// The filter comes with a listener (SECCOMP_FILTER_FLAG_NEW_LISTENER).
    public var hasListener: Bool { flags & 8 != 0 }
}

/// Who manages cgroups.
public enum CgroupDriver: String, Sendable {
    case cgroupfs
    case systemd
    case disabled
}
