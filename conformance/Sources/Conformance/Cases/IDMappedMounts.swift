// Mounts whose ids are mapped: uidMappings and gidMappings, idmap and ridmap.
import Foundation
import Launch

private let map: JSON = [.idMap(0, 5000, 100)]

private func bind(_ source: String, _ options: JSON, maps: JSON? = map) -> JSON {
    var mount = JSON.bind(source, "/data", options)
    if let maps {
        mount.uidMappings = maps
        mount.gidMappings = maps
    }
    return mount
}

/// A directory with a file of user 7, and a tmpfs with one of user 8 in `sub` when the runtime is called.
private func source(_ c: Container, tree: Bool = false) throws -> String {
    let source = c.trial.directory + "/source"
    try skipUnlessMappable(c.trial.directory)
    if tree { try skipUnlessMappable("/dev/shm") }
    try Files.write(source + "/file", "x")
    chown(source + "/file", 7, 9)
    try Files.makeDirectory(source + "/sub")
    c.prefix = [
        "unshare", "-m", "--propagation", "private", "sh", "-c",
        "mount --bind \(source) \(source) && mount -t tmpfs nested \(source)/sub && "
            + "touch \(source)/sub/file && chown 8:8 \(source)/sub/file && exec \"$@\"", "sh",
    ]
    return source
}

private func skipUnlessMappable(_ directory: String) throws {
    let error = mapping_error(directory)
    if error != 0 {
        let cause = String(cString: strerror(error))
        throw Skip("the kernel cannot map the ids of the file system of \(directory): \(cause)")
    }
}

private let look = [
    "stat", "/data/file", "+", "stat", "/data/sub/file", "+", "open", "/data/made", "c", "+", "stat",
    "/data/made",
]

let idMappedMountCases: [Case] = [
    Case(
        "mounts.idmap", "a bind mount with maps shows mapped owners, and what is made in it is mapped back",
        "config.md POSIX-platform Mounts", tags: [.mounts]
    ) { t in
        let c = try t.container(look)
        let place = try source(c)
        c.config.process.user = ["uid": 5003, "gid": 5003]
        chmod(place, 0o777)
        c.config.mounts.append(bind(place, ["rbind", "idmap"]))
        let out = try c.output()
        try equal(out["stat /data/file"]["uid"], "5007", "uid")
        try equal(out["stat /data/file"]["gid"], "5009", "gid")
        try equal(out["stat /data/sub/file"]["uid"], "8", "uid on the mount below")
        try equal(out["open"]["open"], "ok", "a new file")
        try equal(out["stat /data/made"]["uid"], "5003", "its owner inside")
        var status = stat()
        stat(place + "/made", &status)
        try equal(status.st_uid, 3, "its owner on the disk")
    },
    Case("mounts.ridmap", "ridmap maps the whole tree", "config.md Linux mount options", tags: [.mounts]) {
        t in
        let c = try t.container(look)
        c.config.mounts.append(bind(try source(c, tree: true), ["rbind", "ridmap"]))
        let out = try c.output()
        try equal(out["stat /data/file"]["uid"], "5007", "uid")
        try equal(out["stat /data/sub/file"]["uid"], "5008", "uid on the mount below")
    },
    Case(
        "mounts.idmap-readonly", "an id-mapped mount keeps its other options",
        "config.md Linux mount options", tags: [.mounts]
    ) { t in
        let c = try t.container(["cat", "/proc/self/mountinfo", "+", "stat", "/data/file"])
        c.config.mounts.append(bind(try source(c), ["rbind", "idmap", "ro", "nosuid"]))
        let out = try c.output()
        let mount = try Mount.table(out["cat"].text).at("/data")
        try check(mount.options.isSuperset(of: ["ro", "nosuid"]), "options \(mount.options.sorted())")
        try equal(out["stat"]["uid"], "5007", "uid")
    },
    Case(
        "mounts.idmap-of-container", "idmap without maps has those of the container's user namespace",
        "config.md Linux mount options", tags: [.mounts]
    ) { t in
        let c = try t.container(look) { $0.addUserNamespace() }
        try c.giveRootfs()
        c.config.mounts.append(bind(try source(c), ["rbind", "idmap"], maps: nil))
        try Files.makeDirectory(c.inside("data"))
        let out = try c.output()
        try equal(out["stat /data/file"]["uid"], "7", "uid")
        try equal(out["stat /data/file"]["gid"], "9", "gid")
        try equal(out["open"]["open"], "ok", "a new file of root")
    },
    Case(
        "mounts.idmap-in-userns", "maps of a mount's own beside those of the container",
        "config.md POSIX-platform Mounts", tags: [.mounts]
    ) { t in
        let c = try t.container(look) { $0.addUserNamespace() }
        try c.giveRootfs()
        try Files.makeDirectory(c.inside("data"))
        c.config.mounts.append(bind(try source(c), ["rbind", "idmap"], maps: [.idMap(0, 100_020, 100)]))
        try equal(try c.output()["stat /data/file"]["uid"], "27", "uid")
    },
    Case(
        "mounts.idmap-inline", "idmap= and ridmap= carry their maps themselves", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        for (name, below) in [("idmap", "8"), ("ridmap", "6008")] {
            let c = try t.container(look)
            let option = "\(name)=uids=0-5000-8#8-6008-10;gids=0-7000-100"
            c.config.mounts.append(bind(try source(c), ["rbind", .string(option)], maps: nil))
            let out = try c.output()
            try equal(out["stat /data/file"]["uid"], "5007", "uid with \(name)")
            try equal(out["stat /data/file"]["gid"], "7009", "gid with \(name)")
            try equal(out["stat /data/sub/file"]["uid"], below, "uid on the mount below with \(name)")
        }
    },
    Case(
        "mounts.idmap-relative", "@ in idmap= names ids of the container's user namespace", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        let c = try t.container(look) { $0.addUserNamespace() }
        try c.giveRootfs()
        try Files.makeDirectory(c.inside("data"))
        let option: JSON = "idmap=uids=@0-20-100;gids=@0-30-100"
        c.config.mounts.append(bind(try source(c), ["rbind", option], maps: nil))
        let out = try c.output()
        try equal(out["stat /data/file"]["uid"], "27", "uid")
        try equal(out["stat /data/file"]["gid"], "39", "gid")
    },
    Case(
        "mounts.idmap-malformed", "an idmap= that is no map is refused", "peers.md 3.6",
        tags: [.mounts, .contract]
    ) { t in
        try Files.makeDirectory(t.directory + "/source")
        for value in ["", "uids=0-1", "uids=a-b-c;gids=0-1-1", "users=0-1-1", "uids=@0-0-1;gids=@0-0-1"] {
            try t.container(["args"]) {
                $0.mounts.append(
                    bind(t.directory + "/source", ["rbind", .string("idmap=" + value)], maps: nil))
            }.refusedCreate()
        }
    },
    Case(
        "mounts.idmap-unsupported", "a file system that cannot do it is refused",
        "config.md POSIX-platform Mounts", tags: [.mounts]
    ) { t in
        try t.container(["args"]) {
            var mount = JSON.bind("/proc/sys", "/data", ["bind", "idmap"])
            mount.uidMappings = map
            mount.gidMappings = map
            $0.mounts.append(mount)
        }.refusedCreate()
    },
]
