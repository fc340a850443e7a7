// The names of a seccomp profile and what each stands for: the one table that rules, compiling and `features` read.

extension SeccompProfile {
    public struct Action: Sendable {
        public let name: String
        /// SECCOMP_RET_*, which libseccomp takes as it is (seccomp_init(3)).
        public let value: UInt32
        /// The greatest `errnoRet`; nil where the action takes none.
        public var greatestErrno: UInt32?
    }

    /// In the order of the specification (config-linux.md, Seccomp).
    public static let actionTable: [Action] = [
        Action(name: "SCMP_ACT_KILL", value: 0x0000_0000),
        Action(name: "SCMP_ACT_KILL_PROCESS", value: 0x8000_0000),
        Action(name: "SCMP_ACT_KILL_THREAD", value: 0x0000_0000),
        Action(name: "SCMP_ACT_TRAP", value: 0x0003_0000),
        // libseccomp refuses MAX_ERRNO (4095) itself; a tracer gets 16 bits (seccomp(2)).
        Action(name: "SCMP_ACT_ERRNO", value: 0x0005_0000, greatestErrno: 4094),
        Action(name: "SCMP_ACT_TRACE", value: 0x7ff0_0000, greatestErrno: 0xffff),
        Action(name: "SCMP_ACT_ALLOW", value: 0x7fff_0000),
        Action(name: "SCMP_ACT_LOG", value: 0x7ffc_0000),
        Action(name: "SCMP_ACT_NOTIFY", value: 0x7fc0_0000),
    ]

    public struct Operator: Sendable {
        public let name: String
        /// libseccomp's `enum scmp_compare` (seccomp_rule_add(3)).
        public let value: UInt32
    }

    public static let operatorTable: [Operator] = [
        Operator(name: "SCMP_CMP_NE", value: 1), Operator(name: "SCMP_CMP_LT", value: 2),
        Operator(name: "SCMP_CMP_LE", value: 3), Operator(name: "SCMP_CMP_EQ", value: 4),
        Operator(name: "SCMP_CMP_GE", value: 5), Operator(name: "SCMP_CMP_GT", value: 6),
        Operator(name: "SCMP_CMP_MASKED_EQ", value: 7),
    ]

    public struct Flag: Sendable {
        public let name: String
        /// SECCOMP_FILTER_FLAG_* (seccomp(2)).
        public let value: UInt32
        /// The kernel takes it only together with a listener, so without one it asks for nothing.
        public var needsListener = false
    }

    public static let flagTable: [Flag] = [
        Flag(name: "SECCOMP_FILTER_FLAG_TSYNC", value: 1 << 0),
        Flag(name: "SECCOMP_FILTER_FLAG_LOG", value: 1 << 1),
        Flag(name: "SECCOMP_FILTER_FLAG_SPEC_ALLOW", value: 1 << 2),
        Flag(name: "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", value: 1 << 5, needsListener: true),
    ]

    public static let actions: [String] = actionTable.map(\.name)
    public static let operators: [String] = operatorTable.map(\.name)
    public static let flagNames: [String] = flagTable.map(\.name)

    /// Those of the specification. libseccomp's own name is the rest in lower case.
    public static let architectureNames: [String] = [
        "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
        "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
        "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390",
        "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64",
        "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ]
}
