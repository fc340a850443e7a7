// What descriptors the container's process gets, and that it gets no others.
import Foundation

let descriptorCases: [Case] = [
    Case("fds.only-three", "the process has descriptors 0, 1 and 2 only", "CVE-2024-21626", tags: [.security])
    { t in
        let out = try t.output(["fds"])["fds"]
        try equal(out.lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2"], "descriptors (\(out.text))")
    },
    Case("fds.only-three-created", "also after create and start", "CVE-2024-21626", tags: [.security]) { t in
        let out = try t.container(["fds"]).wholeLife()["fds"]
        try equal(out.lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2"], "descriptors (\(out.text))")
    },
    Case(
        "fds.leaked-by-caller", "descriptors that the caller leaked do not reach the process",
        "CVE-2024-21626", tags: [.security]
    ) { t in
        let directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        let c = try t.container(["fds"])
        let outcome = try c.run(passed: [directory, directory, directory])
        try check(outcome.status == 0, outcome.description)
        let out = ProbeOutput(outcome.out)["fds"]
        try equal(out.lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2"], "descriptors (\(out.text))")
    },
    Case("fds.preserve", "--preserve-fds N passes 3 ... 2+N and no more", "peers.md 1.2") { t in
        var passed: [Int32] = []
        for name in ["three", "four", "five"] {
            try Files.write("\(t.directory)/\(name)", "text of \(name)")
            passed.append(open("\(t.directory)/\(name)", O_RDONLY | O_CLOEXEC))
        }
        defer { passed.forEach { close($0) } }
        let c = try t.container(["fds", "+", "fdread", "3", "+", "fdread", "4"])
        let outcome = try c.run(["--preserve-fds", "2"], passed: passed)
        try check(outcome.status == 0, outcome.description)
        let out = ProbeOutput(outcome.out)
        try equal(out["fds"].lines.map { $0.prefix { $0 != "=" } }, ["0", "1", "2", "3", "4"], "descriptors")
        try equal(out["fdread 3"]["fdread"], "text of three", "descriptor 3")
        try equal(out["fdread 4"]["fdread"], "text of four", "descriptor 4")
    },
    Case("fds.preserve-create", "--preserve-fds works through create and start", "peers.md 1.2") { t in
        try Files.write("\(t.directory)/three", "text of three")
        let file = open("\(t.directory)/three", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let c = try t.container(["fdread", "3"])
        try c.create(["--preserve-fds=1"], passed: [file])
        try c.start()
        try c.waitForLog("fdread=text of three")
    },
    Case(
        "fds.listen-fds", "LISTEN_FDS passes that many and sets LISTEN_PID=1", "peers.md 1.5",
        tags: [.contract]
    ) { t in
        try Files.write("\(t.directory)/three", "text of three")
        let file = open("\(t.directory)/three", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let c = try t.container(["fds", "+", "fdread", "3", "+", "env"])
        c.prefix = ["sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"]
        let outcome = try c.run(passed: [file])
        try check(outcome.status == 0, outcome.description)
        let out = ProbeOutput(outcome.out)
        try equal(out["fdread"]["fdread"], "text of three", "descriptor 3")
        try equal(out["env"].all("LISTEN_FDS"), ["1"], "LISTEN_FDS")
        try equal(out["env"].all("LISTEN_PID"), ["1"], "LISTEN_PID")
    },
    Case(
        "fds.init-waiting", "the created container waits without host directories open", "CVE-2024-21626",
        tags: [.security]
    ) { t in
        let c = try t.container(["pause"])
        try c.create()
        try c.start()
        let pid = try c.pid()
        try check(eventually { Files.readLink("/proc/\(pid)/exe")?.hasSuffix("/probe") == true }, "never ran")
        try equal(Files.names("/proc/\(pid)/fd"), ["0", "1", "2"], "descriptors")
    },
]
