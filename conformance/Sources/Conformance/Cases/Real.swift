// Configs as engines write them, and a real distribution's rootfs.
import Foundation

/// The file's place, three levels above this one, is the package's; beside it are the runtime's fixtures.
private let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

/// A container with an engine's config.json: its paths of the host replaced by ones that exist here.
private func engineContainer(_ t: Trial, _ name: String, _ probe: [String]) throws -> Container {
    let path = "\(package)/../spec-fixtures/\(name)/config.json"
    guard let text = Files.read(path) else { throw Skip("there is no \(path)") }
    let c = try t.container(probe)
    var config = try JSON.parse(text)
    config.process.args = c.config.process.args
    config.process.terminal = false
    config.root.path = "rootfs"
    config.linux.cgroupsPath = c.config.linux.cgroupsPath
    config.hooks = nil
    if !t.host.hasController("pids") { config.linux.resources = nil }
    // Limits above this machine's hard ones need CAP_SYS_RESOURCE, and so does a lower oom_score_adj.
    if !t.host.has(capability: Host.sysResource) { config.process.rlimits = nil }
    for (index, namespace) in config.linux.namespaces.items.enumerated() where namespace.path != .null {
        config.linux.namespaces[index].path = nil
    }
    for (index, mount) in config.mounts.items.enumerated() {
        guard let source = mount.source.text, source.hasPrefix("/"), !Files.exists(source) else { continue }
        try Files.write("\(t.directory)/sources/\(index)", "source \(index)")
        config.mounts[index].source = .string("\(t.directory)/sources/\(index)")
    }
    c.config = config
    return c
}

private let inspection = [
    "caps", "+", "prctl", "+", "cat", "/proc/self/mountinfo", "+", "uname", "+", "pid", "+", "fds", "+",
    "stat", "/dev/null",
    "+", "cat", "/proc/keys", "+", "write", "/proc/sysrq-trigger", "x",
]

let realCases: [Case] =
    ["docker-20.10", "podman-4.3"].map { name in
        Case("real.\(name)", "a config.json as \(name) writes it", "issue 2, 7.3") { t in
            let c = try engineContainer(t, name, inspection)
            let wanted = c.config
            let out = try c.output()
            let bounding = wanted.process.capabilities.bounding.items.compactMap(\.text)
            try equal(out["caps"]["CapBnd"], Names.mask(bounding), "bounding set")
            if wanted.linux.seccomp != .null { try equal(out["prctl"]["seccomp"], "2", "seccomp mode") }
            try equal(out["uname"]["nodename"], wanted.hostname.text, "hostname")
            try equal(out["pid"]["pid"], "1", "pid")
            try equal(out["stat"]["rdev"], "1:3", "/dev/null")
            try equal(out["cat /proc/keys"].text, "", "keys")
            let table = Mount.table(out["cat /proc/self/mountinfo"].text)
            for mount in wanted.mounts.items { _ = try table.at(mount.destination.text ?? "") }
            try equal(out["fds"].lines.count, 3, "descriptors (\(out["fds"].text))")
        }
    } + [
        Case(
            "real.debian",
            "a shell script in a Debian rootfs looks at its hostname, limits, mounts and rights",
            "issue 2, 7.2"
        ) { t in
            let rootfs = "\(package)/.work/debian"
            guard Files.exists(rootfs + "/etc/debian_version") else {
                throw Skip("no Debian rootfs; conformance/debian-rootfs makes one")
            }
            try Files.makeDirectory(t.directory + "/shared")
            let script = """
                set -e
                fail() { echo "FAIL $1"; exit 9; }
                [ "$(hostname)" = debian-test ] || fail hostname
                [ $$ = 1 ] || fail pid
                grep -Eq '^[0-9]+ [0-9]+ [^ ]+ [^ ]+ / ro' /proc/self/mountinfo || fail root
                grep -q '^CapEff:.00000000a80425fb' /proc/self/status || fail "caps $(grep CapEff /proc/self/status)"
                grep -q '^Seccomp:.2' /proc/self/status || fail seccomp
                grep -q '^NoNewPrivs:.1' /proc/self/status || fail nnp
                [ "$(ulimit -n)" = 333 ] || fail "nofile $(ulimit -n)"
                ! touch /forbidden 2>/dev/null || fail readonly
                [ -w /dev/null ] && echo x > /dev/null || fail null
                [ "$(stat -fc %T /tmp)" = tmpfs ] || fail tmp
                [ "$HOME" = /root ] || fail "home $HOME"
                id -u | grep -qx 0 || fail id
                cat /etc/debian_version > /srv/version
                ls -l /proc/self/exe | grep -q ls || fail exe
                (sleep 0.01 & wait) || fail fork
                echo "all well: $(. /etc/os-release && echo $ID)"
                """
            let c = try t.container([]) {
                $0.root = ["path": .string(rootfs), "readonly": true]
                $0.hostname = "debian-test"
                $0.process.args = ["/bin/sh", "-c", .string(script)]
                $0.process.env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
                $0.process.noNewPrivileges = true
                $0.process.rlimits = [["type": "RLIMIT_NOFILE", "soft": 333, "hard": 333]]
                $0.mounts.append(contentsOf: [tmpfs("/tmp"), .bind(t.directory + "/shared", "/srv")])
                if t.host.hasController("pids") { $0.linux.resources.pids.limit = 50 }
                $0.linux.seccomp = [
                    "defaultAction": "SCMP_ACT_ALLOW",
                    "syscalls": [["names": ["ptrace", "reboot"], "action": "SCMP_ACT_ERRNO"]],
                ]
            }
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description + " " + outcome.out)
            try contains(outcome.out, "all well: debian", "output")
            try equal(
                Files.read(t.directory + "/shared/version"), Files.read(rootfs + "/etc/debian_version"),
                "the file")
        },
        Case("real.debian-user", "a Debian user with groups: id, getent and HOME agree", "issue 2, 7.2") {
            t in
            let rootfs = "\(package)/.work/debian"
            guard Files.exists(rootfs + "/etc/debian_version") else {
                throw Skip("no Debian rootfs; conformance/debian-rootfs makes one")
            }
            let c = try t.container([]) {
                $0.root = ["path": .string(rootfs), "readonly": true]
                $0.process.args = ["sh", "-c", "id -un; id -Gn; echo $HOME; umask"]
                $0.process.user = ["uid": 33, "gid": 33, "additionalGids": [4, 20], "umask": 0o077]
                $0.process.env = ["PATH=/usr/bin:/bin"]
            }
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
            try equal(outcome.out.lines, ["www-data", "www-data adm dialout", "/var/www", "0077"], "output")
        },
    ]
