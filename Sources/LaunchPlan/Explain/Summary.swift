// One line for each step: what `explain` prints and what errors begin with.
import CLinux
import Cgroups
import Linux
import OCI

extension Step {
    /// What the step does, as a command: "mask /proc/kcore".
    public var summary: String {
        switch self {
        case .runtime(let step): step.summary
        case .container(let step): step.summary
        }
    }
}

extension RuntimeStep {
    var summary: String {
        switch self {
        case .openNamespace(_, let kind, let path): "open the \(kind.specName) namespace \(shown(path))"
        case .copyUp(_, let mount): "copy \(mount.copyUp.summary) to a detached \(shown(mount.type))"
        case .fill(let mount, _): "copy \(mount.copyUp.summary) to it, as root of the user namespace"
        case .setTimeOffset(let clock, let offset): offset.summary(of: clock)
        case .setScheduler(let plan): plan.summary
        case .setIOPriority(let priorityClass, let level): priorityClass.summary(level)
        case .openMount(_, let mount): mount.summary
        case .openRoot(let mount): mount.summary
        case .ownStandardDescriptors(let descriptors, let uid):
            "give descriptor \(listed(descriptors.map { String($0) })) to user \(uid)"
        case .createCgroups(let plan): plan.summary
        case .limit(let write):
            "write \(shown(write.value)) to \(shown(write.path))"
                + (write.mayBeMissing ? ", if it is there" : "")
                + write.otherwise.map { ", or else \(shown($0.value)) to \(shown($0.file))" }.joined()
        case .filterDevices(let filter):
            "attach the device filter, \(counted(filter.instructions.count, "instruction")), while the init works"
        case .startInit(let namespaces, let cgroup):
            "clone the init" + Self.into(namespaces) + (cgroup.map { ", in cgroup \(shown($0))" } ?? "")
        case .joinCgroups(let files):
            files.count == 1
                ? "write the init's pid to \(shown(files[0]))"
                : "write the init's pid to cgroup.procs of \(files.count) cgroups"
        case .startUnit(let unit):
            "start the unit \(shown(unit.name.text)) with the init in it, "
                + counted(unit.properties.count, "property", "properties")
        case .enterDelegatedCgroup(let path): "move the init to the cgroup \(shown(path)) below the unit's"
        case .writeIDMaps(let uids, let gids):
            "write the id maps: \(counted(uids.count, "range")) of users, \(counted(gids.count, "range")) of groups"
        case .adoptInit: "take over the forked init"
        case .moveNetDevice(let name, let new):
            "move the network device \(shown(name)) into the container"
                + (name == new ? "" : " as \(shown(new))")
        case .prepareRdt(let plan): plan.summary
        case .joinRdt(let plan):
            "write the init's pid to the tasks of \(listed(plan.groups.map { shown($0) }))"
        case .sendSeccompListener(let path, _): "send the filter's listener to \(shown(path))"
        case .runHook(let kind, let hook): "run \(kind.rawValue) hook \(shown(hook.path))"
        case .announceCreated: "save the state as created, write the pid file"
        case .takeTerminal(let size):
            "take the terminal" + (size.map { ", \($0.height) rows of \($0.width) columns" } ?? "")
        case .moveToCPUs(let mask): "move to CPU \(listedCPUs(mask))"
        case .attachToUnit(let group):
            "have systemd move the init to the cgroup of the unit \(shown(group.unit.text + group.below))"
        case .aimAtPIDNamespace: "have the next child begin in the container's pid namespace"
        }
    }

    static func into(_ flags: UInt64) -> String {
        let kinds = NamespaceKind.allCases.filter { flags & $0.cloneFlag != 0 }.map(\.specName)
        if kinds.isEmpty { return "" }
        return " into new \(listed(kinds)) namespace" + (kinds.count == 1 ? "" : "s")
    }
}

extension TimeOffset {
    fileprivate func summary(of clock: String) -> String {
        "set the clock \(shown(clock)) off by \(secs) s and \(nanosecs) ns"
    }
}

extension IOPriorityClass {
    fileprivate func summary(_ level: Int32) -> String { "set the I/O priority to \(name) \(level)" }
}

extension CgroupPlan {
    fileprivate var summary: String {
        let directories = location.directories
        let delegation = owner.map { ", delegated to user \($0)" } ?? ""
        if directories.count == 1 { return "create the cgroup \(shown(directories[0].path))" + delegation }
        return "create the cgroup \(shown(path)) in \(counted(directories.count, "hierarchy", "hierarchies"))"
    }
}

extension ContainerStep {
    var summary: String {
        switch self {
        case .startClean(let traceable):
            "unblock signals, \(traceable ? "" : "forbid tracing, ")clear the umask"
        case .forbidTracing: "forbid tracing"
        case .newSession: "start a new session"
        case .joinNamespace(_, let kind): "join the \(kind.specName) namespace"
        case .forkIntoPIDNamespace: "fork into the joined pid namespace"
        case .forkIntoNamespaces(let flags):
            "fork" + RuntimeStep.into(flags)
        case .newNamespaces(let flags): "go" + RuntimeStep.into(flags)
        case .becomeRoot: "become root of the user namespace"
        case .newCgroupNamespace: "make and enter a new cgroup namespace"
        case .newTimeNamespace: "make a new time namespace"
        case .setTimeOffset(let clock, let offset): offset.summary(of: clock)
        case .enterTimeNamespace: "enter the new time namespace"
        case .raiseLoopback: "bring up the loopback device"
        case .openProc: "open the host's /proc and check that it is a procfs"
        case .setHostPropagation(let flags, let mountPoint):
            "make \(flags & UInt64(MS_REC) == 0 ? "/" : "all mounts") \(Propagation(mountFlags: flags).name)"
                + (mountPoint.map { " and \(shown($0)) private" } ?? "")
        case .attachRoot(let path, let isOpened):
            isOpened
                ? "attach the opened \(shown(path)) over /" : "attach \(shown(path)) as a mount of its own"
        case .enterJoinedRoot(let path): "open the root \(shown(path))"
        case .makeFilesystem(let filesystem): "make a \(shown(filesystem.type)), attached nowhere yet"
        case .mount(_, let plan): plan.summary
        case .makeMountReadOnly: "make the mount read-only"
        case .makeDevice(let device): device.summary
        case .bindDevice(let device): device.bindSummary
        case .linkDevice(let name, let target): "link \(shown("/dev/" + name)) to \(shown(target))"
        case .ensureDirectory(let path): "make the directory \(shown("/" + path)) if it is missing"
        case .setSysctl(let key, let value): "set sysctl \(shown(key)) to \(shown(value))"
        case .setHostname(let name): "set the hostname to \(shown(name))"
        case .setDomainname(let name): "set the domainname to \(shown(name))"
        case .prepareMasks: "open and check /dev/null, make an empty read-only tmpfs: to mask with"
        case .mask(let path): "mask \(shown("/" + path))"
        case .makeReadOnly(let path): "make \(shown("/" + path)) read-only"
        case .makeRootReadOnly: "make the root read-only"
        case .pivotRoot(let slave): "pivot to the root, detach the old one" + (slave ? " as a slave" : "")
        case .moveRoot(let isOver, let hidden):
            (hidden.isEmpty ? "" : "unmount \(listed(hidden.map { shown($0) })), ")
                + (isOver ? "change to the root over /" : "move the root over / and change to it")
        case .changeRoot: "change to the root"
        case .setRootPropagation(let propagation): "make the root mount \(propagation.summary)"
        default: processSummary
        }
    }

    private var processSummary: String {
        switch self {
        case .resetAffinity: "let the process run on all CPUs of its cgroup"
        case .setKeyLabel(let label): "label new keys \(shown(label))"
        case .joinKeyring(let name): "join the new session keyring \(shown(name))"
        case .setOOMScore(let score): "set oom_score_adj to \(score)"
        case .setLimit(_, let name, let soft, let hard):
            "limit \(name) to \(limit(soft)), at most \(limit(hard))"
        case .setPersonality(let persona): "set the personality to \(persona == 8 ? "LINUX32" : "LINUX")"
        case .setScheduler(let plan): plan.summary
        case .setIOPriority(let priorityClass, let level): priorityClass.summary(level)
        case .setMemoryPolicy(let plan): plan.summary
        case .setAppArmorProfile(let profile, _): "have execve apply the AppArmor profile \(shown(profile))"
        case .setExecLabel(let label): "have execve apply the SELinux label \(shown(label))"
        case .forbidNewPrivileges: "forbid new privileges"
        case .dropBounding(let kept): "drop all capabilities from the bounding set" + but(kept)
        case .setUser(let user): user.summary
        case .setCapabilities(let plan): "set capabilities: " + plan.summary
        case .tryDirectory(let path): "enter \(shown(path)) as root, if that is allowed"
        case .enterDirectory(let path): "enter \(shown(path)) and check that it lies in the root"
        case .findExecutable(let plan):
            plan.isPathSearch
                ? "find \(shown(plan.name)) in $PATH" : "check that \(shown(plan.name)) can be executed"
        case .awaitStart: "wait for start"
        case .closeDescriptors(let first): "have execve close all descriptors from \(first) on"
        case .loadSeccomp(let filter):
            "load the seccomp filter, \(counted(filter.program.count / 8, "instruction"))"
        case .dropPrivileges(let plan): "drop to capabilities: " + plan.summary
        case .execute(let plan): "execute " + plan.arguments.map { shown($0) }.joined(separator: " ")
        case .openTerminal(let plan):
            "open a terminal" + (plan.uid == 0 ? "" : " for user \(plan.uid)")
                + (plan.hasConsole ? ", also as /dev/console" : "")
        case .enterCgroup(let file): "write the own pid to \(shown(file))"
        case .moveToCPUs(let mask): "move to CPU \(listedCPUs(mask))"
        case .joinContainer(let namespaces):
            "join the container's "
                + listed(NamespaceKind.allCases.filter { namespaces & $0.cloneFlag != 0 }.map(\.specName))
                + " namespaces"
        case .takeStandardStreams: "take the standard streams from the runtime"
        case .enterContainerRoot: "change to the root of the container's first process"
        case .requireMountPoint(let path): "check that something is mounted on \(shown("/" + path))"
        case .unmount(let path): "unmount \(shown("/" + path))"
        default: ""
        }
    }

    private func limit(_ value: UInt64) -> String { value == .max ? "unlimited" : String(value) }

    private func but(_ kept: CapabilitySet) -> String {
        kept.isEmpty ? "" : " but " + kept.summary
    }
}

extension Propagation {
    /// The part of mount(2)'s flags that is a propagation type.
    fileprivate init(mountFlags: UInt64) {
        self.init(
            flag: mountFlags & ~UInt64(MS_REC), recursive: mountFlags & UInt64(MS_REC) != 0)
    }

    /// "slave".
    fileprivate var name: String {
        switch flag {
        case UInt64(MS_SHARED): "shared"
        case UInt64(MS_SLAVE): "slave"
        case UInt64(MS_PRIVATE): "private"
        default: "unbindable"
        }
    }

    /// As config.json has it: "rslave".
    var summary: String { recursive ? "r" + name : name }
}

extension DevicePlan {
    fileprivate var summary: String {
        let owner = uid == 0 && gid == 0 ? "" : ", owner \(uid):\(gid)"
        return "make the \(kind) \(shown("/" + path))\(number), mode \(octal(UInt64(mode)))\(owner)"
    }

    fileprivate var bindSummary: String {
        "bind the host's \(kind) \(shown("/" + path))\(number)"
    }

    private var kind: String {
        switch type {
        case 0o060_000: "block device"
        case 0o010_000: "fifo"
        default: "character device"
        }
    }

    private var number: String { type == 0o010_000 ? "" : " \(major):\(minor)" }
}

extension UserPlan {
    fileprivate var summary: String {
        let groups =
            keepsGroups
            ? ", groups as they are"
            : additionalGids.isEmpty
                ? "" : ", additional groups " + additionalGids.map { String($0) }.joined(separator: ", ")
        return "become user \(uid), group \(gid)\(groups), umask \(octal(UInt64(umask)))"
    }
}

extension CapabilitySet {
    /// "CAP_CHOWN, CAP_KILL"; "all"; "none".
    var summary: String {
        if isEmpty { return "none" }
        if self == .all { return "all" }
        return Capability.names.indices.filter { rawValue & 1 << UInt64($0) != 0 }
            .map { Capability.names[$0] }.joined(separator: ", ")
    }
}

extension CapabilityPlan {
    /// Sets that are alike share one mention.
    fileprivate var summary: String {
        var mentions: [(names: [String], set: CapabilitySet)] = []
        for (name, set) in [
            ("permitted", permitted), ("effective", effective), ("inheritable", inheritable),
            ("ambient", ambient),
        ] {
            if let index = mentions.firstIndex(where: { $0.set == set }) {
                mentions[index].names.append(name)
            } else {
                mentions.append(([name], set))
            }
        }
        return mentions.map { "\(listed($0.names)) \($0.set.summary)" }.joined(separator: "; ")
    }
}
