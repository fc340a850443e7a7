// Instructions as strace would show them, and the messages of failures.
import Linux
import OCI
import Testing

@testable import LaunchPlan

@Suite struct StraceTests {
    /// The last instruction that `build` adds, formatted.
    private func line(_ build: (inout Program) -> Void) throws -> String {
        var program = Program()
        build(&program)
        return Strace.format(try #require(program.instructions.last), in: program)
    }

    @Test func structOpenHowAndTolerance() throws {
        let text = try line { program in
            let root = program.newSlot(named: "root")
            let out = program.newSlot()
            let how = program.words([0o10_000_000 | 0o2_000_000, 0, 0x10 | 0x02])
            program.syscall(
                .openat2, .slot(root), program.string("dev"), how, .value(24), out: out, tolerate: [.noEntry],
                skip: 2)
        }
        #expect(
            text
                == "openat2(root, \"dev\", {flags=O_PATH|O_CLOEXEC, resolve=RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS}, 24)"
                + " = $2 (ENOENT: skip 2)")
    }

    @Test func namedSlotsAreNeverReused() throws {
        var program = Program()
        let slot = program.newSlot()
        program.release(slot)
        let named = program.newSlot(named: "proc")
        #expect(named != slot)
        #expect(program.name(of: named) == "proc")
        #expect(program.name(of: program.newSlot()) == "$1")
        #expect(program.name(of: .channel) == "channel")
    }

    @Test(arguments: [
        (SystemCall.prctl, [Operand.value(24), .value(5)], "prctl(PR_CAPBSET_DROP, CAP_KILL)"),
        (
            .prctl, [.value(47), .value(2), .value(0), .value(0), .value(0)],
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0)"
        ),
        (
            .prctl, [.value(47), .value(4), .value(0), .value(0), .value(0)],
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)"
        ),
        (
            .mknodat, [.slot(Slot(3)), .value(0), .value(0o020_644), .immediate(0x10_0103)],
            "mknodat($3, NULL, S_IFCHR|0644, makedev(1, 259))"
        ),
        (.umask, [.value(0o22)], "umask(022)"),
        (.umount2, [.value(0), .value(2)], "umount2(NULL, MNT_DETACH)"),
        (.setns, [.slot(Slot(4)), .immediate(0x4000_0000)], "setns($4, CLONE_NEWNET)"),
        (
            .closeRange, [.value(3), .immediate(0xffff_ffff), .value(4)],
            "close_range(3, ~0, CLOSE_RANGE_CLOEXEC)"
        ),
        (.bpf, [.value(7)], "bpf(7)"),
    ])
    func call(_ call: SystemCall, _ operands: [Operand], _ expected: String) {
        var instruction = Instruction(opcode: .syscall, call: call)
        instruction.operands = operands
        #expect(Strace.format(instruction, in: Program()) == expected)
    }

    // MARK: failures

    private func message(
        _ step: ContainerStep, _ call: SystemCall?, _ errno: Errno, operands: [Operand] = [],
        in program: Program = Program()
    ) -> String {
        var instruction = Instruction(opcode: call == nil ? .expect : .syscall, call: call ?? SystemCall(0))
        instruction.operands = operands
        return failureMessage(of: .container(step), instruction: instruction, program: program, errno: errno)
    }

    private func executable(_ name: String, isPathSearch: Bool) -> ExecutablePlan {
        ExecutablePlan(
            name: name, candidates: [], arguments: [name], environment: ["SECRET=1"],
            isPathSearch: isPathSearch)
    }

    /// The texts that engines match on (peers.md, 1.4).
    @Test func contractTexts() {
        let start = "unable to start container process: "
        let searched = executable("nope", isPathSearch: true)
        #expect(
            message(.findExecutable(searched), nil, .noEntry)
                == start + "exec: \"nope\": executable file not found in $PATH")
        let named = executable("/nope", isPathSearch: false)
        #expect(
            message(.findExecutable(named), .statx, .noEntry)
                == start + "exec: \"/nope\": stat /nope: no such file or directory")
        #expect(
            message(.findExecutable(named), .faccessat, .permissionDenied)
                == start + "exec: \"/nope\": permission denied")
        #expect(
            message(.findExecutable(named), nil, .isDirectory)
                == start + "exec: \"/nope\": is a directory: permission denied")
        #expect(message(.execute(named), .execve, .noExecutable) == start + "exec /nope: exec format error")
        #expect(
            message(.enterDirectory("/nope"), .chdir, .noEntry)
                == start + "chdir to cwd (\"/nope\") set in config.json failed: no such file or directory")
        #expect(message(.enterDirectory("/x"), nil, .noEntry).contains("outside"))
    }

    @Test func failedCallIsShown() {
        var program = Program()
        let context = program.newSlot()
        let operands: [Operand] = [
            .slot(context), .value(1), program.string("size"), program.string("64q"), .value(0),
        ]
        var mount = FilesystemMount(
            type: "tmpfs", source: "tmpfs", options: [FilesystemOption("size", "64q")])
        mount.takesMode = true
        let plan = MountPlan(
            destination: "dev", source: .filesystem(mount), attributes: MountAttributes(),
            recursiveAttributes: MountAttributes(), propagation: [], destinationPolicy: .outsideProc)
        #expect(
            message(.mount(index: 2, plan), .fsconfig, .invalid, operands: operands, in: program)
                == "unable to start container process: mount tmpfs on /dev, size=64q: "
                + "fsconfig($1, FSCONFIG_SET_STRING, \"size\", \"64q\", 0): invalid argument")
        #expect(
            message(.mount(index: 2, plan), nil, .notPermitted).contains(
                "\"/dev\" cannot be mounted because it is inside /proc"))
    }

    @Test func environmentStaysSecret() throws {
        var program = Program()
        var instruction = Instruction(opcode: .syscall, call: .execve)
        instruction.operands = [
            program.string("/x"), program.stringArray(["a", "b c\n"]), program.stringArray(["SECRET=1"]),
        ]
        #expect(
            Strace.failed(instruction, in: program, errno: .noExecutable)
                == #"execve("/x", ["a", "b c\n"], [/* 1 string */]): exec format error"#)
    }
}
