// Devices, links, masked and read-only paths, the root itself, sysctl.
import Foundation

private let devices: [(name: String, number: String)] = [
    ("null", "1:3"), ("zero", "1:5"), ("full", "1:7"), ("random", "1:8"), ("urandom", "1:9"), ("tty", "5:0"),
]

private let links: [(name: String, target: String)] = [
    ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
]

private func device(_ path: String, _ type: String, _ numbers: (Int, Int)? = nil, _ more: JSON = [:]) -> JSON
{
    var entry = more
    entry.path = .string(path)
    entry.type = .string(type)
    if let (major, minor) = numbers {
        entry.major = .int(major)
        entry.minor = .int(minor)
    }
    return entry
}

let rootfsCases: [Case] =
    [
        Case(
            "devices.default", "the default devices with their numbers and mode 0666",
            "config-linux.md Default Devices"
        ) { t in
            let commands = devices.flatMap { ["stat", "/dev/\($0.name)", "+"] }
            let out = try t.output(commands)
            for (name, number) in devices {
                let section = out["stat /dev/\(name)"]
                try equal(section["type"], "char", "type of \(name)")
                try equal(section["rdev"], number, "numbers of \(name)")
                try equal(section["mode"], "0666", "mode of \(name)")
                try equal(section["uid"] + ":" + section["gid"], "0:0", "owner of \(name)")
            }
        },
        Case(
            "devices.links", "/dev/fd, stdin, stdout and stderr are links",
            "runtime-linux.md Dev symbolic links"
        ) { t in
            let out = try t.output(links.flatMap { ["stat", "/dev/\($0.name)", "+"] })
            for (name, target) in links { try equal(out["stat /dev/\(name)"]["link"], target, name) }
        },
        Case("devices.ptmx", "/dev/ptmx leads to the container's devpts", "config-linux.md Default Devices") {
            t in
            let out = try t.output(["stat", "/dev/ptmx"])["stat"]
            let isLink = ["pts/ptmx", "/dev/pts/ptmx"].contains(out["link"])
            try check(isLink || out["rdev"] == "5:2", "/dev/ptmx is \(out.text)")
        },
        Case("devices.work", "the default devices do what they should", "config-linux.md Default Devices") {
            t in
            let out = try t.output([
                "write", "/dev/null", "x", "+", "read", "/dev/null", "+", "read", "/dev/zero", "4", "+",
                "write", "/dev/full",
                "x", "+", "read", "/dev/urandom", "8", "+", "read", "/dev/random", "8", "+", "open",
                "/dev/tty", "rw",
            ])
            try equal(out["write /dev/null"]["write"], "ok", "write to null")
            try equal(out["read /dev/null"]["read"], "0", "read of null")
            try equal(out["read /dev/zero"]["hex"], "00000000", "read of zero")
            try equal(out["write /dev/full"]["write"], "ENOSPC", "write to full")
            try equal(out["read /dev/urandom"]["read"], "8", "read of urandom")
            try equal(out["read /dev/random"]["read"], "8", "read of random")
            try equal(out["open /dev/tty"]["open"], "ENXIO", "open of tty without a terminal")
        },
        Case(
            "devices.write-file-null", "default devices also without a mount on /dev",
            "config-linux.md Default Devices"
        ) { t in
            let out = try t.output(["stat", "/dev/null", "+", "write", "/dev/null", "x"]) {
                $0.removeMount("/dev")
            }
            try equal(out["stat"]["rdev"], "1:3", "numbers")
            try equal(out["write"]["write"], "ok", "write")
        },
        Case(
            "devices.configured", "linux.devices: char, block and fifo with mode and owner",
            "config-linux.md Devices"
        ) { t in
            let out = try t.output([
                "stat", "/dev/mine", "+", "stat", "/dev/sub/dir/block", "+", "stat", "/dev/pipe", "+", "stat",
                "/dev/u",
                "+", "write", "/dev/mine", "x",
            ]) {
                $0.linux.devices = [
                    device("/dev/mine", "c", (1, 3), ["fileMode": 0o640, "uid": 5, "gid": 6]),
                    device("/dev/sub/dir/block", "b", (7, 200), ["fileMode": 0o600]),
                    device("/dev/pipe", "p", nil, ["fileMode": 0o622]),
                    device("/dev/u", "u", (1, 5), ["fileMode": 0o666]),
                ]
            }
            let wanted = [
                ("/dev/mine", "char", "1:3", "0640", "5:6"),
                ("/dev/sub/dir/block", "block", "7:200", "0600", "0:0"),
                ("/dev/pipe", "fifo", "0:0", "0622", "0:0"), ("/dev/u", "char", "1:5", "0666", "0:0"),
            ]
            for (path, type, number, mode, owner) in wanted {
                let section = out["stat \(path)"]
                try equal(section["type"], type, "type of \(path)")
                if type != "fifo" { try equal(section["rdev"], number, "numbers of \(path)") }
                try equal(section["mode"], mode, "mode of \(path)")
                try equal(section["uid"] + ":" + section["gid"], owner, "owner of \(path)")
            }
        },
        Case("devices.outside-dev", "a device outside /dev", "config-linux.md Devices") { t in
            let out = try t.output(["stat", "/opt/null"]) {
                $0.linux.devices = [device("/opt/null", "c", (1, 3), ["fileMode": 0o666])]
            }
            try equal(out["stat"]["rdev"], "1:3", "numbers")
        },
        Case("devices.umask", "the runtime's umask does not change the modes", "config-linux.md Devices") {
            t in
            let c = try t.container(["stat", "/dev/mine", "+", "stat", "/dev/null"])
            c.prefix = ["sh", "-c", "umask 0077; exec \"$@\"", "sh"]
            c.config.linux.devices = [device("/dev/mine", "c", (1, 3), ["fileMode": 0o666])]
            let out = try c.output()
            try equal(out["stat /dev/mine"]["mode"], "0666", "mode of the configured device")
            try equal(out["stat /dev/null"]["mode"], "0666", "mode of null")
        },
        Case(
            "devices.dotdot", "a device path with .. stays inside the rootfs", "config-linux.md Devices",
            tags: [.security]
        ) { t in
            let c = try t.container(["args"]) {
                $0.linux.devices = [device("/dev/../../../../outside-null", "c", (1, 3), ["fileMode": 0o666])]
            }
            _ = try c.run()
            try check(
                !Files.exists(c.bundle + "/outside-null") && !Files.exists("/outside-null"),
                "made on the host")
        },
        Case("devices.unknown-type", "an unknown device type is refused", "config-linux.md Devices") { t in
            try t.container(["args"]) { $0.linux.devices = [device("/dev/x", "z", (1, 3))] }.refusedCreate()
        },
        Case(
            "masked.file-and-directory", "masked files read empty, masked directories list empty",
            "config-linux.md Masked Paths"
        ) { t in
            let c = try t.container([
                "cat", "/secret", "+", "ls", "/secrets", "+", "write", "/secrets/new", "x", "+", "cat",
                "/proc/version",
                "+", "stat", "/secret",
            ]) { $0.linux.maskedPaths = ["/secret", "/secrets", "/proc/version", "/not/there"] }
            try Files.write(c.inside("secret"), "hidden")
            try Files.write(c.inside("secrets/file"), "hidden")
            let out = try c.output()
            try equal(out["cat /secret"].text, "", "text of the masked file")
            try equal(out["ls"].lines, [], "names in the masked directory")
            try equal(out["write"]["write"], "EROFS", "write into the masked directory")
            try equal(out["cat /proc/version"].text, "", "text of version")
            try equal(out["stat"]["type"], "char", "type of the mask")
        },
        Case(
            "masked.usual", "Docker's usual list of masked and read-only paths works",
            "config-linux.md Masked Paths"
        ) { t in
            let out = try t.output([
                "cat", "/proc/keys", "+", "write", "/proc/sysrq-trigger", "x", "+", "ls", "/proc/scsi", "+",
                "write", "/proc/sys/kernel/core_pattern", "x",
            ]) {
                $0.linux.maskedPaths = [
                    "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
                    "/sys/firmware",
                    "/sys/devices/virtual/powercap",
                ]
                $0.linux.readonlyPaths = [
                    "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
                ]
            }
            try equal(out["cat"].text, "", "keys")
            let exists = Files.exists("/proc/sysrq-trigger")
            try equal(out["write /proc/sysrq-trigger"]["write"], exists ? "EROFS" : "ENOENT", "sysrq-trigger")
            try equal(out["write /proc/sys/kernel"]["write"], "EROFS", "core_pattern")
        },
        Case(
            "readonly.paths", "readonlyPaths refuse writes, files and directories, missing ones are skipped",
            "config-linux.md Readonly Paths"
        ) { t in
            let c = try t.container([
                "write", "/fixed/file", "x", "+", "write", "/fixed/new", "x", "+", "write", "/single", "x",
                "+", "cat",
                "/single", "+", "write", "/free", "x",
            ]) { $0.linux.readonlyPaths = ["/fixed", "/single", "/not/there"] }
            try Files.write(c.inside("fixed/file"), "old")
            try Files.write(c.inside("single"), "old")
            let out = try c.output()
            for path in ["/fixed/file", "/fixed/new", "/single"] {
                try equal(out["write \(path)"]["write"], "EROFS", path)
            }
            try equal(out["cat"].text, "old", "text")
            try equal(out["write /free"]["write"], "ok", "another path")
        },
        Case(
            "readonly.remount", "the container cannot remount a read-only path without CAP_SYS_ADMIN",
            "config-linux.md Readonly Paths", tags: [.security]
        ) { t in
            let out = try t.output(["mount", "none", "/proc/sys", "remount-rw"]) {
                $0.linux.readonlyPaths = ["/proc/sys"]
            }
            try equal(out["mount"]["mount"], "EPERM", "remount")
        },
        Case(
            "root.readonly", "root.readonly refuses writes in the rootfs, mounts on it stay writable",
            "config.md Root"
        ) { t in
            let c = try t.container([
                "write", "/file", "x", "+", "mkdir", "/directory", "+", "write", "/t/file", "x", "+", "write",
                "/dev/file", "x",
                "+", "write", "/dev/null", "x",
            ]) {
                $0.root.readonly = true
                $0.mounts.append(tmpfs("/t"))
            }
            let out = try c.output()
            try equal(out["write /file"]["write"], "EROFS", "write in the root")
            try equal(out["mkdir"]["mkdir"], "EROFS", "mkdir in the root")
            try equal(out["write /t"]["write"], "ok", "write in a tmpfs")
            try equal(out["write /dev/null"]["write"], "ok", "write to null")
            try check(!Files.exists(c.inside("file")), "the file is there")
        },
        Case("root.writable", "without readonly the rootfs takes writes", "config.md Root") { t in
            let c = try t.container(["write", "/file", "text"])
            _ = try c.output()
            try equal(Files.read(c.inside("file")), "text", "the file in the rootfs")
        },
        Case(
            "root.masks-on-readonly", "devices, masks and missing mount points also with a read-only root",
            "config.md Root"
        ) { t in
            let c = try t.container(["stat", "/dev/mine", "+", "cat", "/secret"]) {
                $0.root.readonly = true
                $0.linux.maskedPaths = ["/secret"]
                $0.mounts.append(tmpfs("/made/for/this"))
                $0.linux.devices = [device("/dev/mine", "c", (1, 3), ["fileMode": 0o600])]
            }
            try Files.write(c.inside("secret"), "hidden")
            let out = try c.output()
            try equal(out["stat"]["rdev"], "1:3", "numbers")
            try equal(out["cat"].text, "", "secret")
        },
    ]
    + ["private", "shared", "unbindable", "rprivate", "rshared", "runbindable"].map { kind in
        Case(
            "root.propagation-\(kind)", "rootfsPropagation \(kind)",
            "config-linux.md Rootfs Mount Propagation"
        ) { t in
            let c = try t.container(["cat", "/proc/self/mountinfo"]) {
                $0.linux.rootfsPropagation = .string(kind)
            }
            // The host's tree shared, as systemd makes it; only for this call.
            c.prefix = ["unshare", "-m", "--propagation", "shared"]
            let found = try Mount.table(try c.output()["cat"].text).at("/").propagation
            let wanted = kind.hasPrefix("r") ? String(kind.dropFirst()) : kind
            try check(
                found.split(separator: ",").contains { $0 == wanted },
                "propagation of /: found \(found), wanted \(wanted)")
        }
    } + [
        Case(
            "root.propagation-host",
            "whatever rootfsPropagation says, a host with shared mounts keeps them all",
            "config-linux.md Rootfs Mount Propagation", tags: [.security]
        ) { t in
            for kind in [
                "", "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable",
                "runbindable",
            ] {
                let c = try t.container(["args"]) {
                    if !kind.isEmpty { $0.linux.rootfsPropagation = .string(kind) }
                }
                let tables = (t.fresh("before"), t.fresh("after"))
                // The table of a namespace that is shared like a systemd host's, before and after.
                c.prefix = [
                    "unshare", "-m", "--propagation", "shared", "sh", "-c",
                    "cat /proc/self/mountinfo > \(tables.0); \"$@\"; cat /proc/self/mountinfo > \(tables.1)",
                    "sh",
                ]
                _ = try c.run()
                let points = Mount.table(Files.read(tables.1) ?? "").map(\.point)
                try equal(
                    points, Mount.table(Files.read(tables.0) ?? "").map(\.point), "mount points after \(kind)"
                )
            }
        },
        Case(
            "root.propagation-rslave", "rootfsPropagation rslave: volumes are slaves of the host's mounts",
            "config-linux.md Rootfs Mount Propagation"
        ) { t in
            let source = t.directory + "/source"
            for (kind, wanted) in [("rslave", "slave"), ("rprivate", "private")] {
                let c = try t.container(["cat", "/proc/self/mountinfo"]) {
                    $0.linux.rootfsPropagation = .string(kind)
                    $0.mounts.append(.bind(source, "/data"))
                }
                try nested(c, source, shared: true)
                let table = Mount.table(try c.output()["cat"].text)
                try equal(try table.at("/data").propagation, wanted, "propagation of a volume with \(kind)")
            }
        },
        Case(
            "root.propagation-shared-volume",
            "with rootfsPropagation shared, a volume stays shared with the host",
            "config-linux.md Rootfs Mount Propagation"
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"]) {
                $0.linux.rootfsPropagation = "shared"
                $0.mounts.append(.bind(source, "/data", ["rbind", "rshared"]))
            }
            try nested(c, source, shared: true)
            let table = Mount.table(try c.output()["cat"].text)
            try equal(try table.at("/data").propagation, "shared", "propagation of the volume")
        },
        Case(
            "root.propagation-unknown", "an unknown rootfsPropagation is refused",
            "config-linux.md Rootfs Mount Propagation"
        ) { t in
            try t.container(["args"]) { $0.linux.rootfsPropagation = "sideways" }.refusedCreate()
        },
        Case(
            "sysctl.namespaced", "sysctls of the container's ipc, net and uts namespaces",
            "config-linux.md Sysctl"
        ) { t in
            let names = [
                "net.ipv4.ip_forward": "1", "kernel.msgmax": "4321",
                "net.ipv4.ip_local_port_range": "2000 3000",
            ]
            let before = Files.read("/proc/sys/kernel/msgmax")
            let out = try t.output([
                "cat", "/proc/sys/net/ipv4/ip_forward", "+", "cat", "/proc/sys/kernel/msgmax", "+", "cat",
                "/proc/sys/net/ipv4/ip_local_port_range",
            ]) { $0.linux.sysctl = .object(names.mapValues { .string($0) }) }
            try equal(out["cat /proc/sys/net/ipv4/ip_forward"].text, "1", "ip_forward")
            try equal(out["cat /proc/sys/kernel/msgmax"].text, "4321", "msgmax")
            try equal(
                out["cat /proc/sys/net/ipv4/ip_local_port_range"].text.words, ["2000", "3000"], "port range")
            try equal(Files.read("/proc/sys/kernel/msgmax"), before, "the host's msgmax")
        },
        Case(
            "sysctl.with-readonly", "sysctls are set although /proc/sys is read-only in the container",
            "config-linux.md Sysctl"
        ) { t in
            let out = try t.output(["cat", "/proc/sys/net/ipv4/ip_forward"]) {
                $0.linux.sysctl = ["net.ipv4.ip_forward": "1"]
                $0.linux.readonlyPaths = ["/proc/sys"]
            }
            try equal(out["cat"].text, "1", "ip_forward")
        },
        Case(
            "sysctl.not-namespaced", "a sysctl of the whole host is refused", "config-linux.md Sysctl",
            tags: [.security]
        ) { t in
            for key in ["kernel.panic", "vm.swappiness", "kernel.core_pattern", "fs.file-max"] {
                let path = "/proc/sys/" + key.replacingOccurrences(of: ".", with: "/")
                let value = Files.read(path)?.trimmed ?? ""
                try t.container(["args"]) { $0.linux.sysctl = .object([key: .string(value)]) }.refusedCreate()
            }
        },
        Case(
            "sysctl.without-namespace", "a net or ipc sysctl without that namespace is refused",
            "config-linux.md Sysctl", tags: [.security]
        ) { t in
            for (key, kind) in [("net.ipv4.ip_forward", "network"), ("kernel.msgmax", "ipc")] {
                let path = "/proc/sys/" + key.replacingOccurrences(of: ".", with: "/")
                let value = Files.read(path)?.trimmed ?? ""
                try t.container(["args"]) {
                    $0.removeNamespace(kind)
                    $0.linux.sysctl = .object([key: .string(value)])
                }.refusedCreate()
            }
        },
        Case(
            "sysctl.key-tricks", "keys with slashes and dots do not reach other files", "CVE-2022-0811 class",
            tags: [.security]
        ) { t in
            let before = Files.read("/proc/sys/kernel/core_pattern")
            let keys = [
                "net/../kernel/core_pattern", "net.ipv4.../../kernel/core_pattern",
                "net/ipv4/../../kernel/core_pattern",
                "/kernel/core_pattern", "kernel.shm_rmid_forced/../core_pattern", "", ".", "..", "net.ipv4",
            ]
            for key in keys {
                let outcome = try t.container(["args"]) { $0.linux.sysctl = .object([key: "core"]) }.run()
                try check(outcome.status != 0, "the key \"\(key)\" was taken")
            }
            try equal(Files.read("/proc/sys/kernel/core_pattern"), before, "core_pattern of the host")
        },
        Case("sysctl.unknown", "a sysctl that does not exist is refused", "config-linux.md Sysctl") { t in
            try t.container(["args"]) { $0.linux.sysctl = ["net.ipv4.no_such_thing": "1"] }.refusedCreate()
        },
        Case("sysctl.bad-value", "a value that the kernel refuses is refused", "config-linux.md Sysctl") {
            t in
            try t.container(["args"]) { $0.linux.sysctl = ["net.ipv4.ip_forward": "many"] }.refusedCreate()
        },
    ]
