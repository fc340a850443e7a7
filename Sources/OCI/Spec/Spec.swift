// The top of config.json (config.md). Property names are the JSON names; absent optional values are nil or empty.

/// A container configuration: `config.json` of runtime-spec 1.3.0 (config.md).
public struct Spec: Sendable, Equatable {
    public var ociVersion: String = ""
    public var root: Root?
    public var mounts: [Mount] = []
    public var process: Process?
    public var hostname: String?
    public var domainname: String?
    public var hooks: Hooks?
    public var annotations: [String: String] = [:]
    /// An absent object asks for nothing, like an empty one.
    public var linux: LinuxConfig = LinuxConfig()

    public init() {}
}

/// `root` (config.md, Root).
public struct Root: Sendable, Equatable {
    public var path: String = ""
    public var readonly: Bool = false

    public init() {}
}

/// One entry of `mounts` (config.md, Mounts).
public struct Mount: Sendable, Equatable {
    public var destination: String = ""
    public var type: String?
    public var source: String?
    public var options: [String] = []
    public var uidMappings: [IDMapping] = []
    public var gidMappings: [IDMapping] = []

    public init() {}
}

/// One range of an id map (config-linux.md, User namespace mappings).
public struct IDMapping: Sendable, Equatable {
    public var containerID: UInt32 = 0
    public var hostID: UInt32 = 0
    public var size: UInt32 = 0

    public init() {}
}

/// `hooks` (config.md, POSIX-platform Hooks).
public struct Hooks: Sendable, Equatable {
    public var prestart: [Hook] = []
    public var createRuntime: [Hook] = []
    public var createContainer: [Hook] = []
    public var startContainer: [Hook] = []
    public var poststart: [Hook] = []
    public var poststop: [Hook] = []

    public init() {}
}

/// One hook.
public struct Hook: Sendable, Equatable {
    public var path: String = ""
    /// Absent: argv is the path alone.
    public var args: [String]?
    /// Absent: the runtime's own environment for host hooks, the process' for `startContainer`.
    public var env: [String]?
    /// Seconds, above zero.
    public var timeout: Int?

    public init() {}
}
