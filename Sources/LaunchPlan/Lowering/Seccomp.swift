// The filter, and its listener's way to the runtime.
import CLinux
import Linux

extension Lowering {
    mutating func loadSeccomp(_ filter: CompiledFilter) {
        // struct sock_fprog: the number of instructions, and their address.
        let instructions = program.bytes(filter.program)
        guard case .data(let header) = program.words([UInt64(filter.program.count / 8), 0]) else { return }
        program.store(instructions, at: header + 8)
        if filter.hasListener { listener = program.newSlot(named: "listener") }
        program.syscall(
            .seccomp, .value(Int(SECCOMP_SET_MODE_FILTER)), .value(Int(filter.flags)), .data(header),
            out: listener)
    }

    /// A hand-over that reports the listener's number. The filter is in force: where a rule notifies of calls, the first
    /// one is answered by nobody, as the agent gets the listener only after it. So it is write(2), which no profile may
    /// notify of (runc has the same rule), and not the machine's own sendto(2); the agent can already answer read(2).
    mutating func handOverListener() {
        guard case .data(let report) = program.words([1, 0, 0]) else { return }
        program.store(.slot(listener), at: report + 16)
        program.syscall(.write, .slot(.channel), .data(report), .value(24))
        let word = program.newSlot()
        program.syscall(.read, .slot(.channel), program.space(8), .value(8), out: word)
        program.expect(.slot(word), equals: 8, error: .noProcess)
        program.release(word)
    }
}
