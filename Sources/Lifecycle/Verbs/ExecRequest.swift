// What `exec` is asked for, and the process that comes of it.
import Linux
import OCI

/// What `exec` is asked for.
public struct ExecRequest: Sendable {
    public var id: String
    /// Absolute path of a file with the whole process; without it the container's own process is changed.
    public var processFile: String?
    public var changes = ProcessChanges()
    /// Absolute path.
    public var pidFile: String?
    /// Absolute path of the socket of who takes the terminal.
    public var consoleSocket: String?
    /// Absolute path of the socket of who takes a pidfd.
    public var pidfdSocket: String?
    /// Leave when the process has started.
    public var detach = false
    /// Descriptors from 3 on that reach the process.
    public var preservedDescriptors = 0
    /// `--cgroup`, as often as it was given.
    public var cgroups: [String] = []
    /// Exec into a paused container too: the process waits until it is resumed.
    public var ignorePaused = false

    public init(id: String) { self.id = id }
}

/// What the command line changes in the process of config.json.
public struct ProcessChanges: Sendable, Equatable {
    public var args: [String] = []
    public var cwd: String?
    /// Entries to append.
    public var env: [String] = []
    /// UID or UID:GID, in digits.
    public var user: String?
    public var capabilities: [String] = []
    public var additionalGids: [String] = []
    public var noNewPrivileges: Bool?
    public var apparmorProfile: String?
    public var selinuxLabel: String?
    public var terminal = false

    public init() {}

    /// `process` with the changes, as runc makes them.
    public func applied(to process: Process) throws(Failure) -> Process {
        var process = process
        process.args = args
        process.terminal = terminal
        process.env += env
        if let cwd { process.cwd = cwd }
        if let noNewPrivileges { process.noNewPrivileges = noNewPrivileges }
        if let apparmorProfile { process.apparmorProfile = apparmorProfile }
        if let selinuxLabel { process.selinuxLabel = selinuxLabel }
        try changeUser(&process.user)
        if !capabilities.isEmpty { addCapabilities(to: &process) }
        return process
    }

    private func changeUser(_ user: inout User) throws(Failure) {
        if let text = self.user {
            let fields = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count <= 2 else { throw Self.notAnID(text, "--user", "UID or UID:GID") }
            user.uid = try Self.id(Substring(fields[0]), in: text, "--user")
            if fields.count == 2 { user.gid = try Self.id(Substring(fields[1]), in: text, "--user") }
        }
        for text in additionalGids {
            user.additionalGids.append(try Self.id(Substring(text), in: text, "--additional-gids"))
        }
    }

    /// Digits and nothing else: what is not a number must not become one, least of all 0 (CVE-2026-30892).
    private static func id(_ digits: Substring, in text: String, _ flag: String) throws(Failure) -> UInt32 {
        let isDigits = digits.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        // The highest number is the kernel's -1: "do not change" (setresuid(2)).
        guard isDigits, let id = UInt32(digits), id != .max else {
            throw notAnID(text, flag, "a number from 0 to \(UInt32.max - 1)")
        }
        return id
    }

    private static func notAnID(_ text: String, _ flag: String, _ want: String) -> Failure {
        Failure("invalid value \"\(text)\" for flag \(flag): want \(want)")
    }

    /// Never inheritable: a program with file capabilities would get them (CVE-2022-29162, CVE-2022-27650). Ambient only
    /// where the configuration has inheritable ones, as the kernel would not take them otherwise.
    private func addCapabilities(to process: inout Process) {
        var sets = process.capabilities ?? Capabilities()
        sets.bounding += capabilities
        sets.effective += capabilities
        sets.permitted += capabilities
        sets.ambient += capabilities.filter { sets.inheritable.contains($0) }
        process.capabilities = sets
    }
}

extension Process {
    /// What a process file leaves out is as the container's process has it: labels and limits of all kinds, which
    /// otherwise would be looser than the container's (runc and crun do so too).
    func completed(by container: Process?) -> Process {
        guard let container else { return self }
        var process = self
        if process.capabilities == nil { process.capabilities = container.capabilities }
        if process.rlimits.isEmpty { process.rlimits = container.rlimits }
        if process.user.umask == nil { process.user.umask = container.user.umask }
        if process.oomScoreAdj == nil { process.oomScoreAdj = container.oomScoreAdj }
        if process.apparmorProfile == nil { process.apparmorProfile = container.apparmorProfile }
        if process.selinuxLabel == nil { process.selinuxLabel = container.selinuxLabel }
        return process
    }
}
