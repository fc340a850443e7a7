// pause and resume: stops all processes of a container and lets them go on.
import Cgroups
import Linux

extension Verb {
    /// Freezes a created or running container. The record notes it, so that `state` asks the freezer of such
    /// containers only.
    public static func pause(_ id: String, _ options: RuntimeOptions) throws(Failure) {
        let container = try Container(id, options)
        guard container.status == .running || container.status == .created else {
            throw Failure("container not running")
        }
        guard let cgroups = container.cgroups else { throw noCgroup(id, "pause") }
        var record = container.record
        record.isPaused = true
        try container.store.save(record, at: container.directory.raw)
        do throws(CgroupError) {
            try cgroups.freeze()
        } catch {
            record.isPaused = false
            try? container.store.save(record, at: container.directory.raw)
            throw Failure(error)
        }
    }

    /// Thaws a paused container.
    public static func resume(_ id: String, _ options: RuntimeOptions) throws(Failure) {
        let container = try Container(id, options)
        guard container.status == .paused, let cgroups = container.cgroups else {
            throw Failure("container not paused")
        }
        do throws(CgroupError) { try cgroups.thaw() } catch { throw Failure(error) }
        var record = container.record
        record.isPaused = false
        try container.store.save(record, at: container.directory.raw)
    }

    /// The failure of a verb that needs the container's cgroup where nobody made one.
    static func noCgroup(_ id: String, _ verb: String) -> Failure {
        Failure(
            "cannot \(verb) container \(id): it has no cgroup",
            hint: "it was created with --cgroup-manager disabled")
    }
}
