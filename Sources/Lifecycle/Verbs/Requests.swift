// What callers ask for.
import LaunchPlan

/// What holds for every command.
public struct RuntimeOptions: Sendable {
    /// Absolute path of the state directory.
    public var root: String
    public var manager: CgroupDriver
    /// `--rootless`; nil for auto.
    public var rootless: Bool?

    public init(root: String, manager: CgroupDriver) {
        self.root = root
        self.manager = manager
    }
}

/// What `create` and `run` are asked for.
public struct CreateRequest: Sendable {
    public var id: String
    /// Absolute path.
    public var bundle: String
    /// Absolute path.
    public var pidFile: String?
    public var noPivot = false
    public var noNewKeyring = false
    /// Absolute path of the socket of who takes the terminal.
    public var consoleSocket: String?
    /// Absolute path of the socket of who takes a pidfd.
    public var pidfdSocket: String?
    /// Descriptors from 3 on that reach the process.
    public var preservedDescriptors = 0
    /// `run`: the container's state stays when its process has ended.
    public var keep = false
    /// `run`: leave when the process has started.
    public var detach = false
    /// `run`: orphans of the container are not reaped by it.
    public var noSubreaper = false
    /// Where the socket is going to be on which the container says that it is ready.
    var notifyDirectory: String?
    /// LISTEN_FDS of the caller, part of the preserved ones.
    var listenDescriptors = 0
    /// The runtime is root of a user namespace only.
    var isInUserNamespace = false
    /// `run`: no `start` will come.
    public var startsAtOnce = false
    /// For tests of failures: the index of the step that fails.
    public var failingStep: Int?

    public init(id: String, bundle: String) {
        self.id = id
        self.bundle = bundle
    }
}

/// The commands on containers.
public enum Verb {}
