// linux.namespaces: new, absent, and joined by path.
import Foundation

private let kinds: [(config: String, link: String)] = [
    ("mount", "mnt"), ("uts", "uts"), ("ipc", "ipc"), ("pid", "pid"), ("network", "net"),
    ("cgroup", "cgroup"),
]

let namespaceCases: [Case] =
    kinds.map { kind in
        Case(
            "namespaces.new-\(kind.config)", "a \(kind.config) namespace of its own",
            "config-linux.md Namespaces"
        ) { t in
            let c = try t.paused { $0.setNamespace(kind.config) }
            let inside = Outside.namespace("\(try c.pid())", kind.link)
            try check(
                inside != Outside.namespace("self", kind.link) && inside != "none", "namespace is \(inside)")
        }
    }
    + kinds.filter { $0.config != "mount" }.map { kind in
        Case(
            "namespaces.absent-\(kind.config)",
            "without the entry the \(kind.config) namespace is the runtime's", "config-linux.md Namespaces"
        ) { t in
            let c = try t.paused {
                $0.removeNamespace(kind.config)
                if kind.config == "uts" { $0.hostname = nil }
            }
            try equal(
                Outside.namespace("\(try c.pid())", kind.link), Outside.namespace("self", kind.link),
                "namespace")
        }
    }
    + kinds.filter { $0.config != "mount" }.map { kind in
        Case(
            "namespaces.join-\(kind.config)", "a \(kind.config) namespace joined by path",
            "config-linux.md Namespaces"
        ) { t in
            let holder = try t.background(["unshare", kind.link, "pause"])
            var target = ""
            let ready = eventually {
                target =
                    ProbeOutput.Section(command: "", lines: (Files.read(holder.output) ?? "").lines)["pid"]
                return !target.isEmpty
            }
            try check(ready, "the test itself: the holder did not start")
            let c = try t.paused {
                $0.setNamespace(kind.config, path: "/proc/\(target)/ns/\(kind.link)")
                if kind.config == "uts" { $0.hostname = nil }
            }
            try equal(
                Outside.namespace("\(try c.pid())", kind.link), Outside.namespace(target, kind.link),
                "namespace")
            try c.delete(force: true)
            try check(Files.exists("/proc/\(target)"), "delete killed the holder of the namespace")
        }
    } + [
        Case(
            "namespaces.join-container", "a second container in the first one's net, ipc, uts and pid",
            "config-linux.md Namespaces"
        ) { t in
            let first = try t.paused()
            let pid = try first.pid()
            let second = try t.paused {
                $0.hostname = nil
                for (name, link) in [("network", "net"), ("ipc", "ipc"), ("uts", "uts"), ("pid", "pid")] {
                    $0.setNamespace(name, path: "/proc/\(pid)/ns/\(link)")
                }
            }
            for link in ["net", "ipc", "uts", "pid"] {
                try equal(
                    Outside.namespace("\(try second.pid())", link), Outside.namespace("\(pid)", link), link)
            }
            try second.must(["kill", second.id, "KILL"])
            try second.waitFor("stopped")
            try second.delete()
            try equal(try first.status(), "running", "status of the first")
        },
        Case(
            "namespaces.join-mount-masks",
            "in a joined mount namespace paths are masked and read-only all the same",
            "config-linux.md Masked Paths", tags: [.security]
        ) { t in
            let holder = try t.background(["unshare", "mnt", "pause"])
            var target = ""
            _ = eventually {
                target =
                    ProbeOutput.Section(command: "", lines: (Files.read(holder.output) ?? "").lines)["pid"]
                return !target.isEmpty
            }
            // Whoever shares the host's mounts would show the host what is mounted.
            try t.host("nsenter", "-t", target, "-m", "mount", "--make-rprivate", "/")
            let c = try t.container([
                "ls", "/full", "+", "cat", "/proc/keys", "+", "write", "/etc/file", "x", "+", "write",
                "/file",
                "x", "+", "cat", "/etc/file",
            ]) {
                $0.setNamespace("mount", path: "/proc/\(target)/ns/mnt")
                $0.linux.maskedPaths = ["/full", "/proc/keys"]
                $0.linux.readonlyPaths = ["/etc"]
                $0.root.readonly = true
            }
            try Files.write(c.inside("full/file"), "x")
            try Files.write(c.inside("etc/file"), "readable")
            let out = try c.output()
            try equal(out["ls"].lines, [], "a masked directory")
            try equal(out["cat /proc/keys"].text, "", "a masked file")
            try equal(out["write /etc/file"]["write"], "EROFS", "a read-only path")
            try equal(out["cat /etc/file"].text, "readable", "text in it")
            try equal(out["write /file"]["write"], "EROFS", "the root")
        },
        Case("namespaces.new-time", "a time namespace of its own", "config-linux.md Namespaces") { t in
            guard Files.exists("/proc/self/ns/time") else { throw Skip("the kernel has no time namespaces") }
            let c = try t.paused { $0.setNamespace("time") }
            let inside = Outside.namespace("\(try c.pid())", "time")
            try check(inside != Outside.namespace("self", "time"), "namespace is \(inside)")
        },
        Case("namespaces.join-time", "a time namespace joined by path", "config-linux.md Namespaces") { t in
            guard Files.exists("/proc/self/ns/time") else { throw Skip("the kernel has no time namespaces") }
            let holder = try t.background(["unshare", "time", "pause"])
            var target = ""
            _ = eventually {
                target =
                    ProbeOutput.Section(command: "", lines: (Files.read(holder.output) ?? "").lines)["pid"]
                return !target.isEmpty
            }
            let c = try t.paused { $0.setNamespace("time", path: "/proc/\(target)/ns/time") }
            try equal(
                Outside.namespace("\(try c.pid())", "time"), Outside.namespace(target, "time"), "namespace")
        },
        Case("namespaces.pid-one", "the process is pid 1 and sees only its own", "config-linux.md Namespaces")
        { t in
            let out = try t.output(["pid", "+", "ls", "/proc"])
            try equal(out["pid"]["pid"], "1", "pid")
            try equal(out["pid"]["ppid"], "0", "ppid")
            try equal(out["ls"].lines.filter { $0.first?.isNumber == true }, ["1"], "processes in /proc")
        },
        Case(
            "namespaces.pid-shared", "without a pid namespace the pid is the host's",
            "config-linux.md Namespaces"
        ) { t in
            let c = try t.container(["pid", "+", "pause"]) { $0.removeNamespace("pid") }
            try c.create()
            try c.start()
            try c.waitForLog("pid=")
            try equal(ProbeOutput(c.log)["pid"]["pid"], "\(try c.pid())", "pid")
        },
        Case(
            "namespaces.network-devices", "a new network namespace has loopback only, and it is up",
            "peers.md 3.1"
        ) { t in
            let out = try t.output(["net", "+", "cat", "/sys/class/net/lo/flags"]) {
                $0.mounts.append([
                    "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"],
                ])
            }
            try equal(
                out["net"].all("device").filter { $0 == "lo" || $0.hasPrefix("eth") }, ["lo"], "devices")
            try equal(out["cat"].text, "0x9", "flags of lo (up and loopback)")
        },
        Case(
            "namespaces.cgroup-view", "in a cgroup namespace /proc/self/cgroup shows the root",
            "config-linux.md Namespaces"
        ) { t in
            let out = try t.output(["cat", "/proc/self/cgroup"]) { $0.setNamespace("cgroup") }["cat"]
            for line in out.lines {
                try check(
                    line.hasSuffix(":/") || line.contains("/process_api") || line.contains(":/.."),
                    "line \(line)")
            }
            try check(out.lines.contains { $0.hasSuffix(":/") }, "no line with /: \(out.text)")
        },
        Case("namespaces.path-missing", "a path that does not exist is refused", "config-linux.md Namespaces")
        { t in
            try t.container(["args"]) { $0.setNamespace("network", path: "/proc/1/ns/nope") }.refusedCreate()
        },
        Case(
            "namespaces.path-wrong-kind", "a path of another kind of namespace is refused",
            "config-linux.md Namespaces"
        ) { t in
            try t.container(["args"]) { $0.setNamespace("network", path: "/proc/1/ns/uts") }.refusedCreate()
        },
        Case(
            "namespaces.path-regular-file", "a path that is no namespace is refused",
            "config-linux.md Namespaces"
        ) { t in
            let file = t.directory + "/file"
            try Files.write(file, "x")
            try t.container(["args"]) { $0.setNamespace("ipc", path: file) }.refusedCreate()
        },
        Case("namespaces.order", "the order of the entries does not matter", "config-linux.md Namespaces") {
            t in
            _ = try t.output(["pid"]) { $0.linux.namespaces = .array($0.linux.namespaces.items.reversed()) }
        },
    ]
