// Bind mounts: of directories and files, of what is missing, of what the type or the source says.
import Foundation

let bindMountCases: [Case] = [
    Case(
        "mounts.bind-not-recursive", "bind takes one mount, rbind the tree", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let source = t.directory + "/source"
        let c = try t.container(["cat", "/proc/self/mountinfo"])
        try nested(c, source)
        c.config.mounts.append(.bind(source, "/one", ["bind"]))
        c.config.mounts.append(.bind(source, "/tree", ["rbind"]))
        let table = Mount.table(try c.output()["cat"].text)
        _ = try table.at("/tree/sub")
        try check(!table.contains { $0.point == "/one/sub" }, "bind took the mount below")
    },
    Case(
        "mounts.bind-directory", "a bound directory: reads, writes and new files are the source's",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        let source = t.directory + "/source"
        try Files.write(source + "/old", "from the host")
        let out = try t.output(["cat", "/data/old", "+", "write", "/data/new", "from the container"]) {
            $0.mounts.append(.bind(source, "/data"))
        }
        try equal(out["cat"].text, "from the host", "text")
        try equal(Files.read(source + "/new"), "from the container", "the new file")
    },
    Case("mounts.bind-readonly", "a ro bind refuses writes", "config.md Mounts", tags: [.mounts]) { t in
        let source = t.directory + "/source"
        try Files.makeDirectory(source)
        let out = try t.output(["write", "/data/new", "x"]) {
            $0.mounts.append(.bind(source, "/data", ["rbind", "ro"]))
        }
        try equal(out["write"]["write"], "EROFS", "write")
    },
    Case(
        "mounts.bind-file", "a file bound over a file, and over nothing", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let c = try t.container([
            "cat", "/etc/old", "+", "cat", "/deep/new/file", "+", "stat", "/deep/new/file",
        ])
        try Files.write(t.directory + "/source", "bound")
        try Files.write(c.inside("etc/old"), "covered")
        c.config.mounts.append(.bind(t.directory + "/source", "/etc/old"))
        c.config.mounts.append(.bind(t.directory + "/source", "/deep/new/file"))
        let out = try c.output()
        try equal(out["cat /etc/old"].text, "bound", "over a file")
        try equal(out["cat /deep/new/file"].text, "bound", "over nothing")
        try equal(Files.read(c.inside("etc/old")), "covered", "the file in the rootfs")
    },
    Case(
        "mounts.bind-type-none", "the option bind makes it a bind, whatever the type says",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        try Files.write(t.directory + "/source/file", "bound")
        for type in ["none", "bind", "ext4"] {
            let out = try t.output(["cat", "/data/file"]) {
                var mount = JSON.bind(t.directory + "/source", "/data", ["bind"])
                mount.type = .string(type)
                $0.mounts.append(mount)
            }
            try equal(out["cat"].text, "bound", "type \(type)")
        }
    },
    Case("mounts.bind-no-type", "a bind mount needs no type", "config.md Mounts", tags: [.mounts]) { t in
        try Files.write(t.directory + "/source/file", "bound")
        let out = try t.output(["cat", "/data/file"]) {
            var mount = JSON.bind(t.directory + "/source", "/data", ["bind"])
            mount.type = nil
            $0.mounts.append(mount)
        }
        try equal(out["cat"].text, "bound", "text")
    },
    Case(
        "mounts.bind-relative-source", "a relative source is relative to the bundle", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let c = try t.container(["cat", "/data/file"])
        try Files.write(c.bundle + "/volume/file", "bound")
        c.config.mounts.append(.bind("volume", "/data"))
        try equal(try c.output()["cat"].text, "bound", "text")
    },
    Case(
        "mounts.bind-source-symlink", "a source that is a symlink on the host is followed",
        "config.md Mounts", tags: [.mounts]
    ) { t in
        try Files.write(t.directory + "/real/file", "bound")
        try Files.symlink(t.directory + "/way", to: t.directory + "/real")
        let out = try t.output(["cat", "/data/file"]) {
            $0.mounts.append(.bind(t.directory + "/way", "/data"))
        }
        try equal(out["cat"].text, "bound", "text")
    },
    Case("mounts.bind-source-missing", "a missing source is refused", "config.md Mounts", tags: [.mounts]) {
        t in
        try t.container(["args"]) { $0.mounts.append(.bind(t.directory + "/nope", "/data")) }
            .refusedCreate()
    },
    Case(
        "mounts.bind-kinds-differ", "a directory over a file is refused", "config.md Mounts",
        tags: [.mounts]
    ) { t in
        let c = try t.container(["args"]) { $0.mounts.append(.bind(t.directory, "/etc/file")) }
        try Files.write(c.inside("etc/file"), "")
        try c.refusedCreate()
    },
]
