// The tables: names against the kernel's numbers, and what is not in them.

import Testing

@testable import Linux

@Suite struct NamespaceKindTests {
    @Test(
        arguments: [
            ("user", "user", 0x1000_0000), ("mount", "mnt", 0x0002_0000), ("pid", "pid", 0x2000_0000),
            ("network", "net", 0x4000_0000), ("ipc", "ipc", 0x0800_0000), ("uts", "uts", 0x0400_0000),
            ("cgroup", "cgroup", 0x0200_0000), ("time", "time", 0x80),
        ] as [(String, String, UInt64)])
    func row(specName: String, procName: String, flag: UInt64) throws {
        let kind = try #require(NamespaceKind(specName: specName))
        #expect(kind.specName == specName)
        #expect(kind.procName == procName)
        #expect(kind.cloneFlag == flag)
    }

    @Test(arguments: ["", "mnt", "net", "User", "pids"])
    func unknown(name: String) {
        #expect(NamespaceKind(specName: name) == nil)
    }
}

@Suite struct CapabilityTests {
    @Test(arguments: [
        ("CAP_CHOWN", 0), ("CAP_KILL", 5), ("CAP_NET_RAW", 13), ("CAP_SYS_ADMIN", 21), ("CAP_MKNOD", 27),
        ("CAP_SETFCAP", 31), ("CAP_SYSLOG", 34), ("CAP_AUDIT_READ", 37), ("CAP_BPF", 39),
        ("CAP_CHECKPOINT_RESTORE", 40),
    ])
    func number(name: String, number: Int) throws {
        let capability = try #require(Capability(name: name))
        #expect(Int(capability.number) == number)
        #expect(capability.name == name)
        #expect(Capability(number: number) == capability)
    }

    @Test func counts() {
        #expect(Capability.names.count == 41)
        #expect(Set(Capability.names).count == 41)
        #expect(CapabilitySet.all.rawValue == 0x1ff_ffff_ffff)
        #expect(Capability(name: "cap_chown") == nil)
        #expect(Capability(name: "CHOWN") == nil)
        #expect(Capability(number: 41) == nil)
        #expect(Capability(number: -1) == nil)
    }

    @Test func sets() throws {
        let chown = try #require(Capability(name: "CAP_CHOWN"))
        let bpf = try #require(Capability(name: "CAP_BPF"))
        var set = CapabilitySet(chown)
        set.formUnion(CapabilitySet(bpf))
        #expect(set.rawValue == 1 << 39 | 1)
        #expect(set.contains(chown) && set.contains(bpf))
        #expect(!CapabilitySet(chown).contains(bpf))
    }
}

@Suite struct MountOptionTests {
    /// peers.md 3.6, every name.
    static let expected = """
        async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime \
        noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow rbind relatime remount ro \
        rw silent strictatime suid symfollow sync rro rrw rnosuid rsuid rnodev rdev rnoexec rexec rnodiratime \
        rdiratime rrelatime rnorelatime rnoatime ratime rstrictatime rnostrictatime rnosymfollow rsymfollow \
        private rprivate slave rslave shared rshared unbindable runbindable tmpcopyup idmap ridmap copy-symlink \
        src-nofollow dest-nofollow
        """

    @Test func names() {
        #expect(MountOption.names == Self.expected.split(separator: " ").map(String.init).sorted())
    }

    @Test(arguments: ["size=64k", "acl", "", "RO", "mode=755", "nr_inodes=1", "posixacl"])
    func data(option: String) {
        #expect(MountOption.effect(of: option) == nil)
    }

    @Test(
        arguments: [
            ("ro", .readOnly(true)), ("rw", .readOnly(false)),
            ("nosuid", .attribute(set: 2, clear: 0)), ("suid", .attribute(set: 0, clear: 2)),
            ("nodev", .attribute(set: 4, clear: 0)), ("noexec", .attribute(set: 8, clear: 0)),
            ("noatime", .attribute(set: 0x10, clear: 0x70)), ("relatime", .attribute(set: 0, clear: 0x70)),
            ("nodiratime", .attribute(set: 0x80, clear: 0)),
            ("nosymfollow", .attribute(set: 0x20_0000, clear: 0)),
            ("rro", .recursiveAttribute(set: 1, clear: 0)), ("rrw", .recursiveAttribute(set: 0, clear: 1)),
            ("rnosuid", .recursiveAttribute(set: 2, clear: 0)),
            ("rstrictatime", .recursiveAttribute(set: 0x20, clear: 0x70)),
            ("sync", .superblock(key: "sync", flag: 16, set: true)),
            ("async", .superblock(key: "async", flag: 16, set: false)),
            ("silent", .superblock(key: nil, flag: 32768, set: true)),
            ("iversion", .superblock(key: nil, flag: 1 << 23, set: true)),
            ("rslave", .propagation(flag: 1 << 19, recursive: true)),
            ("private", .propagation(flag: 1 << 18, recursive: false)),
            ("rbind", .bind(recursive: true)), ("defaults", .nothing), ("remount", .remount),
            ("idmap", .idmap(recursive: false)), ("ridmap=uids=0-1-1", .idmap(recursive: true)),
        ] as [(String, MountOption.Effect)])
    func effect(name: String, effect: MountOption.Effect) {
        #expect(MountOption.effect(of: name) == effect)
    }

    @Test(
        arguments: [
            (["nosuid", "suid"], 0, 2), (["suid", "nosuid"], 2, 0), (["noatime"], 0x10, 0x70),
            (["noatime", "atime"], 0, 0x70), (["strictatime", "atime"], 0x20, 0x70),
            (["noatime", "strictatime"], 0x20, 0x70), (["noatime", "nostrictatime"], 0x10, 0x70),
            (["relatime"], 0, 0x70), (["norelatime"], 0, 0), (["nodev", "noexec", "dev"], 8, 4),
        ] as [([String], UInt64, UInt64)])
    func fold(options: [String], set: UInt64, clear: UInt64) {
        var attributes = MountAttributes()
        for option in options {
            guard case .attribute(let set, let clear)? = MountOption.effect(of: option) else {
                Issue.record("\(option) is no attribute")
                continue
            }
            attributes.add(set: set, clear: clear)
        }
        #expect(attributes.set == set)
        #expect(attributes.clear == clear)
    }
}

@Suite struct SignalTests {
    @Test(
        arguments: [
            ("KILL", 9), ("SIGKILL", 9), ("kill", 9), ("sigterm", 15), ("9", 9), ("0", 0), ("64", 64),
            ("HUP", 1),
            ("SYS", 31), ("CLD", 17), ("SIGPOLL", 29), ("RTMIN", 34), ("SIGRTMIN+3", 37), ("RTMAX", 64),
            ("RTMAX-14", 50), ("RTMIN+30", 64),
        ] as [(String, Int32)])
    func parse(text: String, number: Int32) {
        #expect(Signal(parsing: text)?.number == number)
    }

    @Test(arguments: [
        "", "SIG", "65", "-1", "9 ", "+9", "KIL", "RTMIN+31", "RTMAX-31", "RTMIN+", "RTMIN-1", "9999999999",
    ])
    func refused(text: String) {
        #expect(Signal(parsing: text) == nil)
    }

    @Test func name() {
        #expect(Signal(number: 9).name == "SIGKILL")
        #expect(Signal(number: 34).name == "SIGRTMIN")
        #expect(Signal(number: 40).name == "SIGRTMIN+6")
        #expect(Signal(number: 0).name == "0")
        #expect(Signal(number: 32).name == "32")
    }
}

@Suite struct OtherTablesTests {
    @Test(
        arguments: [
            ("RLIMIT_CPU", 0), ("RLIMIT_CORE", 4), ("RLIMIT_NOFILE", 7), ("RLIMIT_AS", 9),
            ("RLIMIT_RTTIME", 15),
        ] as [(String, Int32)])
    func limits(name: String, number: Int32) throws {
        let kind = try #require(ResourceLimitKind(name: name))
        #expect(kind.rawValue == number)
        #expect(kind.name == name)
    }

    @Test func limitNames() {
        #expect(ResourceLimitKind.allCases.map(\.name) == ResourceLimitKind.names)
        #expect(ResourceLimitKind(name: "NOFILE") == nil)
    }

    @Test func propagation() {
        #expect(Propagation.names.compactMap(Propagation.init(name:)).count == 8)
        #expect(Propagation(name: "rshared")?.mountFlags == 1 << 20 | 1 << 14)
        #expect(Propagation(name: "slave")?.mountFlags == 1 << 19)
        #expect(Propagation(name: "ro") == nil)
    }

    @Test func personality() {
        #expect(PersonalityDomain(name: "LINUX")?.rawValue == 0)
        #expect(PersonalityDomain(name: "LINUX32")?.rawValue == 8)
        #expect(PersonalityDomain(name: "linux") == nil)
    }

    @Test(
        arguments: [
            ("CAP_SYS_ADMN", "CAP_SYS_ADMIN"), ("cap_sys_admin", "CAP_SYS_ADMIN"),
            ("CAP_NET_BINDSERVICE", "CAP_NET_BIND_SERVICE"),
            ("CAP_CHWON", "CAP_CHOWN"), ("xyz", nil), ("", nil),
        ] as [(String, String?)])
    func nearestName(name: String, expected: String?) {
        #expect(nearest(name, in: Capability.names) == expected)
    }

    @Test(arguments: [("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("same", "same", 0)])
    func distance(a: String, b: String, distance: Int) {
        #expect(editDistance(Array(a.utf8), Array(b.utf8)) == distance)
    }
}
