// When, where and how the process runs: scheduler, I/O priority, CPUs, memory policy, security modules.
import Foundation
import Launch

private struct Policy {
    let name: String
    let number: Int
    let scheduler: JSON
    let wanted: [String: String]
}

private let policies: [Policy] = [
    Policy(
        name: "SCHED_OTHER", number: 0, scheduler: ["policy": "SCHED_OTHER", "nice": 7], wanted: ["nice": "7"]
    ),
    Policy(
        name: "SCHED_BATCH", number: 3, scheduler: ["policy": "SCHED_BATCH", "nice": -3],
        wanted: ["nice": "-3"]),
    Policy(name: "SCHED_IDLE", number: 5, scheduler: ["policy": "SCHED_IDLE"], wanted: [:]),
    Policy(
        name: "SCHED_FIFO", number: 1, scheduler: ["policy": "SCHED_FIFO", "priority": 10],
        wanted: ["priority": "10"]),
    Policy(
        name: "SCHED_RR", number: 2, scheduler: ["policy": "SCHED_RR", "priority": 99],
        wanted: ["priority": "99"]),
    Policy(
        name: "SCHED_DEADLINE", number: 6,
        scheduler: [
            "policy": "SCHED_DEADLINE", "runtime": 10_000_000, "deadline": 30_000_000, "period": 40_000_000,
            "flags": ["SCHED_FLAG_RECLAIM"],
        ],
        wanted: ["runtime": "10000000", "deadline": "30000000", "period": "40000000", "flags": "2"]),
]

/// The label that this process runs with.
private func hostLabel() throws -> String {
    guard Files.exists("/sys/fs/selinux/policyvers"), let own = Files.read("/proc/self/attr/current") else {
        throw Skip("the kernel has no SELinux")
    }
    let label = own.replacingOccurrences(of: "\0", with: "").trimmed
    // Until a policy is there, every word is a label.
    guard label.contains(":") else { throw Skip("SELinux has no policy loaded") }
    return label
}

let processAttributeCases: [Case] =
    policies.map { policy in
        Case(
            "process.scheduler-\(policy.name.dropFirst(6).lowercased())",
            "the scheduling policy \(policy.name)",
            "config.md Linux Process"
        ) { t in
            if policy.scheduler.priority != .null, let cpu = t.host.v1["cpu"],
                Files.exists(cpu + "/cpu.rt_runtime_us")
            {
                throw Skip("a new cgroup of v1 has no real-time budget (CONFIG_RT_GROUP_SCHED)")
            }
            if policy.scheduler.priority != .null,
                try t.command(["chrt", "--rr", "1", "true"]).run().status != 0
            {
                throw Skip(
                    "the kernel refuses real-time policies outside of the root cgroup (CONFIG_RT_GROUP_SCHED)"
                )
            }
            let out = try t.output(["sched"]) { $0.process.scheduler = policy.scheduler }
            try equal(out["sched"]["policy"], "\(policy.number)", "policy")
            for (key, value) in policy.wanted { try equal(out["sched"][key], value, key) }
        }
    } + [
        Case("process.scheduler-flags", "SCHED_FLAG_RESET_ON_FORK", "config.md Linux Process") { t in
            let out = try t.output(["sched", "+", "child", "sched"]) {
                $0.process.scheduler = ["policy": "SCHED_BATCH", "flags": ["SCHED_FLAG_RESET_ON_FORK"]]
            }
            try equal(out["sched"]["flags"], "1", "flags")
            try equal(out["child"]["policy"], "3", "policy of a child, which is no real-time one")
        },
        Case(
            "process.scheduler-refused", "an unknown policy or flag, and parameters that do not fit",
            "config.md Linux Process"
        ) { t in
            let bad: [JSON] = [
                ["policy": "SCHED_NOPE"], ["policy": "SCHED_OTHER", "flags": ["SCHED_FLAG_NOPE"]],
                ["policy": "SCHED_FIFO", "priority": 100],
                ["policy": "SCHED_DEADLINE", "runtime": 50, "deadline": 30, "period": 40],
            ]
            for scheduler in bad {
                try t.container(["args"]) { $0.process.scheduler = scheduler }.refusedCreate()
            }
        },
        Case(
            "process.scheduler-cpuset", "SCHED_DEADLINE does not go with a cpuset", "peers.md 2",
            tags: [.contract]
        ) { t in
            try t.container(["args"]) {
                $0.process.scheduler = [
                    "policy": "SCHED_DEADLINE", "runtime": 10_000_000, "deadline": 30_000_000,
                    "period": 40_000_000,
                ]
                $0.linux.resources = ["cpu": ["cpus": "0"]]
            }.refusedCreate()
        },
        Case("process.io-priority", "the I/O priority, each class", "config.md Linux Process") { t in
            for (name, number, level) in [
                ("IOPRIO_CLASS_BE", 2, 6), ("IOPRIO_CLASS_IDLE", 3, 0), ("IOPRIO_CLASS_RT", 1, 3),
            ] {
                let out = try t.output(["sched"]) {
                    $0.process.ioPriority = ["class": .string(name), "priority": .int(level)]
                }
                try equal(out["sched"]["ioclass"], "\(number)", "class of \(name)")
                try equal(out["sched"]["iolevel"], "\(level)", "level of \(name)")
            }
        },
        Case("process.io-priority-refused", "an unknown class", "config.md Linux Process") { t in
            try t.container(["args"]) {
                $0.process.ioPriority = ["class": "IOPRIO_CLASS_NOPE", "priority": 1]
            }.refusedCreate()
        },
        Case(
            "process.affinity", "the caller's CPU affinity is not the container's", "peers.md 3.1",
            tags: [.contract]
        ) { t in
            let all = ProbeOutput((try t.command([t.probe, "sched"]).run()).out)["sched"]["cpus"]
            guard let count = Int(all), count > 1 else { throw Skip("there is only one CPU") }
            let c = try t.container(["sched"])
            c.prefix = ["taskset", "-c", "0"]
            try equal(try c.output()["sched"]["cpus"], all, "CPUs")
        },
        Case(
            "process.affinity-cpuset", "a cpuset confines it all the same", "config-linux.md Control groups",
            tags: [.cgroups]
        ) { t in
            guard t.host.hasController("cpuset") else { throw Skip("no cpuset controller") }
            let out = try t.output(["sched"]) { $0.linux.resources = ["cpu": ["cpus": "0", "mems": "0"]] }
            try equal(out["sched"]["cpus"], "1", "CPUs")
        },
        Case(
            "process.exec-affinity",
            "execCPUAffinity is taken for exec, and changes nothing here; a bad list is refused",
            "config.md Linux Process"
        ) { t in
            let all = ProbeOutput((try t.command([t.probe, "sched"]).run()).out)["sched"]["cpus"]
            let out = try t.output(["sched"]) {
                $0.process.execCPUAffinity = ["initial": "0", "final": "0-0"]
            }
            try equal(out["sched"]["cpus"], all, "CPUs")
            try t.container(["args"]) { $0.process.execCPUAffinity = ["initial": "zero"] }.refusedCreate()
        },
        Case("process.console-size", "consoleSize without a terminal means nothing", "config.md Process") {
            t in
            _ = try t.output(["args"]) { $0.process.consoleSize = ["height": 24, "width": 80] }
        },
        Case("linux.memory-policy", "the NUMA memory policy", "config-linux.md Memory policy") { t in
            guard Files.exists("/sys/devices/system/node/node0") else { throw Skip("the kernel has no NUMA") }
            let rows: [(policy: JSON, mode: Int, nodes: String)] = [
                (["mode": "MPOL_BIND", "nodes": "0"], 2, "1"),
                (["mode": "MPOL_INTERLEAVE", "nodes": "0"], 3, "1"),
                (["mode": "MPOL_PREFERRED", "nodes": "0"], 1, "1"), (["mode": "MPOL_LOCAL"], 4, "0"),
                (["mode": "MPOL_DEFAULT"], 0, "0"),
                (["mode": "MPOL_PREFERRED_MANY", "nodes": "0-0"], 5, "1"),
                (["mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]], 2 | 1 << 15, "1"),
                (["mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_RELATIVE_NODES"]], 2 | 1 << 14, "1"),
                (["mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NUMA_BALANCING"]], 2 | 1 << 13, "1"),
                (["mode": "MPOL_WEIGHTED_INTERLEAVE", "nodes": "0"], 6, "1"),
            ]
            // MPOL_WEIGHTED_INTERLEAVE came with Linux 6.9.
            for row in rows where row.mode != 6 || policy_error(6) == 0 {
                let out = try t.output(["sched"]) { $0.linux.memoryPolicy = row.policy }
                try equal(out["sched"]["mempolicy"], "\(row.mode)", "mode of \(row.policy)")
                try equal(out["sched"]["nodes"], row.nodes, "nodes of \(row.policy)")
            }
        },
        Case("linux.memory-policy-refused", "bad memory policies", "config-linux.md Memory policy") { t in
            let bad: [JSON] = [
                ["mode": "MPOL_NOPE"], ["mode": "MPOL_BIND"], ["mode": "MPOL_BIND", "nodes": "x"],
                ["mode": "MPOL_DEFAULT", "nodes": "0"],
                ["mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NOPE"]],
            ]
            for policy in bad { try t.container(["args"]) { $0.linux.memoryPolicy = policy }.refusedCreate() }
        },
        Case("process.apparmor", "the AppArmor profile of the process", "config.md Linux Process") { t in
            guard (Files.read("/sys/module/apparmor/parameters/enabled") ?? "").hasPrefix("Y") else {
                throw Skip("the kernel has no AppArmor")
            }
            let out = try t.output(["cat", "/proc/self/attr/current"]) {
                $0.process.apparmorProfile = "unconfined"
            }
            try contains(out["cat"].text, "unconfined", "profile")
            try t.container(["args"]) { $0.process.apparmorProfile = "no-such-profile" }.refusedCreate()
        },
        Case(
            "process.apparmor-enforced", "a profile confines the process, with and without noNewPrivileges",
            "config.md Linux Process", tags: [.security]
        ) { t in
            let profiles = Files.read("/sys/kernel/security/apparmor/profiles") ?? ""
            guard profiles.contains("conformance-labels") else {
                throw Skip("the profile of conformance/vm/labels is not loaded")
            }
            for (noNew, uid) in [(true, 0), (true, 1000), (false, 0), (false, 1000)] {
                let commands = [
                    "cat", "/proc/self/attr/current", "+", "write", "/tmp/allowed", "x", "+", "write",
                    "/tmp/denied", "x",
                ]
                let out = try t.output(commands) {
                    $0.process.apparmorProfile = "conformance-labels"
                    $0.process.noNewPrivileges = .bool(noNew)
                    $0.process.user = ["uid": .int(uid), "gid": 0]
                    $0.mounts.append(
                        [
                            "destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
                            "options": ["mode=1777"],
                        ])
                }
                try contains(out["cat"].text, "conformance-labels (enforce)", "profile")
                try equal(out["write /tmp/allowed"]["write"], "ok", "what it allows")
                try equal(out["write /tmp/denied"]["write"], "EACCES", "what it denies")
            }
        },
        Case(
            "process.apparmor-absent", "a profile that cannot be applied is an error",
            "config.md Linux Process",
            tags: [.security]
        ) { t in
            guard !(Files.read("/sys/module/apparmor/parameters/enabled") ?? "").hasPrefix("Y") else {
                throw Skip("the kernel has AppArmor")
            }
            try t.container(["args"]) { $0.process.apparmorProfile = "some-profile" }.refusedCreate()
        },
        Case("process.selinux", "the SELinux label of the process", "config.md Linux Process") { t in
            let label = try hostLabel()
            let out = try t.output(["cat", "/proc/self/attr/current"]) {
                $0.process.selinuxLabel = .string(label)
            }
            try contains(out["cat"].text, label, "label")
            try t.container(["args"]) { $0.process.selinuxLabel = "no-label" }.refusedCreate()
        },
        Case(
            "process.selinux-transition", "the process gets another label than the runtime's",
            "config.md Linux Process", tags: [.security]
        ) { t in
            guard try hostLabel().contains(":kernel_t:") else {
                throw Skip("the policy is not that of conformance/vm/labels")
            }
            let out = try t.output([
                "cat", "/proc/self/attr/current", "+", "child", "cat", "/proc/self/attr/current",
            ]) {
                $0.process.selinuxLabel = "system_u:r:container_t:s0:c1,c2"
            }
            try contains(out["cat"].text, "system_u:r:container_t:s0:c1,c2", "label")
            try contains(out["child"].text, "system_u:r:container_t:s0:c1,c2", "label of a child")
        },
        Case("linux.mount-label", "the SELinux label of mounts", "config-linux.md Mount Label") { t in
            guard try hostLabel().contains(":kernel_t:") else {
                throw Skip("the policy is not that of conformance/vm/labels")
            }
            let label = "system_u:object_r:container_file_t:s0:c1,c2"
            let out = try t.output(["cat", "/proc/self/mountinfo"]) {
                $0.linux.mountLabel = .string(label)
                $0.mounts.append(["destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue"])
                $0.mounts.append(["destination": "/sys", "type": "sysfs", "source": "sysfs"])
            }
            let mounts = Mount.table(out["cat"].text)
            guard let dev = mounts.first(where: { $0.point == "/dev" }) else { throw Failure("no /dev") }
            try contains(dev.superOptions.joined(separator: ","), "container_file_t", "options of /dev")
        },
        Case(
            "process.selinux-absent", "a label that cannot be applied is an error", "config.md Linux Process",
            tags: [.security, .contract]
        ) { t in
            guard !Files.exists("/sys/fs/selinux/policyvers") else { throw Skip("the kernel has SELinux") }
            try t.container(["args"]) { $0.process.selinuxLabel = "a:b:c:s0" }.refusedCreate()
        },
        Case(
            "linux.mount-label-absent", "a mount label that cannot be applied is an error",
            "config-linux.md Mount Label", tags: [.security, .contract]
        ) { t in
            guard !Files.exists("/sys/fs/selinux/policyvers") else { throw Skip("the kernel has SELinux") }
            try t.container(["args"]) { $0.linux.mountLabel = "a:b:c:s0" }.refusedCreate()
        },
        Case(
            "linux.time-offsets", "the clocks of a time namespace are off by what is asked for",
            "config-linux.md Offset for Time Namespace"
        ) { t in
            guard Files.exists("/proc/self/ns/time") else { throw Skip("the kernel has no time namespaces") }
            let host = ProbeOutput(try t.command([t.probe, "clock"]).run().out)["clock"]
            let out = try t.output(["clock", "+", "child", "clock"]) {
                $0.setNamespace("time")
                $0.linux.timeOffsets = [
                    "monotonic": ["secs": 1_000_000, "nanosecs": 500_000_000],
                    "boottime": ["secs": 2_000_000],
                ]
            }
            for (clock, offset) in [("monotonic", 1_000_000), ("boottime", 2_000_000)] {
                let (before, inside) = (Int(host[clock]) ?? 0, Int(out["clock"][clock]) ?? 0)
                try check(
                    (offset...(offset + 60)).contains(inside - before),
                    "\(clock) is off by \(inside - before)")
                try check((Int(out["child"][clock]) ?? 0) >= inside, "\(clock) of a child")
            }
        },
        Case(
            "linux.time-offsets-refused", "offsets without a new time namespace, and of an unknown clock",
            "config-linux.md Offset for Time Namespace"
        ) { t in
            try t.container(["args"]) { $0.linux.timeOffsets = ["monotonic": ["secs": 1]] }.refusedCreate()
            try t.container(["args"]) {
                $0.setNamespace("time")
                $0.linux.timeOffsets = ["realtime": ["secs": 1]]
            }.refusedCreate()
        },
        Case(
            "sysctl.joined-host",
            "a sysctl of a namespace that is joined by path and is the host's is refused",
            "config-linux.md Sysctl", tags: [.security]
        ) { t in
            // The runtime has a network namespace of its own here, so that nothing of the host's can change.
            let c = try t.container(["args"]) {
                $0.setNamespace("network", path: "/proc/self/ns/net")
                $0.linux.sysctl = ["net.ipv4.ip_forward": "1"]
            }
            c.prefix = ["unshare", "-n"]
            try c.refusedCreate()
        },
        Case("linux.intel-rdt", "a class of service and a monitoring group", "config-linux.md IntelRdt") {
            t in
            let mounts = Mount.table(Files.read("/proc/self/mountinfo") ?? "")
            guard let resctrl = mounts.first(where: { $0.type == "resctrl" })?.point else {
                throw Skip("no resctrl file system is mounted")
            }
            let c = try t.paused { $0.linux.intelRdt = ["enableMonitoring": true] }
            let tasks = Files.read("\(resctrl)/\(c.id)/tasks") ?? ""
            try check(tasks.words.contains("\(try c.pid())"), "the process is not in the group")
            try check(Files.exists("\(resctrl)/\(c.id)/mon_groups/\(c.id)"), "no monitoring group")
            try c.delete(force: true)
            try check(!Files.exists("\(resctrl)/\(c.id)"), "the group is left")
        },
        Case(
            "linux.intel-rdt-absent", "without resctrl it is an error", "config-linux.md IntelRdt"
        ) { t in
            let mounts = Mount.table(Files.read("/proc/self/mountinfo") ?? "")
            guard !mounts.contains(where: { $0.type == "resctrl" }) else { throw Skip("resctrl is mounted") }
            try t.container(["args"]) { $0.linux.intelRdt = ["closID": "x"] }.refusedCreate()
        },
    ]
