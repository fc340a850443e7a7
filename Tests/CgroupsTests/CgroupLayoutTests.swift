// Layouts from the texts of /proc/self/mountinfo of real hosts.

import Testing

@testable import Cgroups

@Suite struct CgroupLayoutTests {
    /// A development machine: v1 with one hierarchy per controller and v2 beside them.
    static let hybrid = """
        23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
        34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
        37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
        38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw

        """

    /// systemd on v1: controllers mounted together, optional fields, a foreign named hierarchy.
    static let legacy = """
        25 30 0:23 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755
        26 25 0:24 / /sys/fs/cgroup/systemd rw,nosuid shared:10 - cgroup cgroup rw,xattr,name=systemd
        28 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:11 master:1 - cgroup cgroup rw,cpu,cpuacct
        29 25 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:12 - cgroup cgroup rw,memory
        31 25 0:29 / /mnt/a\\040b rw,nosuid - cgroup cgroup rw,net_cls,net_prio
        32 25 0:30 / /mnt/again rw,nosuid - cgroup cgroup rw,memory
        33 25 0:31 / /sys/fs/cgroup/own rw,nosuid - cgroup cgroup rw,name=elogind
        """

    /// Docker in Docker: the container's own mounts come after the host's and hide them.
    static let nested = """
        25 30 0:23 / /sys/fs/cgroup ro shared:9 - tmpfs tmpfs ro,mode=755
        29 25 0:27 / /sys/fs/cgroup/memory rw shared:12 - cgroup cgroup rw,memory
        30 25 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        700 650 0:80 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        701 700 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
        702 700 0:29 /docker/abc /sys/fs/cgroup/devices ro - cgroup cgroup rw,devices
        """

    @Test func hybridHost() {
        let layout = CgroupLayout(mountinfo: Array(Self.hybrid.utf8))
        let names = ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"]
        var expected = names.map {
            CgroupLayout.Hierarchy(controllers: [$0], mountpoint: "/sys/fs/cgroup/" + $0)
        }
        expected.append(.init(controllers: [], mountpoint: "/sys/fs/cgroup/systemd", name: "systemd"))
        #expect(layout == .legacy(expected, unifiedMount: "/sys/fs/cgroup/unified"))
    }

    @Test func legacyHost() {
        let expected: [CgroupLayout.Hierarchy] = [
            .init(controllers: [], mountpoint: "/sys/fs/cgroup/systemd", name: "systemd"),
            .init(controllers: ["cpu", "cpuacct"], mountpoint: "/sys/fs/cgroup/cpu,cpuacct"),
            .init(controllers: ["memory"], mountpoint: "/sys/fs/cgroup/memory"),
            .init(controllers: ["net_cls", "net_prio"], mountpoint: "/mnt/a b"),
        ]
        #expect(CgroupLayout(mountinfo: Array(Self.legacy.utf8)) == .legacy(expected, unifiedMount: nil))
    }

    @Test func nestedContainer() {
        let expected: [CgroupLayout.Hierarchy] = [
            .init(controllers: ["memory"], mountpoint: "/sys/fs/cgroup/memory"),
            .init(controllers: ["devices"], mountpoint: "/sys/fs/cgroup/devices"),
        ]
        #expect(CgroupLayout(mountinfo: Array(Self.nested.utf8)) == .legacy(expected, unifiedMount: nil))
    }

    @Test func unifiedElsewhere() {
        let text = "41 31 0:38 / /cg rw,relatime - cgroup2 none rw\n"
        #expect(CgroupLayout(mountinfo: Array(text.utf8)) == .unified(mount: "/cg"))
    }

    @Test func nothing() {
        #expect(CgroupLayout(mountinfo: []) == CgroupLayout.none)
        #expect(CgroupLayout(mountinfo: Array("a b - c\n1 2 3\n- - -".utf8)) == CgroupLayout.none)
        let sysfs = "23 27 0:22 / /sys rw - sysfs sysfs rw\n"
        #expect(CgroupLayout(mountinfo: Array(sysfs.utf8)) == CgroupLayout.none)
    }
}

@Suite struct CgroupPathTests {
    @Test(
        arguments: [
            (nil, "/c1"), ("", "/c1"), ("/docker/abc", "/docker/abc"), ("a/b", "/a/b"), ("//a///b/", "/a/b"),
            ("/./a/./b", "/a/b"), ("system.slice:docker:abc", "/system.slice:docker:abc"),
            ("/a..b/..c", "/a..b/..c"),
        ] as [(String?, String)])
    func accepted(given: String?, path: String) throws {
        #expect(try CgroupPath(cgroupsPath: given, id: "c1").text == path)
    }

    @Test(arguments: [
        "/..", "../a", "/a/../b", "/a/..", "/", "//", ".", "a\nb", String(repeating: "x", count: 256),
    ])
    func refused(given: String) {
        let error = #expect(throws: CgroupError.self) { try CgroupPath(cgroupsPath: given, id: "c1") }
        #expect(error?.pointer == "/linux/cgroupsPath")
    }

    @Test func tooLong() {
        let long = String(repeating: "/abcdefg", count: 500)
        #expect(throws: CgroupError.self) { try CgroupPath(cgroupsPath: long, id: "c1") }
    }
}
