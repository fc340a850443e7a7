// The flags of checkpoint and restore as requests; many of them are criu's own.
import Lifecycle

extension Verb {
    /// What criu calls a flag that it takes over as it is.
    private static let switches: [(flag: FlagName, option: String)] = [
        (.tcpEstablished, "--tcp-established"), (.tcpClose, "--tcp-close"),
        (.tcpSkipInFlight, "--skip-in-flight"), (.linkRemap, "--link-remap"), (.extUnixSk, "--ext-unix-sk"),
        (.shellJob, "--shell-job"), (.fileLocks, "--file-locks"), (.lazyPages, "--lazy-pages"),
        (.autoDedup, "--auto-dedup"),
    ]
    private static let values: [(flag: FlagName, option: String)] = [
        (.networkLock, "--network-lock"), (.lsmProfile, "--lsm-profile"),
        (.lsmMountContext, "--lsm-mount-context"),
    ]

    private static func image(_ id: String, _ flags: GivenFlags) throws(Failure) -> ImageRequest {
        let images = cleaned(try absolute(flags.text(.imagePath) ?? "checkpoint"))
        var image = ImageRequest(id: id, images: images)
        if let work = flags.text(.workPath) { image.work = cleaned(try absolute(work)) }
        if let mode = flags.value(.manageCgroupsMode), let mode = CgroupRestoration(rawValue: mode) {
            image.cgroups = mode
        }
        for (flag, option) in switches where flags.isOn(flag) { image.options.append(option) }
        for (flag, option) in values {
            if let value = flags.text(flag) { image.options += [option, value] }
        }
        if flags.value(.emptyNamespaces) != nil { image.options += ["--empty-ns", "net"] }
        return image
    }

    static func checkpoint(_ id: String, _ flags: GivenFlags, _ settings: Settings) throws(Failure) {
        var request = CheckpointRequest(try image(id, flags))
        request.parent = flags.text(.parentPath)
        request.leaveRunning = flags.isOn(.leaveRunning)
        request.preDump = flags.isOn(.preDump)
        request.shellJob = flags.isOn(.shellJob)
        request.pageServer = flags.text(.pageServer)
        request.statusDescriptor = flags.value(.statusFD).flatMap { Int32($0) }
        try checkpoint(request, settings.options)
    }

    static func restore(
        _ id: String, _ flags: GivenFlags, _ bundle: String, _ settings: Settings
    ) throws(Failure) -> Int32 {
        if settings.options.manager == .systemd {
            throw Failure(
                "a container cannot be restored into a unit of systemd",
                hint: "use --cgroup-manager cgroupfs")
        }
        if flags.text(.consoleSocket) != nil {
            throw Failure("a terminal cannot be restored: criu hands out its master to library callers only")
        }
        if flags.count(.preserveFDs) > 0 {
            throw Failure("a restored container takes no new descriptors: its images say which it has")
        }
        var request = RestoreRequest(try image(id, flags), bundle: bundle)
        if let file = flags.text(.pidFile) { request.pidFile = try absolute(file) }
        if let socket = flags.text(.pidfdSocket) { request.pidfdSocket = try absolute(socket) }
        request.shellJob = flags.isOn(.shellJob)
        request.detach = flags.isOn(.detach)
        request.noSubreaper = flags.isOn(.noSubreaper)
        request.keep = flags.isOn(.keep)
        return try restore(request, settings.options)
    }
}
