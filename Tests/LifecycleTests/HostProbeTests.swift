// What the probe reads from the host's files.
import Linux
import Testing

@testable import Lifecycle

@Suite struct HostProbeTests {
    private static let mounts = Mountinfo.mounts(
        Array(
            """
            21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            22 21 0:20 / /sys rw,nosuid master:2 - sysfs sysfs rw
            23 21 0:21 / /proc rw - proc proc rw
            24 21 254:0 /srv /srv/a\\040b rw shared:3 master:2 - ext4 /dev/vda rw
            25 24 0:21 / /srv/a\\040b/proc rw - proc proc rw
            26 24 0:21 /sys /srv/a\\040b/procsys ro - proc proc rw
            27 24 0:21 / /srv/a\\040b/rootfs/proc rw - proc proc rw
            28 22 0:30 / /sys/fs/res\\134ctrl rw - resctrl resctrl rw
            29 22 0:31 / /none rw
            30
            """.utf8))

    @Test func lines() {
        #expect(Self.mounts.count == 8)
        let volume = Self.mounts[3]
        #expect(volume.root == "/srv" && volume.point == "/srv/a b" && volume.type == "ext4")
        #expect(Self.mounts.first { $0.type == "resctrl" }?.point == "/sys/fs/res\\ctrl")
    }

    @Test(arguments: [
        ("/srv/a b/rootfs", "/srv/a b"), ("/srv/a b", "/srv/a b"), ("/srv/a bc", "/"), ("/process", "/"),
        ("/proc/1", "/proc"), ("/srv/a b/rootfs/proc/x", "/srv/a b/rootfs/proc"),
    ])
    func mountPoints(path: String, point: String) {
        #expect(HostProbe.mountPoint(of: path, in: Self.mounts) == point)
    }

    /// Whole ones only, none of the rootfs, and what lies on others first.
    @Test func kernelMounts() {
        #expect(
            HostProbe.kernelMounts(outside: "/srv/a b/rootfs", in: Self.mounts)
                == ["/srv/a b/proc", "/proc", "/sys"])
    }
}
