// Configs, bundles and ids that no container may come from: a clear error each, exit 1, nothing created.
import Foundation

private struct Bad: Sendable {
    let id: String
    let tags: Set<Tag>
    let spoil: @Sendable (inout JSON) -> Void
    init(_ id: String, _ tags: Set<Tag> = [], _ spoil: @escaping @Sendable (inout JSON) -> Void) {
        self.id = id
        self.tags = tags
        self.spoil = spoil
    }
}

/// Whole files instead of a config.
private let texts: [(id: String, text: String)] = [
    ("empty", ""), ("blank", " \n "), ("truncated", #"{"ociVersion":"1.0.2","process":{"args":["/pro"#),
    ("not-json", "ociVersion: 1.0.2\n"), ("null", "null"), ("array", "[]"), ("number", "7"),
    ("string", "\"x\""),
    ("empty-object", "{}"), ("single-quotes", "{'ociVersion':'1.0.2'}"), ("binary", "\u{0}\u{1}\u{2}\u{7f}"),
    ("nested-arrays", String(repeating: "[", count: 20_000_000)),
    ("nested-objects", String(repeating: "{\"a\":", count: 1_000_000)),
    ("bare-word", #"{"ociVersion":nope}"#), ("comma", #"{"ociVersion":"1.0.2",}"#),
]

private let configs: [Bad] = [
    Bad("process-missing") { $0.process = nil },
    Bad("process-string") { $0.process = "x" },
    Bad("args-missing") { $0.process.args = nil },
    Bad("args-empty") { $0.process.args = [] },
    Bad("args-empty-string") { $0.process.args = [""] },
    Bad("args-string") { $0.process.args = "/probe" },
    Bad("args-numbers") { $0.process.args = [1, 2] },
    Bad("args-nul", [.contract]) { $0.process.args = ["/probe", .raw(#""a\u0000b""#)] },
    Bad("env-object") { $0.process.env = ["A": "1"] },
    Bad("env-number") { $0.process.env = [5] },
    Bad("env-nul", [.contract]) { $0.process.env = ["PATH=/", .raw(#""A=\u0000b""#)] },
    Bad("cwd-relative") { $0.process.cwd = "tmp" },
    Bad("cwd-empty", [.contract]) { $0.process.cwd = "" },
    Bad("cwd-missing", [.contract]) { $0.process.cwd = nil },
    Bad("cwd-number") { $0.process.cwd = 1 },
    Bad("cwd-nul", [.contract]) { $0.process.cwd = .raw(#""/tmp\u0000x""#) },
    Bad("uid-negative") { $0.process.user.uid = -1 },
    Bad("uid-huge") { $0.process.user.uid = .raw("4294967296") },
    Bad("uid-string") { $0.process.user.uid = "0" },
    Bad("uid-fraction") { $0.process.user.uid = 1.5 },
    Bad("gid-negative") { $0.process.user.gid = -5 },
    Bad("groups-negative") { $0.process.user.additionalGids = [-1] },
    Bad("groups-string") { $0.process.user.additionalGids = ["5"] },
    Bad("umask-negative") { $0.process.user.umask = -1 },
    Bad("terminal-string") { $0.process.terminal = "yes" },
    Bad("no-new-privileges-number") { $0.process.noNewPrivileges = 1 },
    Bad("oom-too-high") { $0.process.oomScoreAdj = 1001 },
    Bad("oom-too-low") { $0.process.oomScoreAdj = -1001 },
    Bad("oom-string") { $0.process.oomScoreAdj = "5" },
    Bad("capability-number") { $0.process.capabilities.effective = [5] },
    Bad("capability-set-object") { $0.process.capabilities.effective = ["a": 1] },
    Bad("rlimit-unknown") { $0.process.rlimits = [["type": "RLIMIT_NOPE", "soft": 1, "hard": 1]] },
    Bad("rlimit-duplicate", [.contract]) {
        let entry: JSON = ["type": "RLIMIT_CORE", "soft": 0, "hard": 0]
        $0.process.rlimits = [entry, entry]
    },
    Bad("rlimit-soft-above-hard") { $0.process.rlimits = [["type": "RLIMIT_CORE", "soft": 5, "hard": 1]] },
    Bad("rlimit-negative") { $0.process.rlimits = [["type": "RLIMIT_CORE", "soft": -1, "hard": -1]] },
    Bad("rlimit-no-type") { $0.process.rlimits = [["soft": 1, "hard": 1]] },
    Bad("rlimit-object") { $0.process.rlimits = ["type": "RLIMIT_CORE"] },
    Bad("root-missing") { $0.root = nil },
    Bad("root-string") { $0.root = "rootfs" },
    Bad("root-path-missing", [.contract]) { $0.root.path = nil },
    Bad("root-path-empty", [.contract]) { $0.root.path = "" },
    Bad("root-path-nowhere") { $0.root.path = "nowhere" },
    Bad("root-path-file") { $0.root.path = "config.json" },
    Bad("root-path-number") { $0.root.path = 5 },
    Bad("root-readonly-string") { $0.root.readonly = "true" },
    Bad("hostname-number") { $0.hostname = 5 },
    Bad("hostname-too-long") { $0.hostname = .string(String(repeating: "h", count: 65)) },
    Bad("hostname-without-uts", [.contract]) { $0.removeNamespace("uts") },
    Bad("domainname-without-uts", [.contract]) {
        $0.hostname = nil
        $0.domainname = "x"
        $0.removeNamespace("uts")
    },
    Bad("mounts-object") { $0.mounts = ["destination": "/x"] },
    Bad("mount-string") { $0.mounts.append("x") },
    Bad("mount-no-destination", [.contract]) { $0.mounts.append(["type": "tmpfs", "source": "tmpfs"]) },
    Bad("mount-destination-number") { $0.mounts.append(["destination": 5, "type": "tmpfs"]) },
    Bad("mount-destination-nul", [.contract]) {
        $0.mounts.append(["destination": .raw(#""/a\u0000b""#), "type": "tmpfs"])
    },
    Bad("mount-options-string") {
        $0.mounts.append(["destination": "/x", "type": "tmpfs", "options": "ro"])
    },
    Bad("mount-options-numbers") {
        $0.mounts.append(["destination": "/x", "type": "tmpfs", "options": [5]])
    },
    Bad("mount-type-number") { $0.mounts.append(["destination": "/x", "type": 5]) },
    Bad("mount-no-type") { $0.mounts.append(["destination": "/x", "source": "x"]) },
    Bad("namespaces-object") { $0.linux.namespaces = ["type": "pid"] },
    Bad("namespace-unknown") { $0.linux.namespaces.append(["type": "nope"]) },
    Bad("namespace-no-type") { $0.linux.namespaces.append(["path": "/proc/1/ns/net"]) },
    Bad("namespace-duplicate") { $0.linux.namespaces.append(["type": "pid"]) },
    Bad("namespace-relative-path") { $0.setNamespace("network", path: "proc/self/ns/net") },
    Bad("linux-string") { $0.linux = "x" },
    Bad("resources-string") { $0.linux.resources = "x" },
    Bad("memory-string") { $0.linux.resources.memory.limit = "100M" },
    Bad("memory-below-minus-one", [.contract]) { $0.linux.resources.memory.limit = -5 },
    Bad("memory-huge") { $0.linux.resources.memory.limit = .raw("99999999999999999999") },
    Bad("pids-fraction") { $0.linux.resources.pids.limit = 1.5 },
    Bad("cpu-shares-negative") { $0.linux.resources.cpu.shares = -1 },
    Bad("cpu-quota-string") { $0.linux.resources.cpu.quota = "x" },
    Bad("cgroups-path-number") { $0.linux.cgroupsPath = 5 },
    Bad("devices-object") { $0.linux.devices = ["path": "/dev/x"] },
    Bad("device-no-path") { $0.linux.devices = [["type": "c", "major": 1, "minor": 3]] },
    Bad("device-major-string") {
        $0.linux.devices = [["path": "/dev/x", "type": "c", "major": "1", "minor": 3]]
    },
    Bad("device-rule-bad-type") {
        $0.linux.resources.devices = [["allow": true, "type": "z", "access": "r"]]
    },
    Bad("device-rule-bad-access") {
        $0.linux.resources.devices = [["allow": true, "type": "c", "access": "xyz"]]
    },
    Bad("sysctl-number") { $0.linux.sysctl = ["net.ipv4.ip_forward": 1] },
    Bad("sysctl-array") { $0.linux.sysctl = ["net.ipv4.ip_forward=1"] },
    Bad("masked-paths-string") { $0.linux.maskedPaths = "/proc/kcore" },
    Bad("masked-path-relative", [.contract]) { $0.linux.maskedPaths = ["proc/kcore"] },
    Bad("readonly-paths-object") { $0.linux.readonlyPaths = ["a": "b"] },
    Bad("seccomp-string") { $0.linux.seccomp = "x" },
    Bad("seccomp-no-default") {
        $0.linux.seccomp = ["syscalls": [["names": ["getpid"], "action": "SCMP_ACT_ALLOW"]]]
    },
    Bad("seccomp-no-action") {
        $0.linux.seccomp = ["defaultAction": "SCMP_ACT_ALLOW", "syscalls": [["names": ["getpid"]]]]
    },
    Bad("seccomp-index") {
        $0.linux.seccomp = [
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [
                [
                    "names": ["getpid"], "action": "SCMP_ACT_ERRNO",
                    "args": [["index": 6, "value": 1, "op": "SCMP_CMP_EQ"]],
                ]
            ],
        ]
    },
    Bad("personality-unknown") { $0.linux.personality = ["domain": "LINUX64"] },
    Bad("personality-flags", [.contract]) {
        $0.linux.personality = ["domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]]
    },
    Bad("hooks-array") { $0.hooks = [] },
    Bad("hooks-kind-object") { $0.hooks = ["createRuntime": ["path": "/bin/true"]] },
    Bad("hook-no-path", [.contract]) { $0.hooks = ["createRuntime": [["args": ["x"]]]] },
    Bad("hook-timeout-string") { $0.hooks = ["createRuntime": [["path": "/bin/true", "timeout": "5"]]] },
    Bad("annotations-array") { $0.annotations = ["a"] },
    Bad("annotation-number") { $0.annotations = ["a": 5] },
    Bad("version-missing", [.contract]) { $0.ociVersion = nil },
    Bad("version-number") { $0.ociVersion = 1 },
    Bad("version-two", [.contract]) { $0.ociVersion = "2.0.0" },
    Bad("version-words", [.contract]) { $0.ociVersion = "new" },
]

private let identifiers: [(id: String, text: String)] = [
    ("empty", ""), ("dot", "."), ("dots", ".."), ("slash", "a/b"), ("parent", "../escape"),
    ("absolute", "/absolute"),
    ("space", "a b"), ("newline", "a\nb"), ("unicode", "ü"), ("colon", "a:b"), ("star", "*"),
    ("long", String(repeating: "x", count: 2000)),
    ("nul-like", "a\\0b"), ("trailing-slash", "abc/"),
]

/// An error as the spec asks for it: something is said, and not on standard output.
private func anError(_ outcome: Outcome) throws {
    try check(outcome.status != 0 && !outcome.timedOut, outcome.description)
    try equal(outcome.out, "", "stdout")
    try check(!outcome.err.trimmed.isEmpty, "no message")
}

/// What engines can show: one clear line on standard error, exit code 1, nothing on standard output.
private func clearError(_ outcome: Outcome) throws {
    try equal(outcome.status, 1, "exit code (\(outcome.err.trimmed.prefix(300)))")
    try equal(outcome.out, "", "stdout")
    try equal(outcome.err.lines.count, 1, "lines on stderr (\(outcome.err.trimmed.prefix(300)))")
    try check(outcome.err.utf8.count < 3000, "the message has \(outcome.err.utf8.count) bytes")
}

let badInputCases: [Case] =
    texts.map { row in
        Case("bad.text-\(row.id)", "config.json: \(row.id)", "config.md") { t in
            let c = try t.container(["args"])
            try c.writeConfig(row.text)
            try anError(try c.refusedCreate())
        }
    }
    + configs.map { row in
        Case("bad.\(row.id)", row.id.replacingOccurrences(of: "-", with: " "), "config.md", tags: row.tags) {
            t in
            try anError(try t.container(["args"], row.spoil).refusedCreate())
        }
    }
    + [
        Case(
            "bad.told-in-a-line", "every one of these errors is one line, with exit code 1", "peers.md 1.4",
            tags: [.contract, .slow]
        ) { t in
            for row in texts {
                let c = try t.container(["args"])
                try c.writeConfig(row.text)
                do { try clearError(try c.attemptCreate()) } catch let error as Failure {
                    throw Failure("\(row.id): \(error.message)")
                }
            }
            for row in configs {
                do { try clearError(try t.container(["args"], row.spoil).attemptCreate()) } catch let error
                    as Failure
                {
                    throw Failure("\(row.id): \(error.message)")
                }
            }
        }
    ]
    + identifiers.map { row in
        Case("bad.id-\(row.id)", "container id: \(row.id)", "peers.md 3.1") { t in
            let c = try t.container(["args"])
            try c.writeConfig()
            let outcome = try c.attempt(["create", "--bundle", c.bundle, row.text])
            try check(outcome.status != 0, "create succeeded")
            try check(!(outcome.err + outcome.out).trimmed.isEmpty, "no message")
            try equal(Files.names(t.root).filter { !$0.hasPrefix(".") }, [], "names in the state directory")
            try check(!Files.exists(t.directory + "/escape") && !Files.exists("/absolute"), "made outside")
            try c.nothingLeft("after the failed create")
        }
    }
    + [
        Case("bad.bundle-missing", "a bundle that does not exist", "bundle.md") { t in
            let c = try t.container(["args"])
            try anError(try c.attempt(["create", "--bundle", t.directory + "/nope", c.id]))
        },
        Case("bad.bundle-file", "a bundle that is a file", "bundle.md") { t in
            let c = try t.container(["args"])
            try Files.write(t.directory + "/file", "x")
            try anError(try c.attempt(["create", "--bundle", t.directory + "/file", c.id]))
        },
        Case("bad.no-config", "a bundle without config.json", "bundle.md") { t in
            let c = try t.container(["args"])
            try anError(try c.attempt(["create", "--bundle", c.bundle, c.id]))
            try c.nothingLeft("after the failed create")
        },
        Case("bad.config-directory", "config.json is a directory", "bundle.md") { t in
            let c = try t.container(["args"])
            try Files.makeDirectory(c.bundle + "/config.json")
            try anError(try c.attempt(["create", "--bundle", c.bundle, c.id]))
            try c.nothingLeft("after the failed create")
        },
        Case(
            "bad.config-fifo", "config.json is a fifo that nobody writes to: no endless wait", "bundle.md",
            tags: [.contract]
        ) { t in
            let c = try t.container(["args"])
            mkfifo(c.bundle + "/config.json", 0o600)
            var command = c.command(["create", "--bundle", c.bundle, c.id])
            command.limit = 3
            let outcome = try command.run()
            try check(!outcome.timedOut, "create waits for ever")
            try clearError(outcome)
        },
        Case("bad.rootfs-symlink", "root.path that is a symlink is refused", "peers.md 2", tags: [.contract])
        { t in
            let c = try t.container(["args"]) { $0.root.path = "way" }
            try Files.symlink(c.bundle + "/way", to: c.rootfs)
            try clearError(try c.refusedCreate())
        },
        Case("bad.duplicate-key", "duplicate keys do not crash anything", "config.md") { t in
            let c = try t.container(["args"])
            var text = c.config.encoded
            text.removeLast()
            try c.writeConfig(text + ",\"hostname\":\"second\"}")
            let outcome = try c.run()
            try check(outcome.status == 0 || outcome.status == 1, outcome.description)
        },
        Case("bad.trailing-text", "text after the object is refused or ignored, never a crash", "config.md") {
            t in
            let c = try t.container(["args"])
            try c.writeConfig(c.config.encoded + " garbage")
            let outcome = try c.run()
            try check(outcome.status == 0 || outcome.status == 1, outcome.description)
        },
    ]
