// wait: how a container's process ended.
import Linux

extension Verb {
    /// Waits for the end of a container's process; its exit status, or 128 and the signal that ended it.
    ///
    /// The runtime is not the parent. The kernel tells others of the end in two ways: /proc/PID/stat while the process
    /// is a zombie, and since Linux 6.15 a pidfd that was open when the parent took note. A foreground `run --keep`
    /// leaves the status in the record. Where none of these is left, that is an error.
    public static func wait(_ id: String, _ options: RuntimeOptions) throws(Failure) -> Int32 {
        let store = ContainerStore(root: options.root)
        let container = try Container(lookingAt: id, in: store)
        let record = container.record
        guard let pidfd = container.initProcess?.raw else {
            if container.status == .creating { throw Failure("container not running") }
            if record.exitStatus >= 0 { return record.exitStatus }
            guard let status = record.zombieStatus?.shellStatus else {
                throw Failure("exit status of container \(id) is not known: it has stopped already")
            }
            return status
        }
        let status = try calls("wait for container \(id)") { () throws(Errno) -> Int32? in
            _ = try Syscall.waitForEnd(of: pidfd, milliseconds: -1)
            return endStatus(record, pidfd)
        }
        if let status { return status }
        return try lastWord(id, store)
    }

    /// Between the zombie and what the pidfd tells lies a moment.
    private static func endStatus(_ record: ContainerRecord, _ pidfd: Int32) -> Int32? {
        for _ in 0..<100 {
            if let status = record.zombieStatus { return status.shellStatus }
            do throws(Errno) {
                if let status = try Syscall.exitStatus(of: pidfd) { return status.shellStatus }
            } catch {
                return nil
            }
            Syscall.sleep(milliseconds: 1)
        }
        return nil
    }

    /// What the parent wrote down.
    private static func lastWord(_ id: String, _ store: ContainerStore) throws(Failure) -> Int32 {
        if let status = try? Container(lookingAt: id, in: store).record.exitStatus, status >= 0 {
            return status
        }
        throw Failure(
            "exit status of container \(id) is not known: its parent took note of it",
            hint: "a kernel from 6.15 on tells others too")
    }
}

extension ContainerRecord {
    /// How the init ended, while its parent has not taken note of it.
    fileprivate var zombieStatus: ExitStatus? {
        guard let status = ProcessStatus(pid: pid), status.startTime == startTime, !status.runs else {
            return nil
        }
        return status.exitCode.map { ExitStatus(waitStatus: $0) }
    }
}
