// Mount options: each by itself, undone, on binds and recursively; propagation.
import Foundation

/// Option, words that must be there and words that must not, in the mount's own or the file system's options.
private let tmpfsOptions: [(option: String, has: [String], lacks: [String])] = [
    ("ro", ["ro"], ["rw"]), ("rw", ["rw"], ["ro"]), ("nosuid", ["nosuid"], []), ("suid", [], ["nosuid"]),
    ("nodev", ["nodev"], []), ("dev", [], ["nodev"]), ("noexec", ["noexec"], []), ("exec", [], ["noexec"]),
    ("noatime", ["noatime"], ["relatime"]), ("nodiratime", ["nodiratime"], []),
    ("relatime", ["relatime"], []),
    ("strictatime", [], ["relatime", "noatime"]),
    ("sync", ["sync"], []), ("dirsync", ["dirsync"], []), ("lazytime", ["lazytime"], []),
    ("silent", ["rw"], []),
    ("size=1m", ["size=1024k"], []), ("mode=1700", ["mode=1700"], []), ("uid=7", ["uid=7"], []),
    ("nr_inodes=50", ["nr_inodes=50"], []),
]

private let undoing: [(options: JSON, lacks: String)] = [
    (["nosuid", "suid"], "nosuid"), (["nodev", "dev"], "nodev"), (["noexec", "exec"], "noexec"),
    (["noatime", "atime"], "noatime"), (["nodiratime", "diratime"], "nodiratime"), (["ro", "rw"], "ro"),
    (["sync", "async"], "sync"),
]

private let bindOptions = ["ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime"]

private let recursive: [(option: String, word: String)] = [
    ("rro", "ro"), ("rnosuid", "nosuid"), ("rnodev", "nodev"), ("rnoexec", "noexec"), ("rnoatime", "noatime"),
    ("rnodiratime", "nodiratime"),
]

let mountOptionCases: [Case] =
    [
        Case(
            "mounts.options-tmpfs", "each option on a tmpfs shows in the mount table", "config.md Mounts",
            tags: [.mounts]
        ) { t in
            let table = try t.mountTable { config in
                for (index, row) in tmpfsOptions.enumerated() {
                    config.mounts.append(tmpfs("/m\(index)", [.string(row.option)]))
                }
            }
            for (index, row) in tmpfsOptions.enumerated() {
                let mount = try table.at("/m\(index)")
                let words = mount.options.union(mount.superOptions.subtracting(["rw"]))
                for word in row.has {
                    try check(words.contains(word), "\(row.option): no \(word) in \(words)")
                }
                for word in row.lacks {
                    try check(!mount.options.contains(word), "\(row.option): \(word) is there")
                }
            }
        },
        Case(
            "mounts.options-last-wins", "an option and its opposite: the last one counts", "config.md Mounts",
            tags: [.mounts]
        ) { t in
            let table = try t.mountTable { config in
                for (index, row) in undoing.enumerated() {
                    config.mounts.append(tmpfs("/m\(index)", row.options))
                }
            }
            for (index, row) in undoing.enumerated() {
                let mount = try table.at("/m\(index)")
                try check(!mount.options.contains(row.lacks), "\(row.options): \(row.lacks) is there")
            }
        },
        Case(
            "mounts.bind-options", "each option on a bind mount, the source stays as it is",
            "config.md Mounts", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            try Files.makeDirectory(source)
            let table = try t.mountTable { config in
                for name in bindOptions {
                    config.mounts.append(JSON.bind(source, "/m-" + name, ["bind", .string(name)]))
                }
            }
            for name in bindOptions {
                try check(try table.at("/m-" + name).options.contains(name), "\(name) is not set")
            }
            try Files.write(source + "/still-writable", "")
        },
        Case(
            "mounts.bind-recursive-options", "r-options reach the mounts below, plain ones do not",
            "config.md Mounts", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"])
            try nested(c, source)
            for (option, word) in recursive {
                c.config.mounts.append(.bind(source, "/\(option)", ["rbind", .string(option)]))
                c.config.mounts.append(.bind(source, "/plain-\(option)", ["rbind", .string(word)]))
            }
            let table = Mount.table(try c.output()["cat"].text)
            for (option, word) in recursive {
                try check(
                    try table.at("/\(option)").options.contains(word), "\(option): \(word) not on the mount")
                try check(
                    try table.at("/\(option)/sub").options.contains(word), "\(option): \(word) not below")
                try check(
                    !(try table.at("/plain-\(option)/sub").options.contains(word)), "\(word) went below")
            }
        },
        Case(
            "mounts.bind-recursive-clear", "rrw, rsuid, rdev, rexec clear on the mounts below",
            "config.md Mounts", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"])
            try Files.makeDirectory(source + "/sub")
            c.prefix = [
                "unshare", "-m", "--propagation", "private", "sh", "-c",
                "mount --bind \(source) \(source) && mount -t tmpfs -o ro,nosuid,nodev,noexec n \(source)/sub && exec \"$@\"",
                "sh",
            ]
            c.config.mounts.append(.bind(source, "/m", ["rbind", "rrw", "rsuid", "rdev", "rexec"]))
            let below = try Mount.table(try c.output()["cat"].text).at("/m/sub")
            for word in ["ro", "nosuid", "nodev", "noexec"] {
                try check(!below.options.contains(word), "\(word) is still there")
            }
        },
        Case(
            "mounts.nosymfollow",
            "nosymfollow on tmpfs and bind, symfollow undoes it, rnosymfollow reaches below",
            "config.md Mounts", tags: [.mounts]
        ) { t in
            let source = t.directory + "/source"
            let c = try t.container(["cat", "/proc/self/mountinfo"])
            try nested(c, source)
            c.config.mounts.append(contentsOf: [
                tmpfs("/t", ["nosymfollow"]), tmpfs("/undone", ["nosymfollow", "symfollow"]),
                .bind(source, "/b", ["rbind", "nosymfollow"]),
                .bind(source, "/r", ["rbind", "rnosymfollow"]),
            ])
            let table = Mount.table(try c.output()["cat"].text)
            for (point, wanted) in [
                ("/t", true), ("/undone", false), ("/b", true), ("/r", true), ("/r/sub", true),
            ] {
                try equal(
                    try table.at(point).options.contains("nosymfollow"), wanted, "nosymfollow on \(point)")
            }
        },
        Case(
            "mounts.defaults", "the option defaults asks for nothing", "peers.md 3.6",
            tags: [.mounts, .contract]
        ) { t in
            let source = t.directory + "/source"
            try Files.makeDirectory(source)
            _ = try t.output(["args"]) {
                $0.mounts.append(contentsOf: [
                    tmpfs("/t", ["defaults"]), .bind(source, "/b", ["rbind", "defaults"]),
                ])
            }
        },
    ]
    + ["private", "slave", "shared", "unbindable"].flatMap { kind in
        ["", "r"].map { prefix in
            Case(
                "mounts.propagation-\(prefix)\(kind)", "a bind mount with \(prefix)\(kind)",
                "config.md Mounts", tags: [.mounts]
            ) { t in
                let source = t.directory + "/source"
                let c = try t.container(["cat", "/proc/self/mountinfo"])
                try nested(c, source, shared: kind == "slave")
                c.config.mounts.append(.bind(source, "/data", ["rbind", .string(prefix + kind)]))
                let table = Mount.table(try c.output()["cat"].text)
                try equal(try table.at("/data").propagation, kind, "propagation of /data")
                if prefix == "r" {
                    try equal(try table.at("/data/sub").propagation, kind, "propagation below")
                }
            }
        }
    }
