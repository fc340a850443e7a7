// config-linux.md and config.md: values that the spec calls wrong, and capabilities that cannot be granted.
import Foundation

private func refused(
    _ id: String, _ title: String, _ source: String, tags: Set<Tag> = [],
    _ spoil: @escaping @Sendable (inout JSON) -> Void
) -> Case {
    Case(id, title, source, tags: tags) { t in
        let outcome = try t.container(["args"], spoil).refusedCreate()
        try equal(outcome.out, "", "stdout")
    }
}

private func seccomp(_ rule: JSON, more: JSON = [:]) -> JSON {
    var profile = more
    if profile.defaultAction == .null { profile.defaultAction = "SCMP_ACT_ALLOW" }
    profile.syscalls = [rule]
    return profile
}

let invalidValueCases: [Case] = [
    refused("bad.annotation-empty-key", "annotation without a key", "config.md Annotations") {
        $0.annotations = ["": "x"]
    },
    refused("readonly.relative", "a read-only path that is not absolute", "config-linux.md Readonly Paths") {
        $0.linux.readonlyPaths = ["proc/sys"]
    },
    refused("seccomp.no-names", "a rule without names", "config-linux.md Seccomp", tags: [.seccomp]) {
        $0.linux.seccomp = seccomp(["names": [], "action": "SCMP_ACT_ERRNO"])
    },
    refused(
        "seccomp.errno-unsupported", "errnoRet with an action without an error", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) {
        $0.linux.seccomp = seccomp(["names": ["acct"], "action": "SCMP_ACT_KILL", "errnoRet": 5])
    },
    refused(
        "seccomp.default-errno-unsupported", "defaultErrnoRet with an action without an error",
        "config-linux.md Seccomp", tags: [.seccomp]
    ) {
        $0.linux.seccomp = seccomp(
            ["names": ["acct"], "action": "SCMP_ACT_ERRNO"],
            more: ["defaultAction": "SCMP_ACT_LOG", "defaultErrnoRet": 5])
    },
    Case(
        "seccomp.listener-unreachable", "a listener that is not there is an error", "config-linux.md Seccomp",
        tags: [.seccomp]
    ) { t in
        let c = try t.container(["args"])
        c.config.linux.seccomp = seccomp(
            ["names": ["sethostname"], "action": "SCMP_ACT_NOTIFY"],
            more: ["listenerPath": .string(t.directory + "/nobody")])
        let outcome = try c.run()
        try check(outcome.status != 0, "run succeeded")
        try lacks(outcome.out, "arg=", "output")
    },
    Case(
        "intelrdt.unavailable", "intelRdt without a mounted resctrl is an error", "config-linux.md IntelRdt"
    ) { t in
        let mounts = Mount.table(Files.read("/proc/self/mountinfo") ?? "")
        if mounts.contains(where: { $0.type == "resctrl" }) { throw Skip("resctrl is mounted here") }
        try t.container(["args"]) {
            $0.linux.intelRdt = ["closID": "conformance", "memBwSchema": "MB:0=50"]
        }.refusedCreate()
    },
    Case(
        "devices.path-taken", "a file that is another one at a device's path is an error",
        "config-linux.md Devices"
    ) { t in
        let c = try t.container(["args"]) {
            $0.linux.devices = [["path": "/opt/taken", "type": "c", "major": 1, "minor": 3]]
        }
        try Files.write(c.inside("opt/taken"), "a file")
        try c.refusedCreate()
        try equal(Files.read(c.inside("opt/taken")), "a file", "the file")
    },
    Case(
        "caps.cannot-grant", "a capability that the runtime lacks is no reason to fail",
        "config.md Linux Process"
    ) { t in
        let c = try t.container(["caps"]) {
            for set in ["bounding", "effective", "permitted"] {
                $0.process.capabilities[set] = ["CAP_CHOWN", "CAP_SYS_BOOT"]
            }
        }
        c.prefix = ["setpriv", "--bounding-set=-sys_boot", "--inh-caps=-sys_boot"]
        let out = try c.output()["caps"]
        try equal(out["CapEff"], Names.mask(["CAP_CHOWN"]), "effective")
    },
    Case(
        "caps.unknown-is-a-warning", "a capability that the kernel does not know is no reason to fail",
        "config.md Linux Process"
    ) { t in
        let out = try t.output(["caps"]) {
            for set in ["bounding", "effective", "permitted"] {
                $0.process.capabilities[set] = ["CAP_CHOWN", "CAP_NOPE"]
            }
        }["caps"]
        try equal(out["CapEff"], Names.mask(["CAP_CHOWN"]), "effective")
    },
    Case(
        "cgroups.path-again", "one cgroupsPath is one place", "config-linux.md Cgroups Path", tags: [.cgroups]
    ) { t in
        var places: [[String: String]] = []
        for _ in 0..<2 {
            let c = try t.container(["pause"]) {
                $0.linux.cgroupsPath = "/conformance.test/\(t.mark)-again"
            }
            try c.create()
            places.append(Outside.cgroups(of: try c.pid()))
            try c.delete(force: true)
        }
        try check(!places[0].isEmpty, "no cgroups")
        try equal(places[0], places[1], "the cgroups")
        try check(places[0].values.contains { $0.hasSuffix("\(t.mark)-again") }, "another place")
    },
    Case(
        "cgroups.owner-v1", "the files of a v1 cgroup stay root's", "config-linux.md Cgroup ownership",
        tags: [.cgroups]
    ) { t in
        guard t.host.v1["pids"] != nil else { throw Skip("no cgroup v1 hierarchy for pids") }
        let c = try t.paused { $0.process.user = ["uid": 1000, "gid": 1000] }
        try belongToRoot(try c.group("pids"))
    },
    refused(
        "cgroups.weight-device-empty", "a weight of a device that gives neither weight nor leafWeight",
        "config-linux.md Block IO", tags: [.cgroups]
    ) {
        $0.linux.resources.blockIO.weightDevice = [["major": 8, "minor": 0]]
    },
    refused(
        "cgroups.rdma-empty", "a limit of an RDMA device that gives neither hcaHandles nor hcaObjects",
        "config-linux.md RDMA", tags: [.cgroups]
    ) {
        $0.linux.resources.rdma = ["mlx5_0": [:]]
    },
    Case(
        "cgroups.rdma-limit", "the limits of an RDMA device", "config-linux.md RDMA", tags: [.cgroups]
    ) { t in
        let root = t.host.v1["rdma"] ?? t.host.unified ?? ""
        guard let device = (Files.read(root + "/rdma.current") ?? "").words.first else {
            throw Skip("no RDMA device, or no controller for it")
        }
        let c = try t.paused { $0.linux.resources.rdma[device] = ["hcaHandles": 3, "hcaObjects": 10000] }
        let text = try c.groupFile(t.host.v1["rdma"] == nil ? "" : "rdma", "rdma.max")
        try contains(text, "\(device) hca_handle=3 hca_object=10000", "rdma.max")
    },
    Case(
        "cgroups.owner-without-namespace", "without a cgroup namespace the files stay root's",
        "config-linux.md Cgroup ownership", tags: [.cgroups]
    ) { t in
        guard t.host.onlyUnified else { throw Skip("cgroup v2 is not the only hierarchy") }
        let c = try t.paused { $0.process.user = ["uid": 1000, "gid": 1000] }
        try belongToRoot(try c.group(""))
    },
    Case(
        "cgroups.v2-unified-file", "a file of cgroup v2 that the runtime does not know is written",
        "config-linux.md Unified", tags: [.cgroups]
    ) { t in
        guard t.host.onlyUnified else { throw Skip("cgroup v2 is not the only hierarchy") }
        let c = try t.paused { $0.linux.resources.unified = ["cgroup.max.descendants": "17"] }
        try equal(try c.groupFile("", "cgroup.max.descendants"), "17", "cgroup.max.descendants")
    },
]

private func belongToRoot(_ group: String) throws {
    for path in [group] + Files.names(group).map({ group + "/" + $0 }) {
        var status = stat()
        try check(stat(path, &status) == 0, "no \(path)")
        try equal(status.st_uid, 0, "owner of \(path)")
    }
}
