// checkpoint: saves a running container into images, and ends it unless it is to run on.
import CLinux
import Cgroups
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// Whether there is a criu, for `features`.
    public static var canCheckpoint: Bool { CRIUProgram.installed != nil }

    public static func checkpoint(_ request: CheckpointRequest, _ options: RuntimeOptions) throws(Failure) {
        let container = try Container(request.image.id, options)
        switch container.status {
        case .running: break
        // criu works inside of the processes: frozen ones would keep it waiting for ever.
        case .paused, .creating, .created, .stopped:
            throw Failure("container cannot be checkpointed in \(container.status.rawValue) state")
        }
        let spec = try container.store.configuration(request.image.id, at: container.directory.raw)
        try checkImageable(spec, terminal: request.shellJob)
        let criu = try CRIUProgram.find()
        try request.image.makeDirectories()
        if let parent = request.parent { try check(parent, request.image.images) }
        let (source, streams) = try source(container, spec)
        var run = CRIURun(arguments: try CRIUArguments.dump(request, source))
        if let descriptor = request.statusDescriptor { run.inherited.append(descriptor) }
        // The maps end with the process.
        let group = container.rootGroup(spec)
        let running = try criu.start(run)
        let status = try running.wait()
        guard status == .exited(0) else {
            throw criu.failure("dump", status, running, log: request.image.log("dump.log"))
        }
        if let group { try request.image.share(with: group) }
        if request.preDump { return }
        let file = request.image.images + "/" + CRIUStreams.fileName
        try calls(file) { () throws(Errno) in
            let file = try Syscall.open(file, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600)
            try Syscall.write(file.raw, streams.encoded)
        }
        if request.leaveRunning { return }
        // criu has ended the processes; engines expect the rest to go with them, as with runc and crun.
        try destroy(container.record, container.store, container.directory.raw)
    }

    /// What an image cannot hold, and a restoration would have to leave out.
    ///
    /// - Parameter terminal: the caller lends one.
    static func checkImageable(_ spec: Spec, terminal: Bool) throws(Failure) {
        if spec.process?.terminal == true, !terminal {
            throw Failure(
                "a container with a terminal cannot be checkpointed: criu's command line cannot restore one",
                pointer: "/process/terminal")
        }
        if spec.linux.intelRdt != nil {
            throw Failure("resctrl groups cannot be checkpointed", pointer: "/linux/intelRdt")
        }
        if !spec.linux.netDevices.isEmpty {
            throw Failure(
                "devices of the host's network cannot be checkpointed", pointer: "/linux/netDevices")
        }
        let entry = spec.linux.namespaces.first { $0.type == NamespaceKind.mount.specName }
        guard let entry, entry.path?.isEmpty ?? true else {
            throw Failure(
                "checkpoint and restore need a mount namespace of the container's own",
                pointer: "/linux/namespaces")
        }
    }

    private static func check(_ parent: String, _ images: String) throws(Failure) {
        if parent.hasPrefix("/") {
            throw Failure("--parent-path must be relative to --image-path: \(parent)")
        }
        guard let status = try? Syscall.status(images + "/" + parent), status.isDirectory else {
            throw Failure("invalid --parent-path \(parent): no directory in \(images)")
        }
    }

    /// What is outside of the container, and how its processes are stopped.
    private static func source(
        _ container: borrowing Container, _ spec: Spec
    ) throws(Failure) -> (CRIUArguments.Source, CRIUStreams) {
        let record = container.record
        var source = CRIUArguments.Source(pid: record.pid)
        source.configuration = try ImageRequest.configuration(spec.annotations)
        let location = container.cgroups?.location
        source.freezer = location?.directory(of: "freezer")?.path ?? location?.unified?.path
        let (entries, places, streams) = try calls("look at process \(record.pid)") { () throws(Errno) in
            let entries = Mountinfo.mounts(try Syscall.readFile("/proc/\(record.pid)/mountinfo"))
            let root = try Syscall.open("/proc/\(record.pid)/root", [.pathOnly, .directory])
            let places = spec.mounts.map { place(of: $0.destination, root.raw) }
            return (entries, places, try CRIUStreams(of: record.pid, inside: entries))
        }
        source.externals = try CRIUMounts.dumped(entries, spec.mounts, places: places) + streams.externals
        for entry in spec.linux.namespaces where entry.path?.isEmpty == false {
            guard let kind = NamespaceKind(specName: entry.type), let key = ExternalNamespace.key(kind) else {
                continue
            }
            // The path may be gone by now; the process is there.
            let status = try calls("\(kind.specName) namespace") { () throws(Errno) in
                try Syscall.status("/proc/\(record.pid)/ns/\(kind.procName)")
            }
            source.externals.append("\(kind.procName)[\(status.inode)]:\(key)")
        }
        return (source, streams)
    }

    /// The id of the mount that a destination leads to, by the links of the container.
    private static func place(of destination: String, _ root: Int32) -> UInt64? {
        let resolve = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
        guard let file = try? Syscall.open(destination, .pathOnly, resolve: resolve, at: root) else {
            return nil
        }
        return (try? Syscall.status("", at: file.raw))?.mountID
    }
}

extension Container {
    /// The host's id of the group of root in the container's user namespace; nil without one.
    fileprivate borrowing func rootGroup(_ spec: Spec) -> UInt32? {
        guard spec.linux.namespaces.contains(where: { $0.type == NamespaceKind.user.specName }) else {
            return nil
        }
        return IDMaps.read(.groups, of: record.pid).lazy.compactMap { $0.outer(of: 0) }.first
    }
}
