// restore: makes a container of images that `checkpoint` has written.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension Verb {
    /// Restores a container. In the foreground: waits for it, removes it, and returns its status.
    public static func restore(_ request: RestoreRequest, _ options: RuntimeOptions) throws(Failure) -> Int32
    {
        let id = request.image.id
        try ContainerStore.validate(id)
        var create = CreateRequest(id: id, bundle: request.bundle)
        // No `start` will come.
        create.startsAtOnce = true
        let bytes = try Bundle.bytes(at: request.bundle)
        let spec = try Bundle.spec(decoding: bytes)
        try checkImageable(spec, terminal: request.shellJob)
        let plan = try plan(create, options)
        let criu = try CRIUProgram.find()
        let images = try request.image.open()
        // Before criu runs: a signal that comes in between must wait for the forwarder.
        let signals = request.detach ? nil : try SignalForwarder(reapsOrphans: !request.noSubreaper)
        let store = ContainerStore(root: options.root)
        let directory = try store.reserve(id)
        var restoration = Restoration(
            request, spec, plan, store, directory, record(spec, plan, create, options),
            configuration: bytes)
        try restoration.run(criu, images: images.raw)
        guard let signals else { return 0 }
        return try restoration.waitInForeground(signals)
    }
}

extension Restoration {
    /// Forwards signals until the process has ended; then removes the container unless it is to be kept.
    fileprivate func waitInForeground(_ signals: consuming SignalForwarder) throws(Failure) -> Int32 {
        guard let pidfd else { return 0 }
        // Other commands are welcome while the container runs.
        try? Syscall.unlock(directory.raw)
        let status = try signals.serve(record.pid, pidfd: pidfd.raw, nil, notify)
        try Verb.leave(record, status, keep: request.keep, store, directory.raw)
        return status.shellStatus
    }
}
