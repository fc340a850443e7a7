// The steps of a launch: one vocabulary for planning, lowering, conducting, explaining and errors.
import Cgroups
import Linux
import OCI

/// A step with the place in config.json that asks for it.
public struct PlannedStep: Sendable {
    public let step: Step
    /// JSON pointer (RFC 6901); empty for what every container needs.
    public let pointer: String
}

/// A step that another command takes.
public struct LaterStep: Sendable {
    /// "start", "delete".
    public let command: String
    public let planned: PlannedStep
}

/// Who carries a step out.
public enum Step: Sendable {
    case runtime(RuntimeStep)
    case container(ContainerStep)

    public var isContainers: Bool {
        if case .container = self { true } else { false }
    }

    /// "runtime" or "container", as `explain` prints it.
    public var actor: String {
        switch self {
        case .runtime: "runtime"
        case .container: "container"
        }
    }
}

/// What the runtime does, outside, with the host's privileges.
public enum RuntimeStep: Sendable {
    /// Opens a namespace by path and checks its kind.
    case openNamespace(index: Int, kind: NamespaceKind, path: String)
    /// Makes a tmpfs, not mounted anywhere yet, with a copy of what it is going to hide.
    case copyUp(index: Int, FilesystemMount)
    /// Copies into the tmpfs that the init has just made, as root of its user namespace.
    case fill(FilesystemMount, root: String)
    /// Sets an offset of the new time namespace that the init is going to enter.
    case setTimeOffset(clock: String, TimeOffset)
    /// Sets the init's scheduling, which needs privileges that a user namespace has not.
    case setScheduler(SchedulerPlan)
    case setIOPriority(IOPriorityClass, level: Int32)
    /// Opens the source of a bind mount as a mount that is not attached anywhere yet.
    case openMount(index: Int, OpenedMount)
    /// The same for the rootfs.
    case openRoot(OpenedMount)
    /// Gives standard descriptors to the container's user.
    case ownStandardDescriptors([Int32], uid: UInt32)
    case createCgroups(CgroupPlan)
    case limit(CgroupWrite)
    case filterDevices(DeviceFilter)
    /// Clones the init into new namespaces (CLONE_NEW*) and into a cgroup (v2), when there is one.
    case startInit(namespaces: UInt64, cgroup: String?)
    /// Writes the id maps of the init's new user namespace (user_namespaces(7)), before it does anything in it.
    case writeIDMaps(uids: [IDMapping], gids: [IDMapping])
    /// Writes the init's pid to these files.
    case joinCgroups([String])
    /// Asks systemd for the unit, with the init in it; limits, filter and cgroups below it follow.
    case startUnit(SystemdUnit)
    /// Moves the init into a cgroup below its own, by the path below the unit's.
    case enterDelegatedCgroup(String)
    /// Asks systemd to move the init into a unit's cgroup (exec).
    case attachToUnit(UnitGroup)
    /// Takes over the process that the init forked into a joined PID namespace.
    case adoptInit
    /// Moves a network device of the host into the init's network namespace (config-linux.md, Network Devices).
    case moveNetDevice(name: String, newName: String)
    /// Makes or checks the resctrl groups (config-linux.md, IntelRdt).
    case prepareRdt(IntelRdtPlan)
    /// Writes the init's pid to the resctrl groups.
    case joinRdt(IntelRdtPlan)
    /// Sends the listener of the init's new filter to the seccomp agent.
    case sendSeccompListener(path: String, metadata: String?)
    case runHook(HookKind, Hook)
    /// Saves the state `created` and writes the pid file.
    case announceCreated
    /// Takes the terminal that the init has opened, gives it a size, and sends it to the console socket, if there is one.
    case takeTerminal(ConsoleSize?)
    /// Moves the runtime itself to these CPUs, one bit for each (exec, before it enters the container's cgroup).
    case moveToCPUs([UInt64])
    /// The runtime's next child begins in the container's PID namespace (exec).
    case aimAtPIDNamespace

    /// Done while the init works: it needs the init neither to wait nor to be anywhere. The kernel verifies a device
    /// filter for a fifth of a millisecond, the longest that the runtime alone could keep a start waiting.
    public var runsBesideInit: Bool {
        if case .filterDevices = self { true } else { false }
    }
}

/// The six kinds of hooks, in the order of their moments (config.md, POSIX-platform Hooks).
public enum HookKind: String, Sendable, CaseIterable {
    case prestart, createRuntime, createContainer, startContainer, poststart, poststop

    /// Whether the hook runs in the container's namespaces.
    public var inContainer: Bool { self == .createContainer || self == .startContainer }
}

/// What the init does, inside, as plain system calls.
public enum ContainerStep: Sendable {
    /// Unblocks signals and clears the umask; with `traceable` false forbids tracing.
    case startClean(traceable: Bool)
    case newSession
    case joinNamespace(index: Int, kind: NamespaceKind)
    case forkIntoPIDNamespace
    /// A new process, in new user and PID namespaces (CLONE_NEW*).
    case forkIntoNamespaces(UInt64)
    /// Makes and enters namespaces (unshare(2)); those that the user namespace is to own.
    case newNamespaces(UInt64)
    /// Becomes user 0 and group 0 of the user namespace.
    case becomeRoot
    case forbidTracing
    case newCgroupNamespace
    case newTimeNamespace
    case setTimeOffset(clock: String, TimeOffset)
    case enterTimeNamespace
    case openProc
    case raiseLoopback
    case setHostPropagation(flags: UInt64, privateMountPoint: String?)
    /// With `isOpened`, the mount that the runtime has opened, over "/".
    case attachRoot(String, isOpened: Bool)
    case enterJoinedRoot(String)
    /// Makes a file system that is attached nowhere yet, for the runtime to fill.
    case makeFilesystem(FilesystemMount)
    case mount(index: Int, MountPlan)
    /// The mount of `mounts[index]`, now that all is in it.
    case makeMountReadOnly(index: Int)
    case makeDevice(DevicePlan)
    /// Binds the host's node, where mknod(2) is not allowed.
    case bindDevice(DevicePlan)
    case linkDevice(name: String, target: String)
    case ensureDirectory(String)
    case setSysctl(key: String, value: String)
    case setHostname(String)
    case setDomainname(String)
    case prepareMasks(directories: Bool)
    case mask(String)
    case makeReadOnly(String)
    case makeRootReadOnly
    case pivotRoot(detachSlave: Bool)
    /// With `isOver`, the root lies over "/" already. The host's mounts on `hidden` go first.
    case moveRoot(isOver: Bool, hidden: [String])
    case changeRoot
    case setRootPropagation(Propagation)
    case resetAffinity
    case setKeyLabel(String)
    case joinKeyring(String)
    case setOOMScore(Int32)
    case setLimit(ResourceLimitKind, name: String, soft: UInt64, hard: UInt64)
    case setPersonality(UInt64)
    case setScheduler(SchedulerPlan)
    case setIOPriority(IOPriorityClass, level: Int32)
    case setMemoryPolicy(MemoryPolicyPlan)
    case setAppArmorProfile(String, attribute: String)
    case setExecLabel(String)
    case forbidNewPrivileges
    case dropBounding(CapabilitySet)
    case setUser(UserPlan)
    case setCapabilities(CapabilityPlan)
    case tryDirectory(String)
    case enterDirectory(String)
    case findExecutable(ExecutablePlan)
    case awaitStart
    case closeDescriptors(from: Int)
    case loadSeccomp(CompiledFilter)
    case dropPrivileges(CapabilityPlan)
    case execute(ExecutablePlan)
    case openTerminal(TerminalPlan)
    /// Exec: writes the init's own pid to a cgroup.procs file.
    case enterCgroup(String)
    /// Exec: moves to these CPUs, one bit for each.
    case moveToCPUs([UInt64])
    /// Exec: enters the namespaces (CLONE_NEW*) that the container's first process is in, all at once.
    case joinContainer(namespaces: UInt64)
    /// Exec: changes to the root of the container's first process, where its mount namespace does not say it.
    case enterContainerRoot
    /// Fails unless something is mounted there.
    case requireMountPoint(String)
    case unmount(String)
    /// Hooks: takes standard input, output and errors from the runtime.
    case takeStandardStreams
}

/// A device node to make.
public struct DevicePlan: Sendable, Equatable {
    public var path: String
    /// S_IFCHR, S_IFBLK or S_IFIFO.
    public var type: UInt32
    public var major: UInt32
    public var minor: UInt32
    public var mode: UInt32
    public var uid: UInt32
    public var gid: UInt32
}

/// The terminal of a process.
public struct TerminalPlan: Sendable, Equatable {
    /// Whose it is.
    public var uid: UInt32
    /// It appears as /dev/console.
    public var hasConsole: Bool
}

/// Ids of the process; `umask` nil keeps 0022.
public struct UserPlan: Sendable, Equatable {
    public var uid: UInt32
    public var gid: UInt32
    public var additionalGids: [UInt32]
    public var umask: UInt32
    /// Supplementary groups stay as they are, since setgroups(2) is denied.
    public var keepsGroups = false
    /// Nothing is asked for, and the joined user namespace may deny setgroups(2): then they stay too.
    public var mayKeepGroups = false
}

/// The sets of capabilities to end with (capabilities(7)).
public struct CapabilityPlan: Sendable, Equatable {
    public var effective: CapabilitySet = []
    public var permitted: CapabilitySet = []
    public var inheritable: CapabilitySet = []
    public var ambient: CapabilitySet = []
}

/// The program to execute: where to look for it, and what it gets.
public struct ExecutablePlan: Sendable, Equatable {
    /// args[0] as it stands.
    public var name: String
    /// Paths to try, in order; one alone when the name has a slash.
    public var candidates: [String]
    public var arguments: [String]
    public var environment: [String]
    public var isPathSearch: Bool
}
