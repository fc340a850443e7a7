// A row of the flag tables, and the values that flags can take.

/// Every flag by its long name. One name means one thing everywhere.
enum FlagName: String, Sendable {
    case root, log, debug, rootless, help, version
    case logFormat = "log-format"
    case logLevel = "log-level"
    case systemdCgroup = "systemd-cgroup"
    case cgroupManager = "cgroup-manager"

    case all, bundle, detach, force, format, keep, quiet, syscalls
    case pidFile = "pid-file"
    case noPivot = "no-pivot"
    case noNewKeyring = "no-new-keyring"
    case noSubreaper = "no-subreaper"
    case preserveFDs = "preserve-fds"
    case dryRun = "dry-run"
    case consoleSocket = "console-socket"
    case pidfdSocket = "pidfd-socket"

    case resources, stats, interval, memory
    case blkioWeight = "blkio-weight"
    case cpuBurst = "cpu-burst"
    case cpuIdle = "cpu-idle"
    case cpuPeriod = "cpu-period"
    case cpuQuota = "cpu-quota"
    case cpuShare = "cpu-share"
    case cpuRTPeriod = "cpu-rt-period"
    case cpuRTRuntime = "cpu-rt-runtime"
    case cpusetCPUs = "cpuset-cpus"
    case cpusetMems = "cpuset-mems"
    case memoryReservation = "memory-reservation"
    case memorySwap = "memory-swap"
    case kernelMemory = "kernel-memory"
    case kernelMemoryTCP = "kernel-memory-tcp"
    case pidsLimit = "pids-limit"
    case l3CacheSchema = "l3-cache-schema"
    case memBwSchema = "mem-bw-schema"

    case process, cwd, env, user, cap, tty, apparmor, cgroup
    case additionalGids = "additional-gids"
    case noNewPrivs = "no-new-privs"
    case processLabel = "process-label"
    case ignorePaused = "ignore-paused"

    case imagePath = "image-path"
    case workPath = "work-path"
    case parentPath = "parent-path"
    case leaveRunning = "leave-running"
    case preDump = "pre-dump"
    case tcpEstablished = "tcp-established"
    case tcpClose = "tcp-close"
    case tcpSkipInFlight = "tcp-skip-in-flight"
    case linkRemap = "link-remap"
    case extUnixSk = "ext-unix-sk"
    case shellJob = "shell-job"
    case fileLocks = "file-locks"
    case lazyPages = "lazy-pages"
    case autoDedup = "auto-dedup"
    case statusFD = "status-fd"
    case pageServer = "page-server"
    case emptyNamespaces = "empty-ns"
    case manageCgroupsMode = "manage-cgroups-mode"
    case networkLock = "network-lock"
    case lsmProfile = "lsm-profile"
    case lsmMountContext = "lsm-mount-context"
}

/// What a flag takes.
enum FlagValue: Sendable, Equatable {
    /// Nothing; `--flag=false` is understood, since engines generate it.
    case none
    /// Anything; the name stands for it in the help.
    case text(String)
    /// One of these words.
    case choice([String])
    /// One of these words; alone, the flag means the first of them.
    case optionalChoice([String])
    /// A whole number, zero or more.
    case count(String)

    /// How the help shows the value; nil for none.
    var display: String? {
        switch self {
        case .none: nil
        case .text(let name), .count(let name): name
        case .choice(let words), .optionalChoice(let words): words.joined(separator: "|")
        }
    }
}

/// A flag of the program or of a command.
struct Flag: Sendable {
    let name: FlagName
    /// The ASCII letter of the short form.
    let letter: UInt8?
    let value: FlagValue
    let summary: String
    /// What holds without the flag, in the words of the help.
    let fallback: String?
    /// False: the grammar knows the flag, and using it is an error for now.
    let works: Bool

    init(
        _ name: FlagName, _ letter: Unicode.Scalar?, _ value: FlagValue, _ summary: String,
        fallback: String? = nil, works: Bool = true
    ) {
        self.name = name
        self.letter = letter.map { UInt8(ascii: $0) }
        self.value = value
        self.summary = summary
        self.fallback = fallback
        self.works = works
    }

    static let help = Flag(.help, "h", .none, "show this help")
}

/// A flag as it was given; a switch has the value "true" or "false".
struct GivenFlag: Sendable, Equatable {
    let name: FlagName
    let value: String
}

/// The flags of one command line, in order.
struct GivenFlags: Sendable, Equatable {
    private(set) var list: [GivenFlag] = []

    mutating func append(_ flags: [GivenFlag]) { list += flags }

    /// The value that was given last: engines repeat global flags. nil when there is none.
    func value(_ name: FlagName) -> String? { list.last { $0.name == name }?.value }

    /// The value; nil also when it is empty, as scripts write an unset variable.
    func text(_ name: FlagName) -> String? {
        guard let value = value(name), !value.isEmpty else { return nil }
        return value
    }

    /// All values that were given, in order.
    func values(_ name: FlagName) -> [String] { list.filter { $0.name == name }.map(\.value) }

    func isOn(_ name: FlagName) -> Bool { value(name) == "true" }

    /// A number that the parser has checked.
    func count(_ name: FlagName) -> Int { value(name).flatMap { Int($0) } ?? 0 }
}
