// The systemd cgroup driver for an ordinary user: units of the user's own manager, by the user's own bus.
import Foundation

extension Trial {
    /// The first ordinary user whose manager runs.
    private func userWithManager() throws -> Int {
        let users = Files.names("/run/user").compactMap { Int($0) }.sorted()
        guard let user = users.first(where: { $0 >= 1000 && Files.exists("/run/user/\($0)/bus") }) else {
            throw Skip("no user has a session with a bus here")
        }
        return user
    }

    /// A container of an ordinary user for the systemd driver, not yet created.
    fileprivate func userContainer(
        _ probe: [String] = ["pause"], _ edit: (inout JSON) throws -> Void = { _ in }
    ) throws -> (container: Container, user: Int) {
        guard host.onlyUnified else { throw Skip("cgroup v1 is mounted here") }
        let user = try userWithManager()
        let container = try container(probe) {
            $0.rootless(user)
            try edit(&$0)
        }
        container.globals = ["--systemd-cgroup"]
        container.config.linux.cgroupsPath = .string("user.slice:test:\(container.id)")
        container.prefix = asUser(user)
        container.environment = ["XDG_RUNTIME_DIR": "/run/user/\(user)", "HOME": "/tmp"]
        try host("find", container.bundle, "-type", "d", "-exec", "chown", "\(user):\(user)", "{}", "+")
        try Files.makeDirectory(root)
        chown(root, uid_t(user), gid_t(user))
        return (container, user)
    }

    private func asUser(_ user: Int) -> [String] {
        [
            "setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--inh-caps=-all", "--",
        ]
    }

    fileprivate func property(_ user: Int, _ unit: String, _ name: String) throws -> String {
        var command = command(
            asUser(user) + ["systemctl", "--user", "show", "--property", name, "--value", unit])
        command.environment["XDG_RUNTIME_DIR"] = "/run/user/\(user)"
        return try command.run().out.trimmed
    }

    fileprivate func checkForgotten(_ user: Int, _ unit: String) throws {
        let isGone = try eventually { try property(user, unit, "LoadState") == "not-found" }
        try check(isGone, "the user's systemd still knows \(unit)")
    }
}

extension Container {
    fileprivate var scope: String { "test-\(id).scope" }
    fileprivate func group(of user: Int) -> String {
        "/user.slice/user-\(user).slice/user@\(user).service/user.slice/\(scope)"
    }
}

let systemdUserCases: [Case] = [
    Case(
        "systemd.user-life", "a user's container is a scope of the user's manager, with its limits",
        systemdPlace, tags: [.systemd]
    ) { t in
        let (c, user) = try t.userContainer {
            $0.linux.resources = ["pids": ["limit": 77], "memory": ["limit": 52_428_800]]
        }
        try c.create()
        try c.start()
        try equal(Outside.cgroups(of: try c.pid())[""], c.group(of: user), "cgroup")
        for (name, value) in [("TasksMax", "77"), ("MemoryMax", "52428800"), ("Delegate", "yes")] {
            try equal(try t.property(user, c.scope, name), value, name)
        }
        try equal(try c.groupFile("", "pids.max"), "77", "pids.max")
        try equal(try c.groupFile("", "memory.max"), "52428800", "memory.max")
        c.globals = []
        try c.delete(force: true)
        try t.checkForgotten(user, c.scope)
    },
    Case(
        "systemd.user-exec", "a further process of a user is in the scope, wherever the user calls from",
        "peers.md 3.1", tags: [.systemd]
    ) { t in
        let (c, user) = try t.userContainer()
        try c.create()
        try c.start()
        let out = try c.exec(["cat", "/proc/self/cgroup"])
        try equal(out["cat"].lines, ["0::" + c.group(of: user)], "cgroup of the further process")
    },
    Case(
        "systemd.user-hook", "a startContainer hook of a user is in the scope, wherever the user calls from",
        "peers.md 3.1", tags: [.systemd, .hooks]
    ) { t in
        let (c, user) = try t.userContainer()
        let file = c.bundle + "/hook.out"
        c.config.annotations["run.oci.hooks.stdout"] = .string(file)
        c.config.hooks.startContainer = [
            ["path": "/probe", "args": ["/probe", "cat", "/proc/self/cgroup"]]
        ]
        try c.create()
        try c.start()
        try contains(Files.read(file) ?? "", "0::" + c.group(of: user), "cgroup of the hook")
    },
    Case("systemd.user-update", "a user changes the limits of the scope", systemdPlace, tags: [.systemd]) {
        t in
        let (c, user) = try t.userContainer { $0.linux.resources = ["pids": ["limit": 77]] }
        try c.create()
        let file = t.fresh("resources")
        try Files.write(file, #"{"pids": {"limit": 55}}"#)
        try c.must(["update", "--resources", file, c.id])
        try equal(try t.property(user, c.scope, "TasksMax"), "55", "TasksMax")
        try equal(try c.groupFile("", "pids.max"), "55", "pids.max")
    },
    Case(
        "systemd.user-no-bus", "without a user session: an error, and nothing left", systemdPlace,
        tags: [.systemd]
    ) { t in
        let (c, _) = try t.userContainer()
        let empty = t.fresh("run")
        try Files.makeDirectory(empty)
        chmod(empty, 0o777)
        c.environment["XDG_RUNTIME_DIR"] = empty
        try c.refusedCreate()
    },
]
