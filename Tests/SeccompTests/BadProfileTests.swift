// Profiles that are refused, each with the pointer to what is wrong; and the flags.
import CSeccomp
import OCI
import Testing

@testable import Seccomp

@Suite struct BadProfileTests {
    struct Case: Sendable {
        let profile: SeccompProfile
        let pointer: String
        let message: String
    }

    static let cases: [Case] = [
        Case(profile: profile(""), pointer: "/defaultAction", message: "unknown action \"\""),
        Case(
            profile: profile("SCMP_ACT_ALOW"), pointer: "/defaultAction",
            message: "unknown action \"SCMP_ACT_ALOW\", did you mean \"SCMP_ACT_ALLOW\"?"),
        Case(
            profile: profile("SCMP_ACT_ALLOW", ["read"], "SCMP_ACT_TRAP", errnoRet: 1),
            pointer: "/syscalls/0/errnoRet", message: "SCMP_ACT_TRAP takes no errno"),
        Case(
            profile: profile("SCMP_ACT_ALLOW", ["read"], "SCMP_ACT_ERRNO", errnoRet: 4095),
            pointer: "/syscalls/0/errnoRet", message: "4095 is above 4094"),
        Case(
            profile: profile("SCMP_ACT_ALLOW", ["read"], "SCMP_ACT_TRACE", errnoRet: 65536),
            pointer: "/syscalls/0/errnoRet", message: "65536 is above 65535"),
        Case(
            profile: with(profile("SCMP_ACT_KILL")) { $0.defaultErrnoRet = 1 }, pointer: "/defaultErrnoRet",
            message: "SCMP_ACT_KILL takes no errno"),
        Case(
            profile: with(profile("SCMP_ACT_KILL")) { $0.syscalls = [SeccompRule()] },
            pointer: "/syscalls/0/action", message: "unknown action \"\""),
        Case(
            profile: with(profile("SCMP_ACT_KILL", ["read"])) { $0.syscalls[0].names = [] },
            pointer: "/syscalls/0/names", message: "must have at least one entry"),
        Case(
            profile: profile("SCMP_ACT_KILL", ["read", ""]), pointer: "/syscalls/0/names/1",
            message: "must not be empty"),
        Case(
            profile: profile("SCMP_ACT_KILL", ["read"], args: [argument(6, "SCMP_CMP_EQ", 0)]),
            pointer: "/syscalls/0/args/0/index", message: "6 is above 5: a call has six arguments"),
        Case(
            profile: profile("SCMP_ACT_KILL", ["read"], args: [argument(0, "SCMP_CMP_EQUAL", 0)]),
            pointer: "/syscalls/0/args/0/op",
            message: "unknown operator \"SCMP_CMP_EQUAL\", did you mean \"SCMP_CMP_EQ\"?"),
        Case(
            profile: with(profile("SCMP_ACT_KILL")) { $0.architectures = ["SCMP_ARCH_X86", "x86_64"] },
            pointer: "/architectures/1", message: "unknown architecture \"x86_64\""),
        Case(
            profile: with(profile("SCMP_ACT_KILL")) { $0.architectures = ["SCMP_ARCH_X8664"] },
            pointer: "/architectures/0",
            message: "unknown architecture \"SCMP_ARCH_X8664\", did you mean \"SCMP_ARCH_X86_64\"?"),
        Case(
            profile: with(profile("SCMP_ACT_KILL")) { $0.flags = ["SECCOMP_FILTER_FLAG_NONE"] },
            pointer: "/flags/0",
            message: "unknown flag \"SECCOMP_FILTER_FLAG_NONE\", did you mean \"SECCOMP_FILTER_FLAG_LOG\"?"),
    ]

    static func with(
        _ profile: SeccompProfile, _ change: (inout SeccompProfile) -> Void
    ) -> SeccompProfile {
        var profile = profile
        change(&profile)
        return profile
    }

    @Test(arguments: cases.indices)
    func isRefused(index: Int) {
        let bad = Self.cases[index]
        let expected = SeccompError(pointer: "/linux/seccomp" + bad.pointer, message: bad.message)
        #expect(throws: expected) { try SeccompFilter.compile(bad.profile) }
    }

    @Test(
        arguments: [
            (nil, 4), ([], 0), (["SECCOMP_FILTER_FLAG_TSYNC"], 1), (["SECCOMP_FILTER_FLAG_LOG"], 2),
            (["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"], 6),
            (["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], 0),
        ] as [([String]?, UInt32)])
    func flags(names: [String]?, flags: UInt32) throws {
        var profile = profile("SCMP_ACT_ALLOW")
        profile.flags = names
        #expect(try SeccompFilter.compile(profile).flags == flags)
    }

    /// NEW_LISTENER comes with a rule that notifies, TSYNC_ESRCH with it and TSYNC.
    @Test(
        arguments: [
            (nil, 8 | 4), ([], 8), (["SECCOMP_FILTER_FLAG_TSYNC"], 8 | 1 | 16),
            (["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], 8 | 2 | 32),
        ] as [([String]?, UInt32)])
    func flagsWithAListener(names: [String]?, flags: UInt32) throws {
        var profile = profile("SCMP_ACT_ALLOW", ["mount"], "SCMP_ACT_NOTIFY")
        profile.flags = names
        let filter = try SeccompFilter.compile(profile)
        #expect(filter.flags == flags)
        #expect(try filter.verdict(CallData(number: Call.mount)) == 0x7fc0_0000)
    }

    @Test func namesForFeatures() {
        #expect(SeccompProfile.actions.count == 9)
        let operators = [
            SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ,
        ]
        #expect(SeccompProfile.operatorTable.map(\.value) == operators.map(\.rawValue))
        #expect(SeccompNames.architectures.contains("SCMP_ARCH_X86_64"))
        #expect(SeccompNames.architectures.contains("SCMP_ARCH_RISCV64"))
        #expect(SeccompNames.libraryVersion.split(separator: ".").count == 3)
    }
}
