// From steps to a program: each container step becomes plain system calls.
import CLinux
import Linux
import OCI

/// Lowers the container's steps; hand-overs appear wherever the runtime's steps stand between them.
public struct Lowering {
    let facts: HostFacts
    var program = Program()
    /// The container's root directory, once it is attached.
    var root = Slot.none
    /// The host's own /proc, verified: the only way to files of /proc (CVE-2025-52881).
    var proc = Slot.none
    /// The seccomp listener, once the filter is loaded.
    var listener = Slot.none
    /// The host's /dev/null, verified, and an empty read-only directory, to mask with (CVE-2025-31133).
    var maskFile = Slot.none
    var maskDirectory = Slot.none
    /// Not 0 once `maskDirectory` covers something.
    var maskDirectoryIsUsed = Slot.none
    /// 0 once the working directory has been entered.
    var directory = Slot.none
    /// The address of the path of the executable that was found.
    var executable = Slot.none
    /// The mounts that become read-only late, by their index in config.json.
    var filledMounts: [(index: Int, mount: Slot)] = []
    /// The file system that the runtime has filled.
    var filled = Slot.none
    /// Where the last device was made.
    var openDirectory: (path: String, slot: Slot)?
    /// Where statx(2) writes.
    var status = 0

    /// The program for `plan`.
    public static func lower(_ plan: LaunchPlan) -> Program {
        var lowering = Lowering(facts: plan.facts)
        lowering.lower(plan.steps)
        return lowering.program
    }

    init(facts: HostFacts) {
        self.facts = facts
        if case .data(let offset) = program.space(256) { status = offset }
    }

    private mutating func lower(_ steps: [PlannedStep]) {
        // Before the first container step the runtime may have work that needs the init's pid.
        var started = false
        var runtimeActed = false
        for (index, planned) in steps.enumerated() {
            switch planned.step {
            case .container(.makeDevice), .container(.bindDevice), .container(.linkDevice): break
            default: closeDeviceDirectory()
            }
            program.begin(step: index)
            switch planned.step {
            case .runtime(.startInit): started = true
            case .runtime(.adoptInit):
                // FORK is a hand-over of its own.
                runtimeActed = true
                continue
            case .runtime(.sendSeccompListener): handOverListener()
            case .runtime(.fill):
                program.yield(.slot(filled))
                runtimeActed = true
                continue
            case .runtime(let step) where step.runsBesideInit: continue
            case .runtime:
                // Neighbouring steps of the runtime share one hand-over.
                if started && !runtimeActed { program.yield() }
                runtimeActed = started
                continue
            case .container(.awaitStart): awaitStart()
            case .container(let step): lower(step)
            }
            runtimeActed = false
        }
    }

    private mutating func lower(_ step: ContainerStep) {
        switch step {
        case .startClean(let traceable): startClean(traceable: traceable)
        case .forbidTracing: forbidTracing()
        case .newSession: program.syscall(.setsid)
        case .joinNamespace(let index, let kind): joinNamespace(index, kind)
        case .forkIntoPIDNamespace: program.fork(flags: UInt64(CLONE_PARENT))
        case .forkIntoNamespaces(let flags): program.fork(flags: UInt64(CLONE_PARENT) | flags)
        case .newNamespaces(let flags): program.syscall(.unshare, .immediate(flags))
        case .becomeRoot: becomeRoot()
        case .newCgroupNamespace: program.syscall(.unshare, .immediate(NamespaceKind.cgroup.cloneFlag))
        case .newTimeNamespace: program.syscall(.unshare, .immediate(NamespaceKind.time.cloneFlag))
        case .setTimeOffset(let clock, let offset):
            writeProc("self/timens_offsets", "\(clock) \(offset.secs) \(offset.nanosecs)\n")
        case .enterTimeNamespace: enterTimeNamespace()
        case .openProc: openProc()
        case .raiseLoopback: raiseLoopback()
        case .setHostPropagation(let flags, let mountPoint): setHostPropagation(flags, mountPoint)
        case .attachRoot(let path, let isOpened): attachRoot(path, isOpened: isOpened)
        case .enterJoinedRoot(let path): enterJoinedRoot(path)
        case .makeFilesystem(let filesystem): filled = newMount(filesystem)
        case .mount(let index, let plan): mount(plan, index: index)
        case .makeMountReadOnly(let index): makeMountReadOnly(index)
        case .makeDevice(let device): makeDevice(device)
        case .bindDevice(let device): bindDevice(device)
        case .linkDevice(let name, let target): linkDevice(name, target)
        case .ensureDirectory(let path): ensureDirectory(path)
        case .setSysctl(let key, let value): setSysctl(key, value)
        case .setHostname(let name): setName(.sethostname, name)
        case .setDomainname(let name): setName(.setdomainname, name)
        case .prepareMasks: prepareMasks()
        case .mask(let path): mask(path)
        case .makeReadOnly(let path): makeReadOnly(path)
        case .makeRootReadOnly: makeRootReadOnly()
        case .pivotRoot(let slave): pivotRoot(detachSlave: slave)
        case .moveRoot(let isOver, let hidden): moveRoot(isOver: isOver, hidden: hidden)
        case .changeRoot: changeRoot()
        case .setRootPropagation(let propagation): setRootPropagation(propagation)
        case .resetAffinity, .setScheduler, .setIOPriority, .setMemoryPolicy: lowerScheduling(step)
        case .setKeyLabel(let label): writeProc("self/attr/keycreate", label)
        case .setAppArmorProfile(let profile, let attribute):
            writeProc("self/" + attribute, "exec " + profile)
        case .setExecLabel(let label): writeProc("self/attr/exec", label)
        case .openTerminal(let plan): openTerminal(plan)
        case .enterCgroup, .moveToCPUs, .joinContainer, .enterContainerRoot, .takeStandardStreams:
            lowerEntry(step)
        case .requireMountPoint(let path): requireMountPoint(path)
        case .unmount(let path): unmount(path)
        case .joinKeyring, .setOOMScore, .setLimit, .setPersonality, .forbidNewPrivileges, .dropBounding,
            .setUser, .setCapabilities, .tryDirectory, .enterDirectory, .findExecutable, .loadSeccomp,
            .dropPrivileges,
            .execute, .awaitStart, .closeDescriptors:
            lowerProcess(step)
        }
    }
}
