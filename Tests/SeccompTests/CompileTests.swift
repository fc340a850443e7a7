// What compiled filters answer, call by call.
import OCI
import Testing

@testable import Seccomp

#if arch(x86_64)
enum Call {
    static let read: Int32 = 0
    static let write: Int32 = 1
    static let clone: Int32 = 56
    static let ptrace: Int32 = 101
    static let personality: Int32 = 135
    static let chroot: Int32 = 161
    static let mount: Int32 = 165
    static let addKey: Int32 = 248
    static let clone3: Int32 = 435
    static let x32: Int32 = 0x4000_0000
    static let x86Read: Int32 = 3
    static let x86Mount: Int32 = 21
}

@Suite struct DockerProfileTests {
    static let expectations: [(data: CallData, verdict: UInt32)] = [
        (CallData(number: Call.read), Verdict.allow),
        (CallData(number: Call.chroot), Verdict.allow),
        (CallData(number: Call.ptrace), Verdict.allow),
        (CallData(number: Call.mount), Verdict.errno(1)),
        (CallData(number: Call.addKey), Verdict.errno(1)),
        (CallData(number: 1023), Verdict.errno(38)),
        (CallData(number: Call.clone3), Verdict.errno(38)),
        (CallData(number: Call.personality, arguments: [0]), Verdict.allow),
        (CallData(number: Call.personality, arguments: [8]), Verdict.allow),
        (CallData(number: Call.personality, arguments: [0x20008]), Verdict.allow),
        (CallData(number: Call.personality, arguments: [0xffff_ffff]), Verdict.allow),
        (CallData(number: Call.personality, arguments: [1]), Verdict.errno(1)),
        (CallData(number: Call.personality, arguments: [1 << 32]), Verdict.errno(1)),
        (CallData(number: Call.clone, arguments: [0x11]), Verdict.allow),
        (CallData(number: Call.clone, arguments: [0x1000_0011]), Verdict.errno(1)),
        (CallData(number: Call.clone, arguments: [0x0200_0000]), Verdict.errno(1)),
        (CallData(number: Call.x32 | Call.read), Verdict.allow),
        (CallData(number: Call.x32 | Call.mount), Verdict.errno(1)),
        (CallData(number: Call.x86Read, architecture: Architecture.x86), Verdict.allow),
        (CallData(number: Call.x86Mount, architecture: Architecture.x86), Verdict.errno(1)),
        (CallData(number: Call.read, architecture: Architecture.aarch64), Verdict.killThread),
    ]

    @Test func answersAsDockerMeansIt() throws {
        let filter = try SeccompFilter.compile(dockerProfile())
        for expectation in Self.expectations {
            let verdict = try filter.verdict(expectation.data)
            #expect(verdict == expectation.verdict, "\(expectation.data)")
        }
    }

    @Test func allowsExactlyTheNamedCalls() throws {
        let profile = try dockerProfile()
        let filter = try SeccompFilter.compile(profile)
        let plain = profile.syscalls.filter { $0.args.isEmpty && $0.action == "SCMP_ACT_ALLOW" }
        let allowed = Set(plain.flatMap(\.names).compactMap { FilterContext.number(of: $0) })
        #expect(allowed.count > 250)
        for number in Int32(0)..<600 where ![Call.clone, Call.clone3, Call.personality].contains(number) {
            let verdict = try filter.verdict(CallData(number: number))
            let refused = number > allowed.max() ?? 0 ? Verdict.errno(38) : Verdict.errno(1)
            #expect(verdict == (allowed.contains(number) ? Verdict.allow : refused), "\(number)")
        }
    }

    @Test func fitsTheKernel() throws {
        let filter = try SeccompFilter.compile(dockerProfile())
        #expect(filter.program.count % 8 == 0)
        #expect(filter.program.count / 8 < SeccompFilter.instructionLimit)
    }
}

@Suite struct ActionTests {
    @Test(
        arguments: [
            ("SCMP_ACT_KILL", nil, Verdict.killThread), ("SCMP_ACT_KILL_THREAD", nil, Verdict.killThread),
            ("SCMP_ACT_KILL_PROCESS", nil, Verdict.killProcess), ("SCMP_ACT_TRAP", nil, Verdict.trap),
            ("SCMP_ACT_LOG", nil, Verdict.log), ("SCMP_ACT_ERRNO", nil, Verdict.errno(1)),
            ("SCMP_ACT_ERRNO", 38, Verdict.errno(38)), ("SCMP_ACT_ERRNO", 0, Verdict.errno(0)),
            ("SCMP_ACT_ERRNO", 4094, Verdict.errno(4094)), ("SCMP_ACT_TRACE", nil, Verdict.trace(1)),
            ("SCMP_ACT_TRACE", 0xffff, Verdict.trace(0xffff)),
        ] as [(String, UInt32?, UInt32)])
    func ofARule(name: String, errno: UInt32?, verdict: UInt32) throws {
        let filter = try SeccompFilter.compile(profile("SCMP_ACT_ALLOW", ["mount"], name, errnoRet: errno))
        #expect(try filter.verdict(CallData(number: Call.mount)) == verdict)
        #expect(try filter.verdict(CallData(number: Call.read)) == Verdict.allow)
    }

    @Test func ofTheDefault() throws {
        var profile = profile("SCMP_ACT_ERRNO", ["read"])
        #expect(try SeccompFilter.compile(profile).verdict(CallData(number: Call.mount)) == Verdict.errno(1))
        profile.defaultErrnoRet = 38
        let filter = try SeccompFilter.compile(profile)
        #expect(try filter.verdict(CallData(number: Call.mount)) == Verdict.errno(38))
        #expect(try filter.verdict(CallData(number: Call.read)) == Verdict.allow)
    }

    @Test func aRuleLikeTheDefaultIsLeftOut() throws {
        let with = try SeccompFilter.compile(profile("SCMP_ACT_LOG", ["mount"], "SCMP_ACT_LOG"))
        #expect(with == (try SeccompFilter.compile(profile("SCMP_ACT_LOG"))))
    }

    @Test func anUnknownCallIsLeftOut() throws {
        let filter = try SeccompFilter.compile(profile("SCMP_ACT_ERRNO", ["no_such_call", "read"]))
        #expect(filter == (try SeccompFilter.compile(profile("SCMP_ACT_ERRNO", ["read"]))))
        // `read` is number 0, which names no last call: all others get the default.
        #expect(try filter.verdict(CallData(number: Call.mount)) == Verdict.errno(1))
        #expect(try filter.verdict(CallData(number: Call.read)) == Verdict.allow)
    }

    @Test func twoEqualRulesAreOne() throws {
        let filter = try SeccompFilter.compile(profile("SCMP_ACT_ERRNO", ["read", "read"]))
        #expect(try filter.verdict(CallData(number: Call.read)) == Verdict.allow)
    }

    /// libseccomp's rule, and so runc's: the first rule without conditions decides.
    @Test func theFirstOfContradictingRulesDecides() throws {
        var twice = profile("SCMP_ACT_ALLOW", ["mount"], "SCMP_ACT_TRAP")
        twice.syscalls += profile("SCMP_ACT_ALLOW", ["mount"], "SCMP_ACT_LOG").syscalls
        #expect(try SeccompFilter.compile(twice).verdict(CallData(number: Call.mount)) == Verdict.trap)
    }

    @Test func onlyTheNativeArchitectureUnlessNamed() throws {
        let filter = try SeccompFilter.compile(profile("SCMP_ACT_ALLOW"))
        #expect(try filter.verdict(CallData(number: 3, architecture: Architecture.x86)) == Verdict.killThread)
        var both = profile("SCMP_ACT_ALLOW")
        both.architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_ARM", "SCMP_ARCH_X86"]
        let more = try SeccompFilter.compile(both)
        for architecture in [Architecture.x86, Architecture.x86_64, Architecture.arm] {
            #expect(try more.verdict(CallData(number: 3, architecture: architecture)) == Verdict.allow)
        }
        #expect(try more.verdict(CallData(number: 3, architecture: Architecture.s390x)) == Verdict.killThread)
    }
}

@Suite struct ConditionTests {
    static let big: UInt64 = 0x1_0000_0005

    /// (operator, value, valueTwo, argument, whether the rule matches)
    static let comparisons: [(String, UInt64, UInt64, UInt64, Bool)] = [
        ("NE", 5, 0, 5, false), ("NE", 5, 0, 6, true), ("NE", 5, 0, big, true),
        ("LT", 5, 0, 4, true), ("LT", 5, 0, 5, false), ("LT", big, 0, 0xffff_ffff, true),
        ("LE", 5, 0, 5, true), ("LE", 5, 0, 6, false), ("LE", 5, 0, big, false),
        ("EQ", 5, 0, 5, true), ("EQ", 5, 0, big, false), ("EQ", big, 0, big, true),
        ("GE", 5, 0, 5, true), ("GE", 5, 0, 4, false), ("GE", big, 0, 0xffff_ffff, false),
        ("GT", 5, 0, 6, true), ("GT", 5, 0, 5, false), ("GT", 5, 0, big, true),
        ("MASKED_EQ", 0xf0, 0x20, 0x2f, true), ("MASKED_EQ", 0xf0, 0x20, 0x3f, false),
        ("MASKED_EQ", 0xf_0000_0000, 0x1_0000_0000, big, true),
        ("MASKED_EQ", 0xf_0000_0000, 0x1_0000_0000, 5, false),
    ]

    @Test(arguments: 0..<6 as Range<UInt32>)
    func everyOperatorOnEveryArgument(index: UInt32) throws {
        for (name, value, valueTwo, given, matches) in Self.comparisons {
            let condition = argument(index, "SCMP_CMP_" + name, value, valueTwo)
            let filter = try SeccompFilter.compile(
                profile("SCMP_ACT_ALLOW", ["mount"], "SCMP_ACT_TRAP", args: [condition]))
            var data = CallData(number: Call.mount, arguments: [0, 0, 0, 0, 0, 0])
            data.arguments[Int(index)] = given
            let verdict = try filter.verdict(data)
            #expect(verdict == (matches ? Verdict.trap : Verdict.allow), "\(name) \(value) \(given)")
        }
    }

    /// CVE-2017-18367: conditions on several arguments must all hold.
    @Test func severalArgumentsMustAllMatch() throws {
        let filter = try SeccompFilter.compile(
            profile(
                "SCMP_ACT_ERRNO", ["write"],
                args: [argument(0, "SCMP_CMP_EQ", 1), argument(2, "SCMP_CMP_LE", 10)]))
        for (first, third, verdict) in [
            (1, 10, Verdict.allow), (1, 11, Verdict.errno(1)), (2, 10, Verdict.errno(1)),
            (2, 11, Verdict.errno(1)),
        ] as [(UInt64, UInt64, UInt32)] {
            let data = CallData(number: Call.write, arguments: [first, 0, third])
            #expect(try filter.verdict(data) == verdict, "\(first) \(third)")
        }
    }

    /// As runc: a repeated argument makes every condition a rule of its own.
    @Test func aRepeatedArgumentMakesAlternatives() throws {
        let filter = try SeccompFilter.compile(
            profile(
                "SCMP_ACT_ERRNO", ["write"],
                args: [
                    argument(0, "SCMP_CMP_EQ", 1), argument(0, "SCMP_CMP_EQ", 2),
                    argument(2, "SCMP_CMP_EQ", 9),
                ]))
        for (first, third, verdict) in [
            (1, 0, Verdict.allow), (2, 0, Verdict.allow), (3, 9, Verdict.allow), (3, 8, Verdict.errno(1)),
        ] as [(UInt64, UInt64, UInt32)] {
            let data = CallData(number: Call.write, arguments: [first, 0, third])
            #expect(try filter.verdict(data) == verdict, "\(first) \(third)")
        }
    }
}
#endif
