// The bad inputs of RuleTests.
import Testing

@testable import OCI

/// A change to the good configuration and the one problem that it makes.
struct RuleCase: Sendable, CustomTestStringConvertible {
    var change: String
    var pointer: String
    var message: String
    var severity = Problem.Severity.error
    var testDescription: String { change }

    /// `change` is `POINTER = JSON`, or `POINTER -` to take the value away.
    init(_ change: String, _ pointer: String, _ message: String, _ severity: Problem.Severity = .error) {
        self.change = change
        self.pointer = pointer
        self.message = message
        self.severity = severity
    }
}

extension RuleCase {
    static let everyBad: [RuleCase] = bad + badProcess + badLinux + badSeccomp + badResources

    static let bad: [RuleCase] = [
        RuleCase(#"/ociVersion -"#, "/ociVersion", "is required but missing"),
        RuleCase(#"/ociVersion = "1.0""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "01.0.0""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "1.0.x""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "1.0.0-""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "1.0.0-a b""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "1.0.0+a..b""#, "/ociVersion", "is not a semantic version"),
        RuleCase(#"/ociVersion = "2.0.0""#, "/ociVersion", "version 2.0.0 is not supported, expected 1.x"),
        RuleCase(#"/ociVersion = 1"#, "/ociVersion", "expected a string, found a number"),
        RuleCase(#"/root -"#, "/root", "is required but missing"),
        RuleCase(#"/root = {}"#, "/root/path", "is required but missing"),
        RuleCase(#"/root/path = """#, "/root/path", "must not be empty"),
        RuleCase(#"/root/path = "a\u0000b""#, "/root/path", "must not contain NUL"),
        RuleCase(#"/root/readonly = 1"#, "/root/readonly", "expected a boolean, found a number"),
        RuleCase(
            #"/hostname = "x"# + String(repeating: "y", count: 64) + "\"", "/hostname", "longer than 64 bytes"
        ),
        RuleCase(
            #"/domainname = "x"# + String(repeating: "y", count: 64) + "\"", "/domainname",
            "longer than 64 bytes"),
        RuleCase(#"/domainname = ["x"]"#, "/domainname", "expected a string, found an array"),
        RuleCase(#"/annotations = {"": "x"}"#, "/annotations/", "keys must not be empty"),
        RuleCase(
            #"/annotations = {"mine": "x"}"#, "/annotations/mine", "like com.example.mine", .warning),
        RuleCase(
            #"/annotations = {"org.opencontainers.image.stopsignal": "KILL"}"#,
            "/annotations/org.opencontainers.image.stopsignal",
            #"did you mean "org.opencontainers.image.stopSignal"?"#, .warning),
        RuleCase(
            #"/annotations = {"org.opencontainers.image.stopSignal": "SIGKIL"}"#,
            "/annotations/org.opencontainers.image.stopSignal", "is not a signal", .warning),
        RuleCase(
            #"/annotations = {"org.opencontainers.image.created": "2026-11-23"}"#,
            "/annotations/org.opencontainers.image.created", "RFC 3339", .warning),
        RuleCase(
            #"/annotations = {"org.opencontainers.image.created": "2026-11-23T17:13:16.Z"}"#,
            "/annotations/org.opencontainers.image.created", "RFC 3339", .warning),
        RuleCase(
            #"/annotations = {"org.opencontainers.image.os": ""}"#,
            "/annotations/org.opencontainers.image.os", "must not be empty", .warning),
        RuleCase(#"/root/path = "root""#, "/root/path", "call the directory rootfs", .warning),
        RuleCase(
            #"/mounts/4/destination = "/tmp""#, "/mounts", "programs expect /dev/shm (tmpfs)", .warning),
        RuleCase(#"/annotations = {"a/b": 1}"#, "/annotations/a~1b", "expected a string, found a number"),
        RuleCase(#"/annotations = "x""#, "/annotations", "expected an object, found a string"),
        RuleCase(#"/mounts = {}"#, "/mounts", "expected an array, found an object"),
        RuleCase(#"/mounts/0/destination = """#, "/mounts/0/destination", "must not be empty"),
        RuleCase(#"/mounts/0/destination -"#, "/mounts/0/destination", "is required but missing"),
        RuleCase(#"/mounts/0/destination = "proc""#, "/mounts/0/destination", "is relative", .warning),
        RuleCase(#"/mounts/0/type -"#, "/mounts/0/type", "is required but missing unless"),
        RuleCase(#"/mounts/0/type = "bind""#, "/mounts/0/type", #"add "rbind" or "bind" to options"#),
        RuleCase(
            #"/mounts/0/options = ["nosuidd"]"#, "/mounts/0/options/0", #"did you mean "nosuid"?"#, .warning),
        RuleCase(#"/mounts/0/options = [1]"#, "/mounts/0/options/0", "expected a string, found a number"),
        RuleCase(#"/mounts/0/options = [null]"#, "/mounts/0/options/0", "null is not an element"),
        RuleCase(#"/mounts/1/source -"#, "/mounts/1/source", "a bind mount needs a source"),
        RuleCase(#"/mounts/0 = 5"#, "/mounts/0", "expected an object, found a number"),
        RuleCase(
            #"/hooks = {"prestart": [{"path": "x"}]}"#, "/hooks/prestart/0/path", "is not an absolute path"),
        RuleCase(
            #"/hooks = {"poststop": [{"path": "/x", "timeout": 0}]}"#, "/hooks/poststop/0/timeout",
            "must be above 0"),
        RuleCase(
            #"/hooks = {"poststart": [{"args": []}]}"#, "/hooks/poststart/0/path", "is required but missing"),
        RuleCase(#"/hooks = {"postStop": []}"#, "/hooks/postStop", #"did you mean "poststop"?"#, .warning),
        RuleCase(#"/hook = {}"#, "/hook", #"did you mean "hooks"?"#, .warning),
    ]

    static let badProcess: [RuleCase] = [
        RuleCase(#"/process/args = []"#, "/process/args", "must have at least one entry"),
        RuleCase(#"/process/args/0 = """#, "/process/args/0", "must not be empty"),
        RuleCase(#"/process/args/0 = 7"#, "/process/args/0", "expected a string, found a number"),
        RuleCase(#"/process/cwd = "tmp""#, "/process/cwd", #""tmp" is not an absolute path"#),
        RuleCase(#"/process/cwd = """#, "/process/cwd", "must not be empty"),
        RuleCase(#"/process/cwd -"#, "/process/cwd", "is required but missing"),
        RuleCase(#"/process/env/0 = "PATH""#, "/process/env/0", #""PATH" has no "=""#),
        RuleCase(#"/process/env/0 = "=x""#, "/process/env/0", "has no name"),
        RuleCase(#"/process/env/0 = "A=\u0000""#, "/process/env/0", "must not contain NUL"),
        RuleCase(
            #"/process/user/uid = -1"#, "/process/user/uid", "-1 is out of range, expected 0 to 4294967295"),
        RuleCase(#"/process/user/uid = 4294967295"#, "/process/user/uid", "is not an id"),
        RuleCase(#"/process/user/gid = 4294967296"#, "/process/user/gid", "out of range"),
        RuleCase(#"/process/user/gid = 1.5"#, "/process/user/gid", "found a number with a fraction"),
        RuleCase(
            #"/process/user/additionalGids = [1, -5]"#, "/process/user/additionalGids/1", "out of range"),
        RuleCase(
            #"/process/user/additionalGids = [4294967295]"#, "/process/user/additionalGids/0", "is not an id"),
        RuleCase(#"/process/user/umask = 777"#, "/process/user/umask", "octal 022 is 18", .warning),
        RuleCase(#"/process/user/umask = 4096"#, "/process/user/umask", "octal 10000"),
        RuleCase(
            #"/process/capabilities/bounding/0 = "CAP_NETADMIN""#, "/process/capabilities/bounding/0",
            #""CAP_NET_ADMIN"?"#, .warning),
        RuleCase(
            #"/process/capabilities/ambient = ["chown"]"#, "/process/capabilities/ambient/0",
            "unknown capability", .warning),
        RuleCase(
            #"/process/capabilities/effective = ["CAP_BPF"]"#, "/process/capabilities/effective/0",
            "not in the permitted set"),
        RuleCase(
            #"/process/capabilities/ambient = ["CAP_KILL"]"#, "/process/capabilities/ambient/0",
            "will not raise it", .warning),
        RuleCase(
            #"/process/capabilities = []"#, "/process/capabilities", "expected an object, found an array"),
        RuleCase(
            #"/process/rlimits/0/type = "RLIMIT_NFILE""#, "/process/rlimits/0/type",
            #"did you mean "RLIMIT_NOFILE"?"#),
        RuleCase(
            #"/process/rlimits/0/soft = 2048"#, "/process/rlimits/0/soft", "2048 is above the hard limit 1024"
        ),
        RuleCase(#"/process/rlimits/0/hard -"#, "/process/rlimits/0/hard", "is required but missing"),
        RuleCase(
            #"/process/rlimits/1 = {"type": "RLIMIT_NOFILE", "soft": 1, "hard": 1}"#,
            "/process/rlimits/1/type",
            #"duplicate resource limit "RLIMIT_NOFILE""#),
        RuleCase(
            #"/process/oomScoreAdj = 1001"#, "/process/oomScoreAdj",
            "1001 is out of range, expected -1000 to 1000"),
        RuleCase(#"/process/oomScoreAdj = 3000000000"#, "/process/oomScoreAdj", "out of range"),
        RuleCase(
            #"/process/noNewPrivileges = "true""#, "/process/noNewPrivileges",
            "expected a boolean, found a string"),
        RuleCase(
            #"/process/consoleSize = {"height": 1}"#, "/process/consoleSize/width", "is required but missing"),
    ]

    static let badLinux: [RuleCase] = [
        RuleCase(
            #"/linux/namespaces/0/type = "net""#, "/linux/namespaces/0/type", #"did you mean "network"?"#),
        RuleCase(#"/linux/namespaces/0/type = "pids""#, "/linux/namespaces/0/type", #"did you mean "pid"?"#),
        RuleCase(
            #"/linux/namespaces/5 = {"type": "pid"}"#, "/linux/namespaces/5", #"duplicate namespace "pid""#),
        RuleCase(#"/linux/namespaces/0/path = "ns""#, "/linux/namespaces/0/path", "is not an absolute path"),
        RuleCase(#"/linux/namespaces/4 = {"type": "cgroup"}"#, "/hostname", "needs a uts namespace"),
        RuleCase(#"/linux/maskedPaths = ["proc"]"#, "/linux/maskedPaths/0", "is not an absolute path"),
        RuleCase(#"/linux/readonlyPaths = ["/a", ""]"#, "/linux/readonlyPaths/1", "must not be empty"),
        RuleCase(
            #"/linux/rootfsPropagation = "rsalve""#, "/linux/rootfsPropagation", #"did you mean "rslave"?"#),
        RuleCase(#"/linux/cgroupsPath = "/a/../b""#, "/linux/cgroupsPath", #"must not contain ".."#),
        RuleCase(
            #"/linux/personality = {"domain": "LINUX64"}"#, "/linux/personality/domain",
            "unknown execution domain"),
        RuleCase(
            #"/linux/personality = {"domain": "LINUX", "flags": ["X"]}"#, "/linux/personality/flags/0",
            "unknown flag"),
        RuleCase(#"/linux/personality = {}"#, "/linux/personality/domain", "is required but missing"),
        RuleCase(#"/linux/devices/0/type = "x""#, "/linux/devices/0/type", "expected c, b, u or p"),
        RuleCase(#"/linux/devices/0/path = "dev/fuse""#, "/linux/devices/0/path", "is not an absolute path"),
        RuleCase(
            #"/linux/devices/0/path = "/dev/../etc/x""#, "/linux/devices/0/path", #"must not contain ".."#),
        RuleCase(#"/linux/devices/0/major -"#, "/linux/devices/0/major", "is required but missing"),
        RuleCase(#"/linux/devices/0/minor = -1"#, "/linux/devices/0/minor", "out of range"),
        RuleCase(#"/linux/devices/0/major = 4096"#, "/linux/devices/0/major", "out of range"),
        RuleCase(#"/linux/devices/0/fileMode = 8388608"#, "/linux/devices/0/fileMode", "is not a file mode"),
        RuleCase(
            #"/linux/devices/1 = {"path": "/dev/fuse", "type": "b", "major": 1, "minor": 1}"#,
            "/linux/devices/1/path",
            "another device has the path"),
        RuleCase(
            #"/linux/devices/1 = {"path": "/dev/fuse2", "type": "c", "major": 10, "minor": 229}"#,
            "/linux/devices/1", "is the device of entry 0 again", .warning),
        RuleCase(
            #"/linux/sysctl = {"kernel.core_pattern": "x"}"#, "/linux/sysctl/kernel.core_pattern",
            "whole host"),
        RuleCase(
            #"/linux/sysctl = {"kernel/core_pattern": "x"}"#, "/linux/sysctl/kernel~1core_pattern",
            "whole host"),
        RuleCase(
            #"/linux/sysctl = {"net/../kernel/core_pattern": "x"}"#,
            "/linux/sysctl/net~1..~1kernel~1core_pattern", "is not the name"),
        RuleCase(#"/linux/sysctl = {"net.//.x": "x"}"#, "/linux/sysctl/net.~1~1.x", "is not the name"),
        RuleCase(#"/linux/sysctl = {"net..x": "x"}"#, "/linux/sysctl/net..x", "is not the name"),
        RuleCase(#"/linux/sysctl = {"net": "x"}"#, "/linux/sysctl/net", "is not the name"),
        RuleCase(#"/linux/sysctl = {"": "x"}"#, "/linux/sysctl/", "is not the name"),
        RuleCase(#"/linux/sysctl = {"fs.mqueue": "x"}"#, "/linux/sysctl/fs.mqueue", "whole host"),
        RuleCase(#"/linux/sysctl = {"kernel.hostname": "x"}"#, "/linux/sysctl/kernel.hostname", "conflicts"),
        RuleCase(
            #"/linux/sysctl = {"user.max_mnt_namespaces": "9"}"#, "/linux/sysctl/user.max_mnt_namespaces",
            "needs a user namespace"),
        RuleCase(
            #"/linux/sysctl = {"net.a.b": "1", "net/a/b": "2"}"#, "/linux/sysctl/net~1a~1b", "is given twice"),
        RuleCase(
            #"/linux/sysctl = {"net.a.b": 1}"#, "/linux/sysctl/net.a.b", "expected a string, found a number"),
    ]

    static let badSeccomp: [RuleCase] = [
        RuleCase(
            #"/linux/seccomp/defaultAction = "SCMP_ACT_ALOW""#, "/linux/seccomp/defaultAction",
            #"did you mean "SCMP_ACT_ALLOW"?"#),
        RuleCase(
            #"/linux/seccomp/defaultAction -"#, "/linux/seccomp/defaultAction", "is required but missing"),
        RuleCase(#"/linux/seccomp/defaultErrnoRet = 5000"#, "/linux/seccomp/defaultErrnoRet", "out of range"),
        RuleCase(
            #"/linux/seccomp/architectures/0 = "x86_64""#, "/linux/seccomp/architectures/0",
            "unknown architecture"),
        RuleCase(
            #"/linux/seccomp/flags = ["SECCOMP_FILTER_FLAG_LOGS"]"#, "/linux/seccomp/flags/0", #"_LOG"?"#),
        RuleCase(
            #"/linux/seccomp/flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]"#, "/linux/seccomp/flags/0",
            "needs a rule with SCMP_ACT_NOTIFY"),
        RuleCase(
            #"/linux/seccomp/listenerMetadata = "x""#, "/linux/seccomp/listenerMetadata",
            "without listenerPath"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/names = []"#, "/linux/seccomp/syscalls/0/names", "at least one entry"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/names -"#, "/linux/seccomp/syscalls/0/names",
            "is required but missing"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/names/0 = """#, "/linux/seccomp/syscalls/0/names/0",
            "must not be empty"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/action = "ALLOW""#, "/linux/seccomp/syscalls/0/action",
            "unknown action"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/errnoRet = 1"#, "/linux/seccomp/syscalls/0/errnoRet",
            "does not go with SCMP_ACT_ALLOW"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/args/0/op = "SCMP_CMP_EQUAL""#, "/linux/seccomp/syscalls/0/args/0/op",
            "unknown operator"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/args/0/index = 6"#, "/linux/seccomp/syscalls/0/args/0/index",
            "6 is out of range, expected 0 to 5"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/args/0/value = -1"#, "/linux/seccomp/syscalls/0/args/0/value",
            "out of range"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/args/0/value = 18446744073709551616"#,
            "/linux/seccomp/syscalls/0/args/0/value", "64 bits"),
    ]

    static let badResources: [RuleCase] = [
        RuleCase(
            #"/linux/resources/memory/limit = -2"#, "/linux/resources/memory/limit", "only -1 is allowed"),
        RuleCase(
            #"/linux/resources/memory = {"swap": 5}"#, "/linux/resources/memory/swap",
            "needs a memory limit too"),
        RuleCase(
            #"/linux/resources/memory/swap = 1"#, "/linux/resources/memory/swap", "is below the memory limit"),
        RuleCase(
            #"/linux/resources/memory = {"limit": -1, "swap": 5}"#, "/linux/resources/memory/swap",
            "unlimited"),
        RuleCase(
            #"/linux/resources/memory/reservation = 99999999"#, "/linux/resources/memory/reservation",
            "above the limit", .warning),
        RuleCase(
            #"/linux/resources/memory/swappiness = 101"#, "/linux/resources/memory/swappiness",
            "expected 0 to 100"),
        RuleCase(
            #"/linux/resources/memory/kernel = 5"#, "/linux/resources/memory/kernel", "is ignored", .warning),
        RuleCase(
            #"/linux/resources/memory/kernelTCP = 5"#, "/linux/resources/memory/kernelTCP", "is deprecated",
            .warning),
        RuleCase(#"/linux/resources/cpu/quota = -2"#, "/linux/resources/cpu/quota", "only -1 is allowed"),
        RuleCase(#"/linux/resources/cpu/quota = 999"#, "/linux/resources/cpu/quota", "minimum of 1000"),
        RuleCase(
            #"/linux/resources/cpu/period = 999"#, "/linux/resources/cpu/period", "expected 1000 to 1000000"),
        RuleCase(#"/linux/resources/cpu/burst = 60000"#, "/linux/resources/cpu/burst", "is above the quota"),
        RuleCase(#"/linux/resources/cpu/idle = 2"#, "/linux/resources/cpu/idle", "expected 0 to 1"),
        RuleCase(#"/linux/resources/cpu/cpus = "0-""#, "/linux/resources/cpu/cpus", "is not a list"),
        RuleCase(#"/linux/resources/cpu/mems = "3-1""#, "/linux/resources/cpu/mems", "is not a list"),
        RuleCase(
            #"/linux/resources/cpu/realtimeRuntime = -2"#, "/linux/resources/cpu/realtimeRuntime", "only -1"),
        RuleCase(#"/linux/resources/cpu/shares = -1"#, "/linux/resources/cpu/shares", "out of range"),
        RuleCase(#"/linux/resources/pids/limit = -2"#, "/linux/resources/pids/limit", "only -1 is allowed"),
        RuleCase(
            #"/linux/resources/devices/0/type = "p""#, "/linux/resources/devices/0/type", "expected a, b or c"
        ),
        RuleCase(
            #"/linux/resources/devices/0/access = "rwx""#, "/linux/resources/devices/0/access",
            #"unknown access "x""#),
        RuleCase(
            #"/linux/resources/devices/0/allow -"#, "/linux/resources/devices/0/allow",
            "is required but missing"),
        RuleCase(
            #"/linux/resources/unified = {"../x": "1"}"#, "/linux/resources/unified/..~1x", "is not the name"),
        RuleCase(#"/linux/resources/unified = {"": "1"}"#, "/linux/resources/unified/", "is not the name"),
    ]

    static let unsupported: [RuleCase] = [
        RuleCase(#"/process -"#, "/process", "without a process is not supported yet"),
        RuleCase(#"/linux/namespaces/5 = {"type": "user"}"#, "/linux/uidMappings", "is required but missing"),
        RuleCase(
            #"/linux/uidMappings = [{"containerID": 0, "hostID": 1, "size": 1}]"#, "/linux/uidMappings",
            "needs a user namespace"),
        RuleCase(
            #"/linux/uidMappings = [{"containerID": 0, "hostID": 1, "size": 1}]"#, "/linux/gidMappings",
            "uidMappings is given"),
        RuleCase(
            #"/linux/uidMappings = [{"containerID": 0, "hostID": 1, "size": 0}]"#,
            "/linux/uidMappings/0/size", "above 0"),
        RuleCase(
            #"/linux/uidMappings = [{"containerID": 4294967290, "hostID": 1, "size": 9}]"#,
            "/linux/uidMappings/0", "beyond"),
        RuleCase(
            #"/linux/uidMappings = [{"containerID": 0, "hostID": 1, "size": 5},{"containerID": 4, "hostID": 90, "size": 9}]"#,
            "/linux/uidMappings/1", "overlaps range 0"),
        RuleCase(#"/mounts/1/options = ["bind", "idmap"]"#, "/mounts/1/options", "idmap needs uidMappings"),
        RuleCase(
            #"/mounts/1/options = ["bind", "ridmap=uids=0-1-1"]"#, "/mounts/1/options/1",
            "gids= is required but missing"),
        RuleCase(
            #"/mounts/1/options = ["bind", "dest-nofollow", "copy-symlink"]"#, "/mounts/1/options/2",
            "exclude each other"),
        RuleCase(
            #"/mounts/1/uidMappings = [{"containerID": 0, "hostID": 1, "size": 1}]"#, "/mounts/1/gidMappings",
            "is given"),
        RuleCase(
            #"/mounts/1/uidMappings = [{"containerID": 0, "hostID": 1, "size": 1}]"#, "/mounts/1/options",
            "neither idmap", .warning),
        RuleCase(
            #"/linux/resources/blockIO = {"weight": 9}"#, "/linux/resources/blockIO/weight",
            "expected 10 to 1000"),
        RuleCase(
            #"/linux/resources/blockIO = {"weightDevice": [{"major": 1, "minor": 2}]}"#,
            "/linux/resources/blockIO/weightDevice/0", "needs"),
        RuleCase(
            #"/linux/resources/hugepageLimits = [{"pageSize": "2M", "limit": 0}]"#,
            "/linux/resources/hugepageLimits/0/pageSize", "page size"),
        RuleCase(#"/linux/resources/rdma = {"m": {}}"#, "/linux/resources/rdma/m", "needs hcaHandles"),
    ]

    static let badAttributes: [RuleCase] = [
        RuleCase(
            #"/process/scheduler = {"policy": "BATCH"}"#, "/process/scheduler/policy",
            "unknown scheduling policy"),
        RuleCase(
            #"/process/scheduler = {"policy": "SCHED_RR"}"#, "/process/scheduler/priority", "expected 1 to 99"
        ),
        RuleCase(
            #"/process/scheduler = {"policy": "SCHED_RR", "priority": 1, "nice": 2}"#,
            "/process/scheduler/nice", "does not go"),
        RuleCase(
            #"/process/scheduler = {"policy": "SCHED_OTHER", "nice": 20}"#, "/process/scheduler/nice",
            "expected -20 to 19"),
        RuleCase(
            #"/process/scheduler = {"policy": "SCHED_OTHER", "period": 2}"#, "/process/scheduler/period",
            "does not go"),
        RuleCase(
            #"/process/scheduler = {"policy": "SCHED_OTHER", "flags": ["X"]}"#, "/process/scheduler/flags/0",
            "unknown"),
        RuleCase(
            #"/process/ioPriority = {"class": "IOPRIO_CLASS_RT", "priority": 8}"#,
            "/process/ioPriority/priority", "0 to 7"),
        RuleCase(#"/process/ioPriority = {"class": "RT"}"#, "/process/ioPriority/class", "unknown I/O class"),
        RuleCase(
            #"/process/execCPUAffinity = {"final": "0-x"}"#, "/process/execCPUAffinity/final", "is not a list"
        ),
        RuleCase(
            #"/linux/netDevices = {"eth0": {"name": "a b"}}"#, "/linux/netDevices/eth0/name", "is not a name"),
        RuleCase(
            #"/linux/intelRdt = {"closID": "a/b"}"#, "/linux/intelRdt/closID",
            "is not the name of a directory"),
        RuleCase(
            #"/linux/intelRdt = {"memBwSchema": "L3:1"}"#, "/linux/intelRdt/memBwSchema",
            #"starts with "MB:""#),
        RuleCase(#"/linux/intelRdt = {"schemata": ["a\nb"]}"#, "/linux/intelRdt/schemata/0", "line break"),
        RuleCase(
            #"/linux/memoryPolicy = {"mode": "MPOL_BAND"}"#, "/linux/memoryPolicy/mode",
            "unknown memory policy"),
        RuleCase(
            #"/linux/timeOffsets = {"boottime": {"secs": 1}}"#, "/linux/timeOffsets",
            "needs a new time namespace"),
        RuleCase(#"/linux/timeOffsets = {"realtime": {}}"#, "/linux/timeOffsets/realtime", "unknown clock"),
        RuleCase(
            #"/linux/timeOffsets = {"boottime": {"nanosecs": 1000000000}}"#,
            "/linux/timeOffsets/boottime/nanosecs", "range"),
        RuleCase(
            #"/linux/seccomp/syscalls/0/action = "SCMP_ACT_NOTIFY""#, "/linux/seccomp/listenerPath",
            "is required but missing"),
        RuleCase(
            #"/linux/seccomp/syscalls/0 = {"names": ["read", "write"], "action": "SCMP_ACT_NOTIFY"}"#,
            "/linux/seccomp/syscalls/0/names/1", "write"),
        RuleCase(
            #"/linux/seccomp/defaultAction = "SCMP_ACT_NOTIFY""#, "/linux/seccomp/defaultAction",
            "nothing could answer"),
        RuleCase(
            #"/linux/netDevices = {"eth0": {"name": "net"}, "eth1": {"name": "net"}}"#,
            "/linux/netDevices/eth1", "another device gets the name"),
        RuleCase(
            #"/linux/memoryPolicy = {"mode": "MPOL_LOCAL", "nodes": "0"}"#, "/linux/memoryPolicy/nodes",
            "does not go with MPOL_LOCAL"),
        RuleCase(
            #"/linux/memoryPolicy = {"mode": "MPOL_BIND"}"#, "/linux/memoryPolicy/nodes", "needs nodes"),
        RuleCase(
            #"/linux/memoryPolicy = {"mode": "MPOL_BIND", "nodes": "0-x"}"#, "/linux/memoryPolicy/nodes",
            "is not a list"),
        RuleCase(
            #"/linux/memoryPolicy = {"mode": "MPOL_PREFERRED", "flags": ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"]}"#,
            "/linux/memoryPolicy/flags/1", "does not go with MPOL_F_STATIC_NODES"),
    ]

    static let nothingAsked: [String] = [
        #"/process/apparmorProfile = """#, #"/process/selinuxLabel = """#, #"/process/terminal = false"#,
        #"/process/apparmorProfile = "x""#, #"/process/selinuxLabel = "x""#, #"/linux/mountLabel = "x""#,
        #"/process/scheduler = {"policy": "SCHED_DEADLINE", "runtime": 1, "deadline": 2, "period": 3}"#,
        #"/process/ioPriority = {"class": "IOPRIO_CLASS_RT", "priority": 3}"#,
        #"/process/execCPUAffinity = {"initial": "0-1, 3", "final": "0"}"#,
        #"/linux/netDevices = {"eth0": {"name": "c%d"}}"#, #"/linux/intelRdt = {"closID": "x"}"#,
        #"/linux/memoryPolicy = {"mode": "MPOL_PREFERRED"}"#,
        #"/process/execCPUAffinity = {}"#, #"/process/scheduler = null"#, #"/linux/netDevices = {}"#,
        #"/linux/intelRdt = {}"#, #"/linux/mountLabel = """#, #"/linux/timeOffsets = {}"#,
        #"/linux/uidMappings = []"#,
        #"/linux/resources/blockIO = {"throttleReadBpsDevice": [{"major": 1, "minor": 2, "rate": 0}]}"#,
        #"/linux/resources/hugepageLimits = [{"pageSize": "2MB", "limit": 0}]"#,
        #"/linux/resources/network = {"classID": 1}"#,
        #"/linux/resources/rdma = {"m": {"hcaHandles": 1}}"#,
        #"/linux/resources/blockIO = {}"#, #"/linux/resources/blockIO = {"weight": 0, "weightDevice": []}"#,
        #"/linux/resources/hugepageLimits = []"#, #"/linux/resources/network = {"priorities": []}"#,
        #"/linux/resources/network = {"classID": 0}"#, #"/linux/resources/rdma = {}"#,
        #"/windows = {"x": 1}"#,
        #"/process/commandLine = "x""#, #"/process/user/username = "x""#,
        #"/linux/seccomp/listenerPath = "/x""#,
        #"/linux/resources/memory = {"limit": 0, "swap": 0, "kernel": 0}"#,
        #"/linux/resources/memory = {"swap": -1}"#,
        #"/linux/resources/cpu = {"shares": 0, "quota": 0, "period": 0, "cpus": "", "mems": ""}"#,
        #"/linux/resources/pids/limit = -1"#,
        #"/linux/resources/devices/0 = {"allow": true, "type": "", "access": ""}"#,
        #"/linux/sysctl = {"net.ipv4.conf.eth0/100.forwarding": "1", "kernel/shm_rmid_forced": "1", "fs.mqueue.msg_max": "9", "kernel.domainname": "x"}"#,
        #"/linux/devices/0/fileMode = 8630"#, #"/linux/devices/0 = {"path": "/dev/p", "type": "p"}"#,
        #"/mounts/0/options = ["mode=755", "size=1", "newinstance", "rprivate", "discard", "acl"]"#,
        #"/process/rlimits/0/hard = 18446744073709551615"#, #"/ociVersion = "1.0.2-dev+x.y""#,
        #"/annotations = {"a.b": ""}"#,
        #"/annotations = {"org.opencontainers.image.created": "2026-11-23T17:13:16.5+01:00", "org.opencontainers.image.stopSignal": "RTMIN+1"}"#,
        #"/root/path = "./rootfs/""#, #"/root/path = "/srv/x""#,
        #"/mounts/3 = {"destination": "/dev", "source": "/dev", "options": ["rbind"]}"#,
        #"/linux/rootfsPropagation = "rslave""#, #"/linux/resources/cpu/cpus = "0-3, 7""#,
    ]
}
