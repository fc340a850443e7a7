// config.md, Hooks: when each kind runs, and in which namespace its path is looked up.
import Foundation

private func script(_ text: String) -> JSON {
    [
        "path": "/bin/sh", "args": ["sh", "-c", .string(text)],
        "env": ["PATH=/usr/bin:/bin:/usr/sbin:/sbin"],
    ]
}

/// What a hook can see before the root is changed: the host's tree and, in the container's mount namespace, a mount of
/// the config at its place below the rootfs.
private func moment(_ kind: String) -> Case {
    Case(
        "hooks.moment-\(kind)",
        "\(kind) hooks run when the mounts are made and before the root is changed", "config.md Hooks",
        tags: [.hooks]
    ) { t in
        let inContainer = kind == "createContainer"
        let log = t.directory + "/seen"
        let c = try t.container(["args"]) {
            $0.mounts.append(.bind(t.directory + "/marked", "/marked"))
        }
        try Files.write(t.directory + "/marked/yes", "")
        let pid = "pid=$(tr -d '\\n' | sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/')"
        let root = inContainer ? "" : "/proc/$pid/root"
        c.config.hooks[kind] = [
            script(
                "\(pid); [ -e \(root)\(c.bundle)/config.json ] && echo host > \(log);"
                    + " [ -e \(root)\(c.rootfs)/marked/yes ] && echo mounted >> \(log); :")
        ]
        let outcome = try c.run()
        try check(outcome.status == 0, outcome.description)
        let seen = (Files.read(log) ?? "").words
        try check(seen.contains("host"), "the root was changed already")
        try check(seen.contains("mounted"), "the config's mounts were not made yet")
    }
}

/// The path exists on one side only.
private func path(_ kind: String) -> Case {
    let inside = kind == "startContainer"
    return Case(
        "hooks.path-\(kind)",
        "the path of \(kind) hooks is the \(inside ? "container's" : "runtime's")", "config.md Hooks",
        tags: [.hooks]
    ) { t in
        var entry = t.hook("it", inside: inside)
        let c = try t.hooked(probe: ["sleep", "0.05"], [:])
        if inside {
            try Files.link(c.inside("only/inside"), to: t.probe)
            entry.path = "/only/inside"
        } else {
            try Files.link(t.directory + "/only/outside", to: t.probe)
            entry.path = .string(t.directory + "/only/outside")
        }
        c.config.hooks[kind] = [entry]
        let outcome = try c.run()
        try check(outcome.status == 0, outcome.description)
        _ = try t.record("it")
    }
}

let hookMomentCases: [Case] =
    ["prestart", "createRuntime", "createContainer"].map(moment) + hookKinds.map(path)
    + [
        Case(
            "hooks.poststart-in-start", "start returns after the poststart hooks", "config.md Poststart",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(probe: ["pause"], [:])
            c.config.hooks.poststart = [t.hook("it", sleep: 1)]
            // The hook writes first and sleeps then: the second one proves the first one's end.
            c.config.hooks.poststart.append(t.hook("last"))
            try c.create()
            try c.start()
            try check(t.records().contains { $0.tag == "last" }, "start returned before the hooks were done")
        },
        Case(
            "hooks.poststop-in-delete", "delete returns after the poststop hooks, which find no process",
            "config.md Poststop", tags: [.hooks]
        ) { t in
            let c = try t.hooked(probe: ["pause"], [:])
            c.config.hooks.poststop = [t.hook("it", sleep: 1), t.hook("last")]
            try c.create()
            try c.start()
            try c.must(["kill", c.id, "KILL"])
            try c.waitFor("stopped")
            try c.delete()
            try check(t.records().contains { $0.tag == "last" }, "delete returned before the hooks were done")
        },
    ]
