// The command lines of criu (criu(8)). Pure.
import Linux

/// What stands behind `criu` in one command.
enum CRIUArguments {
    /// What a dump has to know of the container.
    struct Source {
        var pid: Int32 = 0
        /// The cgroup by which criu stops the processes; nil without a freezer.
        var freezer: String?
        /// `mnt[POINT]:KEY`, `file[MOUNT:INODE]` and the like.
        var externals: [String] = []
        /// `org.criu.config`.
        var configuration: String?
    }

    /// What a restore has to know of the container to be.
    struct Target {
        var root = ""
        var pidFile = ""
        /// The path below every cgroup hierarchy; nil when nobody manages them.
        var cgroup: String?
        var externals: [String] = []
        /// Descriptors by their keys in the images.
        var descriptors: [(number: Int32, key: String)] = []
        /// `ipc:PATH` and the like.
        var joins: [String] = []
        /// Called at each stage of the restoration.
        var script: String?
        var configuration: String?
    }

    static func dump(_ request: CheckpointRequest, _ source: Source) throws(Failure) -> [String] {
        var list = [request.preDump ? "pre-dump" : "dump", "--tree", String(source.pid)]
        list += common(request.image, log: "dump.log", source.configuration, isManaged: true)
        if request.leaveRunning && !request.preDump { list.append("--leave-running") }
        if let parent = request.parent { list += ["--prev-images-dir", parent] }
        // Without it the next dump would not know what has changed since.
        if request.preDump || request.parent != nil { list.append("--track-mem") }
        if let freezer = source.freezer { list += ["--freeze-cgroup", freezer] }
        if let server = request.pageServer {
            guard let colon = server.lastIndex(of: ":"), colon > server.startIndex,
                UInt16(server[server.index(after: colon)...]) != nil
            else { throw Failure("use --page-server ADDRESS:PORT to specify the page server: \"\(server)\"") }
            list += ["--page-server", "--address", String(server[..<colon])]
            list += ["--port", String(server[server.index(after: colon)...])]
        }
        if let descriptor = request.statusDescriptor { list += ["--status-fd", String(descriptor)] }
        for external in source.externals { list += ["--external", external] }
        return list
    }

    static func restore(_ request: RestoreRequest, _ target: Target) -> [String] {
        // A sibling of criu is the runtime's child, which it can wait for.
        var list = ["restore", "--restore-detached", "--restore-sibling", "--pidfile", target.pidFile]
        list += common(
            request.image, log: "restore.log", target.configuration, isManaged: target.cgroup != nil)
        list += ["--root", target.root]
        if let cgroup = target.cgroup, request.image.cgroups != .ignore { list += ["--cgroup-root", cgroup] }
        for external in target.externals { list += ["--external", external] }
        for (number, key) in target.descriptors { list += ["--inherit-fd", "fd[\(number)]:\(key)"] }
        for join in target.joins { list += ["--join-ns", join] }
        if let script = target.script { list += ["--action-script", script] }
        return list
    }

    private static func common(
        _ image: ImageRequest, log: String, _ configuration: String?, isManaged: Bool
    ) -> [String] {
        var list = ["--images-dir", image.images, "--work-dir", image.work ?? image.images]
        list += ["--log-file", log, "-v4"]
        list.append("--manage-cgroups=\(isManaged ? image.cgroups.rawValue : "ignore")")
        if let configuration { list += ["--config", configuration] }
        return list + image.options
    }
}

/// What criu calls a namespace that is joined rather than saved.
enum ExternalNamespace {
    /// By descriptor at the restoration; the keys are runc's, so that images go from one runtime to the other.
    static func key(_ kind: NamespaceKind) -> String? {
        switch kind {
        case .network: "extRootNetNS"
        case .pid: "extRootPidNS"
        case .user, .mount, .ipc, .uts, .cgroup, .time: nil
        }
    }

    /// By path at the restoration (criu(8), --join-ns).
    static func isJoined(_ kind: NamespaceKind) -> Bool {
        switch kind {
        case .ipc, .uts, .time: true
        case .user, .mount, .network, .pid, .cgroup: false
        }
    }
}
