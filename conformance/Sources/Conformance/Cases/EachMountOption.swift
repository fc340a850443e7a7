// config.md, Linux mount options: each option of the table by itself.
import Foundation

private enum Place: Sendable {
    case tmpfs
    case bind
    /// A bind mount of a directory with a mount below that has every restriction.
    case restricted
    /// The same with a plain mount below.
    case plain
}

private struct Row: Sendable {
    let option: String
    let place: Place
    /// Options in front of it.
    var before: [String] = []
    /// Words that must be, and that must not be, among the mount's options; with a mount below, among those of both.
    var has: [String] = []
    var lacks: [String] = []
    init(
        _ option: String, _ place: Place, before: [String] = [], has: [String] = [], lacks: [String] = []
    ) {
        self.option = option
        self.place = place
        self.before = before
        self.has = has
        self.lacks = lacks
    }
}

private let rows: [Row] = [
    Row("async", .tmpfs, before: ["sync"], lacks: ["sync"]),
    Row("atime", .tmpfs, before: ["noatime"], lacks: ["noatime"]),
    Row("defaults", .tmpfs, has: ["rw"]),
    Row("dev", .tmpfs, before: ["nodev"], lacks: ["nodev"]),
    Row("diratime", .tmpfs, before: ["nodiratime"], lacks: ["nodiratime"]),
    Row("dirsync", .tmpfs, has: ["dirsync"]),
    Row("exec", .tmpfs, before: ["noexec"], lacks: ["noexec"]),
    Row("iversion", .tmpfs), Row("noiversion", .tmpfs),
    Row("lazytime", .tmpfs, has: ["lazytime"]),
    Row("nolazytime", .tmpfs, before: ["lazytime"], lacks: ["lazytime"]),
    Row("loud", .tmpfs), Row("silent", .tmpfs),
    Row("noatime", .tmpfs, has: ["noatime"]), Row("nodev", .tmpfs, has: ["nodev"]),
    Row("nodiratime", .tmpfs, has: ["nodiratime"]), Row("noexec", .tmpfs, has: ["noexec"]),
    Row("norelatime", .tmpfs), Row("nostrictatime", .tmpfs, lacks: ["noatime"]),
    Row("nosuid", .tmpfs, has: ["nosuid"]), Row("nosymfollow", .tmpfs, has: ["nosymfollow"]),
    Row("relatime", .tmpfs, has: ["relatime"]), Row("ro", .tmpfs, has: ["ro"]),
    Row("rw", .tmpfs, before: ["ro"], has: ["rw"], lacks: ["ro"]),
    Row("strictatime", .tmpfs, lacks: ["relatime", "noatime"]),
    Row("suid", .tmpfs, before: ["nosuid"], lacks: ["nosuid"]),
    Row("symfollow", .tmpfs, before: ["nosymfollow"], lacks: ["nosymfollow"]),
    Row("sync", .tmpfs, has: ["sync"]),
    Row("rro", .plain, has: ["ro"]), Row("rnosuid", .plain, has: ["nosuid"]),
    Row("rnodev", .plain, has: ["nodev"]), Row("rnoexec", .plain, has: ["noexec"]),
    Row("rnoatime", .plain, has: ["noatime"]), Row("rnodiratime", .plain, has: ["nodiratime"]),
    Row("rnosymfollow", .plain, has: ["nosymfollow"]), Row("rrelatime", .restricted, has: ["relatime"]),
    Row("rstrictatime", .restricted, lacks: ["relatime", "noatime"]),
    Row("rnorelatime", .plain), Row("rnostrictatime", .plain),
    Row("ratime", .restricted, lacks: ["noatime"]), Row("rdev", .restricted, lacks: ["nodev"]),
    Row("rdiratime", .restricted, lacks: ["nodiratime"]), Row("rexec", .restricted, lacks: ["noexec"]),
    Row("rrw", .restricted, lacks: ["ro"]), Row("rsuid", .restricted, lacks: ["nosuid"]),
    Row("rsymfollow", .restricted, lacks: ["nosymfollow"]),
]

private let propagations = [
    "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
]

private func look(_ t: Trial, _ row: Row) throws {
    let source = t.directory + "/source"
    let c = try t.container(["cat", "/proc/self/mountinfo"])
    let options = JSON(row.before + [row.option])
    switch row.place {
    case .tmpfs: c.config.mounts.append(tmpfs("/m", options))
    case .bind: c.config.mounts.append(.bind(source, "/m", JSON(["bind", row.option])))
    case .plain, .restricted:
        try Files.makeDirectory(source + "/sub")
        let below =
            row.place == .plain
            ? "strictatime" : "ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow"
        c.prefix = [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            "mount --bind \(source) \(source) && mount -t tmpfs -o \(below) n \(source)/sub && exec \"$@\"",
            "sh",
        ]
        c.config.mounts.append(.bind(source, "/m", JSON(["rbind", row.option])))
    }
    let table = Mount.table(try c.output()["cat"].text)
    for point in row.place == .tmpfs || row.place == .bind ? ["/m"] : ["/m", "/m/sub"] {
        let mount = try table.at(point)
        let words = mount.options.union(mount.superOptions.subtracting(["rw", "ro"]))
        for word in row.has { try check(words.contains(word), "\(point): no \(word) in \(words.sorted())") }
        for word in row.lacks { try check(!words.contains(word), "\(point): \(word) in \(words.sorted())") }
    }
}

let eachMountOptionCases: [Case] =
    rows.map { row in
        Case(
            "mounts.option-\(row.option)", "the option \(row.option)", "config.md Linux mount options",
            tags: [.mounts]
        ) { t in try look(t, row) }
    }
    + propagations.map { option in
        Case(
            "mounts.option-\(option)", "the option \(option) on a bind mount",
            "config.md Linux mount options", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            try Files.makeDirectory(source)
            let wanted = option.hasPrefix("r") ? String(option.dropFirst()) : option
            let mount = try t.mountTable { $0.mounts.append(.bind(source, "/m", ["bind", .string(option)])) }
                .at("/m")
            // A slave without a master is private.
            let allowed = wanted == "slave" ? ["private", "slave"] : [wanted]
            try check(allowed.contains(mount.propagation), "propagation is \(mount.propagation)")
        }
    }
    + [
        Case(
            "mounts.option-bind", "the option bind takes one mount", "config.md Linux mount options",
            tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"])
            try nested(c, source)
            c.config.mounts.append(.bind(source, "/m", ["bind"]))
            let table = Mount.table(try c.output()["cat"].text)
            _ = try table.at("/m")
            try check(!table.contains { $0.point == "/m/sub" }, "the mount below came along")
        },
        Case(
            "mounts.option-rbind", "the option rbind takes the tree", "config.md Linux mount options",
            tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"])
            try nested(c, source)
            c.config.mounts.append(.bind(source, "/m", ["rbind"]))
            _ = try Mount.table(try c.output()["cat"].text).at("/m/sub")
        },
        Case(
            "mounts.option-remount", "the option remount changes the mount that is there",
            "config.md Linux mount options", tags: [.mounts]
        ) { t in
            let table = try t.mountTable { config in
                config.mounts.append(tmpfs("/m", ["nosuid", "nodev"]))
                config.mounts.append(tmpfs("/m", ["remount", "ro", "nosuid", "nodev"]))
            }
            let mounts = table.filter { $0.point == "/m" }
            try equal(mounts.count, 1, "mounts on /m")
            let mount = mounts[0]
            try check(mount.options.union(mount.superOptions).contains("ro"), "/m is writable")
        },
        Case(
            "mounts.fs-option", "an option of one file system goes to the file system",
            "config.md Linux mount options", tags: [.mounts]
        ) { t in
            let mount = try t.mountTable { $0.mounts.append(tmpfs("/m", ["nr_inodes=77", "uid=3"])) }.at("/m")
            for word in ["nr_inodes=77", "uid=3"] {
                try check(mount.superOptions.contains(word), "no \(word) in \(mount.superOptions)")
            }
        },
        Case(
            "mounts.default-filesystems", "proc, sysfs, devpts and shared memory are mounted as listed",
            "config-linux.md Default filesystems", tags: [.mounts]
        ) { t in
            let table = try t.mountTable { config in
                config.mounts.append(contentsOf: [
                    [
                        "destination": "/sys", "type": "sysfs", "source": "sysfs",
                        "options": ["ro", "nosuid"],
                    ],
                    [
                        "destination": "/dev/pts", "type": "devpts", "source": "devpts",
                        "options": ["newinstance", "ptmxmode=0666", "mode=0620"],
                    ], tmpfs("/dev/shm", ["mode=1777", "size=64k"]),
                ])
            }
            for (point, type) in [
                ("/proc", "proc"), ("/sys", "sysfs"), ("/dev/pts", "devpts"), ("/dev/shm", "tmpfs"),
            ] { try equal(try table.at(point).type, type, "type of \(point)") }
        },
        Case(
            "mounts.one-mapping", "uidMappings without gidMappings are refused",
            "config.md POSIX-platform Mounts", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            try Files.makeDirectory(source)
            for name in ["uidMappings", "gidMappings"] {
                try t.container(["args"]) {
                    var mount = JSON.bind(source, "/m", ["rbind", "idmap"])
                    mount[name] = [["containerID": 0, "hostID": 1000, "size": 10]]
                    $0.mounts.append(mount)
                }.refusedCreate()
            }
        },
    ]
