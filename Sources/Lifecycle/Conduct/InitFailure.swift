// What a report of failure means: its step says where in config.json it comes from.
import LaunchPlan
import Linux

extension LaunchPlan {
    /// The failure of `report`, which came from the init that runs `program`.
    func failure(
        _ report: InitReport, in program: Program, phase: String,
        prefix: String = "unable to start container process: "
    ) -> Failure {
        guard report.step < steps.count, report.instruction < program.instructions.count else {
            return Failure("the container's init refused its program: \(report.error)", errno: report.error)
        }
        let planned = steps[report.step]
        let instruction = program.instructions[report.instruction]
        let message = failureMessage(
            of: planned.step, instruction: instruction, program: program, errno: report.error,
            prefix: prefix)
        var failure = Failure(
            message, pointer: planned.pointer.isEmpty ? nil : planned.pointer, errno: report.error,
            phase: phase)
        failure.syscall = instruction.opcode == .syscall ? instruction.call.name : nil
        return failure
    }
}

extension RunningInit {
    /// What to say of an init that ended without a report; `what` is what it was.
    func endedEarly(_ what: String) -> Failure {
        guard let ended = try? Syscall.wait(pid) else {
            return Failure("unable to start container process: \(what) ended unexpectedly")
        }
        if ended.status == .signalled(9) {
            return Failure(
                "unable to start container process: \(what) was OOM-killed (memory limit too low?)")
        }
        return Failure("unable to start container process: \(what) ended with \(ended.status.text)")
    }
}
