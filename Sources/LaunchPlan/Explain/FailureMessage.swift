// What the user reads when an instruction of the init failed; some texts are matched by engines (peers.md, 1.4).
import Linux

/// The message for a failed instruction of `step`, without the pointer.
public func failureMessage(
    of step: Step, instruction: Instruction, program: Program, errno: Errno,
    prefix: String = "unable to start container process: "
) -> String {
    prefix
        + (contractText(of: step, instruction, errno)
            ?? step.summary + ": "
            + (failedCheck(of: step, instruction) ?? Strace.failed(instruction, in: program, errno: errno)))
}

/// The texts that engines and people look for, literally as runc has them.
private func contractText(of step: Step, _ instruction: Instruction, _ errno: Errno) -> String? {
    guard case .container(let step) = step else { return nil }
    switch step {
    case .findExecutable(let plan):
        let subject = "exec: " + quoted(plan.name.utf8)
        if plan.isPathSearch { return subject + ": executable file not found in $PATH" }
        if instruction.opcode == .syscall, instruction.call == .statx {
            return "\(subject): stat \(plan.name): \(errno)"
        }
        // What execve(2) says of a directory: Docker before 24 knows this text alone.
        if errno == .isDirectory { return "\(subject): is a directory: \(Errno.permissionDenied)" }
        return "\(subject): \(errno)"
    case .execute(let plan):
        return "exec \(plan.name): \(errno)"
    case .enterDirectory(let path):
        return "chdir to cwd (\(quoted(path.utf8))) set in config.json failed: "
            + (instruction.opcode == .expect
                ? "the directory is outside of the container's root" : errno.description)
    default: return nil
    }
}

/// Why a check of the machine itself failed; nil for a system call.
private func failedCheck(of step: Step, _ instruction: Instruction) -> String? {
    guard instruction.opcode == .expect, case .container(let step) = step else { return nil }
    if instruction.operands.last == .immediate(UInt64(Errno.loop.rawValue)) {
        return "there is a symbolic link on the way; without openat2(2) none is followed"
    }
    switch step {
    case .openProc: return "/proc of the host is not a procfs"
    case .prepareMasks: return "/dev/null of the host is not the null device"
    case .requireMountPoint: return "nothing is mounted there"
    case .makeDevice(let device): return "/\(device.path) exists and is another file"
    case .mount(_, let plan) where plan.destinationPolicy == .outsideProc:
        return "\(quoted("/\(plan.destination)".utf8)) cannot be mounted because it is inside /proc"
    default: return nil
    }
}
