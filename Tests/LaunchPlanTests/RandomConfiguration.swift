// Random configurations, the same for the same seed: valid ones mostly, with all that a plan can be made of.
import Cgroups
import Linux
import OCI

@testable import LaunchPlan

/// A configuration, a host and options.
struct RandomConfiguration {
    private var chance: Chance
    private(set) var spec = Spec()
    private(set) var facts: HostFacts
    private(set) var options: LaunchOptions

    init(seed: UInt64) {
        chance = Chance(seed: seed)
        let host = RandomHost(
            &chance,
            sources: [
                "/srv/data": .directory, "/etc/hosts": .file, "/proc": .procDirectory,
                "/bundle/rel": .directory,
            ])
        (facts, options) = (host.facts, host.options)
        options.id = "r\(seed)"
        fill()
    }

    /// nil where the plan is refused.
    func plan() -> LaunchPlan? { try? LaunchPlan(creating: spec, on: facts, options) }

    // MARK: parts

    private mutating func fill() {
        var root = Root()
        root.path = chance.one(of: ["rootfs", "/srv/rootfs"])
        root.readonly = chance.happens(40)
        spec.root = root
        fillNamespaces()
        fillMounts()
        fillLinux()
        fillProcess()
        if chance.happens(40) { fillHooks() }
    }

    private mutating func fillNamespaces() {
        if chance.happens(25) { fillUserNamespace() }
        for kind in NamespaceKind.allCases
        where kind != .user && (kind == .mount ? chance.happens(97) : chance.happens(60)) {
            var entry = NamespaceEntry()
            entry.type = kind.specName
            if chance.happens(kind == .mount ? 5 : 25) { entry.path = "/proc/7/ns/" + kind.procName }
            spec.linux.namespaces.append(entry)
        }
        if spec.linux.namespaces.contains(where: { $0.type == "uts" }), chance.happens(70) {
            spec.hostname = "host"
            if chance.happens(30) { spec.domainname = "domain" }
        }
    }

    private mutating func fillUserNamespace() {
        var entry = NamespaceEntry()
        entry.type = "user"
        spec.linux.namespaces.append(entry)
        if chance.happens(30) { facts.hiddenPaths = ["/srv/rootfs", "/bundle/rootfs", "/srv/data"] }
        if chance.happens(30) {
            spec.linux.namespaces[0].path = "/proc/7/ns/user"
            return
        }
        var range = IDMapping()
        (range.containerID, range.hostID, range.size) = (0, 100_000, 65536)
        spec.linux.uidMappings = [range]
        if chance.happens(30) {
            facts.effectiveUserID = 1000
            facts.effectiveGroupID = 1000
            facts.capabilities = []
            if chance.happens(50) { (range.hostID, range.size) = (1000, 1) }
        }
        spec.linux.gidMappings = [range]
    }

    private mutating func fillMounts() {
        guard spec.linux.namespaces.contains(where: { $0.type == "mount" }) else { return }
        let places = [
            "/data", "/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/a/b/../c", "/etc/hosts", "/",
        ]
        let options = [
            "ro", "rw", "nosuid", "nodev", "noexec", "noatime", "strictatime", "rro", "rnosuid", "rprivate",
            "slave", "shared", "mode=755", "size=1m", "sync", "relatime",
        ]
        for _ in 0..<chance.below(9) {
            var mount = Mount()
            mount.destination = chance.one(of: places)
            mount.options = chance.some(of: options, percent: 15)
            switch chance.below(5) {
            case 0, 1:
                mount.source = chance.one(of: ["/srv/data", "/etc/hosts", "/proc", "rel"])
                mount.options.append(chance.one(of: ["bind", "rbind"]))
                mount.options += chance.some(
                    of: ["copy-symlink", "src-nofollow", "dest-nofollow"], percent: 10)
                if mount.destination == "/proc" { mount.source = "/proc" }
            case 2:
                mount.type = "tmpfs"
                if chance.happens(30) { mount.options.append("tmpcopyup") }
            case 3:
                mount.type = chance.one(of: ["devpts", "mqueue", "sysfs", "cgroup", "cgroup2", "overlay"])
            default: mount.options.append("remount")
            }
            if mount.destination == "/proc" && mount.type != nil { mount.type = "proc" }
            spec.mounts.append(mount)
        }
    }

    private mutating func fillLinux() {
        guard spec.linux.namespaces.contains(where: { $0.type == "mount" }) else {
            spec.root?.readonly = false
            return
        }
        spec.linux.maskedPaths = chance.some(of: [
            "/proc/kcore", "/sys/firmware", "/proc/a b", "/x/../proc/keys",
        ])
        spec.linux.readonlyPaths = chance.some(of: ["/proc/sys", "/proc/bus", "/etc"])
        if chance.happens(40) { spec.linux.rootfsPropagation = chance.one(of: Propagation.names) }
        for path in chance.some(of: ["/dev/fuse", "/dev/null", "/dev/sub/x", "/run/fifo"], percent: 25) {
            var device = Device()
            device.path = path
            device.type = chance.one(of: ["c", "b", "u", "p"])
            (device.major, device.minor) = (Int64(chance.below(4096)), Int64(chance.below(1 << 20)))
            if chance.happens(50) {
                (device.uid, device.gid) = (UInt32(chance.below(3)), UInt32(chance.below(3)))
            }
            spec.linux.devices.append(device)
        }
        for key in chance.some(of: ["net.core.somaxconn", "kernel.shmmax", "net/ipv4/conf/eth0.1/forwarding"])
        {
            spec.linux.sysctl[key] = "1"
        }
        if chance.happens(20) {
            var personality = Personality()
            personality.domain = chance.one(of: ["LINUX", "LINUX32"])
            spec.linux.personality = personality
        }
    }

    private mutating func fillProcess() {
        var process = Process()
        process.args = chance.one(of: [["/bin/true"], ["sh", "-c", "exit"], ["./x"], ["bin/x", "y"]])
        process.env = chance.some(of: ["PATH=/usr/bin:rel::/bin", "A=1", "A=2", "HOME=", "HOME=/h", "B"])
        process.cwd = chance.one(of: ["/", "/work", "/a/../b", ""])
        process.noNewPrivileges = chance.happens(50)
        process.user.uid = chance.one(of: [0, 0, 1000])
        process.user.gid = chance.one(of: [0, 100])
        process.user.additionalGids = chance.some(of: [1, 2, 3])
        if chance.happens(30) { process.oomScoreAdj = Int32(chance.below(2001)) - 1000 }
        if chance.happens(80) {
            var capabilities = Capabilities()
            capabilities.bounding = chance.some(of: Capability.names)
            capabilities.permitted = chance.some(of: Capability.names)
            capabilities.effective = chance.some(of: Capability.names)
            capabilities.inheritable = chance.some(of: Capability.names, percent: 20)
            capabilities.ambient = chance.some(of: Capability.names, percent: 20)
            process.capabilities = capabilities
        }
        for kind in chance.some(of: Array(ResourceLimitKind.allCases), percent: 10) {
            var limit = ResourceLimit()
            limit.type = kind.name
            (limit.soft, limit.hard) = (chance.next(), .max)
            process.rlimits.append(limit)
        }
        fillAttributes(&process)
        spec.process = process
        if process.user.uid != 0 && chance.happens(50) { facts.ownableStandardDescriptors = [0, 2] }
    }

    private mutating func fillAttributes(_ process: inout Process) {
        facts.appArmorAttribute = "attr/apparmor/exec"
        facts.hasSELinux = true
        if chance.happens(20) { process.apparmorProfile = "profile" }
        if chance.happens(20) { process.selinuxLabel = "u:r:t:s0" }
        if chance.happens(20) { spec.linux.mountLabel = "u:object_r:t:s0" }
        if chance.happens(20) {
            var scheduler = Scheduler()
            scheduler.policy = chance.one(of: Scheduler.policies)
            scheduler.flags = chance.some(of: Scheduler.flagNames)
            process.scheduler = scheduler
        }
        if chance.happens(20) {
            var priority = IOPriority()
            priority.class = chance.one(of: IOPriority.classes)
            process.ioPriority = priority
        }
        if chance.happens(20) {
            var policy = MemoryPolicy()
            policy.mode = chance.one(of: MemoryPolicy.modes)
            policy.nodes = chance.happens(50) ? "0-1,70" : nil
            spec.linux.memoryPolicy = policy
        }
        if chance.happens(10) { spec.annotations[Annotation.keepOriginalGroups] = "1" }
        if options.filter != nil, chance.happens(30) {
            options.filter?.flags |= 8
            spec.linux.seccomp = SeccompProfile()
            spec.linux.seccomp?.listenerPath = "/run/agent.sock"
        }
    }

    private mutating func fillHooks() {
        func hooks(_ count: Int) -> [Hook] {
            (0..<count).map { index in
                var hook = Hook()
                hook.path = "/hook\(index)"
                return hook
            }
        }
        var all = Hooks()
        all.prestart = hooks(chance.below(3))
        all.createRuntime = hooks(chance.below(3))
        all.createContainer = hooks(chance.below(3))
        all.startContainer = hooks(chance.below(2))
        spec.hooks = all
    }
}
