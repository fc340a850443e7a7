// The second lowering, for hosts that lack a system call: it does without the call and gives up none of its guarantees.
import CLinux
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct FallbackTests {
    /// The plans of all fixtures on the same hosts without `denied`.
    private static func traces(without denied: DeniedCalls) -> [Trace] {
        let creations = PlanFixture.all.compactMap { fixture in
            (try? fixture.plan()).flatMap { plan in
                var facts = plan.facts
                facts.denied = denied
                return (try? LaunchPlan(creating: plan.spec, on: facts, plan.options)).map {
                    Trace(name: fixture.name, plan: $0)
                }
            }
        }
        let execs = ExecFixture.all.compactMap { fixture in
            (try? fixture.plan()).flatMap { plan in
                var facts = plan.facts
                facts.denied = denied
                guard let process = plan.spec.process else { return Trace?.none }
                var container = JoinedContainer(spec: plan.spec)
                container.cgroup = "/sys/fs/cgroup/c1"
                return (try? LaunchPlan(executing: process, in: container, on: facts, plan.options)).map {
                    Trace(name: fixture.name, plan: $0)
                }
            }
        }
        return creations + execs
    }

    private static let withoutCloseRange = traces(without: .closeRange)

    @Test func plansAreThere() { #expect(Self.withoutCloseRange.count > 50) }

    @Test func closeRangeIsNotCalled() {
        for trace in Self.withoutCloseRange { #expect(trace.calls(.closeRange).isEmpty, "\(trace.name)") }
    }

    /// Of what the init was given, nothing gets past execve(2).
    @Test func whatIsInheritedIsMarked() {
        for trace in Self.withoutCloseRange {
            let marked = trace.calls(.fcntl).filter {
                trace.immediate($0, 1) == 2 && trace.immediate($0, 2) == 1
            }
            let slots = marked.map { trace.instructions[$0].operands[0] }
            #expect(slots.contains(.slot(.channel)), "\(trace.name)")
            // Each inherited descriptor has its slot set anew for the mark, so half of the settings are marked.
            let set = trace.inherited.map { Operand.slot(trace.instructions[$0].out) }
            #expect(trace.inherited.count == 2 * (marked.count - 1), "\(trace.name)")
            #expect(
                Set(slots.map { "\($0)" }).subtracting(["\(Operand.slot(.channel))"]).isSubset(
                    of: set.map { "\($0)" }))
            let execve = trace.calls(.execve).first ?? 0
            #expect(marked.allSatisfy { $0 < execve }, "\(trace.name)")
        }
    }

    /// Of what the init opens itself, neither: each call that makes a descriptor marks it.
    @Test(arguments: [DeniedCalls(), .closeRange, .pidfdOpen, [.closeRange, .pidfdOpen]])
    func whatIsOpenedIsMarked(_ denied: DeniedCalls) {
        let closeOnExec = UInt64(APUS_O_CLOEXEC.rawValue)
        let flagArguments: [(SystemCall, Int, UInt64)] = [
            (.openat, 2, closeOnExec), (.openTree, 2, closeOnExec), (.fsopen, 1, 1), (.fsmount, 1, 1),
            (.fspick, 2, 1), (.accept4, 3, closeOnExec), (.socket, 1, closeOnExec),
        ]
        for trace in Self.traces(without: denied) {
            for (call, argument, flag) in flagArguments {
                for index in trace.calls(call) {
                    #expect(
                        (trace.immediate(index, argument) ?? 0) & flag != 0,
                        "\(trace.name): \(trace.line(index))")
                }
            }
            for index in trace.calls(.openat2) {
                guard case .data(let how) = trace.instructions[index].operands[2] else { continue }
                #expect(trace.word(how) & closeOnExec != 0, "\(trace.name): \(trace.line(index))")
            }
        }
    }

    /// Without pidfds each namespace is joined by its own file: the user namespace last by who has privileges outside,
    /// first by who has none.
    @Test func namespacesAreJoinedOneByOne() {
        var joined = 0
        for trace in Self.traces(without: .pidfdOpen) where trace.name.hasPrefix("exec-") {
            let types = trace.calls(.setns).compactMap { trace.immediate($0, 1) }
            joined += types.count
            #expect(types.allSatisfy { $0.nonzeroBitCount == 1 }, "\(trace.name)")
            #expect(Set(types).count == types.count, "\(trace.name)")
            if let user = types.firstIndex(of: NamespaceKind.user.cloneFlag) {
                let isPrivileged = trace.facts.capabilities.contains(.sysAdmin)
                #expect(user == (isPrivileged ? types.count - 1 : 0), "\(trace.name)")
            }
        }
        #expect(joined > 10)
    }

    // MARK: openat2

    private static let withoutOpenat2 = traces(without: .openat2)

    /// Below a descriptor only one name is opened at a time, and no link is followed; but below the host's /proc.
    @Test func pathsAreWalkedNameByName() {
        for trace in Self.withoutOpenat2 {
            #expect(trace.calls(.openat2).isEmpty, "\(trace.name)")
            let proc = trace.names["proc"].map { Operand.slot($0) }
            for index in trace.calls(.openat) {
                let start = trace.instructions[index].operands[0]
                if start == .currentDirectory || start == proc { continue }
                let name = trace.string(index, 1) ?? ""
                #expect(
                    !name.utf8.contains(UInt8(ascii: "/")) && name != "..",
                    "\(trace.name): \(trace.line(index))")
                let flags = trace.immediate(index, 2) ?? 0
                #expect(name == "." || flags & Lowering.noFollow != 0, "\(trace.name): \(trace.line(index))")
            }
        }
    }

    /// What happens to a walk of "a/b/c" that tolerates ENOENT and skips two instructions then.
    @Test(arguments: [0, 1, 2, 3])
    func aWalkEndsAsTheCallWould(_ failing: Int) {
        var run = WalkRun(Errno.noEntry, at: failing)
        run.walk("a/b/c", tolerate: [.noEntry], skip: 2)
        #expect(run.error == nil)
        #expect(run.ended == (failing < 3 ? "skipped" : "next"))
        #expect(run.open == (failing < 3 ? [] : [run.out]))
    }

    @Test(arguments: [0, 1, 2])
    func aLinkIsAnErrorThatNobodyTolerates(_ place: Int) {
        var run = WalkRun(linkAt: place)
        run.walk("a/b/c", tolerate: [.noEntry, .notDirectory], skip: 2)
        #expect(run.error == .loop)
    }

    @Test func otherErrorsAreErrors() {
        var run = WalkRun(.permissionDenied, at: 1)
        run.walk("a/b/c", tolerate: [.noEntry], skip: 2)
        #expect(run.error == .permissionDenied)
    }

    // MARK: mount_setattr

    private static let withoutSetattr = traces(without: .mountSetattr)

    /// mount(2) gets the path of a descriptor, and always that one number.
    @Test func attributesAreChangedByDescriptor() {
        var changes = 0
        for trace in Self.withoutSetattr {
            for index in trace.calls(.mount) where trace.string(index, 1)?.hasPrefix("self/fd/") == true {
                changes += 1
                #expect(trace.string(index, 1) == "self/fd/\(Lowering.placeNumber)")
                #expect(trace.instructions[index - 1].call == .fchdir, "\(trace.name): \(trace.line(index))")
                #expect(trace.instructions[index - 1].operands == [.slot(trace.names["proc"] ?? .none)])
                #expect(trace.instructions[index - 2].call == .dup3, "\(trace.name): \(trace.line(index))")
                #expect(trace.immediate(index - 2, 1) == UInt64(Lowering.placeNumber))
            }
        }
        #expect(changes > 100)
    }

    /// What is left to mount_setattr(2) are trees, and what has no flag of mount(2).
    @Test func onlyTreesAreLeft() {
        for trace in Self.withoutSetattr {
            for index in trace.calls(.mountSetattr) {
                let flags = trace.immediate(index, 2) ?? 0
                guard case .data(let words) = trace.instructions[index].operands[3] else { continue }
                let clearsTime = trace.word(words + 8) & UInt64(MOUNT_ATTR_NODIRATIME) != 0
                #expect(flags & Lowering.recursive != 0 || clearsTime, "\(trace.name): \(trace.line(index))")
            }
        }
    }

    /// Each way through the alternatives changes the mount once, and keeps what it has.
    @Test(arguments: [0, 2, 2 | 4 | 8, 1 | 0x2000] as [UInt64])
    func protectingKeepsFlags(_ shown: UInt64) {
        var run = WalkRun(flags: shown)
        run.protect()
        #expect(run.error == nil)
        let (same, symlinks) = (shown & 0xf, shown & 0x2000 == 0 ? 0 : UInt64(MS_NOSYMFOLLOW))
        #expect(run.changes == [UInt64(MS_REMOUNT | MS_BIND | MS_RDONLY) | same | symlinks])
    }
}

/// Runs a few lowered instructions by hand, with a kernel that opens what it is asked for.
private struct WalkRun {
    private var lowering: Lowering
    private let failing: Int
    private let failure: Errno
    private let link: Int
    private let flags: UInt64
    private(set) var open: Set<UInt64> = []
    private(set) var out: UInt64 = 0
    private(set) var error: Errno?
    private(set) var ended = ""
    private(set) var changes: [UInt64] = []

    init(_ failure: Errno = .noEntry, at failing: Int = -1, linkAt link: Int = -1, flags: UInt64 = 0) {
        var facts = HostFacts(cgroups: .none)
        facts.denied = [.openat2, .mountSetattr]
        lowering = Lowering(facts: facts)
        self.failing = failing
        self.failure = failure
        self.link = link
        self.flags = flags
    }

    mutating func walk(_ path: String, tolerate: [Errno], skip: Int) {
        let slot = lowering.program.newSlot()
        lowering.walk(
            path, from: .channel, flags: Lowering.pathOnly, out: slot, tolerate: tolerate, skip: skip)
        let end = lowering.program.here
        let last = run()
        ended = last == end ? "next" : last == end + skip ? "skipped" : "at \(last) of \(end)"
        out = slots[slot.number] ?? 0
    }

    mutating func protect() {
        lowering.proc = lowering.program.newSlot()
        lowering.protect(.channel)
        _ = run()
    }

    private var slots: [UInt8: UInt64] = [:]

    private func value(_ operand: Operand) -> UInt64 {
        switch operand {
        case .immediate(let value): value
        // Only f_flags is compared.
        case .data: flags
        case .slot(let slot): slots[slot.number] ?? 0
        }
    }

    /// Where the instructions end, or the one that fails.
    private mutating func run() -> Int {
        let instructions = lowering.program.instructions
        var (pc, opened) = (0, 0)
        while pc < instructions.count {
            let instruction = instructions[pc]
            let operands = instruction.operands
            pc += 1
            switch instruction.opcode {
            case .syscall:
                if instruction.call == .openat {
                    opened += 1
                    if opened - 1 == failing {
                        let number = UInt16(failure.rawValue)
                        guard instruction.tolerate.0 == number || instruction.tolerate.1 == number else {
                            error = failure
                            return pc
                        }
                        pc += Int(instruction.skip)
                        continue
                    }
                    let descriptor = UInt64(100 + opened)
                    open.insert(descriptor)
                    slots[instruction.out.number] = descriptor
                } else if instruction.call == .close {
                    open.remove(value(operands[0]))
                } else if instruction.call == .mount {
                    changes.append(value(operands[3]))
                }
            case .load: slots[instruction.out.number] = opened - 1 == link ? 0o120_777 : 0o040_755
            case .set: slots[instruction.out.number] = value(operands[0])
            case .skip: pc += Int(instruction.skip)
            case .expect:
                if value(operands[0]) & value(operands[1]) == value(operands[2]) { continue }
                if instruction.skip == 0 {
                    error = Errno(rawValue: Int32(value(operands[3])))
                    return pc
                }
                pc += Int(instruction.skip)
            default: break
            }
        }
        return pc
    }
}
