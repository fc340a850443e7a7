// Calls that are newer than the profile: ENOSYS by runc's rule.
import OCI
import Testing

@testable import Seccomp

#if arch(x86_64)
@Suite struct NewerCallTests {
    /// The last call that these profiles name, and x32's form of it.
    private static let clone3: Int32 = 435
    private static let x32: Int32 = 0x4000_0000

    private func filter(
        _ defaultAction: String, errno: UInt32? = nil, architectures: [String] = [],
        names: [String] = ["read", "clone3"],
        action: String = "SCMP_ACT_ALLOW"
    ) throws -> SeccompFilter {
        var profile = profile(defaultAction, names, action)
        profile.defaultErrnoRet = errno
        profile.architectures = architectures
        return try SeccompFilter.compile(profile)
    }

    @Test(arguments: ["SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP"])
    func strictDefaults(action: String) throws {
        let filter = try filter(action)
        #expect(try filter.verdict(CallData(number: Self.clone3)) == Verdict.allow)
        for newer in [Self.clone3 + 1, 451, 0x3fff_ffff] {
            #expect(try filter.verdict(CallData(number: newer)) == Verdict.errno(38))
        }
        // Named by nobody, but not newer.
        #expect(try filter.verdict(CallData(number: Self.clone3 - 1)) != Verdict.errno(38))
    }

    @Test(arguments: ["SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE"])
    func permissiveDefaults(action: String) throws {
        let filter = try filter(action, action: "SCMP_ACT_KILL")
        #expect(try filter.verdict(CallData(number: 451)) != Verdict.errno(38))
    }

    @Test func aDefaultOfENOSYSNeedsNothing() throws {
        var profile = profile("SCMP_ACT_ERRNO", ["clone3"])
        #expect(!NewerCalls(profile).program.isEmpty)
        profile.defaultErrnoRet = 38
        #expect(NewerCalls(profile).program.isEmpty)
    }

    @Test func callsThatOnlyARuleDeniesCountAsNamed() throws {
        let filter = try filter("SCMP_ACT_ERRNO", action: "SCMP_ACT_KILL")
        #expect(try filter.verdict(CallData(number: Self.clone3)) == Verdict.killThread)
        #expect(try filter.verdict(CallData(number: Self.clone3 + 1)) == Verdict.errno(38))
    }

    /// Each architecture has a last call of its own; others are left to libseccomp.
    @Test func otherArchitectures() throws {
        let filter = try filter(
            "SCMP_ACT_ERRNO", architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            names: ["read", "clone3", "clock_gettime64"])
        for (architecture, newer, older) in [
            (Architecture.x86, Int32(436), Int32(21)), (Architecture.x86_64, 436, 21),
            (Architecture.x86_64, Self.x32 | 600, Self.x32 | 21),
        ] {
            let newer = CallData(number: newer, architecture: architecture)
            let older = CallData(number: older, architecture: architecture)
            #expect(try filter.verdict(newer) == Verdict.errno(38))
            #expect(try filter.verdict(older) == Verdict.errno(1))
        }
        let arm = CallData(number: 600, architecture: Architecture.aarch64)
        #expect(try filter.verdict(arm) == Verdict.killThread)
    }

    /// x32 without a place in the profile is another architecture: the stub must not soften its refusal.
    @Test func x32StaysForbidden() throws {
        let filter = try filter("SCMP_ACT_ERRNO")
        #expect(try filter.verdict(CallData(number: Self.x32 | Self.clone3)) == Verdict.killThread)
        #expect(try filter.verdict(CallData(number: Self.x32 | 600)) == Verdict.killThread)
    }
}
#endif
