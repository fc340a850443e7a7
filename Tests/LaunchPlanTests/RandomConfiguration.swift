// Random configurations, the same for the same seed: valid ones mostly, with all that a plan can be made of.
import Cgroups
import Linux
import OCI

@testable import LaunchPlan

/// A configuration, a host and options.
struct RandomConfiguration {
    private var state: UInt64
    private(set) var spec = Spec()
    private(set) var facts: HostFacts
    private(set) var options: LaunchOptions

    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        facts = HostFacts(cgroups: .none)
        options = LaunchOptions(id: "r\(seed)", bundle: "/bundle")
        fill()
    }

    /// nil where the plan is refused.
    func plan() -> LaunchPlan? { try? LaunchPlan(creating: spec, on: facts, options) }

    // MARK: chance

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    private mutating func one<T>(of list: [T]) -> T { list[below(list.count)] }

    private mutating func some<T>(of list: [T], percent: Int = 40) -> [T] {
        var chosen: [T] = []
        for element in list where chance(percent) { chosen.append(element) }
        return chosen
    }

    // MARK: parts

    private mutating func fill() {
        facts.cgroups = Host.layouts[one(of: ["v1", "v2", "hybrid", "none"])] ?? .none
        facts.sources = [
            "/srv/data": .directory, "/etc/hosts": .file, "/proc": .procDirectory, "/bundle/rel": .directory,
        ]
        facts.rootfsMountPoint = "/"
        if chance(30) { facts.home = "/home/u" }
        if chance(20) { facts.capabilities = CapabilitySet(rawValue: next() & CapabilitySet.all.rawValue) }
        if chance(20) {
            facts.danglingLinks = ["/proc": "a", "/sys": "b", "/data": "../c", "/etc/hosts": "proc/x"]
        }
        options.noPivot = chance(15)
        options.noNewKeyring = chance(40)
        options.preservedDescriptors = chance(20) ? below(5) : 0
        options.listenDescriptors = min(options.preservedDescriptors, below(3))
        options.startsAtOnce = chance(40)
        if facts.cgroups == .none || chance(10) { options.manager = .disabled }
        if chance(50) {
            options.filter = CompiledFilter(
                program: [UInt8](repeating: 6, count: 8 * (1 + below(40))), flags: 0)
        }
        var root = Root()
        root.path = one(of: ["rootfs", "/srv/rootfs"])
        root.readonly = chance(40)
        spec.root = root
        fillNamespaces()
        fillMounts()
        fillLinux()
        fillProcess()
        if chance(40) { fillHooks() }
    }

    private mutating func fillNamespaces() {
        for kind in NamespaceKind.allCases where kind != .user && (kind == .mount ? chance(97) : chance(60)) {
            var entry = NamespaceEntry()
            entry.type = kind.specName
            if chance(kind == .mount ? 5 : 25) { entry.path = "/proc/7/ns/" + kind.procName }
            spec.linux.namespaces.append(entry)
        }
        if spec.linux.namespaces.contains(where: { $0.type == "uts" }), chance(70) {
            spec.hostname = "host"
            if chance(30) { spec.domainname = "domain" }
        }
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
        for _ in 0..<below(9) {
            var mount = Mount()
            mount.destination = one(of: places)
            mount.options = some(of: options, percent: 15)
            switch below(5) {
            case 0, 1:
                mount.source = one(of: ["/srv/data", "/etc/hosts", "/proc", "rel"])
                mount.options.append(one(of: ["bind", "rbind"]))
                if mount.destination == "/proc" { mount.source = "/proc" }
            case 2:
                mount.type = "tmpfs"
                if chance(30) { mount.options.append("tmpcopyup") }
            case 3: mount.type = one(of: ["devpts", "mqueue", "sysfs", "cgroup", "cgroup2", "overlay"])
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
        spec.linux.maskedPaths = some(of: ["/proc/kcore", "/sys/firmware", "/proc/a b", "/x/../proc/keys"])
        spec.linux.readonlyPaths = some(of: ["/proc/sys", "/proc/bus", "/etc"])
        if chance(40) { spec.linux.rootfsPropagation = one(of: Propagation.names) }
        for path in some(of: ["/dev/fuse", "/dev/null", "/dev/sub/x", "/run/fifo"], percent: 25) {
            var device = Device()
            device.path = path
            device.type = one(of: ["c", "b", "u", "p"])
            (device.major, device.minor) = (Int64(below(4096)), Int64(below(1 << 20)))
            if chance(50) { (device.uid, device.gid) = (UInt32(below(3)), UInt32(below(3))) }
            spec.linux.devices.append(device)
        }
        for key in some(of: ["net.core.somaxconn", "kernel.shmmax", "net/ipv4/conf/eth0.1/forwarding"]) {
            spec.linux.sysctl[key] = "1"
        }
        if chance(20) {
            var personality = Personality()
            personality.domain = one(of: ["LINUX", "LINUX32"])
            spec.linux.personality = personality
        }
    }

    private mutating func fillProcess() {
        var process = Process()
        process.args = one(of: [["/bin/true"], ["sh", "-c", "exit"], ["./x"], ["bin/x", "y"]])
        process.env = some(of: ["PATH=/usr/bin:rel::/bin", "A=1", "A=2", "HOME=", "HOME=/h", "B"])
        process.cwd = one(of: ["/", "/work", "/a/../b", ""])
        process.noNewPrivileges = chance(50)
        process.user.uid = one(of: [0, 0, 1000])
        process.user.gid = one(of: [0, 100])
        process.user.additionalGids = some(of: [1, 2, 3])
        if chance(30) { process.oomScoreAdj = Int32(below(2001)) - 1000 }
        if chance(80) {
            var capabilities = Capabilities()
            capabilities.bounding = some(of: Capability.names)
            capabilities.permitted = some(of: Capability.names)
            capabilities.effective = some(of: Capability.names)
            capabilities.inheritable = some(of: Capability.names, percent: 20)
            capabilities.ambient = some(of: Capability.names, percent: 20)
            process.capabilities = capabilities
        }
        for kind in some(of: Array(ResourceLimitKind.allCases), percent: 10) {
            var limit = ResourceLimit()
            limit.type = kind.name
            (limit.soft, limit.hard) = (next(), .max)
            process.rlimits.append(limit)
        }
        spec.process = process
        if process.user.uid != 0 && chance(50) { facts.ownableStandardDescriptors = [0, 2] }
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
        all.prestart = hooks(below(3))
        all.createRuntime = hooks(below(3))
        all.createContainer = hooks(below(3))
        all.startContainer = hooks(below(2))
        spec.hooks = all
    }
}
