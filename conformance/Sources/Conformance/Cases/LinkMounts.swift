// Bind mounts that do not follow links: copy-symlink, src-nofollow, dest-nofollow.
import Foundation

/// A link to `target` beside a file of that name with the text "of the host".
private func hostLink(_ t: Trial, to target: String = "/etc/file") throws -> String {
    try Files.makeDirectory(t.directory)
    try Files.symlink(t.directory + "/link", to: target)
    return t.directory + "/link"
}

let linkMountCases: [Case] = [
    Case(
        "mounts.copy-symlink", "copy-symlink makes the same link where a bind mount would follow it",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["stat", "/deep/link", "+", "cat", "/deep/link", "+", "cat", "/plain"])
        try Files.write(c.inside("etc/file"), "of the container")
        try Files.write(t.directory + "/plain", "no link")
        c.config.mounts.append(.bind(try hostLink(t), "/deep/link", ["bind", "copy-symlink"]))
        c.config.mounts.append(.bind(t.directory + "/plain", "/plain", ["bind", "copy-symlink"]))
        // The second time the link is there already.
        for _ in 1...2 {
            let out = try c.output()
            try equal(out["stat"]["link"], "/etc/file", "link")
            try equal(out["cat /deep/link"].text, "of the container", "text behind it")
            try equal(out["cat /plain"].text, "no link", "what is no link is bound")
        }
    },
    Case(
        "mounts.copy-symlink-other", "copy-symlink leaves what else is there, and fails", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        let source = try hostLink(t)
        for other in ["/etc/file2", "/etc/fil", "/etc/filf", ""] {
            let c = try t.container(["args"])
            if other.isEmpty {
                try Files.write(c.inside("link"), "a file")
            } else {
                try Files.symlink(c.inside("link"), to: other)
            }
            c.config.mounts.append(.bind(source, "/link", ["bind", "copy-symlink"]))
            try c.refusedCreate()
            if !other.isEmpty { try equal(Files.readLink(c.inside("link")), other, "the link") }
        }
    },
    Case(
        "mounts.copy-symlink-alone", "copy-symlink goes with neither src-nofollow nor dest-nofollow",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let source = try hostLink(t)
        for other: JSON in ["src-nofollow", "dest-nofollow"] {
            try t.container(["args"]) {
                $0.mounts.append(.bind(source, "/link", ["bind", "copy-symlink", other]))
            }.refusedCreate()
        }
    },
    Case(
        "mounts.src-nofollow", "with src-nofollow and dest-nofollow a link is mounted on a link",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["stat", "/link", "+", "cat", "/link", "+", "cat", "/etc/other"])
        try Files.write(c.inside("etc/file"), "behind the mounted link")
        try Files.write(c.inside("etc/other"), "behind the covered link")
        try Files.symlink(c.inside("link"), to: "/etc/other")
        c.config.mounts.append(.bind(try hostLink(t), "/link", ["bind", "src-nofollow", "dest-nofollow"]))
        let out = try c.output()
        try equal(out["stat"]["link"], "/etc/file", "link")
        try equal(out["cat /link"].text, "behind the mounted link", "text")
        try equal(out["cat /etc/other"].text, "behind the covered link", "text behind the covered link")
        try equal(Files.readLink(c.inside("link")), "/etc/other", "the link in the rootfs")
    },
    Case(
        "mounts.dest-nofollow", "with dest-nofollow a link at the destination is covered itself",
        "peers.md 3.6", tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(["cat", "/link", "+", "cat", "/etc/other"])
        try Files.write(c.inside("etc/other"), "behind the covered link")
        try Files.symlink(c.inside("link"), to: "/etc/other")
        try Files.write(t.directory + "/source", "bound")
        c.config.mounts.append(.bind(t.directory + "/source", "/link", ["bind", "dest-nofollow"]))
        let out = try c.output()
        try equal(out["cat /link"].text, "bound", "text")
        try equal(out["cat /etc/other"].text, "behind the covered link", "text behind the covered link")
    },
]
