// One restoration: what is made around criu's work, in order, and undone when it fails.
import Cgroups
import LaunchPlan
import Linux
import OCI

struct Restoration: ~Copyable {
    let request: RestoreRequest
    let plan: LaunchPlan
    let spec: Spec
    let store: ContainerStore
    /// The container's state directory, locked.
    let directory: FileDescriptor
    var record: ContainerRecord
    /// config.json as it was read.
    private let configuration: [UInt8]
    private var cgroups: CgroupManager?
    private var hasRunHooks = false
    private var hasRestored = false
    /// The restored init, a child of this process.
    private(set) var pidfd: FileDescriptorBox?
    private(set) var notify: NotifySocket?
    private var descriptors: [(box: FileDescriptorBox, key: String)] = []

    private static let pidFile = "criu.pid"

    init(
        _ request: RestoreRequest, _ spec: Spec, _ plan: LaunchPlan, _ store: ContainerStore,
        _ directory: consuming FileDescriptor, _ record: ContainerRecord, configuration: [UInt8]
    ) {
        self.request = request
        self.configuration = configuration
        self.spec = spec
        self.plan = plan
        self.store = store
        self.directory = directory
        self.record = record
        self.record.rootfs = "/" + cleanPath(record.rootfs)
    }

    /// After an error nothing is left, the state directory neither.
    mutating func run(_ criu: CRIUProgram, images: Int32) throws(Failure) {
        do throws(Failure) {
            try store.saveConfiguration(configuration, at: directory.raw)
            // The container may have had the socket, whoever restores it.
            try NotifySocket.prepare(at: directory.raw)
            notify = try NotifySocket(at: directory.raw)
            try makeCgroups()
            try CRIUMountPoints.make(spec.mounts, root: record.rootfs, bundle: record.bundle)
            try openNamespaces()
            try openStreams(images)
            try restore(criu)
            try announce()
        } catch {
            undo()
            throw error
        }
    }

    /// The limits of config.json hold from the first moment; criu leaves them alone unless it is told `full` or `strict`.
    private mutating func makeCgroups() throws(Failure) {
        guard let plan = plan.cgroups else { return }
        // Recorded before they exist, for `delete --force`.
        record.cgroups = plan.location.recorded
        try store.save(record, at: directory.raw, first: true)
        // criu itself wants to make them.
        if request.image.cgroups == .strict { return }
        var manager = CgroupManager(plan.location)
        do throws(CgroupError) {
            try manager.create(plan)
            cgroups = manager
            try manager.apply(plan)
        } catch {
            throw Failure(error)
        }
    }

    private mutating func openNamespaces() throws(Failure) {
        for (index, entry) in spec.linux.namespaces.enumerated() {
            guard let path = entry.path, !path.isEmpty, let kind = NamespaceKind(specName: entry.type),
                let key = ExternalNamespace.key(kind)
            else { continue }
            do throws(Errno) {
                let descriptor = try Syscall.open(path)
                guard try Syscall.namespaceKind(descriptor.raw) == kind.cloneFlag else { throw Errno.invalid }
                descriptors.append((FileDescriptorBox(descriptor), key))
            } catch {
                throw Failure(
                    "\(kind.specName) namespace \(path): \(error)",
                    pointer: "/linux/namespaces/\(index)/path", errno: error)
            }
        }
    }

    /// criu gets copies: its own streams are not the container's.
    private mutating func openStreams(_ images: Int32) throws(Failure) {
        for (stream, key) in try CRIUStreams(images: images).inherited {
            let copy = try calls("standard stream \(stream)") { () throws(Errno) in
                try Syscall.duplicate(stream)
            }
            descriptors.append((FileDescriptorBox(copy), key))
        }
    }

    private func target() throws(Failure) -> CRIUArguments.Target {
        var target = CRIUArguments.Target()
        target.root = record.rootfs
        target.pidFile = store.root + "/" + request.image.id + "/" + Self.pidFile
        target.cgroup = plan.cgroups?.path
        target.configuration = try ImageRequest.configuration(spec.annotations)
        target.descriptors = descriptors.map { ($0.box.raw, $0.key) }
        let legacy = plan.cgroups?.location.directories.filter { !$0.isUnified } ?? []
        let hierarchies = legacy.map { directory in
            (String(directory.mountpoint.split(separator: "/").last ?? ""), directory.path)
        }
        let host = (try? Syscall.readFile("/proc/self/mountinfo")).map { Mountinfo.mounts($0) } ?? []
        target.externals = try CRIUMounts.restored(
            spec, bundle: record.bundle, cgroups: hierarchies, host: host)
        target.externals.append("mnt[\(NotifySocket.directoryInside)]:\(notifyDirectory)")
        for entry in spec.linux.namespaces {
            guard let path = entry.path, !path.isEmpty, let kind = NamespaceKind(specName: entry.type),
                ExternalNamespace.isJoined(kind)
            else { continue }
            target.joins.append("\(kind.procName):\(path)")
        }
        return target
    }

    private var notifyDirectory: String {
        store.root + "/" + request.image.id + "/" + NotifySocket.directory
    }

    private mutating func restore(_ criu: CRIUProgram) throws(Failure) {
        var target = try target()
        let hooks = try hooks()
        target.script = hooks?.path
        var run = CRIURun(arguments: CRIUArguments.restore(request, target))
        run.root = record.rootfs
        run.inherited = target.descriptors.map(\.number)
        run.waits = request.image.cgroups == .ignore && cgroups != nil
        let manager = cgroups
        let running = try criu.start(run) { (pid) throws(Failure) in
            do throws(CgroupError) { try manager?.join(pid) } catch { throw Failure(error) }
        }
        var refusal: Failure?
        do throws(Failure) {
            if let hooks { try runHooks(hooks, running) }
        } catch {
            refusal = error
        }
        let status = try running.wait()
        if let refusal { throw refusal }
        guard status == .exited(0) else {
            throw criu.failure("restore", status, running, log: request.image.log("restore.log"))
        }
        hasRestored = true
        guard request.image.cgroups == .strict, let plan = plan.cgroups else { return }
        do throws(CgroupError) { try CgroupManager(plan.location).apply(plan) } catch { throw Failure(error) }
    }

    private func hooks() throws(Failure) -> CRIUHooks? {
        if record.hooks.prestart.isEmpty && record.hooks.createRuntime.isEmpty { return nil }
        return try calls("hooks of a restoration") { () throws(Errno) in try CRIUHooks() }
    }

    /// As in runc, hooks of the host run when the namespaces are there; those of the container have had their moment.
    private mutating func runHooks(_ hooks: CRIUHooks, _ criu: RunningCRIU) throws(Failure) {
        hasRunHooks = true
        var record = record
        try hooks.serve(criu) { (pid) throws(Failure) in
            record.pid = pid
            let runner = HookRunner(record)
            try runner.runAll(.prestart, .creating)
            try runner.runAll(.createRuntime, .creating)
        }
    }

    private mutating func announce() throws(Failure) {
        let text = try calls("pid of the restored process") { () throws(Errno) in
            try Syscall.readText(Self.pidFile, at: directory.raw)
        }
        guard let pid = Int32(text.prefix { $0 != "\n" }) else {
            throw Failure("pid of the restored process: \"\(text)\"")
        }
        record.pid = pid
        // Our own child: even if it has ended, its pid is not given to another before it is waited for.
        pidfd = FileDescriptorBox(
            try calls("restored process \(pid)") { () throws(Errno) in try Syscall.openProcess(pid) })
        record.startTime = ProcessStatus(pid: pid)?.startTime ?? 0
        try store.save(record, at: directory.raw)
        if let path = request.pidFile { try PIDFile.write(pid, to: path) }
        if let pidfd { try PIDFDSocket.send(pidfd.raw, to: request.pidfdSocket, "standard") }
    }

    private mutating func undo() {
        if let pidfd {
            try? Syscall.signal(process: pidfd.raw, 9)
            _ = try? Syscall.wait(record.pid)
        }
        if var manager = cgroups {
            try? manager.signalAll(9)
            manager.removeCreated()
        } else if let location = plan.cgroups?.location, hasRestored {
            let manager = CgroupManager(location)
            try? manager.signalAll(9)
            try? manager.remove()
        }
        if hasRunHooks {
            record.pid = 0
            HookRunner(record).runPoststop()
        }
        try? store.remove(request.image.id, at: directory.raw)
    }
}
