// The process: limits, identity, the start, and execve(2).
import CLinux
import Linux

extension Lowering {
    mutating func lowerProcess(_ step: ContainerStep) {
        switch step {
        case .joinKeyring(let name): joinKeyring(name)
        case .setOOMScore(let score): writeProc("self/oom_score_adj", String(score))
        case .setLimit(let kind, _, let soft, let hard):
            program.syscall(
                .prlimit64, .value(0), .value(Int(kind.rawValue)), program.words([soft, hard]), .value(0))
        case .setPersonality(let persona): program.syscall(.personality, .immediate(persona))
        case .forbidNewPrivileges:
            program.syscall(
                .prctl, .value(Int(PR_SET_NO_NEW_PRIVS)), .value(1), .value(0), .value(0), .value(0))
        case .dropBounding(let kept): dropBounding(kept)
        case .setUser(let user): setUser(user)
        case .setCapabilities(let plan): setCapabilities(plan)
        case .tryDirectory(let path):
            directory = program.newSlot(named: "cwd")
            program.syscall(
                .chdir, program.string(path), out: directory, tolerate: [.permissionDenied, .notPermitted])
        case .enterDirectory(let path): enterDirectory(path)
        case .findExecutable(let plan): findExecutable(plan)
        case .closeDescriptors(let first):
            let names = facts.denied.contains(.closeRange) ? program.inherited.map(\.name) : []
            program.closeDescriptors(
                from: first, kept: names.map { .slot(program.inherit($0)) }, without: facts.denied)
        case .loadSeccomp(let filter): loadSeccomp(filter)
        case .dropPrivileges(let plan): capset(plan)
        case .execute(let plan): execute(plan)
        default: preconditionFailure("not a step of the process")
        }
    }

    private mutating func joinKeyring(_ name: String) {
        // KEYCTL_JOIN_SESSION_KEYRING; kernels and sandboxes without keyrings are fine.
        let ring = program.newSlot()
        program.syscall(
            .keyctl, .value(1), program.string(name), out: ring, tolerate: [.notImplemented, .notPermitted],
            skip: 1)
        // KEYCTL_SETPERM: the possessor may do all, the user may view, read and search (runc widens it so).
        program.attempt(.keyctl, .value(5), .slot(ring), .value(0x3f0b_0000))
        program.release(ring)
    }

    private mutating func dropBounding(_ kept: CapabilitySet) {
        for number in 0..<Capability.names.count where kept.rawValue & 1 << UInt64(number) == 0 {
            // EINVAL: this kernel does not know the capability.
            program.syscall(.prctl, .value(Int(PR_CAPBSET_DROP)), .value(number), tolerate: [.invalid])
        }
    }

    private mutating func setUser(_ user: UserPlan) {
        if user.uid != 0 { program.syscall(.prctl, .value(Int(PR_SET_KEEPCAPS)), .value(1)) }
        if !user.keepsGroups {
            var list: [UInt8] = []
            for gid in user.additionalGids { list.append(littleEndian: gid) }
            program.syscall(
                .setgroups, .value(user.additionalGids.count), list.isEmpty ? .value(0) : program.bytes(list),
                tolerate: user.mayKeepGroups ? [.notPermitted] : [])
        }
        let (uid, gid) = (Operand.value(Int(user.uid)), Operand.value(Int(user.gid)))
        program.syscall(.setresgid, gid, gid, gid)
        program.syscall(.setresuid, uid, uid, uid)
        program.syscall(.umask, .value(Int(user.umask)))
    }

    private mutating func setCapabilities(_ plan: CapabilityPlan) {
        capset(plan)
        program.attempt(
            .prctl, .value(Int(PR_CAP_AMBIENT)), .value(Int(PR_CAP_AMBIENT_CLEAR_ALL)), .value(0), .value(0),
            .value(0))
        for number in 0..<Capability.names.count where plan.ambient.rawValue & 1 << UInt64(number) != 0 {
            program.syscall(
                .prctl, .value(Int(PR_CAP_AMBIENT)), .value(Int(PR_CAP_AMBIENT_RAISE)), .value(number),
                .value(0),
                .value(0))
        }
    }

    /// capset(2), version 3: two 32-bit halves of effective, permitted, inheritable.
    private mutating func capset(_ plan: CapabilityPlan) {
        func half(_ set: CapabilitySet, _ shift: UInt64) -> UInt32 {
            UInt32(truncatingIfNeeded: set.rawValue >> shift)
        }
        var data: [UInt8] = []
        for shift: UInt64 in [0, 32] {
            data.append(littleEndian: half(plan.effective, shift))
            data.append(littleEndian: half(plan.permitted, shift))
            data.append(littleEndian: half(plan.inheritable, shift))
        }
        program.syscall(.capset, program.words([0x2008_0522]), program.bytes(data))
    }

    private mutating func enterDirectory(_ path: String) {
        program.when(.slot(directory), equals: 0, elseSkip: 1)
        program.skip(1)
        program.syscall(.chdir, program.string(path))
        // A directory outside the root is called "(unreachable)…" (CVE-2024-21626).
        let buffer = program.space(4096)
        program.syscall(.getcwd, buffer, .value(4096))
        program.expect(buffer, mask: 0xff, equals: UInt64(UInt8(ascii: "/")), error: .noEntry)
    }

    /// Leaves the address of the first candidate that can be executed in the slot `executable`.
    private mutating func findExecutable(_ plan: ExecutablePlan) {
        executable = program.newSlot(named: "executable")
        let mode = program.newSlot()
        var hits: [Int] = []
        for candidate in plan.candidates {
            let path = program.string(candidate)
            let statxArguments: [Operand] = [
                .currentDirectory, path, .value(0), .value(Int(STATX_TYPE) | Int(STATX_MODE)), .data(status),
            ]
            program.set(executable, path)
            if plan.isPathSearch {
                program.attempt(
                    .statx, statxArguments[0], statxArguments[1], statxArguments[2], statxArguments[3],
                    statxArguments[4], skip: 4)
                program.load(at: status + 28, width: 4, out: mode)
                program.when(.slot(mode), mask: 0o170_000, equals: 0o100_000, elseSkip: 2)
                program.attempt(.faccessat, .currentDirectory, path, .value(1), skip: 1)
                hits.append(program.here)
                program.skip(0)
            } else {
                program.syscall(
                    .statx, statxArguments[0], statxArguments[1], statxArguments[2], statxArguments[3],
                    statxArguments[4])
                program.load(at: status + 28, width: 4, out: mode)
                program.when(.slot(mode), mask: 0o170_000, equals: 0o040_000, elseSkip: 1)
                program.fail(.isDirectory)
                program.syscall(.faccessat, .currentDirectory, path, .value(1))
            }
        }
        if plan.isPathSearch {
            program.fail(.noEntry)
            for hit in hits { program.land(hit) }
        }
        program.release(mode)
    }

    /// The runtime that creates leaves; whoever connects is `start`, and gets the news from then on.
    mutating func awaitStart() {
        let listener = program.inherit(.startSocket)
        let connection = program.newSlot()
        program.syscall(
            .accept4, .slot(listener), .value(0), .value(0), .value(Int(APUS_O_CLOEXEC.rawValue)),
            out: connection)
        program.close(listener)
        program.syscall(.close, .slot(.channel))
        program.set(.channel, .slot(connection))
        program.release(connection)
        // A report that waits for nothing (struct apus_report, kind 1): an end of file after it is an execve that went
        // well, an end of file without it is an init that died.
        program.syscall(.write, .slot(.channel), program.words([1, 0, 0]), .value(24))
    }

    private mutating func execute(_ plan: ExecutablePlan) {
        let arguments = program.stringArray(plan.arguments)
        let environment = program.stringArray(plan.environment)
        program.syscall(.execve, .slot(executable), arguments, environment)
    }
}
