// process.user and process.capabilities.
import Foundation

private let sets = ["bounding", "effective", "inheritable", "permitted", "ambient"]
private let keys = ["CapBnd", "CapEff", "CapInh", "CapPrm", "CapAmb"]

/// Runs the probe with exactly these capability sets and compares all five with what they must be.
private func capabilities(
    _ t: Trial, _ wanted: [String: [String]], expect: [String: [String]]? = nil,
    edit: (inout JSON) -> Void = { _ in }
) throws {
    let out = try t.output(["caps"]) { config in
        config.process.capabilities = .object(wanted.mapValues { JSON($0) })
        edit(&config)
    }["caps"]
    for (set, key) in zip(sets, keys) {
        try equal(out[key], Names.mask((expect ?? wanted)[set] ?? []), set)
    }
}

let userCases: [Case] = [
    Case(
        "user.uid-gid", "real, effective and saved ids are the configured ones",
        "config.md POSIX-platform User"
    ) { t in
        let out = try t.output(["ids"]) { $0.process.user = ["uid": 1234, "gid": 4321] }["ids"]
        try equal(out["uid"], "1234 1234 1234", "uid")
        try equal(out["gid"], "4321 4321 4321", "gid")
        try equal(out["groups"], "", "supplementary groups")
    },
    Case("user.additional-gids", "exactly the additional groups are set", "config.md POSIX-platform User") {
        t in
        let out = try t.output(["ids"]) {
            $0.process.user = ["uid": 1000, "gid": 1000, "additionalGids": [5, 70000, 12]]
        }["ids"]
        try equal(Set(out["groups"].words), ["5", "12", "70000"], "groups")
    },
    Case("user.groups-dropped", "the runtime's own groups do not leak in", "config.md POSIX-platform User") {
        t in
        let c = try t.container(["ids"])
        c.prefix = ["setpriv", "--groups", "4,24,27"]
        try equal(try c.output()["ids"]["groups"], "", "groups")
    },
    Case("user.umask", "umask is set", "config.md POSIX-platform User") { t in
        let out = try t.output(["ids"]) { $0.process.user.umask = 0o027 }
        try equal(out["ids"]["umask"], "0027", "umask")
    },
    Case("user.umask-default", "without umask it is 0022", "peers.md 2", tags: [.contract]) { t in
        let c = try t.container(["ids"])
        c.prefix = ["sh", "-c", "umask 0077; exec \"$@\"", "sh"]
        try equal(try c.output()["ids"]["umask"], "0022", "umask")
    },
    Case("user.home-from-passwd", "HOME comes from the container's passwd when unset", "peers.md 2") { t in
        let c = try t.container(["env"])
        try Files.write(
            c.inside("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nother:x:1234:1:o:/home/of/other:/bin/sh\n"
        )
        c.config.process.user = ["uid": 1234, "gid": 1]
        try check(try c.output()["env"].lines.contains("HOME=/home/of/other"), "HOME is not from passwd")
    },
    Case("user.home-kept", "a configured HOME stays", "peers.md 2") { t in
        let c = try t.container(["env"])
        try Files.write(c.inside("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
        c.config.process.env.append("HOME=/mine")
        let out = try c.output()["env"]
        try equal(out.all("HOME"), ["/mine"], "HOME")
    },
    Case("user.home-unknown", "HOME is / for a user that passwd does not know", "peers.md 2") { t in
        let c = try t.container(["env"])
        try Files.write(c.inside("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
        c.config.process.user = ["uid": 777, "gid": 1]
        try equal(try c.output()["env"].all("HOME"), ["/"], "HOME")
    },
    Case("user.home-no-passwd", "HOME is set also without a passwd file", "peers.md 2") { t in
        let out = try t.output(["env"])["env"]
        try equal(out.all("HOME").count, 1, "number of HOME entries")
    },
    Case("user.home-bad-passwd", "malformed, long and binary passwd lines do no harm", "peers.md 2") { t in
        let c = try t.container(["env"])
        let text =
            "::::\n:\n\nx\n\u{1}\u{2}:x:a:b\n" + String(repeating: "y", count: 100_000)
            + ":x:9\nme:x:50:50::/found:/bin/sh\n"
        try Files.write(c.inside("etc/passwd"), text)
        c.config.process.user = ["uid": 50, "gid": 50]
        try check(try c.output()["env"].all("HOME").count == 1, "not one HOME")
    },
    Case(
        "user.home-symlink", "a passwd symlinked to a host path is resolved in the rootfs",
        "CVE-2019-18837 class", tags: [.security]
    ) { t in
        let c = try t.container(["env"])
        let outside = t.directory + "/passwd"
        try Files.write(outside, "root:x:0:0:root:/from/the/host:/bin/sh\n")
        try Files.symlink(c.inside("etc/passwd"), to: outside)
        try lacks(try c.output()["env"].text, "/from/the/host", "environment")
    },
    Case("user.stdio-owner", "a non-root user can open its own standard streams again", "peers.md 3.1") { t in
        let out = try t.output(["open", "/proc/self/fd/1", "a", "+", "open", "/proc/self/fd/2", "a"]) {
            $0.process.user = ["uid": 1000, "gid": 1000]
        }
        for section in out.sections { try equal(section["open"], "ok", section.command) }
    },
    Case(
        "caps.usual", "bounding, effective and permitted as configured, the others empty",
        "config.md Linux Process"
    ) { t in
        let names = JSON.usualCapabilities.items.compactMap(\.text)
        try capabilities(t, ["bounding": names, "effective": names, "permitted": names])
    },
    Case("caps.none", "empty sets mean no capability", "config.md Linux Process") { t in
        try capabilities(
            t, ["bounding": [], "effective": [], "inheritable": [], "permitted": [], "ambient": []])
    },
    Case("caps.absent", "process.capabilities may be absent", "config.md Linux Process") { t in
        _ = try t.output(["caps"]) { $0.process.capabilities = nil }
    },
    Case("caps.all", "everything that root has here", "config.md Linux Process") { t in
        let names = Names.available(t.host)
        try capabilities(
            t,
            [
                "bounding": names, "effective": names, "inheritable": names, "permitted": names,
                "ambient": names,
            ])
    },
    Case("caps.five-sets", "five different sets stay five different sets", "config.md Linux Process") { t in
        let ambient = ["CAP_KILL"]
        let inheritable = ambient + ["CAP_CHOWN"]
        let permitted = inheritable + ["CAP_SETUID"]
        // After execve root's permitted set is bounding or inheritable; NOROOT would be needed for anything else.
        let bounding = permitted + ["CAP_NET_RAW"]
        let out = try t.output(["caps"]) {
            $0.process.capabilities = [
                "bounding": JSON(bounding), "effective": JSON(permitted), "permitted": JSON(permitted),
                "inheritable": JSON(inheritable), "ambient": JSON(ambient),
            ]
        }["caps"]
        try equal(out["CapBnd"], Names.mask(bounding), "bounding")
        try equal(out["CapInh"], Names.mask(inheritable), "inheritable")
        try equal(out["CapAmb"], Names.mask(ambient), "ambient")
    },
    Case(
        "caps.user-ambient", "ambient capabilities reach a non-root user's process", "config.md Linux Process"
    ) { t in
        let names = ["CAP_NET_BIND_SERVICE", "CAP_KILL"]
        try capabilities(
            t,
            [
                "bounding": names, "effective": names, "inheritable": names, "permitted": names,
                "ambient": names,
            ]
        ) { $0.process.user = ["uid": 1000, "gid": 1000] }
    },
    Case("caps.user-none", "a non-root user without ambient capabilities has none", "capabilities(7)") { t in
        let names = ["CAP_KILL", "CAP_CHOWN"]
        try capabilities(
            t, ["bounding": names, "effective": names, "permitted": names], expect: ["bounding": names]
        ) { $0.process.user = ["uid": 1000, "gid": 1000] }
    },
    Case("caps.effect-chown", "chown works with CAP_CHOWN and fails without", "config.md Linux Process") {
        t in
        for (names, result) in [(["CAP_CHOWN"], "ok"), (["CAP_KILL"], "EPERM")] {
            let c = try t.container(["chown", "/file", "5", "5"])
            try Files.write(c.inside("file"), "")
            c.config.process.capabilities = [
                "bounding": JSON(names), "effective": JSON(names), "permitted": JSON(names),
            ]
            try equal(try c.output()["chown"]["chown"], result, "chown with \(names)")
        }
    },
    Case("caps.outside", "the host sees the same sets in /proc/PID/status", "config.md Linux Process") { t in
        let c = try t.paused()
        let wanted = Names.mask(JSON.usualCapabilities.items.compactMap(\.text))
        let pid = try c.pid()
        try check(
            eventually { Outside.status(pid, "CapEff") == wanted },
            "CapEff is \(Outside.status(pid, "CapEff"))")
        try equal(Outside.status(pid, "CapBnd"), wanted, "CapBnd")
    },
]
