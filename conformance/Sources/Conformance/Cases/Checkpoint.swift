// checkpoint and restore: a container goes on from its images as if nothing had been.
import Foundation

/// The directory of a criu that works on this kernel; the case is left out where there is none. A newer one than the
/// system's can be named in CONFORMANCE_CRIU.
private func criuDirectory(_ t: Trial) throws -> String {
    let own = ProcessInfo.processInfo.environment["CONFORMANCE_CRIU"]
    let directories = [own, "/opt/criu", "/usr/local/sbin", "/usr/sbin"].compactMap { $0 }
    guard let directory = directories.first(where: { Files.exists($0 + "/criu") }) else {
        throw Skip("criu is not installed")
    }
    let outcome = try t.command([directory + "/criu", "check"]).run()
    guard outcome.status == 0 else {
        throw Skip("criu check fails: \((outcome.err + outcome.out).trimmed.suffix(200))")
    }
    return directory
}

/// A pipe for a container's output, as engines have it.
private final class Pipe {
    private let ends: [Int32]
    private var text = ""

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure("the test itself: no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.ends = ends
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    }

    deinit { ends.forEach { close($0) } }

    /// A program that is started opens it by this name.
    var path: String { "/proc/self/fd/\(ends[1])" }

    /// What has been written until now.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Foundation.read(ends[0], &buffer, buffer.count), count > 0 {
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }
}

/// A running container that counts, and the words to save and restore it.
private struct Counter {
    let trial: Trial
    let container: Container
    let images: String
    let pipe: Pipe
    var extra: [String] = []
    /// Standard output is a file rather than a pipe.
    let hasFile: Bool
    /// A process of the test itself goes on beside the container.
    var hasCompany = false

    init(
        _ t: Trial, _ arguments: [String] = [], file: Bool = false, inUserNamespace: Bool = false,
        _ edit: (inout JSON) throws -> Void = { _ in }
    ) throws {
        trial = t
        hasFile = file
        let directory = try criuDirectory(t)
        container = try t.container(["count", "/count"] + arguments, edit)
        if inUserNamespace { try container.giveRootfs() }
        container.environment["PATH"] = directory + ":/usr/sbin:/usr/bin:/sbin:/bin"
        images = t.fresh("images")
        pipe = try Pipe()
        // Where v1 hierarchies are hidden, criu finds them in /proc/PID/cgroup nevertheless, and works in them.
        if t.host.onlyUnified, Outside.cgroups(of: Int(getpid())).count > 1 {
            extra = ["--manage-cgroups-mode", "ignore"]
        }
        try container.writeConfig()
        try Self.start(
            container.command(["run", "--detach", "--bundle", container.bundle, container.id]), pipe, file)
        container.isPresent = true
        try go(from: 0)
    }

    /// Runs a command whose standard streams become the container's.
    private static func start(_ command: Command, _ pipe: Pipe, _ file: Bool) throws {
        var command = command
        if !file { (command.output, command.errors) = (pipe.path, pipe.path) }
        let (status, timedOut) = Command.wait(try command.start(), limit: 20)
        let text = file ? Files.read(command.errors) ?? "" : pipe.read()
        try check(
            status == 0 && !timedOut,
            "`\(command.argv.joined(separator: " "))` ended with \(status): \(text.suffix(800))")
    }

    var count: Int { Int(Files.read(container.inside("/count")) ?? "") ?? 0 }

    /// Waits until the container has counted on.
    func go(from start: Int) throws {
        let goes = eventually { count > start + 3 }
        try check(goes, "the container stays at \(count)")
    }

    func checkpoint(_ options: [String] = [], to path: String? = nil) throws {
        try container.must(
            ["checkpoint", "--image-path", path ?? images, "--work-path", trial.fresh("work")] + extra
                + options
                + [container.id])
    }

    /// After a checkpoint that ended it.
    func expectEnd() throws {
        let outcome = try container.attempt(["state", container.id])
        if outcome.status == 0 {
            try equal(try container.status(), "stopped", "status")
            try container.delete()
        }
        container.isPresent = false
        if !hasCompany { try container.nothingLeft("after the checkpoint") }
    }

    func restoration(_ options: [String]) -> Command {
        container.command(
            ["restore", "--image-path", images, "--work-path", trial.fresh("work"), "--bundle"]
                + [container.bundle] + extra + options + [container.id])
    }

    /// Restores it detached; what reads its standard output.
    @discardableResult func restore(_ options: [String] = []) throws -> () -> String {
        let pipe = try Pipe()
        let command = restoration(["--detach"] + options)
        try Self.start(command, pipe, hasFile)
        container.isPresent = true
        return { [hasFile] in hasFile ? Files.read(command.output) ?? "" : pipe.read() }
    }
}

/// Saves, restores, and proves that the count goes on where it stood.
private func roundTrip(_ counter: Counter) throws {
    try counter.checkpoint()
    try counter.expectEnd()
    let stood = counter.count
    let output = try counter.restore()
    try counter.go(from: stood)
    let seen = eventually { output().contains("count=\(stood + 2)\n") }
    try check(seen, "standard output after the restoration: \(output().prefix(200))")
    try lacks(output(), "count=1\n", "output, as if it had begun anew")
    try equal(try counter.container.status(), "running", "status")
}

let checkpointCases: [Case] = [
    Case(
        "checkpoint.continues",
        "a restored container goes on where it stood, in the state that delete expects",
        "peers.md 1.2"
    ) { t in
        let counter = try Counter(t)
        try roundTrip(counter)
        let c = counter.container
        let outcome = try c.attempt(["exec", c.id, "/probe", "exit", "7"])
        try equal(outcome.status, 7, "exit status of exec in the restored container")
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
        try c.nothingLeft("after delete")
    },
    Case(
        "checkpoint.mounts", "bind mounts, masks, read-only paths and cgroup mounts come back",
        "peers.md 3.1",
        tags: [.mounts]
    ) { t in
        let shared = t.fresh("shared")
        try Files.makeDirectory(shared + "/below")
        try Files.write(shared + "/file", "from outside")
        let masks = ["/proc/keys", "/proc/timer_list", "/sys/firmware"]
        let counter = try Counter(t) {
            $0.mounts.append(["destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]])
            $0.mounts.append([
                "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"],
            ])
            $0.mounts.append(.bind(shared, "/shared"))
            $0.mounts.append(.bind(shared + "/file", "/etc/file", ["bind", "ro"]))
            $0.linux.maskedPaths = JSON(masks)
            $0.linux.readonlyPaths = ["/proc/sys"]
        }
        let before = mountPoints(try counter.container.pid(), masks)
        try roundTrip(counter)
        try equal(mountPoints(try counter.container.pid(), masks), before, "mounts")
        let inside = "/proc/\(try counter.container.pid())/root"
        try equal(Files.read(inside + "/shared/file"), "from outside", "bound file")
        try equal(Files.read(inside + "/etc/file"), "from outside", "bound file")
    },
    Case(
        "checkpoint.tcp", "an established TCP connection goes on with --tcp-established", "peers.md 1.2"
    ) { t in
        var counter = try Counter(t, ["tcp"])
        counter.extra.append("--tcp-established")
        try roundTrip(counter)
    },
    Case("checkpoint.files", "standard streams that are files of the host are given anew too", "peers.md 3.1")
    { t in
        try roundTrip(try Counter(t, file: true))
    },
    Case("checkpoint.leave-running", "with --leave-running the container runs on", "peers.md 1.2") { t in
        let counter = try Counter(t)
        let pid = try counter.container.pid()
        try counter.checkpoint(["--leave-running"])
        try counter.go(from: counter.count)
        try equal(try counter.container.pid(), pid, "pid")
        try equal(try counter.container.status(), "running", "status")
    },
    Case(
        "checkpoint.pre-dump", "a --pre-dump lets the container run; the next dump builds on it",
        "peers.md 1.2"
    ) { t in
        let counter = try Counter(t)
        let parent = t.fresh("parent")
        do { try counter.checkpoint(["--pre-dump"], to: parent) } catch let failure as Failure {
            // Soft-dirty pages: an option of the kernel.
            guard failure.message.contains("mem") || failure.message.contains("dirty") else { throw failure }
            throw Skip("this kernel does not track memory")
        }
        try equal(try counter.container.status(), "running", "status")
        try counter.go(from: counter.count)
        let name = String(parent.split(separator: "/").last ?? "")
        try counter.checkpoint(["--parent-path", "../" + name])
        try counter.expectEnd()
        let stood = counter.count
        try counter.restore()
        try counter.go(from: stood)
    },
    Case(
        "checkpoint.limits", "a restored container is in cgroups of its own, with the limits of config.json",
        "peers.md 3.1", tags: [.cgroups]
    ) { t in
        guard t.host.hasController("pids") else { throw Skip("no pids controller") }
        let counter = try Counter(t) { $0.linux.resources.pids.limit = 37 }
        try roundTrip(counter)
        let controller = t.host.v1["pids"] == nil ? "" : "pids"
        try equal(try counter.container.groupFile(controller, "pids.max"), "37", "pids.max")
    },
    Case(
        "checkpoint.network-path", "a network namespace that was joined is joined again, not copied",
        "peers.md 3.1"
    ) { t in
        let holder = try t.background(["unshare", "net", "pause"])
        let known = eventually { (Files.read(holder.output) ?? "").contains("pid=") }
        try check(known, "the test itself: no namespace")
        let path = "/proc/\(holder.pid)/ns/net"
        var counter = try Counter(t) { $0.setNamespace("network", path: path) }
        counter.hasCompany = true
        try roundTrip(counter)
        let found = try FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/\(try counter.container.pid())/ns/net")
        try equal(found, try FileManager.default.destinationOfSymbolicLink(atPath: path), "namespace")
    },
    Case(
        "checkpoint.hooks", "prestart and createRuntime hooks run again at a restoration", "peers.md 1.2",
        tags: [.hooks]
    ) { t in
        try Files.makeDirectory(t.directory + "/hooks", mode: 0o777)
        let counter = try Counter(t) {
            $0.hooks.prestart = [t.hook("prestart")]
            $0.hooks.createRuntime = [t.hook("createRuntime")]
        }
        try equal(t.records().map(\.tag), ["prestart", "createRuntime"], "hooks of create")
        try roundTrip(counter)
        try equal(
            t.records().map(\.tag), ["prestart", "createRuntime", "prestart", "createRuntime"],
            "hooks of create and restore")
    },
    Case(
        "checkpoint.foreground", "a restore in the foreground ends with the container's status",
        "peers.md 1.2"
    ) { t in
        let counter = try Counter(t)
        try counter.checkpoint()
        try counter.expectEnd()
        let stood = counter.count
        let pipe = try Pipe()
        var command = counter.restoration([])
        (command.output, command.errors) = (pipe.path, pipe.path)
        let pid = try command.start()
        counter.container.isPresent = true
        try counter.go(from: stood)
        try counter.container.must(["kill", counter.container.id, "KILL"])
        try equal(Command.wait(pid, limit: 20).status, 137, "exit status")
        counter.container.isPresent = false
        try counter.container.nothingLeft("after the restore")
    },
    Case(
        "checkpoint.user-namespace", "a container with a user namespace goes on", "peers.md 1.2",
        tags: [.contract]
    ) { t in
        try roundTrip(try Counter(t, inUserNamespace: true) { $0.addUserNamespace() })
    },
    Case("checkpoint.created", "a container that does not run is refused", "peers.md 1.2") { t in
        let directory = try criuDirectory(t)
        let c = try t.container(["pause"])
        c.environment["PATH"] = directory + ":/usr/sbin:/usr/bin:/sbin:/bin"
        try c.create()
        let outcome = try c.attempt(["checkpoint", "--image-path", t.fresh("images"), c.id])
        try check(outcome.status != 0, "a created container was checkpointed")
        try equal(try c.status(), "created", "status")
    },
    Case("checkpoint.no-images", "a restore without images fails and leaves nothing", "peers.md 1.2") { t in
        let counter = try Counter(t)
        try counter.checkpoint()
        try counter.expectEnd()
        try Files.makeDirectory(counter.images + "/empty")
        let c = counter.container
        let work = t.fresh("work")
        let outcome = try c.attempt([
            "restore", "--detach", "--bundle", c.bundle, "--image-path", counter.images + "/empty",
            "--work-path", work, c.id,
        ])
        try check(outcome.status != 0 && !outcome.err.trimmed.isEmpty, outcome.description)
        try c.nothingLeft("after the failed restore")
    },
    Case(
        "checkpoint.help", "engines ask whether the commands and a flag exist", "peers.md 1.1",
        tags: [.contract]
    ) { t in
        let help = try t.invoke(["checkpoint", "--help"])
        try equal(help.status, 0, "exit status of checkpoint --help")
        let flag = try t.invoke(["restore", "--lsm-mount-context"])
        let text = flag.out + flag.err
        try check(
            text.contains("flag needs an argument") || text.contains("requires an argument"),
            "restore --lsm-mount-context says \(text)")
    },
]

/// Where the container of `pid` has mounts, with their types; a mask may be of any.
private func mountPoints(_ pid: Int, _ masks: [String]) -> [String] {
    Mount.table(Files.read("/proc/\(pid)/mountinfo") ?? "").map {
        masks.contains($0.point) ? $0.point : "\($0.point) \($0.type)"
    }.sorted()
}
