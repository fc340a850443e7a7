// mounts add and remove: mounts of a container that runs, as crun has them.
import Foundation

/// A running container, and the lists that its mounts are changed by.
private struct Changing {
    let trial: Trial
    let container: Container

    init(
        _ t: Trial, inUserNamespace: Bool = false, _ edit: (inout JSON) throws -> Void = { _ in }
    ) throws {
        trial = t
        guard try t.invoke(["mounts", "--help"]).status == 0 else { throw Skip("no command \"mounts\"") }
        container = try t.container(["pause"], edit)
        if inUserNamespace { try container.giveRootfs() }
        try container.create()
        try container.start()
        try container.waitFor("running")
    }

    func change(_ action: String, _ text: String) throws -> Outcome {
        let file = trial.fresh("mounts.json")
        try Files.write(file, text)
        return try container.attempt(["mounts", action, container.id, file])
    }

    func must(_ action: String, _ mounts: [JSON]) throws {
        let outcome = try change(action, JSON.array(mounts).encoded)
        try check(outcome.status == 0, "mounts \(action): \(outcome.description)")
    }

    func fails(_ action: String, _ text: String, _ what: String) throws {
        let before = try table()
        let outcome = try change(action, text)
        try check(outcome.status != 0, "\(what) is not refused")
        try check(!outcome.err.trimmed.isEmpty, "\(what) is refused without a word")
        try equal(try table(), before, "mounts after \(what)")
    }

    /// The container's mount points with their options.
    func table() throws -> [String] {
        Mount.table(Files.read("/proc/\(try container.pid())/mountinfo") ?? "").map {
            "\($0.point) \($0.type) \($0.options.sorted())"
        }
    }

    func mount(at point: String) throws -> Mount? {
        Mount.table(Files.read("/proc/\(try container.pid())/mountinfo") ?? "").last { $0.point == point }
    }

    func inside(_ path: String) throws -> String? { Files.read("/proc/\(try container.pid())/root\(path)") }
}

/// A directory with a file, as a source.
private func source(_ t: Trial) throws -> String {
    let path = t.fresh("source")
    try Files.makeDirectory(path)
    try Files.write(path + "/file", "from outside")
    return path
}

let mountsCommandCases: [Case] = [
    Case(
        "mounts-command.add", "directories, files and file systems are added and removed again",
        "peers.md 1.2", tags: [.contract, .mounts]
    ) { t in
        let changing = try Changing(t)
        let before = try changing.table()
        let path = try source(t)
        let list: [JSON] = [
            .bind(path, "/added", ["bind", "ro"]), .bind(path + "/file", "/file", ["bind"]),
            [
                "destination": "/fresh", "type": "tmpfs", "source": "tmpfs",
                "options": ["nosuid", "size=64k"],
            ],
            .bind(path, "/fresh/below", ["rbind"]),
        ]
        try changing.must("add", list)
        for place in ["/added/file", "/file", "/fresh/below/file"] {
            try equal(try changing.inside(place), "from outside", place)
        }
        let added = try changing.mount(at: "/added")
        try check(added?.options.contains("ro") == true, "/added is not read-only")
        let fresh = try changing.mount(at: "/fresh")
        try equal(fresh?.type, "tmpfs", "type of /fresh")
        try check(fresh?.options.contains("nosuid") == true, "/fresh is not nosuid")
        try check(Outside.mounts(below: t.directory).isEmpty, "mounts on the host")
        for mount in list.reversed() { try changing.must("remove", [mount]) }
        try equal(try changing.table(), before, "mounts in the end")
    },
    Case(
        "mounts-command.one-list", "the list that was added removes what it has added", "peers.md 6.1",
        tags: [.mounts]
    ) { t in
        let changing = try Changing(t)
        let before = try changing.table()
        let list: [JSON] = [
            ["destination": "/fresh", "type": "tmpfs", "source": "tmpfs"],
            .bind(try source(t), "/fresh/below"),
        ]
        try changing.must("add", list)
        try changing.must("remove", list)
        try equal(try changing.table(), before, "mounts in the end")
    },
    Case(
        "mounts-command.all-or-none", "of a list that fails nothing stays mounted", "peers.md 1.2",
        tags: [.mounts]
    ) { t in
        let changing = try Changing(t)
        let path = try source(t)
        try Files.write(changing.container.inside("/plain"), "a file")
        let good = JSON.bind(path, "/good")
        try changing.fails(
            "add", JSON.array([good, .bind(t.directory + "/nowhere", "/bad")]).encoded, "a missing source")
        try changing.fails(
            "add", JSON.array([good, .bind(path, "/plain/below")]).encoded, "a destination below a file")
        try changing.fails(
            "add",
            JSON.array([
                good,
                ["destination": "/bad", "type": "tmpfs", "source": "tmpfs", "options": ["size=64q"]],
            ]).encoded, "an option that the kernel refuses")
    },
    Case(
        "mounts-command.links", "a link in the rootfs leads a new mount nowhere else", "peers.md 4",
        tags: [.mounts, .security]
    ) { t in
        let changing = try Changing(t)
        let outside = t.fresh("outside")
        try Files.makeDirectory(outside)
        try FileManager.default.createSymbolicLink(
            atPath: changing.container.inside("/link"), withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(
            atPath: changing.container.inside("/up"), withDestinationPath: "../../../../../.." + outside)
        let path = try source(t)
        for place in ["/link/below", "/up/beside"] {
            // Refused, or made in the rootfs: both are safe.
            _ = try changing.change("add", JSON.array([.bind(path, place)]).encoded)
        }
        try equal(Files.names(outside), [], "files on the host")
        try check(Outside.mounts(below: t.directory).isEmpty, "mounts on the host")
    },
    Case(
        "mounts-command.proc", "nothing is mounted over the kernel's files", "peers.md 4",
        tags: [.mounts, .security]
    ) { t in
        let changing = try Changing(t)
        let path = try source(t)
        try FileManager.default.createSymbolicLink(
            atPath: changing.container.inside("/innocent"), withDestinationPath: "proc/sys")
        for place in ["/proc/sys/kernel", "/proc", "/innocent/kernel"] {
            try changing.fails("add", JSON.array([.bind(path, place)]).encoded, "a mount on \(place)")
        }
    },
    Case(
        "mounts-command.refused", "bad lists, bad words and what is not mounted are refused", "peers.md 1.2",
        tags: [.mounts]
    ) { t in
        let changing = try Changing(t)
        for (text, what) in [
            (#"{"destination": "/a", "type": "tmpfs", "source": "tmpfs"}"#, "an object"),
            ("[", "half a list"), (#"[{"type": "tmpfs"}]"#, "a mount without a destination"),
            (#"[{"destination": "/a", "type": "bind", "options": ["bind"]}]"#, "a bind without a source"),
        ] { try changing.fails("add", text, what) }
        try changing.fails("remove", #"[{"destination": "/dev/nothing"}]"#, "removing what is not there")
        try changing.fails("turn", "[]", "an unknown action")
        let c = changing.container
        let file = t.fresh("empty.json")
        try Files.write(file, "[]")
        let outcome = try c.attempt(["mounts", "add", c.id + "x", file])
        try check(outcome.status != 0, "an unknown container is not refused")
    },
    Case(
        "mounts-command.not-mounted", "a directory that is no mount point is not removed", "peers.md 6.1",
        tags: [.mounts]
    ) { t in
        let changing = try Changing(t)
        try Files.makeDirectory(changing.container.inside("/plain"))
        try changing.must("add", [.bind(try source(t), "/added")])
        try changing.fails(
            "remove", #"[{"destination": "/added"}, {"destination": "/plain"}]"#, "a plain directory")
    },
    Case(
        "mounts-command.user-namespace", "mounts are added to a container with a user namespace",
        "peers.md 6.1", tags: [.mounts]
    ) { t in
        let changing = try Changing(t, inUserNamespace: true) { $0.addUserNamespace() }
        try changing.must(
            "add",
            [
                .bind(try source(t), "/added"),
                ["destination": "/fresh", "type": "tmpfs", "source": "tmpfs"],
            ])
        try equal(try changing.inside("/added/file"), "from outside", "file")
        try equal(try changing.mount(at: "/fresh")?.type, "tmpfs", "type of /fresh")
    },
    Case(
        "mounts-command.own-procfs", "a procfs that is added shows the container's processes", "peers.md 6.1",
        tags: [.mounts]
    ) { t in
        let changing = try Changing(t)
        try changing.must("add", [["destination": "/proc2", "type": "proc", "source": "proc"]])
        let comm = try changing.inside("/proc2/1/comm")?.trimmed
        try equal(comm, Files.read("/proc/\(try changing.container.pid())/comm")?.trimmed, "process 1")
    },
]
