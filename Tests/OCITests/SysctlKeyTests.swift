// Keys of linux.sysctl become paths that stay below /proc/sys.
import Linux
import Testing

@testable import OCI

@Suite struct SysctlKeyTests {
    @Test(arguments: [
        ("net.ipv4.ip_forward", "net/ipv4/ip_forward"), ("net/ipv4/ip_forward", "net/ipv4/ip_forward"),
        ("net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding"),
        ("net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding"),
    ])
    func paths(_ key: String, _ path: String) {
        #expect(SysctlKey(key)?.path == path)
    }

    @Test(arguments: [
        "", "net", ".net.x", "net.x.", "net..x", "/net/x", "net/", "net/../kernel/x", "net/./x", "net.//.x",
        "net./.x",
        "../../etc/passwd",
    ])
    func refused(_ key: String) {
        #expect(SysctlKey(key) == nil)
    }

    @Test(arguments: [
        ("net.core.somaxconn", NamespaceKind.network), ("kernel.shmmax", .ipc), ("kernel/sem", .ipc),
        ("fs.mqueue.msg_max", .ipc), ("kernel.domainname", .uts), ("user.max_user_namespaces", .user),
        ("kernel.core_pattern", nil), ("fs.mqueue", nil), ("fs.file-max", nil), ("kernel.shmmax.x", nil),
        ("vm.swappiness", nil), ("network.x", nil),
    ])
    func owners(_ key: String, _ kind: NamespaceKind?) {
        #expect(SysctlKey(key)?.namespace == kind)
    }
}
