// One row for each of the 170 leaves of config.json: the change that sets it, and what becomes of it.
import Testing

/// A leaf of the schema with a value for it.
struct Leaf: Sendable, CustomTestStringConvertible {
    /// Where the leaf is; 0 stands for any element of a list or a map.
    var path: String
    /// Changes to `Leaf.base`, the first one sets the leaf: `POINTER = JSON`.
    var changes: [String]
    /// What the plan is compared with: without the leaf, or with another value of it.
    var without: [String] = []
    var host = "v1"
    var fate = Fate.step
    var testDescription: String { path }

    enum Fate: Sendable, Equatable {
        /// A step with the pointer is there, or differs, because of the leaf.
        case step
        /// The step of another pointer is there, or differs, because of the leaf.
        case within(String)
        /// A note on what a later command does.
        case later
        /// Nothing to be done at creation, for a reason.
        case noStep(String)
        /// Refused as "not supported yet". Such a row goes over to `step` when the feature lands.
        case unsupported
    }

    init(
        _ path: String, _ changes: String..., without: [String] = [], host: String = "v1",
        fate: Fate = .step
    ) {
        self.path = path
        self.changes = changes
        self.without = without
        self.host = host
        self.fate = fate
    }

    /// `POINTER` of the first change.
    var pointer: String { String(changes[0].prefix { $0 != " " }) }

    static let base = #"""
        {
          "ociVersion": "1.3.0", "root": {"path": "rootfs"},
          "mounts": [{"destination": "/proc", "type": "proc"},
            {"destination": "/data", "source": "/srv/data", "options": ["rbind"]}],
          "process": {"user": {"uid": 0, "gid": 0}, "args": ["/bin/true"], "env": ["A=1"], "cwd": "/",
            "capabilities": {}},
          "linux": {"resources": {},
            "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"},
              {"type": "network"}]}
        }
        """#
}

extension Leaf {
    static let all: [Leaf] =
        top + mounts + process + hooks + linux + seccomp + resources + blockIO + otherResources + attributes
        + otherLinux + idMaps

    static let top: [Leaf] = [
        Leaf("/ociVersion", #"/ociVersion = "1.2.0""#, fate: .noStep("rules check it")),
        Leaf("/root/path", #"/root/path = "/srv/rootfs""#),
        Leaf("/root/readonly", #"/root/readonly = true"#),
        Leaf("/hostname", #"/hostname = "box""#),
        Leaf("/domainname", #"/domainname = "example""#),
        Leaf(
            "/annotations/0", #"/annotations = {"com.example.a": "1"}"#,
            fate: .noStep("the state record keeps them, for state and hooks")),
    ]

    static let mounts: [Leaf] = [
        Leaf("/mounts/0/destination", #"/mounts/1/destination = "/other""#),
        Leaf("/mounts/0/type", #"/mounts/0/type = "sysfs""#, #"/mounts/0/destination = "/sys""#),
        Leaf("/mounts/0/source", #"/mounts/1/source = "rel""#),
        Leaf("/mounts/0/options/0", #"/mounts/1/options = ["bind", "ro"]"#),
    ]

    static let process: [Leaf] = [
        Leaf(
            "/process/consoleSize/height", #"/process/consoleSize = {"height": 25, "width": 80}"#,
            "/process/terminal = true", without: ["/process/terminal = true"]),
        Leaf(
            "/process/consoleSize/width", #"/process/consoleSize = {"height": 25, "width": 80}"#,
            "/process/terminal = true", without: ["/process/terminal = true"]),
        Leaf("/process/terminal", "/process/terminal = true"),
        Leaf("/process/user/uid", #"/process/user/uid = 7"#),
        Leaf("/process/user/gid", #"/process/user/gid = 7"#),
        Leaf("/process/user/umask", #"/process/user/umask = 63"#),
        Leaf("/process/user/additionalGids/0", #"/process/user/additionalGids = [5]"#),
        Leaf("/process/args/0", #"/process/args = ["/bin/other"]"#),
        Leaf("/process/env/0", #"/process/env = ["B=2"]"#, fate: .within("/process/args/0")),
        Leaf("/process/cwd", #"/process/cwd = "/tmp""#),
        Leaf(
            "/process/capabilities/bounding/0", #"/process/capabilities = {"bounding": ["CAP_KILL"]}"#),
        Leaf(
            "/process/capabilities/effective/0",
            #"/process/capabilities = {"effective": ["CAP_KILL"], "permitted": ["CAP_KILL"]}"#,
            without: [#"/process/capabilities = {"permitted": ["CAP_KILL"]}"#]),
        Leaf(
            "/process/capabilities/inheritable/0",
            #"/process/capabilities = {"inheritable": ["CAP_KILL"]}"#),
        Leaf(
            "/process/capabilities/permitted/0", #"/process/capabilities = {"permitted": ["CAP_KILL"]}"#),
        Leaf(
            "/process/capabilities/ambient/0",
            #"/process/capabilities = {"ambient": ["CAP_KILL"], "inheritable": ["CAP_KILL"], "permitted": ["CAP_KILL"]}"#,
            without: [
                #"/process/capabilities = {"inheritable": ["CAP_KILL"], "permitted": ["CAP_KILL"]}"#
            ]),
        Leaf("/process/rlimits/0/type", limit("RLIMIT_CORE", 1, 2), without: [limit("RLIMIT_CPU", 1, 2)]),
        Leaf("/process/rlimits/0/soft", limit("RLIMIT_CORE", 1, 2), without: [limit("RLIMIT_CORE", 0, 2)]),
        Leaf("/process/rlimits/0/hard", limit("RLIMIT_CORE", 1, 2), without: [limit("RLIMIT_CORE", 1, 3)]),
        Leaf("/process/noNewPrivileges", #"/process/noNewPrivileges = true"#),
        Leaf("/process/oomScoreAdj", #"/process/oomScoreAdj = 5"#),
    ]

    private static func limit(_ type: String, _ soft: Int, _ hard: Int) -> String {
        #"/process/rlimits = [{"type": "\#(type)", "soft": \#(soft), "hard": \#(hard)}]"#
    }

    static let hooks: [Leaf] =
        ["prestart", "createRuntime", "createContainer"].flatMap { hookLeaves($0, .step) }
        + ["startContainer", "poststart", "poststop"].flatMap { hookLeaves($0, .later) }

    private static func hookLeaves(_ kind: String, _ fate: Fate) -> [Leaf] {
        func hooks(_ members: String) -> String {
            #"/hooks = {"\#(kind)": [{"path": "/h"\#(members)}]}"#
        }
        return [
            Leaf("/hooks/\(kind)/0/path", hooks(""), fate: fate),
            Leaf(
                "/hooks/\(kind)/0/args/0", hooks(#", "args": ["h", "x"]"#), without: [hooks("")], fate: fate),
            Leaf("/hooks/\(kind)/0/env/0", hooks(#", "env": ["K=V"]"#), without: [hooks("")], fate: fate),
            Leaf("/hooks/\(kind)/0/timeout", hooks(#", "timeout": 3"#), without: [hooks("")], fate: fate),
        ]
    }

    static let linux: [Leaf] = [
        Leaf("/linux/sysctl/0", #"/linux/sysctl = {"net.core.somaxconn": "256"}"#),
        Leaf("/linux/cgroupsPath", #"/linux/cgroupsPath = "/a/b""#),
        Leaf("/linux/namespaces/0/type", #"/linux/namespaces/5 = {"type": "cgroup"}"#),
        Leaf(
            "/linux/namespaces/0/path", #"/linux/namespaces/4/path = "/run/netns/a""#),
        Leaf("/linux/devices/0/path", device(#""path": "/dev/fuse2""#)),
        Leaf("/linux/devices/0/type", device(#""type": "b""#), without: [device("")]),
        Leaf("/linux/devices/0/major", device(#""major": 11"#), without: [device("")]),
        Leaf("/linux/devices/0/minor", device(#""minor": 11"#), without: [device("")]),
        Leaf("/linux/devices/0/fileMode", device(#""fileMode": 384"#), without: [device("")]),
        Leaf("/linux/devices/0/uid", device(#""uid": 11"#), without: [device("")]),
        Leaf("/linux/devices/0/gid", device(#""gid": 11"#), without: [device("")]),
        Leaf("/linux/rootfsPropagation", #"/linux/rootfsPropagation = "private""#),
        Leaf("/linux/maskedPaths/0", #"/linux/maskedPaths = ["/proc/kcore"]"#),
        Leaf("/linux/readonlyPaths/0", #"/linux/readonlyPaths = ["/proc/sys"]"#),
        Leaf("/linux/personality/domain", #"/linux/personality = {"domain": "LINUX32"}"#),
        Leaf(
            "/linux/personality/flags/0", #"/linux/personality = {"domain": "LINUX32", "flags": []}"#,
            without: [#"/linux/personality = {"domain": "LINUX32"}"#],
            fate: .noStep("none are defined: rules refuse each")),
    ]

    /// A device with one member set; the others have values of their own.
    private static func device(_ member: String) -> String {
        var members = [
            "path": #""path": "/dev/x""#, "type": #""type": "c""#, "major": #""major": 10"#,
            "minor": #""minor": 229"#,
        ]
        if !member.isEmpty { members[member.split(separator: "\"").map(String.init)[0]] = member }
        return "/linux/devices = [{" + members.values.sorted().joined(separator: ", ") + "}]"
    }

    static let seccomp: [Leaf] = [
        Leaf("/linux/seccomp/defaultAction", profile(), without: [profile(action: "SCMP_ACT_LOG")]),
        Leaf("/linux/seccomp/defaultErrnoRet", profile(#", "defaultErrnoRet": 2"#), without: [profile()]),
        Leaf(
            "/linux/seccomp/architectures/0", profile(#", "architectures": ["SCMP_ARCH_X86"]"#),
            without: [profile()]),
        Leaf(
            "/linux/seccomp/flags/0", profile(#", "flags": ["SECCOMP_FILTER_FLAG_LOG"]"#),
            without: [profile()]),
        Leaf("/linux/seccomp/syscalls/0/names/0", profile(call("")), without: [profile()]),
        Leaf(
            "/linux/seccomp/syscalls/0/action", profile(call("")),
            without: [profile(call("", action: "SCMP_ACT_LOG"))]),
        Leaf(
            "/linux/seccomp/syscalls/0/errnoRet",
            profile(call(#", "errnoRet": 3"#, action: "SCMP_ACT_ERRNO")), without: [profile()]),
        Leaf("/linux/seccomp/syscalls/0/args/0/index", profile(argument(index: 1)), without: plainArgument),
        Leaf("/linux/seccomp/syscalls/0/args/0/value", profile(argument(value: 7)), without: plainArgument),
        Leaf(
            "/linux/seccomp/syscalls/0/args/0/valueTwo",
            profile(argument(value: 7, op: "SCMP_CMP_MASKED_EQ", more: #", "valueTwo": 3"#)),
            without: [profile(argument(value: 7, op: "SCMP_CMP_MASKED_EQ", more: #", "valueTwo": 2"#))]),
        Leaf(
            "/linux/seccomp/syscalls/0/args/0/op", profile(argument(op: "SCMP_CMP_GT")),
            without: plainArgument),
        Leaf(
            "/linux/seccomp/listenerPath", profile(#", "listenerPath": "/run/l""#), without: [profile()],
            fate: .noStep("no rule notifies, so nobody connects")),
        Leaf(
            "/linux/seccomp/listenerMetadata",
            profile(#", "listenerPath": "/run/l", "listenerMetadata": "m""#), without: [profile()],
            fate: .noStep("no rule notifies, so nobody connects")),
    ]

    private static let plainArgument = [profile(argument())]

    private static func profile(_ members: String = "", action: String = "SCMP_ACT_ERRNO") -> String {
        #"/linux/seccomp = {"defaultAction": "\#(action)"\#(members)}"#
    }

    private static func call(_ members: String, action: String = "SCMP_ACT_ALLOW") -> String {
        #", "syscalls": [{"names": ["read"], "action": "\#(action)"\#(members)}]"#
    }

    private static func argument(
        index: Int = 0, value: Int = 1, op: String = "SCMP_CMP_EQ", more: String = ""
    ) -> String {
        call(#", "args": [{"index": \#(index), "value": \#(value), "op": "\#(op)"\#(more)}]"#)
    }

    static let resources: [Leaf] = [
        Leaf("/linux/resources/devices/0/allow", rule()),
        Leaf("/linux/resources/devices/0/type", rule(type: "b"), without: [rule()]),
        Leaf("/linux/resources/devices/0/major", rule(major: 11), without: [rule()]),
        Leaf("/linux/resources/devices/0/minor", rule(minor: 11), without: [rule()]),
        Leaf("/linux/resources/devices/0/access", rule(access: "rw"), without: [rule()]),
        Leaf("/linux/resources/memory/limit", memory(#""limit": 9000000"#)),
        Leaf("/linux/resources/memory/reservation", memory(#""reservation": 9000000"#)),
        Leaf(
            "/linux/resources/memory/swap", memory(#""limit": 9000000, "swap": 9500000"#),
            without: [memory(#""limit": 9000000"#)]),
        Leaf(
            "/linux/resources/memory/kernel", memory(#""kernel": 9000000"#),
            fate: .noStep("rules warn that kernels have no such limit any more")),
        Leaf("/linux/resources/memory/kernelTCP", memory(#""kernelTCP": 9000000"#)),
        Leaf("/linux/resources/memory/swappiness", memory(#""swappiness": 9"#)),
        Leaf("/linux/resources/memory/disableOOMKiller", memory(#""disableOOMKiller": true"#)),
        Leaf(
            "/linux/resources/memory/useHierarchy", memory(#""useHierarchy": true"#)),
        Leaf(
            "/linux/resources/memory/checkBeforeUpdate", memory(#""checkBeforeUpdate": true"#),
            fate: .noStep("a new cgroup uses nothing; update looks at it")),
        Leaf("/linux/resources/cpu/shares", cpu(#""shares": 9"#)),
        Leaf("/linux/resources/cpu/quota", cpu(#""quota": 9000"#)),
        Leaf(
            "/linux/resources/cpu/burst", cpu(#""quota": 9000, "burst": 5"#),
            without: [cpu(#""quota": 9000"#)]),
        Leaf("/linux/resources/cpu/period", cpu(#""period": 9000"#)),
        Leaf("/linux/resources/cpu/realtimeRuntime", cpu(#""realtimeRuntime": 9"#)),
        Leaf("/linux/resources/cpu/realtimePeriod", cpu(#""realtimePeriod": 9000"#)),
        Leaf("/linux/resources/cpu/cpus", cpu(#""cpus": "0""#)),
        Leaf("/linux/resources/cpu/mems", cpu(#""mems": "0""#)),
        Leaf("/linux/resources/cpu/idle", cpu(#""idle": 1"#)),
        Leaf("/linux/resources/pids/limit", #"/linux/resources/pids = {"limit": 9}"#),
        Leaf(
            "/linux/resources/unified/0", #"/linux/resources/unified = {"memory.high": "9"}"#, host: "v2"),
    ]

    private static func rule(
        type: String = "c", major: Int = 10, minor: Int = 229, access: String = "r"
    ) -> String {
        "/linux/resources/devices = "
            + #"[{"allow": true, "type": "\#(type)", "major": \#(major), "minor": \#(minor), "access": "\#(access)"}]"#
    }

    private static func memory(_ members: String) -> String { "/linux/resources/memory = {\(members)}" }
    private static func cpu(_ members: String) -> String { "/linux/resources/cpu = {\(members)}" }

    /// Several leaves that one change sets.
    private static func together(_ object: String, _ members: [String], _ value: String, _ fate: Fate)
        -> [Leaf]
    {
        members.map { Leaf("\(object)/\($0)", value, host: "v1-all", fate: fate) }
    }

    static let blockIO: [Leaf] = {
        let block = "/linux/resources/blockIO"
        var leaves = [
            Leaf(block + "/weight", block + #" = {"weight": 10}"#, host: "v1-all"),
            Leaf(block + "/leafWeight", block + #" = {"leafWeight": 10}"#, host: "v1-all"),
        ]
        leaves += together(
            block + "/weightDevice/0", ["major", "minor", "weight", "leafWeight"],
            block + #" = {"weightDevice": [{"major": 8, "minor": 5, "weight": 12, "leafWeight": 13}]}"#,
            .step)
        for list in ["ReadBps", "WriteBps", "ReadIOPS", "WriteIOPS"] {
            leaves += together(
                "\(block)/throttle\(list)Device/0", ["major", "minor", "rate"],
                block + #" = {"throttle\#(list)Device": [{"major": 8, "minor": 1, "rate": 14}]}"#,
                .step)
        }
        return leaves
    }()

    static let otherResources: [Leaf] =
        together(
            "/linux/resources/hugepageLimits/0", ["pageSize", "limit"],
            #"/linux/resources/hugepageLimits = [{"pageSize": "2MB", "limit": 4194304}]"#, .step)
        + together(
            "/linux/resources/network", ["classID"], #"/linux/resources/network = {"classID": 9}"#,
            .step)
        + together(
            "/linux/resources/network/priorities/0", ["name", "priority"],
            #"/linux/resources/network = {"priorities": [{"name": "eth0", "priority": 5}]}"#, .step)
        + together(
            "/linux/resources/rdma/0", ["hcaHandles", "hcaObjects"],
            #"/linux/resources/rdma = {"m": {"hcaHandles": 5, "hcaObjects": 6}}"#, .step)

    private static let attributes: [Leaf] =
        [
            Leaf("/process/apparmorProfile", #"/process/apparmorProfile = "p""#),
            Leaf("/process/selinuxLabel", #"/process/selinuxLabel = "l""#),
            Leaf("/process/scheduler/policy", scheduler(#""policy": "SCHED_BATCH""#)),
            Leaf("/process/scheduler/nice", scheduler(#""policy": "SCHED_BATCH", "nice": 3"#)),
            Leaf("/process/scheduler/priority", scheduler(#""policy": "SCHED_RR", "priority": 3"#)),
            Leaf(
                "/process/scheduler/flags/0",
                scheduler(#""policy": "SCHED_BATCH", "flags": ["SCHED_FLAG_RESET_ON_FORK"]"#)),
            Leaf(
                "/process/execCPUAffinity/initial", #"/process/execCPUAffinity = {"initial": "0"}"#,
                fate: .noStep("exec looks at it")),
            Leaf(
                "/process/execCPUAffinity/final", #"/process/execCPUAffinity = {"final": "0"}"#,
                fate: .noStep("exec looks at it")),
        ]
        + together(
            "/process/scheduler", ["runtime", "deadline", "period"],
            scheduler(
                #""policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 2000000, "period": 3000000"#),
            .step)
        + together(
            "/process/ioPriority", ["class", "priority"],
            #"/process/ioPriority = {"class": "IOPRIO_CLASS_BE", "priority": 3}"#, .step)

    private static func scheduler(_ members: String) -> String { "/process/scheduler = {\(members)}" }

    private static let labelled = #"/mounts/1 = {"destination": "/t", "type": "tmpfs"}"#

    private static let otherLinux: [Leaf] = [
        Leaf(
            "/linux/mountLabel", #"/linux/mountLabel = "l""#, labelled, without: [labelled],
            fate: .within("/mounts/1")),
        Leaf("/linux/netDevices/0/name", #"/linux/netDevices = {"eth0": {"name": "a"}}"#),
        Leaf("/linux/intelRdt/closID", #"/linux/intelRdt = {"closID": "c"}"#),
        Leaf("/linux/intelRdt/schemata/0", #"/linux/intelRdt = {"schemata": ["MB:0=20"]}"#),
        Leaf("/linux/intelRdt/l3CacheSchema", #"/linux/intelRdt = {"l3CacheSchema": "L3:0=f"}"#),
        Leaf("/linux/intelRdt/memBwSchema", #"/linux/intelRdt = {"memBwSchema": "MB:0=20"}"#),
        Leaf("/linux/intelRdt/enableMonitoring", #"/linux/intelRdt = {"enableMonitoring": true}"#),
        Leaf("/linux/memoryPolicy/mode", #"/linux/memoryPolicy = {"mode": "MPOL_LOCAL"}"#),
        Leaf("/linux/memoryPolicy/nodes", #"/linux/memoryPolicy = {"mode": "MPOL_BIND", "nodes": "0"}"#),
        Leaf(
            "/linux/memoryPolicy/flags/0",
            #"/linux/memoryPolicy = {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}"#),
        Leaf(
            "/linux/timeOffsets/0/secs", #"/linux/timeOffsets = {"boottime": {"secs": 5}}"#,
            #"/linux/namespaces/5 = {"type": "time"}"#),
        Leaf(
            "/linux/timeOffsets/0/nanosecs", #"/linux/timeOffsets = {"boottime": {"nanosecs": 5}}"#,
            #"/linux/namespaces/5 = {"type": "time"}"#),
    ]

    private static let idMaps: [Leaf] = {
        let map = #"[{"containerID": 0, "hostID": 5, "size": 9}]"#
        var leaves: [Leaf] = []
        for (name, other) in [("uidMappings", "gidMappings"), ("gidMappings", "uidMappings")] {
            for member in ["containerID", "hostID", "size"] {
                leaves.append(
                    Leaf(
                        "/linux/\(name)/0/\(member)", "/linux/\(name) = \(map)", "/linux/\(other) = \(map)",
                        #"/linux/namespaces/5 = {"type": "user"}"#,
                        fate: .within("/linux/uidMappings")))
                leaves.append(
                    Leaf(
                        "/mounts/0/\(name)/0/\(member)", "/mounts/1/\(name) = \(map)",
                        "/mounts/1/\(other) = \(map)", #"/mounts/1/options = ["rbind", "ridmap"]"#,
                        fate: .within("/mounts/1/source")))
            }
        }
        return leaves
    }()
}
