// The names of a profile and what each stands for: the one table that compiling and `features` read.
import CSeccomp

/// The names that `linux.seccomp` may use (config-linux.md, Seccomp).
public enum SeccompNames {
    struct Action: Sendable {
        let name: String
        /// SECCOMP_RET_*, which libseccomp takes as it is (seccomp_init(3)).
        let value: UInt32
        /// The greatest `errnoRet`; nil where the action takes none.
        var greatestErrno: UInt32?
    }

    static let actionTable: [Action] = [
        Action(name: "SCMP_ACT_KILL", value: 0x0000_0000),
        Action(name: "SCMP_ACT_KILL_THREAD", value: 0x0000_0000),
        Action(name: "SCMP_ACT_KILL_PROCESS", value: 0x8000_0000),
        Action(name: "SCMP_ACT_TRAP", value: 0x0003_0000),
        // libseccomp refuses MAX_ERRNO (4095) itself; a tracer gets 16 bits (seccomp(2)).
        Action(name: "SCMP_ACT_ERRNO", value: 0x0005_0000, greatestErrno: 4094),
        Action(name: "SCMP_ACT_TRACE", value: 0x7ff0_0000, greatestErrno: 0xffff),
        Action(name: "SCMP_ACT_ALLOW", value: 0x7fff_0000),
        Action(name: "SCMP_ACT_LOG", value: 0x7ffc_0000),
        Action(name: "SCMP_ACT_NOTIFY", value: 0x7fc0_0000),
    ]

    static let operatorTable: [(name: String, value: scmp_compare)] = [
        ("SCMP_CMP_NE", SCMP_CMP_NE), ("SCMP_CMP_LT", SCMP_CMP_LT), ("SCMP_CMP_LE", SCMP_CMP_LE),
        ("SCMP_CMP_EQ", SCMP_CMP_EQ), ("SCMP_CMP_GE", SCMP_CMP_GE), ("SCMP_CMP_GT", SCMP_CMP_GT),
        ("SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ),
    ]

    struct Flag: Sendable {
        let name: String
        /// SECCOMP_FILTER_FLAG_*.
        let value: UInt32
        /// The kernel takes it only together with a listener, so without one it asks for nothing.
        var needsListener = false
    }

    static let flagTable: [Flag] = [
        Flag(name: "SECCOMP_FILTER_FLAG_TSYNC", value: 1 << 0),
        Flag(name: "SECCOMP_FILTER_FLAG_LOG", value: 1 << 1),
        Flag(name: "SECCOMP_FILTER_FLAG_SPEC_ALLOW", value: 1 << 2),
        Flag(name: "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", value: 1 << 5, needsListener: true),
    ]

    /// SECCOMP_FILTER_FLAG_NEW_LISTENER.
    static let newListener: UInt32 = 1 << 3
    /// SECCOMP_FILTER_FLAG_TSYNC_ESRCH: what makes TSYNC go with a listener.
    static let threadsReportError: UInt32 = 1 << 4

    static let architecturePrefix = "SCMP_ARCH_"

    /// Every architecture of the spec. libseccomp's own name is the rest in lower case.
    static let architectureNames = [
        "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
        "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL",
        "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64",
        "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC",
        "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K",
        "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ]

    /// libseccomp's token for an architecture of the spec; nil where the library does not know it.
    static func architectureToken(_ name: String) -> UInt32? {
        guard name.utf8.starts(with: architecturePrefix.utf8) else { return nil }
        let own = name.utf8.dropFirst(architecturePrefix.utf8.count).map { byte in
            (65...90).contains(byte) ? byte | 0x20 : byte
        }
        let token = unsafe String(decoding: own, as: UTF8.self).withCString { name in
            unsafe seccomp_arch_resolve_name(name)
        }
        return token == 0 ? nil : token
    }
}

extension SeccompNames {
    /// For `features`: every action that a profile may ask for.
    public static var actions: [String] { actionTable.map(\.name) }
    /// For `features`: every operator.
    public static var operators: [String] { operatorTable.map(\.name) }
    /// For `features`: the architectures that this libseccomp knows.
    public static var architectures: [String] { architectureNames.filter { architectureToken($0) != nil } }
    /// For `features`: every flag.
    public static var flags: [String] { flagTable.map(\.name) }

    /// libseccomp's version, such as "2.5.4".
    public static var libraryVersion: String {
        guard let version = unsafe seccomp_version() else { return "unknown" }
        return unsafe "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.micro)"
    }
}
