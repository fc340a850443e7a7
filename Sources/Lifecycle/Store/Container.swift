// A container as a command finds it: its record, and what it is doing.
import Cgroups
import Linux
import OCI

/// A container, locked for this command.
struct Container: ~Copyable {
    let store: ContainerStore
    let directory: FileDescriptor
    let record: ContainerRecord
    let status: State.Status
    /// pidfd of the init; nil when it has ended, or is not there yet.
    let initProcess: FileDescriptorBox?

    /// Finds and locks the container `id`.
    init(_ id: String, _ options: RuntimeOptions) throws(Failure) {
        let store = ContainerStore(root: options.root)
        let directory = try store.openLocked(id)
        let record = try Self.record(id, store, directory.raw)
        self.init(store, directory, record)
    }

    /// Without a lock: for looking only.
    init(lookingAt id: String, in store: ContainerStore) throws(Failure) {
        let directory = try store.open(id)
        let record = try Self.record(id, store, directory.raw)
        self.init(store, directory, record)
    }

    private init(_ store: ContainerStore, _ directory: consuming FileDescriptor, _ record: ContainerRecord) {
        self.store = store
        initProcess = record.openInit()
        status = Self.status(record, isAlive: initProcess != nil, directory.raw)
        self.directory = directory
        self.record = record
    }

    /// The record; one that is not written yet is empty.
    private static func record(
        _ id: String, _ store: ContainerStore, _ directory: Int32
    ) throws(Failure) -> ContainerRecord {
        var record = try store.load(id, at: directory) ?? ContainerRecord()
        record.id = id
        return record
    }

    private static func status(
        _ record: ContainerRecord, isAlive: Bool, _ directory: Int32
    ) -> State.Status {
        if record.startTime == 0 { return .creating }
        if !isAlive { return .stopped }
        if record.isPaused, record.cgroupManager?.isFrozen == true { return .paused }
        let waits = (try? Syscall.status(ContainerStore.startSocket, at: directory, follow: false)) != nil
        return waits ? .created : .running
    }

    /// The container's cgroups; nil when nobody manages them.
    var cgroups: CgroupManager? { record.cgroupManager }
}

extension ContainerRecord {
    /// The container's cgroups; nil when nobody manages them.
    var cgroupManager: CgroupManager? {
        guard !cgroups.isEmpty, let location = CgroupLocation(recorded: cgroups) else { return nil }
        return CgroupManager(location)
    }
}
