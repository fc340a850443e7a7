// The bad hosts of HostRuleTests: one configuration, one fact about a host, and the one problem that comes of them.
import Cgroups
import Linux
import OCI
import Testing

@testable import LaunchPlan

/// A configuration and a host that do not go together.
struct HostRuleCase: Sendable, CustomTestStringConvertible {
    var rule: String
    /// Changes to `Leaf.base`.
    var changes: [String]
    var pointer: String
    var message: String
    var severity: Problem.Severity
    /// Makes the good host a bad one.
    var spoil: @Sendable (inout HostFacts, inout HostSurvey) -> Void
    var testDescription: String { "\(rule): \(message)" }

    init(
        _ rule: String, _ changes: [String], _ pointer: String, _ message: String,
        _ severity: Problem.Severity = .error,
        _ spoil: @escaping @Sendable (inout HostFacts, inout HostSurvey) -> Void
    ) {
        self.rule = rule
        self.changes = changes
        self.pointer = pointer
        self.message = message
        self.severity = severity
        self.spoil = spoil
    }
}

extension HostRuleCase {
    static let all: [HostRuleCase] = kernel + files + process + resources

    /// All but one.
    private static func without(_ name: String) -> CapabilitySet {
        Capability(name: name).map { CapabilitySet.all.subtracting(CapabilitySet($0)) } ?? .all
    }

    static let kernel: [HostRuleCase] = [
        HostRuleCase("host-system-calls", [], "", "needs clone3, which this kernel does not have") {
            $1.refusedCalls[.clone3] = .notImplemented
        },
        HostRuleCase(
            "host-system-calls", [#"/linux/maskedPaths = ["/proc/kcore"]"#], "/root", "which is denied here"
        ) { $1.refusedCalls[.mount] = .notPermitted },
        HostRuleCase("host-system-calls", [], "/mounts/0", "needs fsopen") {
            $1.refusedCalls[.fsopen] = .notImplemented
        },
        HostRuleCase("host-namespaces", [], "/linux/namespaces/2", "has no ipc namespaces") {
            $1.namespaces?.remove(.ipc)
        },
        HostRuleCase(
            "host-namespaces", [#"/linux/namespaces/4/path = "/n""#], "/linux/namespaces/4/path",
            "is a namespace of type uts, not network"
        ) { $1.joined["/n"] = .namespace(NamespaceKind.uts.cloneFlag) },
        HostRuleCase(
            "host-namespaces", [#"/linux/namespaces/4/path = "/n""#], "/linux/namespaces/4/path",
            "no such file"
        ) { $1.joined["/n"] = .missing },
        HostRuleCase(
            "host-namespaces", [#"/linux/namespaces/4/path = "/n""#], "/linux/namespaces/4/path",
            "is not a namespace"
        ) { $1.joined["/n"] = .noNamespace },
        HostRuleCase("host-namespaces", userNamespace, "/linux/namespaces/5", "allows no user namespaces") {
            $1.userNamespaceLimit = 0
        },
        HostRuleCase("host-ids", userNamespace, "/linux/uidMappings", "needs newuidmap") {
            $0.capabilities = []
            $1.mapsIDs.groups = [100_000..<200_000]
            $1.mapsIDs.hasPrograms = false
        },
        HostRuleCase(
            "host-ids", userNamespace, "/linux/gidMappings/0",
            "ids 100000 to 100008 are not this user's in /etc/subgid"
        ) {
            $0.capabilities = []
            $1.mapsIDs.users = [100_000..<200_000]
            $1.mapsIDs.groups = [100_000..<100_008]
            $1.mapsIDs.hasPrograms = true
        },
        HostRuleCase(
            "host-security-modules", [#"/process/apparmorProfile = "docker-default""#],
            "/process/apparmorProfile", "this host has no AppArmor"
        ) { $1.securityModules = ["capability"] },
        HostRuleCase(
            "host-security-modules", [#"/process/apparmorProfile = "docker-defualt""#],
            "/process/apparmorProfile", #"did you mean "docker-default"?"#
        ) { $1.appArmorProfiles = ["docker-default"] },
        HostRuleCase(
            "host-security-modules", [#"/process/selinuxLabel = "a:b:c""#], "/process/selinuxLabel",
            "this host has no SELinux"
        ) { $1.securityModules = ["apparmor"] },
        HostRuleCase(
            "host-security-modules", [#"/linux/mountLabel = "a:b:c""#], "/linux/mountLabel",
            "this host has no SELinux"
        ) { $1.securityModules = ["apparmor"] },
        HostRuleCase(
            "host-sysctls", [#"/linux/sysctl = {"net.core.x": "1", "net.ipv4.conf.e.x": "1"}"#],
            "/linux/sysctl/net.core.x", "no parameter /proc/sys/net/core/x"
        ) { $1.missingSysctls = ["net/core/x", "net/ipv4/conf/e/x"] },
        HostRuleCase(
            "host-seccomp", [#"/linux/seccomp = {"defaultAction": "SCMP_ACT_LOG"}"#],
            "/linux/seccomp/defaultAction", "does not know SCMP_ACT_LOG"
        ) { $1.missingSeccomp = ["SCMP_ACT_LOG"] },
    ]

    private static let userNamespace = [
        #"/linux/namespaces/5 = {"type": "user"}"#,
        #"/linux/uidMappings = [{"containerID": 0, "hostID": 100000, "size": 9}]"#,
        #"/linux/gidMappings = [{"containerID": 0, "hostID": 100000, "size": 9}]"#,
    ]

    static let files: [HostRuleCase] = [
        HostRuleCase("host-root", [], "/root/path", "no such file") {
            $1.files["/bundle/rootfs"] = .missing
        },
        HostRuleCase("host-root", [], "/root/path", "must not be a symbolic link") {
            $1.files["/bundle/rootfs"] = .link
        },
        HostRuleCase("host-root", [], "/root/path", "is not a directory") {
            $1.files["/bundle/rootfs"] = .file
        },
        HostRuleCase("host-mounts", [], "/mounts/1/source", "/srv/data: no such file") { facts, _ in
            facts.sources = [:]
        },
        HostRuleCase(
            "host-mounts", [#"/mounts/2 = {"destination": "/x", "type": "tmpsf"}"#], "/mounts/2/type",
            #"did you mean "tmpfs"?"#, .warning
        ) { _, _ in },
        HostRuleCase(
            "host-id-mapped-mounts", [#"/mounts/1/options = ["rbind", "ridmap"]"#], "/mounts/1",
            "needs id-mapped mounts"
        ) { $1.idMappedMounts = false },
        HostRuleCase(
            "host-hooks", [#"/hooks = {"poststop": [{"path": "/h"}]}"#], "/hooks/poststop/0/path",
            "no such file"
        ) { $1.files["/h"] = .missing },
        HostRuleCase(
            "host-hooks", [#"/hooks = {"createContainer": [{"path": "/h"}]}"#],
            "/hooks/createContainer/0/path", "cannot be executed"
        ) { $1.files["/h"] = .file },
        HostRuleCase(
            "host-hooks", [#"/hooks = {"startContainer": [{"path": "/h"}]}"#],
            "/hooks/startContainer/0/path", "has no /h so far", .warning
        ) { $1.files["root:/h"] = .missing },
        HostRuleCase("host-executable", [], "/process/args/0", #""/bin/true" is not in the root"#) {
            $1.executable = .missing
        },
        HostRuleCase(
            "host-executable", [#"/process/args = ["true"]"#], "/process/args/0", "is not in the root's $PATH"
        ) { $1.executable = .missing },
        HostRuleCase("host-executable", [], "/process/args/0", "cannot be executed: it is a directory") {
            $1.executable = .unusable(path: "/bin/true", reason: "it is a directory")
        },
    ]

    static let process: [HostRuleCase] = [
        HostRuleCase(
            "host-rlimits", [#"/process/rlimits = [{"type": "RLIMIT_CORE", "soft": 1, "hard": 9}]"#],
            "/process/rlimits/0/hard", "9 is above the runtime's own hard limit 8"
        ) {
            $0.capabilities = without("CAP_SYS_RESOURCE")
            $1.hardLimits[.core] = 8
        },
        HostRuleCase(
            "host-rlimits", [#"/process/rlimits = [{"type": "RLIMIT_NOFILE", "soft": 1, "hard": 9}]"#],
            "/process/rlimits/0/hard", "9 is above the kernel parameter fs.nr_open, 8"
        ) { $1.mostOpenFiles = 8 },
        HostRuleCase(
            "host-oom-score", ["/process/oomScoreAdj = -5"], "/process/oomScoreAdj",
            "below the runtime's own 0"
        ) { facts, _ in facts.capabilities = without("CAP_SYS_RESOURCE") },
        HostRuleCase(
            "host-scheduling", [#"/process/scheduler = {"policy": "SCHED_RR", "priority": 1}"#],
            "/process/scheduler/policy", "SCHED_RR needs CAP_SYS_NICE"
        ) { facts, _ in facts.capabilities = without("CAP_SYS_NICE") },
        HostRuleCase(
            "host-scheduling", [#"/process/scheduler = {"policy": "SCHED_OTHER", "nice": -1}"#],
            "/process/scheduler/nice", "needs CAP_SYS_NICE"
        ) { facts, _ in facts.capabilities = without("CAP_SYS_NICE") },
        HostRuleCase(
            "host-scheduling", [#"/process/ioPriority = {"class": "IOPRIO_CLASS_RT"}"#],
            "/process/ioPriority/class", "needs CAP_SYS_NICE"
        ) { facts, _ in facts.capabilities = without("CAP_SYS_NICE") },
        HostRuleCase(
            "host-capabilities", [#"/process/capabilities = {"bounding": ["CAP_KILL"]}"#],
            "/process/capabilities", "CAP_KILL cannot be granted", .warning
        ) { facts, _ in facts.capabilities = without("CAP_KILL") },
        HostRuleCase(
            "host-privileges", [], "/process/noNewPrivileges", "and hands that on", .warning
        ) { $1.noNewPrivileges = true },
        HostRuleCase(
            "host-cpus", [#"/linux/resources/cpu = {"cpus": "0-3"}"#], "/linux/resources/cpu/cpus",
            "CPU 2 is not online here, only 0-1"
        ) { $1.onlineCPUs = "0-1" },
        HostRuleCase(
            "host-cpus", [#"/linux/memoryPolicy = {"mode": "MPOL_BIND", "nodes": "1"}"#],
            "/linux/memoryPolicy/nodes", "memory node 1 is not online"
        ) { $1.onlineNodes = "0" },
    ]

    static let resources: [HostRuleCase] = [
        HostRuleCase(
            "host-controllers", [#"/linux/resources/pids = {"limit": 9}"#], "/linux/resources/pids/limit",
            "needs the cgroup controller pids"
        ) {
            $0.cgroups = .unified(mount: "/sys/fs/cgroup")
            $1.controllers = ["cpu", "memory"]
        },
        HostRuleCase(
            "host-swap", [#"/linux/resources/memory = {"limit": 900000, "swap": 990000}"#],
            "/linux/resources/memory/swap", "does not account swap"
        ) { $1.accountsSwap = false },
        HostRuleCase("host-devices", device, "/linux/devices/0", "needs CAP_MKNOD") { facts, _ in
            facts.capabilities = without("CAP_MKNOD")
        },
        HostRuleCase("host-devices", device, "/linux/devices/0", "no driver of this host", .warning) {
            $1.missingDevices = ["c 10:229"]
        },
        HostRuleCase(
            "host-devices", device + userNamespace, "/linux/devices/0/path",
            "bound from the host in a user namespace"
        ) { $1.files["/dev/fuse"] = .missing },
        HostRuleCase(
            "host-block-devices",
            [#"/linux/resources/blockIO = {"throttleReadBpsDevice": [{"major": 8, "minor": 9, "rate": 1}]}"#],
            "/linux/resources/blockIO/throttleReadBpsDevice/0", "no block device 8:9"
        ) { $1.missingDevices = ["b 8:9"] },
        HostRuleCase(
            "host-hugepages", [#"/linux/resources/hugepageLimits = [{"pageSize": "1GB", "limit": 0}]"#],
            "/linux/resources/hugepageLimits/0/pageSize", "there are 2MB"
        ) { $1.hugepageSizes = ["2MB"] },
        HostRuleCase(
            "host-rdma", [#"/linux/resources/rdma = {"mlx5_0": {"hcaHandles": 1}}"#],
            "/linux/resources/rdma/mlx5_0", #"no RDMA device "mlx5_0"; did you mean "mlx5_1"?"#
        ) { $1.rdmaDevices = ["mlx5_1"] },
        HostRuleCase(
            "host-net-devices", [#"/linux/netDevices = {"eht0": {}}"#], "/linux/netDevices/eht0",
            #"did you mean "eth0"?"#
        ) { $1.networkInterfaces = ["lo", "eth0"] },
        HostRuleCase(
            "host-net-devices", [#"/linux/netDevices = {"eth0": {}}"#], "/linux/netDevices/eth0",
            "needs CAP_NET_ADMIN"
        ) {
            $0.capabilities = without("CAP_NET_ADMIN")
            $1.networkInterfaces = ["eth0"]
        },
        HostRuleCase("host-resctrl", [#"/linux/intelRdt = {"closID": "c"}"#], "/linux/intelRdt", "no resctrl")
        {
            $1.resctrlGroups = nil
        },
        HostRuleCase(
            "host-resctrl", [#"/linux/intelRdt = {"closID": "c"}"#], "/linux/intelRdt/closID",
            #"no group "c""#
        ) { $1.resctrlGroups = ["info"] },
    ]

    private static let device = [
        #"/linux/devices = [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}]"#
    ]
}
