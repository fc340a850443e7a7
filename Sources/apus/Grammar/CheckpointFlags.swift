// The flags of checkpoint and restore.

extension Flag {
    private static let images: [Flag] = [
        Flag(.imagePath, nil, .text("DIR"), "where the images are", fallback: "./checkpoint"),
        Flag(.workPath, nil, .text("DIR"), "where criu writes its log", fallback: "the images' directory"),
        Flag(.parentPath, nil, .text("DIR"), "images of an earlier --pre-dump, relative to --image-path"),
        Flag(.tcpEstablished, nil, .none, "keep established TCP connections"),
        Flag(.extUnixSk, nil, .none, "allow connected Unix sockets that lead outside"),
        Flag(.shellJob, nil, .none, "allow a session or a terminal of the caller"),
        Flag(.fileLocks, nil, .none, "keep file locks"),
        Flag(.lazyPages, nil, .none, "transfer memory when it is needed, by criu's lazy-pages"),
        Flag(.autoDedup, nil, .none, "remove pages from older images that are in newer ones"),
        Flag(.emptyNamespaces, nil, .choice(["network"]), "leave the contents of a namespace out"),
        Flag(
            .manageCgroupsMode, nil, .choice(["soft", "full", "strict", "ignore"]),
            "what criu does with cgroups", fallback: "soft"),
    ]

    static let checkpoint: [Flag] =
        images + [
            Flag(.leaveRunning, nil, .none, "let the container run on"),
            Flag(.preDump, nil, .none, "save memory only, and let the container run on"),
            Flag(.tcpSkipInFlight, nil, .none, "leave out TCP connections that are not established yet"),
            Flag(.linkRemap, nil, .none, "give removed files their names back while they are saved"),
            Flag(.pageServer, nil, .text("ADDRESS:PORT"), "send memory to criu's page server"),
            Flag(.statusFD, nil, .count("FD"), "descriptor to tell that --lazy-pages is ready"),
            Flag(
                .networkLock, nil, .choice(["iptables", "nftables", "skip"]),
                "how packets are held back meanwhile", fallback: "criu's own"),
        ]

    static let restore: [Flag] =
        images + [
            bundle,
            Flag(.detach, "d", .none, "do not wait for the container"),
            Flag(.pidFile, nil, .text("FILE"), "write the container's process id to FILE"),
            Flag(
                .consoleSocket, nil, .text("SOCKET"), "refused: criu cannot restore a terminal for a program"),
            Flag(.noPivot, nil, .none, "accepted; criu makes the root by itself"),
            Flag(.noSubreaper, nil, .none, "leave orphans of the container to the system's init"),
            Flag(.keep, nil, .none, "do not delete the container when it has ended"),
            Flag(.tcpClose, nil, .none, "restore TCP connections as closed ones"),
            Flag(.lsmProfile, nil, .text("TYPE:NAME"), "another AppArmor or SELinux profile"),
            Flag(.lsmMountContext, nil, .text("CONTEXT"), "another SELinux context of mounts"),
            Flag(
                .preserveFDs, nil, .count("N"), "refused if not 0: the images say what is open",
                fallback: "0"),
            Flag(.pidfdSocket, nil, .text("SOCKET"), "send a pidfd to SOCKET"),
        ]
}
