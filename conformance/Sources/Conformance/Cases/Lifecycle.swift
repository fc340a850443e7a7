// create, start, state, kill, delete: the order of a container's life.
import Foundation

let lifecycleCases: [Case] = [
    Case("lifecycle.create-silent", "create prints nothing and exits 0", "peers.md 1.4") { t in
        let c = try t.container(["pause"])
        let outcome = try c.create()
        try equal(outcome.out, "", "stdout of create")
        try equal(outcome.err, "", "stderr of create")
    },
    Case(
        "lifecycle.state-created", "state after create: every required field, status created",
        "runtime.md State"
    ) { t in
        let c = try t.container(["pause"]) { $0.annotations = ["org.example.key": "value/with/slashes"] }
        try c.create()
        let state = try c.state()
        try equal(state.status.text, "created", "status")
        try equal(state.id.text, c.id, "id")
        try equal(state.bundle.text, c.bundle, "bundle")
        try check(state.ociVersion.text?.hasPrefix("1.") == true, "ociVersion: \(state.ociVersion)")
        try equal(state.annotations["org.example.key"].text, "value/with/slashes", "annotation")
        let pid = try c.pid()
        try check(Files.exists("/proc/\(pid)"), "pid \(pid) of state is no process")
    },
    Case(
        "lifecycle.state-engine-fields", "state has rootfs and a created time", "peers.md 1.5",
        tags: [.contract]
    ) { t in
        let c = try t.container(["pause"])
        try c.create()
        let state = try c.state()
        try equal(state.rootfs.text, c.rootfs, "rootfs")
        let time = state.created.text ?? ""
        try check(Contract.isRFC3339(time), "created is not RFC3339: \(time)")
    },
    Case("lifecycle.not-started-by-create", "the process does not run before start", "runtime.md Create") {
        t in
        let c = try t.container(["args"])
        try c.create()
        usleep(50000)
        try equal(c.log, "", "output before start")
        try c.start()
        try c.waitForLog("arg=args")
    },
    Case("lifecycle.state-running", "state after start says running, the pid stays", "runtime.md State") {
        t in
        let c = try t.container(["pause"])
        try c.create()
        let before = try c.pid()
        try c.start()
        let state = try c.state()
        try equal(state.status.text, "running", "status")
        try equal(state.pid.number, before, "pid")
    },
    Case("lifecycle.state-stopped", "state after the end says stopped, pid 0 or absent", "runtime.md State") {
        t in
        let c = try t.container(["exit", "3"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        try equal(try c.state().pid.number ?? 0, 0, "pid")
        try c.delete()
        try check(try c.attempt(["state", c.id]).status != 0, "state of a deleted container succeeded")
    },
    Case("lifecycle.pid-file", "--pid-file holds the decimal pid and no newline", "peers.md 1.5") { t in
        let c = try t.container(["pause"])
        let file = t.fresh("pid")
        try c.create(["--pid-file", file])
        try equal(Files.read(file), String(try c.pid()), "pid file")
    },
    Case("lifecycle.pid-file-run", "run --detach writes the pid file too", "peers.md 1.5") { t in
        let c = try t.container(["pause"])
        let file = t.fresh("pid")
        let outcome = try c.run(["--detach", "--pid-file", file])
        try check(outcome.status == 0, outcome.description)
        c.isPresent = true
        try equal(Files.read(file), String(try c.pid()), "pid file")
    },
    Case(
        "lifecycle.pid-file-relative", "a relative --pid-file is relative to the caller", "peers.md 1.2",
        tags: [.contract]
    ) { t in
        let c = try t.container(["pause"])
        try c.create(["--pid-file", "relative.pid"])
        try equal(Files.read(t.directory + "/relative.pid"), String(try c.pid()), "pid file")
    },
    Case(
        "lifecycle.pid-file-failed", "a create that fails leaves no pid file", "peers.md 1.5",
        tags: [.contract]
    ) { t in
        let c = try t.container(["pause"]) { $0.process.args = ["/nope"] }
        let file = t.fresh("pid")
        try c.refusedCreate(["--pid-file", file])
        try check(!Files.exists(file), "the pid file exists")
    },
    Case("lifecycle.bundle-default", "the bundle is the current directory without --bundle", "peers.md 1.2") {
        t in
        let c = try t.container(["args"])
        try c.writeConfig()
        var command = c.command(["run", c.id])
        command.directory = c.bundle
        let outcome = try command.run()
        try check(outcome.status == 0, outcome.description)
        try contains(outcome.out, "arg=args", "stdout")
    },
    Case("lifecycle.bundle-flags", "-b DIR, --bundle=DIR", "peers.md 1.2") { t in
        let c = try t.container(["args"])
        try c.writeConfig()
        for flags in [["-b", c.bundle], ["--bundle=\(c.bundle)"]] {
            let outcome = try c.attempt(["run"] + flags + [c.id])
            try check(outcome.status == 0, outcome.description)
        }
    },
    Case("lifecycle.bundle-relative", "a relative --bundle, state shows it absolute", "runtime.md State") {
        t in
        let c = try t.container(["pause"])
        try c.writeConfig()
        var command = c.command([
            "create", "--bundle", "rootfs/../../" + (c.bundle as NSString).lastPathComponent, c.id,
        ])
        command.directory = c.bundle
        let outcome = try command.run()
        try check(outcome.status == 0, outcome.description)
        c.isPresent = true
        try equal(try c.state().bundle.text, c.bundle, "bundle")
    },
    Case(
        "lifecycle.start-twice", "start of a running container fails and does not disturb it",
        "runtime.md Start"
    ) { t in
        let c = try t.paused()
        try check(try c.attempt(["start", c.id]).status != 0, "start succeeded")
        try equal(try c.status(), "running", "status")
    },
    Case("lifecycle.start-stopped", "start of a stopped container fails", "runtime.md Start") { t in
        let c = try t.container(["exit", "0"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        try check(try c.attempt(["start", c.id]).status != 0, "start succeeded")
    },
    Case("lifecycle.start-unknown", "start of an unknown id fails", "runtime.md Start") { t in
        let c = try t.container(["pause"])
        try check(try c.attempt(["start", c.id]).status != 0, "start succeeded")
    },
    Case("lifecycle.state-unknown", "state of an unknown id fails", "runtime.md Query State") { t in
        let c = try t.container(["pause"])
        let outcome = try c.attempt(["state", c.id])
        try check(outcome.status != 0, "state succeeded")
        try check(!outcome.err.trimmed.isEmpty, "no message")
    },
    Case("lifecycle.kill-unknown", "kill of an unknown id fails", "runtime.md Kill") { t in
        let c = try t.container(["pause"])
        try check(try c.attempt(["kill", c.id, "KILL"]).status != 0, "kill succeeded")
    },
    Case("lifecycle.kill-stopped", "kill of a stopped container fails", "runtime.md Kill") { t in
        let c = try t.container(["exit", "0"])
        try c.create()
        try c.start()
        try c.waitFor("stopped")
        let outcome = try c.attempt(["kill", c.id, "KILL"])
        try check(outcome.status != 0, "kill succeeded")
    },
    Case("lifecycle.kill-created", "a created container can be killed", "runtime.md Kill") { t in
        let c = try t.container(["pause"])
        try c.create()
        try c.must(["kill", c.id, "KILL"])
        try c.waitFor("stopped")
        try c.delete()
    },
    Case(
        "lifecycle.delete-created", "delete of a created container: removed without a trace, or refused",
        "runtime.md Delete"
    ) { t in
        let c = try t.container(["pause"])
        try c.create()
        let outcome = try c.attempt(["delete", c.id])
        if outcome.status == 0 {
            c.isPresent = false
            try c.nothingLeft("after delete")
        } else {
            try equal(try c.status(), "created", "status after a refused delete")
        }
    },
    Case(
        "lifecycle.delete-running", "delete of a running container is refused, it keeps running",
        "runtime.md Delete"
    ) { t in
        let c = try t.paused()
        try check(try c.attempt(["delete", c.id]).status != 0, "delete succeeded")
        try equal(try c.status(), "running", "status")
    },
    Case("lifecycle.delete-force", "delete --force of a running container removes everything", "peers.md 1.2")
    { t in
        let c = try t.paused()
        let pid = try c.pid()
        try c.delete(force: true)
        try check(
            !Files.exists("/proc/\(pid)") || Outside.status(pid, "State").hasPrefix("Z"), "pid \(pid) lives")
        try c.nothingLeft("after delete --force")
    },
    Case("lifecycle.delete-force-f", "delete -f is delete --force", "peers.md 1.2") { t in
        let c = try t.paused()
        try c.must(["delete", "-f", c.id])
        c.isPresent = false
    },
    Case("lifecycle.delete-force-unknown", "delete --force of an unknown id exits 0", "peers.md 1.4") { t in
        let c = try t.container(["pause"])
        let outcome = try c.attempt(["delete", "--force", c.id])
        try equal(outcome.status, 0, "exit code (\(outcome.err.trimmed))")
    },
    Case("lifecycle.delete-unknown", "delete of an unknown id fails", "runtime.md Delete") { t in
        let c = try t.container(["pause"])
        try check(try c.attempt(["delete", c.id]).status != 0, "delete succeeded")
    },
    Case("lifecycle.delete-twice", "a second delete fails", "runtime.md Delete") { t in
        let c = try t.container(["exit", "0"])
        _ = try c.wholeLife()
        try check(try c.attempt(["delete", c.id]).status != 0, "second delete succeeded")
    },
    Case(
        "lifecycle.delete-daemons", "delete --force kills processes that left the init's session",
        "runtime.md Delete"
    ) { t in
        let c = try t.container(["children", "3", "+", "pause"])
        try c.create()
        try c.start()
        try c.waitForLog("children=3")
        try c.delete(force: true)
        try c.nothingLeft("after delete --force")
    },
    Case("lifecycle.reuse-id", "an id can be used again after delete", "runtime.md Create") { t in
        let c = try t.container(["args"])
        _ = try c.wholeLife()
        _ = try c.wholeLife()
    },
    Case(
        "lifecycle.duplicate-id", "create with an id in use fails and does not touch the first",
        "runtime.md Create"
    ) { t in
        let c = try t.container(["pause"])
        try c.create()
        let before = try c.pid()
        let outcome = try c.attempt(["create", "--bundle", c.bundle, c.id])
        try check(outcome.status != 0, "second create succeeded")
        try equal(try c.pid(), before, "pid of the first")
        try c.start()
        try equal(try c.status(), "running", "status")
    },
    Case("lifecycle.list", "list --format json and --quiet show the container", "peers.md 1.2") { t in
        let c = try t.paused()
        let outcome = try c.must(["list", "--format", "json"])
        let list = try JSON.parse(outcome.out)
        guard let entry = list.items.first(where: { $0.id.text == c.id }) else {
            throw Failure("not in the list: \(outcome.out)")
        }
        try equal(entry.status.text, "running", "status")
        try equal(entry.pid.number, try c.pid(), "pid")
        try equal(entry.bundle.text, c.bundle, "bundle")
        try equal(try c.must(["list", "--quiet"]).out.lines, [c.id], "list --quiet")
        try contains(try c.must(["list"]).out, c.id, "list")
    },
    Case("lifecycle.list-empty", "list without containers exits 0 and shows nothing", "peers.md 1.5") { t in
        _ = try t.container(["exit", "0"]).output()
        let outcome = try t.invoke(["list", "--format", "json"])
        try equal(outcome.status, 0, "exit code (\(outcome.err.trimmed))")
        try check(["null", "[]", ""].contains(outcome.out.trimmed), "stdout: \(outcome.out)")
    },
    Case("lifecycle.root-flag", "two --root directories do not see each other", "peers.md 1.1") { t in
        let c = try t.paused()
        let other = try t.command([t.runtime, "--root", t.directory + "/other", "state", c.id]).run()
        try check(other.status != 0, "the other root knows the container")
        let repeated = try t.command(
            [t.runtime, "--root", t.directory + "/other", "--root=\(t.root)", "state", c.id]).run()
        try equal(repeated.status, 0, "with --root twice, the last counts (\(repeated.err.trimmed))")
    },
    Case("lifecycle.run-detach", "run --detach returns while the container runs", "peers.md 1.2") { t in
        let c = try t.container(["pause"])
        let outcome = try c.run(["--detach"])
        try check(outcome.status == 0, outcome.description)
        c.isPresent = true
        try equal(try c.status(), "running", "status")
    },
    Case("lifecycle.run-keep", "run --keep leaves a stopped container, without it nothing", "peers.md 1.2") {
        t in
        let c = try t.container(["exit", "5"])
        try equal(try c.run(["--keep"]).status, 5, "exit code")
        c.isPresent = true
        try equal(try c.status(), "stopped", "status")
        try c.delete()
        try equal(try c.run().status, 5, "exit code")
        try c.nothingLeft("after run")
    },
]
