// The command lines of criu, and what goes into them.
import Linux
import OCI
import Testing

@testable import Lifecycle

@Suite struct CRIUTests {
    @Test func dump() throws {
        var request = CheckpointRequest(ImageRequest(id: "c1", images: "/i"))
        request.image.options = ["--tcp-established"]
        var source = CRIUArguments.Source(pid: 7)
        source.freezer = "/sys/fs/cgroup/freezer/c1"
        source.externals = ["mnt[/data]:/data"]
        #expect(
            try CRIUArguments.dump(request, source) == [
                "dump", "--tree", "7", "--images-dir", "/i", "--work-dir", "/i", "--log-file", "dump.log",
                "-v4",
                "--manage-cgroups=soft", "--tcp-established", "--freeze-cgroup", "/sys/fs/cgroup/freezer/c1",
                "--external", "mnt[/data]:/data",
            ])
    }

    @Test func preDump() throws {
        var request = CheckpointRequest(ImageRequest(id: "c1", images: "/i"))
        request.image.work = "/w"
        request.image.cgroups = .full
        request.preDump = true
        request.leaveRunning = true
        request.parent = "../p"
        request.pageServer = "::1:99"
        request.statusDescriptor = 5
        let list = try CRIUArguments.dump(request, CRIUArguments.Source(pid: 7, configuration: "/c"))
        #expect(
            list == [
                "pre-dump", "--tree", "7", "--images-dir", "/i", "--work-dir", "/w", "--log-file", "dump.log",
                "-v4",
                "--manage-cgroups=full", "--config", "/c", "--prev-images-dir", "../p", "--track-mem",
                "--page-server", "--address", "::1", "--port", "99", "--status-fd", "5",
            ])
        for server in ["host", ":1", "host:port", "host:70000"] {
            request.pageServer = server
            #expect(throws: Failure.self) { try CRIUArguments.dump(request, CRIUArguments.Source()) }
        }
    }

    @Test func restore() {
        var request = RestoreRequest(ImageRequest(id: "c1", images: "/i"), bundle: "/b")
        var target = CRIUArguments.Target()
        target.root = "/b/rootfs"
        target.pidFile = "/r/c1/criu.pid"
        target.cgroup = "/c1"
        target.externals = ["mnt[/data]:/srv"]
        target.descriptors = [(9, "pipe:[77]"), (10, "extRootNetNS")]
        target.joins = ["ipc:/proc/1/ns/ipc"]
        target.script = "/proc/1/fd/3"
        let common = ["restore", "--restore-detached", "--restore-sibling", "--pidfile", "/r/c1/criu.pid"]
        let rest = [
            "--external", "mnt[/data]:/srv", "--inherit-fd", "fd[9]:pipe:[77]", "--inherit-fd",
            "fd[10]:extRootNetNS", "--join-ns", "ipc:/proc/1/ns/ipc", "--action-script", "/proc/1/fd/3",
        ]
        let places = ["--images-dir", "/i", "--work-dir", "/i", "--log-file", "restore.log", "-v4"]
        #expect(
            CRIUArguments.restore(request, target) == common + places
                + ["--manage-cgroups=soft", "--root", "/b/rootfs", "--cgroup-root", "/c1"] + rest)
        request.image.cgroups = .ignore
        #expect(
            CRIUArguments.restore(request, target) == common + places
                + ["--manage-cgroups=ignore", "--root", "/b/rootfs"] + rest)
        request.image.cgroups = .soft
        target.cgroup = nil
        #expect(CRIUArguments.restore(request, target).contains("--manage-cgroups=ignore"))
    }

    private static let mountinfo = """
        71 42 254:0 /b/rootfs / ro,relatime - ext4 /dev/vda rw
        72 71 0:70 / /proc rw,relatime - proc proc rw
        73 71 0:71 / /dev rw,nosuid shared:3 master:7 - tmpfs tmpfs rw,mode=755
        78 77 0:75 / /sys/fs/cgroup ro - tmpfs cgroup rw,mode=755
        79 78 0:29 /c1 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu
        94 71 254:0 /srv/my\\040data /data rw,relatime - ext4 /dev/vda rw
        95 94 0:99 / /data/sub rw,relatime - tmpfs tmpfs rw
        96 94 0:98 / /data/own rw,relatime - tmpfs tmpfs rw
        97 72 0:70 /sys /proc/sys ro,relatime - proc proc rw
        98 72 0:6 /null /proc/keys rw,relatime - devtmpfs devtmpfs rw
        """

    private static func mount(_ destination: String, _ type: String?, _ source: String, _ options: [String])
        -> Mount
    {
        var mount = Mount()
        mount.destination = destination
        mount.type = type
        mount.source = source
        mount.options = options
        return mount
    }

    private static let mounts = [
        mount("/proc", "proc", "proc", []), mount("/var/../data/", "bind", "/srv/my data", ["rbind"]),
        mount("/data/own", "tmpfs", "tmpfs", []), mount("/gone", nil, "/x", ["bind"]),
        mount("/sys/fs/cgroup", "cgroup", "cgroup", []),
    ]

    @Test func mountLines() {
        let entries = Mountinfo.mounts(Array(Self.mountinfo.utf8))
        #expect(entries.count == 10)
        #expect(entries[5].root == "/srv/my data")
        #expect(entries[2].type == "tmpfs")
        #expect(Mountinfo.mounts(Array("1 2 3\n\n71 42 254:0 / / ro - ext4".utf8)).count == 1)
    }

    @Test func externalMountsOfADump() throws {
        let entries = Mountinfo.mounts(Array(Self.mountinfo.utf8))
        let list = try CRIUMounts.dumped(entries, Self.mounts, places: [72, 94, 96, nil, 78])
        #expect(
            list == [
                "mnt[/sys/fs/cgroup/cpu]:/sys/fs/cgroup/cpu", "mnt[/data]:/data", "mnt[/data/sub]:/data/sub",
                "mnt[/proc/keys]:/proc/keys",
            ])
    }

    @Test func externalMountsOfARestoration() throws {
        var spec = Spec()
        spec.mounts = Self.mounts
        spec.linux.maskedPaths = ["/proc/keys"]
        let host = Mountinfo.mounts(Array("95 94 0:99 / /srv/my\\040data/sub rw - tmpfs tmpfs rw".utf8))
        let list = try CRIUMounts.restored(
            spec, bundle: "/b", cgroups: [("cpu", "/sys/fs/cgroup/cpu/c2")], host: host)
        #expect(
            list == [
                "mnt[/data]:/srv/my data", "mnt[/data/sub]:/srv/my data/sub", "mnt[/gone]:/x",
                "mnt[/sys/fs/cgroup/cpu]:/sys/fs/cgroup/cpu/c2", "mnt[/proc/keys]:/dev/null",
            ])
        var user = NamespaceEntry()
        user.type = "user"
        spec.linux.namespaces = [user]
        let devices = try CRIUMounts.restored(spec, bundle: "/b", cgroups: [], host: [])
        #expect(devices.contains("mnt[/dev/null]:/dev/null"))
        spec.mounts[1].destination = "/a]b"
        #expect(throws: Failure.self) {
            try CRIUMounts.restored(spec, bundle: "/b", cgroups: [], host: [])
        }
    }

    @Test func streams() {
        #expect(CRIUStreams.key(link: "/tmp/out", mount: 27, inode: 4096, isInside: false) == "file[1b:1000]")
        #expect(CRIUStreams.key(link: "/tmp/out", mount: 27, inode: 4096, isInside: true) == "/tmp/out")
        #expect(CRIUStreams.key(link: "pipe:[5]", mount: 13, inode: 5, isInside: false) == "pipe:[5]")
        let streams = CRIUStreams(keys: ["/dev/null", "pipe:[5]", "pipe:[5]"])
        #expect(streams.externals.isEmpty)
        #expect(streams.inherited.map(\.stream) == [1])
        let others = CRIUStreams(keys: ["file[1b:1000]", "socket:[9]"])
        #expect(others.externals == ["file[1b:1000]", "unix[9]"])
        #expect(others.inherited.map(\.key) == ["file[1b:1000]", "socket:[9]"])
        #expect(String(decoding: streams.encoded, as: UTF8.self) == #"["/dev/null","pipe:[5]","pipe:[5]"]"#)
    }

    @Test func whatCRIUSays() {
        #expect(CRIUProgram.version(in: "Version: 4.2.1\nGitID: v4.2.1") == [4, 2, 1])
        #expect(CRIUProgram.version(in: "Version: 3.9 (gitid 0)") == [3, 9])
        #expect(CRIUProgram.version(in: "usage") == nil)
        let log = """
            (00.057011) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
            (00.071700) Warn  (criu/x.c:1): nothing
            (00.071778) Error (criu/mount.c:753): mnt: 108:./proc/timer_list doesn't have a proper root mount
            (00.071779)   1234: Error (criu/files.c:1): Can't open
            (00.119928) Error (criu/cr-dump.c:1975): Dumping FAILED.
            """
        #expect(
            CRIUProgram.errors(inLog: log)
                == "(criu/mount.c:753): mnt: 108:./proc/timer_list doesn't have a proper root mount; (criu/files.c:1): Can't open"
        )
        #expect(CRIUProgram.errors(inLog: "") == "")
    }
}
