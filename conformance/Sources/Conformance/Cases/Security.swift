// Attacks of known classes. The config is trusted, the rootfs and shared volumes are hostile.
import Foundation

/// A directory of the host that an attack would reach; must stay as it is.
private func bait(_ t: Trial) throws -> String {
    let path = t.directory + "/bait"
    try Files.write(path + "/kept", "as it was")
    return path
}

private func untouched(_ path: String) throws {
    try equal(Files.names(path), ["kept"], "names in the host's directory")
    try equal(Files.read(path + "/kept"), "as it was", "text of the host's file")
    try equal(Outside.mounts(below: path), [], "mounts on the host's directory")
}

let securityCases: [Case] =
    ["proc", "sys"].map { name in
        Case(
            "security.\(name)-symlink", "/\(name) of the rootfs is a symlink: refused",
            "CVE-2023-27561, CVE-2023-28642, CVE-2025-54867", tags: [.security]
        ) { t in
            let path = try bait(t)
            for target in [path, "/tmp"] {
                let c = try t.container(["args"]) {
                    $0.removeMount("/\(name)")
                    $0.mounts = .array(
                        [
                            [
                                "destination": .string("/\(name)"), "type": name == "proc" ? "proc" : "sysfs",
                                "source": "none",
                            ]
                        ] + $0.mounts.items)
                }
                rmdir(c.inside(name))
                try Files.symlink(c.inside(name), to: target)
                try c.refusedCreate()
            }
            try untouched(path)
        }
    } + [
        Case(
            "security.proc-symlink-nested", "/proc of the rootfs is a relative symlink to a volume: refused",
            "CVE-2019-19921", tags: [.security]
        ) { t in
            let path = try bait(t)
            let c = try t.container(["args"]) {
                let proc: JSON = ["destination": "/proc", "type": "proc", "source": "proc"]
                $0.mounts = [.bind(path, "/volume"), proc, JSON.devMount]
            }
            rmdir(c.inside("proc"))
            try Files.symlink(c.inside("proc"), to: "volume/proc")
            try c.refusedCreate()
            try untouched(path)
        },
        Case(
            "security.dev-symlink",
            "/dev of the rootfs is a symlink to a host directory, nothing mounted on it",
            "CVE-2026-41579, CVE-2026-47766", tags: [.security]
        ) { t in
            let path = try bait(t)
            for target in [path, "../../../../../../../../.." + path] {
                let c = try t.container(["args"]) { $0.removeMount("/dev") }
                rmdir(c.inside("dev"))
                try Files.symlink(c.inside("dev"), to: target)
                _ = try c.run()
                try untouched(path)
            }
        },
        Case(
            "security.dev-symlink-mounted", "/dev is such a symlink and a tmpfs is to be mounted there",
            "CVE-2026-41579", tags: [.security]
        ) { t in
            let path = try bait(t)
            let c = try t.container(["args"])
            rmdir(c.inside("dev"))
            try Files.symlink(c.inside("dev"), to: path)
            _ = try c.run()
            try untouched(path)
        },
        Case(
            "security.dev-entries", "names in /dev of the rootfs that are symlinks to host files",
            "CVE-2026-47766", tags: [.security]
        ) { t in
            let path = try bait(t)
            let c = try t.container(["args"]) {
                $0.removeMount("/dev")
                $0.linux.devices = [
                    ["path": "/dev/mine", "type": "c", "major": 1, "minor": 3, "fileMode": 0o666]
                ]
            }
            for name in [
                "null", "zero", "full", "tty", "random", "urandom", "fd", "stdin", "stdout", "stderr", "ptmx",
                "core", "mine",
            ] {
                try Files.symlink(c.inside("dev/\(name)"), to: path + "/\(name == "null" ? "kept" : name)")
            }
            _ = try c.run()
            try untouched(path)
        },
        Case(
            "security.masked-null-symlink",
            "/dev/null of the rootfs is a symlink to a file: masks do not show it", "CVE-2025-31133",
            tags: [.security]
        ) { t in
            for target in ["/secret", "/proc/version"] {
                let c = try t.container(["cat", "/masked", "+", "write", "/masked", "x"]) {
                    $0.removeMount("/dev")
                    $0.linux.maskedPaths = ["/masked"]
                }
                try Files.write(c.inside("secret"), "secret text")
                try Files.write(c.inside("masked"), "masked text")
                try Files.symlink(c.inside("dev/null"), to: target)
                let outcome = try c.run()
                try lacks(outcome.out, "secret text", "output")
                try lacks(outcome.out, "masked text", "output")
                try lacks(outcome.out, "Linux version", "output")
            }
        },
        Case(
            "security.masked-null-file", "/dev/null of a bound /dev is a regular file: masks do not show it",
            "CVE-2025-31133", tags: [.security]
        ) { t in
            try Files.write(t.directory + "/dev/null", "secret text")
            let c = try t.container(["cat", "/masked"]) {
                $0.removeMount("/dev")
                $0.mounts.append(.bind(t.directory + "/dev", "/dev"))
                $0.linux.maskedPaths = ["/masked"]
            }
            try Files.write(c.inside("masked"), "masked text")
            let outcome = try c.run()
            try lacks(outcome.out, "masked text", "output")
            try lacks(outcome.out, "secret text", "output")
        },
        Case(
            "security.masked-symlink", "a masked path that is a symlink out of the rootfs", "CVE-2025-31133",
            tags: [.security]
        ) { t in
            let path = try bait(t)
            let c = try t.container(["args"]) { $0.linux.maskedPaths = ["/way", "/way/kept"] }
            try Files.symlink(c.inside("way"), to: path)
            _ = try c.run()
            try untouched(path)
        },
        Case(
            "security.cwd-fd", "cwd /proc/self/fd/N leads nowhere outside", "CVE-2024-21626",
            tags: [.security]
        ) { t in
            let path = try bait(t)
            let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(directory) }
            for number in 3...12 {
                let c = try t.container(["ls", ".", "+", "ls", "..", "+", "cat", "kept"]) {
                    $0.process.cwd = .string("/proc/self/fd/\(number)")
                }
                let outcome = try c.run(passed: [directory, directory])
                for word in ["kept", "as it was", "bundle", "root"] {
                    try lacks(
                        outcome.out.replacingOccurrences(of: "@ cat kept", with: ""), word,
                        "output with fd \(number)")
                }
            }
        },
        Case(
            "security.cwd-fd-symlink", "the same through a symlink of the rootfs", "CVE-2024-21626",
            tags: [.security]
        ) { t in
            for number in 3...12 {
                let c = try t.container(["ls", "../../../../.."]) { $0.process.cwd = "/way" }
                try Files.symlink(c.inside("way"), to: "/proc/self/fd/\(number)")
                let outcome = try c.run()
                if outcome.status == 0 {
                    try lacks(outcome.out, "usr", "names above the cwd with fd \(number)")
                }
            }
        },
        Case(
            "security.args-fd", "args[0] /proc/self/fd/N... leads nowhere outside", "CVE-2024-21626",
            tags: [.security]
        ) { t in
            let directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(directory) }
            for number in 3...10 {
                let c = try t.container([]) {
                    $0.process.args = [
                        .string("/proc/self/fd/\(number)/../../../../../../../bin/echo"), "escaped",
                    ]
                }
                try lacks(try c.run(passed: [directory]).out, "escaped", "output with fd \(number)")
            }
        },
        Case(
            "security.exe-entrypoint",
            "args[0] /proc/self/exe does not run the runtime's file in the container", "CVE-2019-5736",
            tags: [.security]
        ) { t in
            let c = try t.container([]) { $0.process.args = ["/proc/self/exe", "--version"] }
            _ = try c.run()
            try c.nothingLeft("after the run")
        },
        Case(
            "security.exe-overwrite", "the waiting init's /proc/PID/exe never leads to a writable runtime",
            "CVE-2019-5736", tags: [.security]
        ) { t in
            guard let start = FileManager.default.contents(atPath: t.runtime)?.prefix(4),
                start == Data([0x7f, 0x45, 0x4c, 0x46])
            else {
                throw Skip("the runtime is a script here, not a program that could be overwritten")
            }
            // The attack is tried on a copy.
            let copy = t.directory + "/runtime"
            try Files.copy(t.runtime, to: copy)
            let victim = try t.container(["pause"]) { $0.removeNamespace("pid") }
            try victim.writeConfig()
            var create = victim.command(["create", "--bundle", victim.bundle, victim.id])
            create.argv[0] = copy
            let outcome = try create.run()
            try check(outcome.status == 0, outcome.description)
            victim.isPresent = true
            let pid = try victim.pid()
            let attacker = try t.container(["exeattack", "\(pid)", "/ready"]) { config in
                config.removeNamespace("pid")
                let all = JSON(Names.available(t.host))
                config.process.capabilities = ["bounding": all, "effective": all, "permitted": all]
            }
            let (command, running) = try attacker.startRun()
            let ready = eventually { Files.exists(attacker.inside("ready")) }
            try victim.delete(force: true)
            let result = command.finish(running)
            try check(ready, "the attacker never ran: \(result.description)")
            let before = FileManager.default.contents(atPath: t.runtime)
            try check(
                FileManager.default.contents(atPath: copy) == before,
                "the runtime's file was overwritten: \(result.out)")
        },
        Case(
            "security.mount-over-proc", "mounts on names inside /proc are refused", "CVE-2019-16884",
            tags: [.security]
        ) { t in
            try Files.makeDirectory(t.directory + "/source")
            for name in [
                "self", "self/attr", "sys", "sys/kernel", "1", "thread-self", "net", "tty", "sysrq-trigger",
                "self/fd",
            ] {
                try t.container(["args"]) { $0.mounts.append(tmpfs("/proc/" + name)) }.refusedCreate()
                try t.container(["args"]) {
                    $0.mounts.append(.bind(t.directory + "/source", "/proc/" + name))
                }.refusedCreate()
            }
        },
        Case(
            "security.mount-over-proc-tricks", "also with dots, slashes and symlinks in the destination",
            "CVE-2019-16884", tags: [.security]
        ) { t in
            for destination in [
                "/proc/../proc/self/attr", "//proc//sys", "/tmp/../proc/sys", "/way/self/attr", "/proc/./sys",
            ] {
                let c = try t.container(["args"]) { $0.mounts.append(tmpfs(destination)) }
                try Files.symlink(c.inside("way"), to: "/proc")
                try c.refusedCreate()
            }
        },
        Case(
            "security.tmpfs-on-proc", "something other than procfs on /proc is refused", "peers.md 3.7",
            tags: [.security, .contract]
        ) { t in
            try Files.makeDirectory(t.directory + "/source")
            for mount in [tmpfs("/proc"), JSON.bind(t.directory + "/source", "/proc")] {
                try t.container(["args"]) {
                    $0.removeMount("/proc")
                    $0.mounts.append(mount)
                }.refusedCreate()
            }
        },
        Case("security.proc-allowed", "the files that lxcfs provides may be mounted in /proc", "peers.md 3.7")
        { t in
            try Files.write(t.directory + "/file", "from lxcfs")
            for name in ["cpuinfo", "diskstats", "meminfo", "stat", "uptime", "loadavg"]
            where Files.exists("/proc/" + name) {
                let out = try t.output(["cat", "/proc/" + name]) {
                    $0.mounts.append(.bind(t.directory + "/file", "/proc/" + name))
                }
                try equal(out["cat"].text, "from lxcfs", name)
            }
        },
        Case(
            "security.dev-volume-symlinks", "symlinks in a volume do not lead other mounts out",
            "CVE-2021-30465", tags: [.security]
        ) { t in
            let path = try bait(t)
            try Files.symlink(t.directory + "/volume/way", to: path)
            try Files.symlink(t.directory + "/volume/up", to: "../../../../../../../../../.." + path)
            for destination in ["/volume/way", "/volume/way/sub", "/volume/up", "/volume/up/sub"] {
                let c = try t.container(["args"]) {
                    $0.mounts.append(contentsOf: [
                        .bind(t.directory + "/volume", "/volume"), tmpfs(destination),
                    ])
                }
                _ = try c.run()
                try untouched(path)
            }
        },
        Case(
            "security.swap-race", "a volume whose directories become symlinks while containers start",
            "CVE-2021-30465, CVE-2024-45310", tags: [.security, .slow]
        ) { t in
            let path = try bait(t)
            let volume = t.directory + "/volume"
            try Files.makeDirectory(volume + "/a")
            try Files.symlink(volume + "/b", to: "../../../../../../../../../.." + path)
            _ = try t.background(["swap", volume + "/a", volume + "/b"])
            for round in 0..<40 {
                let c = try t.container(["args"]) {
                    $0.mounts.append(contentsOf: [
                        .bind(volume, "/volume"), tmpfs("/volume/a/made\(round)"),
                        .bind("/etc/hostname", "/volume/a/file\(round)"),
                    ])
                    $0.linux.devices = [
                        ["path": .string("/volume/a/dev\(round)"), "type": "c", "major": 1, "minor": 3]
                    ]
                }
                _ = try c.run()
                try untouched(path)
            }
        },
        Case(
            "security.private-proc",
            "the container's /proc shows no host process, its /sys/fs/cgroup no host group writable",
            "principles.md", tags: [.security]
        ) { t in
            let out = try t.output(["ls", "/proc", "+", "open", "/proc/sys/kernel/core_pattern", "w"]) {
                $0.linux.readonlyPaths = ["/proc/sys"]
            }
            try equal(out["ls"].lines.filter { $0.first?.isNumber == true }, ["1"], "processes")
            try equal(out["open"]["open"], "EROFS", "core_pattern for writing")
        },
        Case(
            "security.chroot-escape", "the old root is gone: .. of / is /", "CVE-2019-5736 class",
            tags: [.security]
        ) { t in
            let out = try t.output(["ls", "/..", "+", "ls", "/proc/1/root/.."])
            try equal(out["ls /.."].lines, ["dev", "etc", "probe", "proc", "sys", "tmp"], "names in /..")
            try equal(
                out["ls /proc"].lines, ["dev", "etc", "probe", "proc", "sys", "tmp"],
                "names in /proc/1/root/..")
        },
        Case(
            "security.state-directory", "other users cannot read the state", "peers.md 3.1", tags: [.security]
        ) { t in
            let c = try t.paused()
            var status = stat()
            stat("\(t.root)/\(c.id)", &status)
            let others = status.st_mode & 0o006
            try equal(others, 0, "read and write bits for others")
        },
    ]
