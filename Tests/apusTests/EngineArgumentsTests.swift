// The argument vectors that engines really build (for the commands that exist), and what they must come to.
import Testing

@testable import apus

/// One engine's invocation, with the program's name left out.
struct EngineCall: Sendable, CustomTestStringConvertible {
    var line: String
    var command: CommandName
    var globals: [GivenFlag] = []
    var flags: [GivenFlag] = []
    var positionals: [String] = ["c1"]

    var testDescription: String { line }

    static let containerd: [GivenFlag] = [
        GivenFlag(.root, "/run/r/ns"), GivenFlag(.log, "/b/log.json"), GivenFlag(.logFormat, "json"),
    ]
    private static let shim = "--root /run/r/ns --log /b/log.json --log-format json "
    private static let podman = "--log-format=json --log /run/c/oci-log --cgroup-manager disabled "

    static let all: [EngineCall] = [
        // containerd's shim and Docker
        EngineCall(
            line: shim + "create --bundle /b --pid-file /b/init.pid c1", command: .create,
            globals: containerd,
            flags: [GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/b/init.pid")]),
        EngineCall(
            line: shim
                + "--systemd-cgroup create --bundle /b --pid-file /b/init.pid --no-pivot --no-new-keyring c1",
            command: .create, globals: containerd + [GivenFlag(.systemdCgroup, "true")],
            flags: [
                GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/b/init.pid"), GivenFlag(.noPivot, "true"),
                GivenFlag(.noNewKeyring, "true"),
            ]),
        EngineCall(line: shim + "start c1", command: .start, globals: containerd),
        EngineCall(line: shim + "delete c1", command: .delete, globals: containerd),
        EngineCall(
            line: shim + "delete --force c1", command: .delete, globals: containerd,
            flags: [GivenFlag(.force, "true")]),
        EngineCall(
            line: shim + "kill c1 15", command: .kill, globals: containerd, positionals: ["c1", "15"]),
        EngineCall(
            line: shim + "kill --all c1 9", command: .kill, globals: containerd,
            flags: [GivenFlag(.all, "true")],
            positionals: ["c1", "9"]),
        EngineCall(line: "features", command: .features, positionals: []),
        EngineCall(
            line: "--rootless=true list --format=json", command: .list,
            globals: [GivenFlag(.rootless, "true")],
            flags: [GivenFlag(.format, "json")], positionals: []),
        EngineCall(line: shim + "pause c1", command: .pause, globals: containerd),
        EngineCall(line: shim + "resume c1", command: .resume, globals: containerd),
        EngineCall(
            line: shim + "ps --format json c1", command: .ps, globals: containerd,
            flags: [GivenFlag(.format, "json")]),
        EngineCall(
            line: shim + "update --resources=- c1", command: .update, globals: containerd,
            flags: [GivenFlag(.resources, "-")]),
        EngineCall(
            line: shim + "events --stats c1", command: .events, globals: containerd,
            flags: [GivenFlag(.stats, "true")]),
        EngineCall(
            line: shim + "events --interval=5s c1", command: .events, globals: containerd,
            flags: [GivenFlag(.interval, "5s")]),
        EngineCall(
            line: shim
                + "checkpoint --image-path /i --work-path /w --parent-path ../p --tcp-established --ext-unix-sk "
                + "--shell-job --file-locks --empty-ns network --leave-running c1", command: .checkpoint,
            globals: containerd,
            flags: [
                GivenFlag(.imagePath, "/i"), GivenFlag(.workPath, "/w"), GivenFlag(.parentPath, "../p"),
                GivenFlag(.tcpEstablished, "true"), GivenFlag(.extUnixSk, "true"),
                GivenFlag(.shellJob, "true"),
                GivenFlag(.fileLocks, "true"), GivenFlag(.emptyNamespaces, "network"),
                GivenFlag(.leaveRunning, "true"),
            ]),
        EngineCall(
            line: shim
                + "restore --image-path /i --work-path /w --detach --pid-file /b/init.pid --no-pivot -no-subreaper "
                + "--bundle /b c1", command: .restore, globals: containerd,
            flags: [
                GivenFlag(.imagePath, "/i"), GivenFlag(.workPath, "/w"), GivenFlag(.detach, "true"),
                GivenFlag(.pidFile, "/b/init.pid"), GivenFlag(.noPivot, "true"),
                GivenFlag(.noSubreaper, "true"),
                GivenFlag(.bundle, "/b"),
            ]),
        // conmon for podman and CRI-O
        EngineCall(
            line:
                "-s --root=/run/r restore --bundle /b --pid-file /b/pidfile --detach --image-path /i --work-path /b "
                + "--tcp-established --tcp-close --file-locks --lsm-mount-context=C --lsm-profile=selinux:L c1",
            command: .restore, globals: [GivenFlag(.systemdCgroup, "true"), GivenFlag(.root, "/run/r")],
            flags: [
                GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/b/pidfile"), GivenFlag(.detach, "true"),
                GivenFlag(.imagePath, "/i"), GivenFlag(.workPath, "/b"), GivenFlag(.tcpEstablished, "true"),
                GivenFlag(.tcpClose, "true"), GivenFlag(.fileLocks, "true"), GivenFlag(.lsmMountContext, "C"),
                GivenFlag(.lsmProfile, "selinux:L"),
            ]),
        // podman and CRI-O by themselves
        EngineCall(
            line:
                "checkpoint --image-path /i --work-path /w --leave-running --tcp-established --file-locks c1",
            command: .checkpoint,
            flags: [
                GivenFlag(.imagePath, "/i"), GivenFlag(.workPath, "/w"), GivenFlag(.leaveRunning, "true"),
                GivenFlag(.tcpEstablished, "true"), GivenFlag(.fileLocks, "true"),
            ]),
        EngineCall(line: "pause c1", command: .pause), EngineCall(line: "resume c1", command: .resume),
        EngineCall(
            line: "update --resources=/tmp/podman123 c1", command: .update,
            flags: [GivenFlag(.resources, "/tmp/podman123")]),
        EngineCall(
            line: "--root /run/r update --resources - c1", command: .update,
            globals: [GivenFlag(.root, "/run/r")], flags: [GivenFlag(.resources, "-")]),
        // a person, as with runc
        EngineCall(
            line: "ps c1 -o pid,args --forest", command: .ps,
            positionals: ["c1", "-o", "pid,args", "--forest"]),
        // BuildKit
        EngineCall(
            line: "--log /r/runc-log.json --log-format json run --bundle /b --no-pivot --keep c1",
            command: .run,
            globals: [GivenFlag(.log, "/r/runc-log.json"), GivenFlag(.logFormat, "json")],
            flags: [GivenFlag(.bundle, "/b"), GivenFlag(.noPivot, "true"), GivenFlag(.keep, "true")]),
        EngineCall(line: "state c1", command: .state),
        // conmon for podman and CRI-O
        EngineCall(
            line: podman + "create --bundle /b --pid-file /b/pidfile --no-new-keyring --preserve-fds 2 c1",
            command: .create,
            globals: [
                GivenFlag(.logFormat, "json"), GivenFlag(.log, "/run/c/oci-log"),
                GivenFlag(.cgroupManager, "disabled"),
            ],
            flags: [
                GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/b/pidfile"), GivenFlag(.noNewKeyring, "true"),
                GivenFlag(.preserveFDs, "2"),
            ]),
        EngineCall(
            line: "-s --root=/run/r create --bundle /b --pid-file /b/pidfile c1", command: .create,
            globals: [GivenFlag(.systemdCgroup, "true"), GivenFlag(.root, "/run/r")],
            flags: [GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/b/pidfile")]),
        EngineCall(
            line: "--root /run/r kill c1 SIGTERM", command: .kill, globals: [GivenFlag(.root, "/run/r")],
            positionals: ["c1", "SIGTERM"]),
        EngineCall(
            line: "--root /run/r kill -a c1 9", command: .kill, globals: [GivenFlag(.root, "/run/r")],
            flags: [GivenFlag(.all, "true")], positionals: ["c1", "9"]),
        // conmon-rs repeats the globals
        EngineCall(
            line:
                "--root=/run/r --systemd-cgroup --root=/run/r --systemd-cgroup create --bundle /b --pid-file /p c1",
            command: .create,
            globals: [
                GivenFlag(.root, "/run/r"), GivenFlag(.systemdCgroup, "true"), GivenFlag(.root, "/run/r"),
                GivenFlag(.systemdCgroup, "true"),
            ],
            flags: [GivenFlag(.bundle, "/b"), GivenFlag(.pidFile, "/p")]),
        // exec: containerd's shim, BuildKit, conmon, CRI-O and conmon-rs
        EngineCall(
            line: shim
                + "exec --process /tmp/runc-process1 --detach --pid-file /b/e1.pid c1",
            command: .exec, globals: containerd,
            flags: [
                GivenFlag(.process, "/tmp/runc-process1"), GivenFlag(.detach, "true"),
                GivenFlag(.pidFile, "/b/e1.pid"),
            ]),
        EngineCall(
            line: "--log /r/l.json --log-format json exec --process /f --pid-file /p c1", command: .exec,
            globals: [GivenFlag(.log, "/r/l.json"), GivenFlag(.logFormat, "json")],
            flags: [GivenFlag(.process, "/f"), GivenFlag(.pidFile, "/p")]),
        EngineCall(
            line: "exec --pid-file /p --process /f --detach --preserve-fds 1 c1", command: .exec,
            flags: [
                GivenFlag(.pidFile, "/p"), GivenFlag(.process, "/f"), GivenFlag(.detach, "true"),
                GivenFlag(.preserveFDs, "1"),
            ]),
        EngineCall(
            line: "--root /run/r exec --process /f c1", command: .exec,
            globals: [GivenFlag(.root, "/run/r")],
            flags: [GivenFlag(.process, "/f")]),
        EngineCall(
            line: "exec -d --pid-file=/p c1 sh -c --tty -- x", command: .exec,
            flags: [GivenFlag(.detach, "true"), GivenFlag(.pidFile, "/p")],
            positionals: ["c1", "sh", "-c", "--tty", "--", "x"]),
        // buildah
        EngineCall(line: "kill c1", command: .kill),
        EngineCall(line: "kill c1 SIGKILL", command: .kill, positionals: ["c1", "SIGKILL"]),
        // Apple's vminitd: a bare --rootless
        EngineCall(
            line: "--rootless run --detach --bundle /b c1", command: .run,
            globals: [GivenFlag(.rootless, "true")],
            flags: [GivenFlag(.detach, "true"), GivenFlag(.bundle, "/b")]),
    ]
}

extension GivenFlag {
    init(_ name: FlagName, _ value: String) { self.init(name: name, value: value) }
}

@Suite struct EngineArgumentsTests {
    @Test(arguments: EngineCall.all)
    func isUnderstood(call: EngineCall) throws {
        var parser = CommandLineParser(call.line.split(separator: " ").map(String.init))
        guard case .command(let name, let flags, let positionals) = try parser.parse() else {
            Issue.record("not a command")
            return
        }
        #expect(name == call.command)
        #expect(parser.globals.list == call.globals)
        #expect(flags.list == call.flags)
        #expect(positionals == call.positionals)
    }
}
