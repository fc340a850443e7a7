// Brings the listener of a seccomp filter from the init to its agent (config-linux.md, Seccomp).
import LaunchPlan
import Linux
import OCI

/// Where the listener goes: `linux.seccomp.listenerPath`, with `listenerMetadata`.
struct SeccompListener: Sendable, Equatable {
    var path: String
    var metadata: String?

    /// Takes descriptor `number` of an init, which waits under its new filter, and sends it.
    func send(
        _ number: UInt64, of process: RunningInit, _ record: ContainerRecord, _ status: State.Status
    ) throws(Failure) {
        try send(number, of: process.pidfd.raw, pid: process.pid, record, status)
    }

    func send(
        _ number: UInt64, of process: Int32, pid: Int32, _ record: ContainerRecord, _ status: State.Status
    ) throws(Failure) {
        let state = ContainerProcessState(
            descriptors: [ContainerProcessState.seccompDescriptor], pid: pid, metadata: metadata,
            state: record.state(status))
        do throws(Failure) {
            let listener = try calls("take it from the init") { () throws(Errno) in
                try Syscall.takeDescriptor(Int32(truncatingIfNeeded: number), of: process)
            }
            try calls("connect to \(path)") { () throws(Errno) in
                let socket = try Syscall.unixStreamSocket()
                try Syscall.connect(socket.raw, to: path)
                try Syscall.send(socket.raw, state.bytes, passing: [listener.raw])
            }
        } catch {
            throw Failure(
                "seccomp listener: \(error.message)", pointer: "/linux/seccomp/listenerPath",
                errno: error.errno,
                phase: "start")
        }
    }
}
