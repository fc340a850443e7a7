// mounts: types, options, order, mount points.
import Foundation

extension Trial {
    /// The mount table that a container with this config sees.
    func mountTable(_ edit: (inout JSON) throws -> Void) throws -> [Mount] {
        Mount.table(try output(["cat", "/proc/self/mountinfo"], edit)["cat"].text)
    }
}

extension [Mount] {
    /// The topmost mount on this point.
    func at(_ point: String) throws -> Mount {
        guard let mount = last(where: { $0.point == point }) else {
            throw Failure("no mount on \(point), only on \(map(\.point).joined(separator: " "))")
        }
        return mount
    }
}

func tmpfs(_ destination: String, _ options: JSON = []) -> JSON {
    ["destination": .string(destination), "type": "tmpfs", "source": "tmpfs", "options": options]
}

/// Makes `source` with a tmpfs on `source/sub` in a mount namespace that only the runtime's call has.
func nested(_ c: Container, _ source: String, shared: Bool = false) throws {
    try Files.makeDirectory(source + "/sub")
    c.prefix = [
        "unshare", "-m", "--propagation", "private", "sh", "-c",
        "mount --bind \(source) \(source) && mount -t tmpfs nested \(source)/sub"
            + (shared ? " && mount --make-rshared \(source)" : "") + " && exec \"$@\"", "sh",
    ]
}

let mountCases: [Case] = [
    Case(
        "mounts.unknown-type", "an unknown file system type is refused", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        try t.container(["args"]) {
            $0.mounts.append(["destination": "/x", "type": "nosuchfs", "source": "none"])
        }.refusedCreate()
    },
    Case(
        "mounts.unknown-option", "an option that nobody knows is refused", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        try t.container(["args"]) { $0.mounts.append(tmpfs("/x", ["nosuchoption"])) }.refusedCreate()
    },
    Case(
        "mounts.bad-value", "a value that the file system refuses is refused", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        try t.container(["args"]) { $0.mounts.append(tmpfs("/x", ["size=64q"])) }.refusedCreate()
    },
    Case(
        "mounts.order", "mounts happen in order: later ones lie in or on earlier ones",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        try Files.write(t.directory + "/source/file", "bound")
        let out = try t.output(
            ["cat", "/a/b/c/file", "+", "ls", "/over", "+", "statfs", "/a/b"]
        ) {
            $0.mounts.append(contentsOf: [
                tmpfs("/a"), tmpfs("/a/b"), .bind(t.directory + "/source", "/a/b/c"),
                .bind(t.directory + "/source", "/over"), tmpfs("/over"),
            ])
        }
        try equal(out["cat"].text, "bound", "a bind in a tmpfs in a tmpfs")
        try equal(out["ls"].lines, [], "names in /over")
    },
    Case(
        "mounts.read-only-dev", "a read-only tmpfs on /dev has its devices, links and the mounts in it",
        "config.md Mounts; Podman 5 has its pods' first containers so", tags: [.mounts]
    ) { t in
        let out = try t.output(
            ["ls", "/dev", "+", "cat", "/proc/self/mountinfo", "+", "write", "/dev/new", "x"]
        ) {
            $0.removeMount("/dev")
            $0.mounts.append(contentsOf: [
                tmpfs("/dev", ["nosuid", "mode=755", "ro"]),
                [
                    "destination": "/dev/pts", "type": "devpts", "source": "devpts",
                    "options": ["newinstance"],
                ],
            ])
        }
        for name in ["null", "pts", "ptmx", "stdin"] where !out["ls"].lines.contains(name) {
            throw Failure("no \(name) in /dev")
        }
        let mount = try Mount.table(out["cat"].text).at("/dev")
        try equal(mount.options.contains("ro"), true, "ro among the options of /dev")
        try equal(out["write"]["write"], "EROFS", "a write to /dev")
    },
    Case(
        "mounts.read-only-filled", "read-only tmpfs get mount points, directories and a copy in them",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        let c = try t.container(["cat", "/proc/self/mountinfo", "+", "cat", "/data/file"]) {
            $0.process.cwd = "/a/cwd"
            $0.mounts.append(contentsOf: [
                tmpfs("/a", ["ro"]), tmpfs("/a/b", ["ro", "nosuid"]), tmpfs("/a/b/c"),
                tmpfs("/data", ["ro", "tmpcopyup"]),
            ])
        }
        try Files.write(c.inside("data/file"), "copied")
        let out = try c.output()
        try equal(out["cat /data/file"].text, "copied", "the copy")
        let table = Mount.table(out["cat /proc/self/mountinfo"].text)
        for (point, isReadOnly) in [("/a", true), ("/a/b", true), ("/a/b/c", false), ("/data", true)] {
            let options = try table.at(point).options
            try equal(options.contains("ro"), isReadOnly, "ro among the options of \(point)")
        }
    },
    Case(
        "mounts.missing-points", "missing mount points are created, several levels deep",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        let table = try t.mountTable { $0.mounts.append(tmpfs("/one/two/three/four")) }
        try equal(try table.at("/one/two/three/four").type, "tmpfs", "type")
    },
    Case(
        "mounts.dots", "a destination with .. and double slashes stays inside the rootfs",
        "config.md Mounts", tags: [.mounts, .security]
    ) { t in
        let table = try t.mountTable { $0.mounts.append(tmpfs("/../../..//dots/./here/")) }
        try equal(try table.at("/dots/here").type, "tmpfs", "type")
    },
    Case(
        "mounts.relative-destination", "a relative destination is relative to the root",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        let table = try t.mountTable { $0.mounts.append(tmpfs("relative/point")) }
        try equal(try table.at("/relative/point").type, "tmpfs", "type")
    },
    Case(
        "mounts.symlink-absolute", "a destination that is an absolute symlink stays inside the rootfs",
        "CVE-2021-30465 class", tags: [.mounts, .security]
    ) { t in
        let outside = t.directory + "/outside"
        try Files.makeDirectory(outside)
        let c = try t.container(["cat", "/proc/self/mountinfo"])
        try Files.symlink(c.inside("evil"), to: outside)
        try Files.makeDirectory(c.inside(outside))
        c.config.mounts.append(tmpfs("/evil"))
        let table = Mount.table(try c.output()["cat"].text)
        try equal(try table.at(outside).type, "tmpfs", "type")
    },
    Case(
        "mounts.symlink-dangling", "a destination through a dangling symlink is made inside the rootfs",
        "peers.md 3.7", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["cat", "/proc/self/mountinfo"])
        try Files.symlink(c.inside("evil"), to: "/made/later")
        c.config.mounts.append(tmpfs("/evil"))
        let table = Mount.table(try c.output()["cat"].text)
        try equal(try table.at("/made/later").type, "tmpfs", "type")
    },
    Case(
        "mounts.symlink-parent", "a parent that is a symlink with .. stays inside the rootfs",
        "CVE-2021-30465 class", tags: [.mounts, .security]
    ) { t in
        let outside = t.directory + "/outside"
        try Files.makeDirectory(outside)
        let c = try t.container(["cat", "/proc/self/mountinfo"])
        try Files.symlink(c.inside("evil"), to: "../../../../../../../../.." + outside)
        try Files.makeDirectory(c.inside(outside))
        c.config.mounts.append(tmpfs("/evil/below"))
        _ = try Mount.table(try c.output()["cat"].text).at(outside + "/below")
        try equal(Files.names(outside), [], "names in the host's directory")
    },
    Case(
        "mounts.symlink-file", "a file destination that is a symlink to a host file leaves that alone",
        "CVE-2021-30465 class", tags: [.mounts, .security]
    ) { t in
        try Files.write(t.directory + "/source", "bound")
        let c = try t.container(["cat", "/etc/conf"])
        try Files.symlink(c.inside("etc/conf"), to: t.directory + "/made-by-attack")
        c.config.mounts.append(.bind(t.directory + "/source", "/etc/conf"))
        try equal(try c.output()["cat"].text, "bound", "text")
        try check(!Files.exists(t.directory + "/made-by-attack"), "a file was made on the host")
    },
    Case(
        "mounts.tmpfs-size", "a tmpfs has the size and mode asked for", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let out = try t.output(["statfs", "/t", "+", "stat", "/t"]) {
            $0.mounts.append(tmpfs("/t", ["size=8m", "mode=1770", "uid=3", "gid=4"]))
        }
        try equal(out["statfs"]["bytes"], "\(8 << 20)", "bytes")
        try equal(out["stat"]["mode"], "1770", "mode")
        try equal(out["stat"]["uid"] + ":" + out["stat"]["gid"], "3:4", "owner")
    },
    Case(
        "mounts.tmpfs-mode-kept", "a tmpfs takes the mode of the directory that it covers",
        "peers.md 3.7", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["stat", "/scratch"]) { $0.mounts.append(tmpfs("/scratch")) }
        try Files.makeDirectory(c.inside("scratch"), mode: 0o1775)
        try equal(try c.output()["stat"]["mode"], "1775", "mode")
    },
    Case(
        "mounts.tmpcopyup-readonly", "tmpcopyup with ro: the copy is there, and nothing can be written",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["cat", "/data/file", "+", "write", "/data/new", "x", "+", "stat", "/data"])
        try Files.write(c.inside("data/file"), "copied")
        chmod(c.inside("data"), 0o751)
        c.config.mounts.append(tmpfs("/data", ["tmpcopyup", "ro"]))
        let out = try c.output()
        try equal(out["cat"].text, "copied", "text")
        try equal(out["write"]["write"], "EROFS", "write")
        try equal(out["stat"]["mode"], "0751", "mode")
    },
    Case(
        "mounts.tmpcopyup", "tmpcopyup copies content, modes, owners and links of the covered directory",
        "peers.md 3.6", tags: [.mounts]
    ) { t in
        let c = try t.container([
            "cat", "/data/file", "+", "stat", "/data/file", "+", "cat", "/data/deep/er/file", "+", "stat",
            "/data/link",
            "+", "write", "/data/new", "x", "+", "statfs", "/data", "+", "ls", "/data",
        ]) { $0.mounts.append(tmpfs("/data", ["tmpcopyup"])) }
        try Files.write(c.inside("data/file"), "copied", mode: 0o4750)
        chown(c.inside("data/file"), 12, 34)
        chmod(c.inside("data/file"), 0o4750)
        try Files.write(c.inside("data/deep/er/file"), "deeper")
        try Files.symlink(c.inside("data/link"), to: "/etc/target")
        let out = try c.output()
        try equal(out["cat /data/file"].text, "copied", "text")
        try equal(out["stat /data/file"]["mode"], "4750", "mode")
        try equal(out["stat /data/file"]["uid"] + ":" + out["stat /data/file"]["gid"], "12:34", "owner")
        try equal(out["cat /data/deep/er/file"].text, "deeper", "text")
        try equal(out["stat /data/link"]["link"], "/etc/target", "link")
        try equal(out["statfs"]["fstype"], "1021994", "type of the file system")
        try check(!Files.exists(c.inside("data/new")), "the write reached the rootfs")
    },
    Case("mounts.proc", "proc is procfs with the options given", "config.md Mounts", tags: [.mounts]) {
        t in
        let table = try t.mountTable {
            $0.removeMount("/proc")
            $0.mounts.append([
                "destination": "/proc", "type": "proc", "source": "proc",
                "options": ["nosuid", "noexec", "nodev"],
            ])
        }
        let mount = try table.at("/proc")
        try equal(mount.type, "proc", "type")
        try check(
            mount.options.isSuperset(of: ["nosuid", "noexec", "nodev"]), "options are \(mount.options)")
    },
    Case("mounts.sysfs", "sysfs, read-only", "config.md Mounts", tags: [.mounts]) { t in
        let out = try t.output(["statfs", "/sys", "+", "write", "/sys/kernel/uevent_seqnum", "x"]) {
            $0.mounts.append([
                "destination": "/sys", "type": "sysfs", "source": "sysfs",
                "options": ["nosuid", "noexec", "nodev", "ro"],
            ])
        }
        try equal(out["statfs"]["fstype"], "62656572", "type")
        try equal(out["write"]["write"], "EROFS", "write")
    },
    Case(
        "mounts.devpts", "a devpts instance of its own, /dev/ptmx opens it", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let out = try t.output([
            "ls", "/dev/pts", "+", "open", "/dev/ptmx", "rw", "+", "stat", "/dev/pts/ptmx",
        ]) {
            $0.mounts.append([
                "destination": "/dev/pts", "type": "devpts", "source": "devpts",
                "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"],
            ])
        }
        try equal(out["ls"].lines, ["ptmx"], "names in /dev/pts")
        try equal(out["open"]["open"], "ok", "open of /dev/ptmx")
        try equal(out["stat"]["mode"], "0666", "mode of ptmx")
    },
    Case("mounts.mqueue", "mqueue", "config.md Mounts", tags: [.mounts]) { t in
        let table = try t.mountTable {
            $0.mounts.append([
                "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid"],
            ])
        }
        try equal(try table.at("/dev/mqueue").type, "mqueue", "type")
    },
    Case(
        "mounts.cgroup-v1",
        "type cgroup on a v1 host: one directory per hierarchy, the container's own group",
        "config.md Mounts", tags: [.mounts, .cgroups]
    ) { t in
        guard !t.host.v1.isEmpty else { throw Skip("no cgroup v1 hierarchy is mounted") }
        let out = try t.output([
            "ls", "/sys/fs/cgroup", "+", "cat", "/proc/self/mountinfo", "+", "mkdir",
            "/sys/fs/cgroup/pids/x",
        ]) {
            $0.mounts.append(contentsOf: [
                ["destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]],
                [
                    "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
                    "options": ["ro", "nosuid", "noexec", "nodev"],
                ],
            ])
        }
        let names = Set(out["ls"].lines)
        for controller in t.host.v1.keys where !controller.hasPrefix("name=") {
            try check(names.contains(controller), "\(controller) is not in \(names.sorted())")
        }
        try equal(out["mkdir"]["mkdir"], "EROFS", "mkdir in a ro cgroup mount")
    },
    Case(
        "mounts.cgroup-v2", "type cgroup on a v2 host: cgroup2 with the container's own group as root",
        "config.md Mounts", tags: [.mounts, .cgroups]
    ) { t in
        guard t.host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
        let out = try t.output(["cat", "/sys/fs/cgroup/cgroup.procs", "+", "cat", "/proc/self/mountinfo"]) {
            $0.setNamespace("cgroup")
            $0.mounts.append(contentsOf: [
                ["destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]],
                [
                    "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
                    "options": ["ro", "nosuid", "noexec", "nodev"],
                ],
            ])
        }
        try equal(out["cat /sys"].text, "1", "cgroup.procs")
        let mount = try Mount.table(out["cat /proc"].text).at("/sys/fs/cgroup")
        try equal(mount.type, "cgroup2", "type")
        try check(mount.options.contains("ro"), "options are \(mount.options)")
    },
    Case(
        "mounts.cover-all", "a mount over / of a subtree hides what was there", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let c = try t.container(["ls", "/etc"]) { $0.mounts.append(tmpfs("/etc")) }
        try Files.write(c.inside("etc/file"), "")
        try equal(try c.output()["ls"].lines, [], "names in /etc")
    },
    Case("mounts.many", "200 mounts", "config.md Mounts", tags: [.mounts]) { t in
        let table = try t.mountTable { config in
            config.mounts.append(tmpfs("/many"))
            config.mounts.append(contentsOf: (0..<200).map { tmpfs("/many/\($0)", ["size=4k"]) })
        }
        try equal(table.filter { $0.point.hasPrefix("/many/") }.count, 200, "mounts")
    },
    Case(
        "mounts.host-untouched", "the container's mounts never show in the host's table",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        let c = try t.container(["pause"]) { $0.mounts.append(tmpfs("/t")) }
        try c.create()
        try equal(Outside.mounts(below: t.directory), [], "mounts while created")
        try c.start()
        try equal(Outside.mounts(below: t.directory), [], "mounts while running")
    },
    Case(
        "mounts.old-root-gone", "nothing of the host's mounts is left in the container's table",
        "config.md Root", tags: [.mounts, .security]
    ) { t in
        let table = try t.mountTable { _ in }
        try equal(Set(table.map(\.point)), ["/", "/proc", "/dev"], "mount points")
    },
]
