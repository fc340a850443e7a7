// events and stats: what containers use, and when they run out of memory.
import Cgroups
import Linux

/// What `events` tells.
public enum ContainerEvent: Sendable {
    case statistics(CgroupStatistics)
    case outOfMemory
}

extension Verb {
    /// The statistics of a container that has not stopped.
    public static func statistics(_ id: String, _ options: RuntimeOptions) throws(Failure) -> CgroupStatistics
    {
        let container = try Container(lookingAt: id, in: ContainerStore(root: options.root))
        guard container.initProcess != nil else { throw Failure("container with id \(id) is not running") }
        guard let cgroups = container.cgroups else { throw noCgroup(id, "measure") }
        return cgroups.statistics()
    }

    /// Tells of every lack of memory at once, and of statistics every `interval` milliseconds, until the container ends.
    public static func events(
        _ id: String, interval: Int, _ options: RuntimeOptions,
        tell: (ContainerEvent) throws(Failure) -> Void
    ) throws(Failure) {
        if interval <= 0 { throw Failure("duration interval must be greater than 0") }
        let container = try Container(lookingAt: id, in: ContainerStore(root: options.root))
        guard let pidfd = container.initProcess?.raw else {
            throw Failure("container with id \(id) is not running")
        }
        guard let cgroups = container.cgroups else { throw noCgroup(id, "watch") }
        var watch: OOMWatch
        do throws(CgroupError) { watch = try cgroups.watchOOM() } catch { throw Failure(error) }
        var next = Syscall.uptime() + interval
        while true {
            let wait = max(0, next - Syscall.uptime())
            let entries = [PollEntry(pidfd), watch.entry]
            let ready = try calls("events of container \(id)") { () throws(Errno) in
                try Syscall.poll(entries: entries, milliseconds: wait)
            }
            // Before the end is taken note of: what was killed for its memory may be the init.
            if ready[1] || ready[0] { for _ in 0..<watch.take(ifReady: ready[1]) { try tell(.outOfMemory) } }
            if ready[0] { return }
            if Syscall.uptime() >= next {
                try tell(.statistics(cgroups.statistics()))
                next += interval
            }
        }
    }
}
