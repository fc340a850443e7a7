// The criu program: where it is, how it is run, and what it says when it fails.
import CLinux
import LaunchPlan
import Linux

/// An installed criu. It is a program, not a library: the runtime stays static and knows nothing of its messages.
struct CRIUProgram {
    let path: String

    /// Older ones cannot put a container into a PID namespace that is there already.
    static let oldest = [3, 16]

    /// Behind those of PATH: engines call with an empty environment.
    private static let directories = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// Where criu is; nil when it is not installed.
    static var installed: CRIUProgram? {
        let search = (Environment["PATH"] ?? "").split(separator: ":").map(String.init).filter {
            $0.hasPrefix("/")
        }
        for directory in search + directories {
            let path = directory + "/criu"
            if let status = try? Syscall.status(path), status.isRegular, status.permissions & 0o111 != 0 {
                return CRIUProgram(path: path)
            }
        }
        return nil
    }

    /// Finds a criu that is new enough.
    static func find() throws(Failure) -> CRIUProgram {
        guard let program = installed else {
            throw Failure("criu is not installed", hint: "it does the work of checkpoint and restore")
        }
        let run = try program.start(CRIURun(arguments: ["--version"]))
        let status = try run.wait()
        let text = run.output
        guard status == .exited(0), let version = version(in: text) else {
            throw Failure("\(program.path) --version: \(status.text): \(text)")
        }
        if version.lexicographicallyPrecedes(oldest) {
            throw Failure("\(program.path) is too old: \(text); at least 3.16 is needed")
        }
        return program
    }

    /// The numbers of "Version: 4.2.1".
    static func version(in text: String) -> [Int]? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Version: ") }) else {
            return nil
        }
        let numbers = line.dropFirst("Version: ".utf8.count).prefix { $0 != " " }.split {
            !("0"..."9").contains($0)
        }
        return numbers.isEmpty ? nil : numbers.compactMap { Int($0) }
    }

    /// What criu found wrong, from its log: the last errors but those that every failure ends with.
    static func errors(inLog log: String) -> String {
        var errors: [String] = []
        for line in log.split(separator: "\n") {
            // "(00.114870)   1234: Error (criu/mount.c:753): mnt: ..."
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard let word = words.prefix(3).firstIndex(of: "Error"), word + 2 < words.count else { continue }
            let text = words[(word + 1)...].joined(separator: " ")
            // Without CAP_SYS_RESOURCE criu says so each time, and goes on.
            if words[word + 2] == "rlimit:" || text.hasSuffix(" FAILED.") { continue }
            errors.append(text)
        }
        return errors.suffix(3).joined(separator: "; ")
    }
}

/// One call of criu.
struct CRIURun {
    var arguments: [String]
    /// Descriptors that keep their numbers in criu.
    var inherited: [Int32] = []
    /// The rootfs, which criu wants to be a mount: it becomes one in a mount namespace that ends with criu, so that the
    /// host never sees it.
    var root: String?
    /// criu begins in the container's cgroups: with `--manage-cgroups=ignore` the container stays where criu is.
    var waits = false

    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// What criu's process executes first. Its standard streams are not the caller's, which are the container's.
    func program(_ path: String, null: Int32, output: Int32) -> Program {
        var program = Program()
        program.unblockSignals()
        if waits { program.yield() }
        if let root {
            program.syscall(
                .mount, .value(0), program.string("/"), .value(0),
                .immediate(UInt64(MS_SLAVE) | UInt64(MS_REC)), .value(0))
            program.syscall(
                .mount, program.string(root), program.string(root), .value(0),
                .immediate(UInt64(MS_BIND) | UInt64(MS_REC)), .value(0))
        }
        program.takeStreams([(null, 0), (output, 1), (output, 2)])
        // F_SETFD
        for descriptor in inherited { program.syscall(.fcntl, .value(Int(descriptor)), .value(2), .value(0)) }
        // criu calls ip, iptables and tar.
        let environment = Environment.all + (Environment["PATH"] == nil ? ["PATH=" + Self.searchPath] : [])
        program.syscall(
            .execve, program.string(path), program.stringArray([path] + arguments),
            program.stringArray(environment))
        return program
    }
}

/// A criu at work.
struct RunningCRIU {
    let process: RunningInit
    private let printed: FileDescriptorBox

    init(_ process: RunningInit, printed: FileDescriptorBox) {
        self.process = process
        self.printed = printed
    }

    /// What it printed, apart from its log.
    var output: String {
        var bytes = (try? Syscall.read(printed.raw, count: 4096, offset: 0)) ?? []
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    func wait() throws(Failure) -> ExitStatus {
        try calls("wait for criu") { () throws(Errno) in
            try Syscall.wait(process.pid)?.status ?? .exited(0)
        }
    }

    func kill() {
        try? Syscall.signal(process: process.pidfd.raw, 9)
        _ = try? Syscall.wait(process.pid)
    }
}

extension CRIUProgram {
    /// Starts criu; `prepare` works while its process waits, where the run asks for that.
    func start(
        _ run: CRIURun, prepare: (Int32) throws(Failure) -> Void = { (_) throws(Failure) in }
    ) throws(Failure) -> RunningCRIU {
        let (process, output) = try calls("start \(path)") { () throws(Errno) in
            let null = try Syscall.open("/dev/null", .readWrite)
            let output = FileDescriptorBox(try Syscall.scratchFile("criu-output"))
            var launch = InitLaunch(program: run.program(path, null: null.raw, output: output.raw))
            if run.root != nil { launch.namespaces = NamespaceKind.mount.cloneFlag }
            launch.inherited = [null.raw, output.raw] + run.inherited
            return (try launch.start(), output)
        }
        let criu = RunningCRIU(process, printed: output)
        do throws(Failure) {
            if run.waits {
                _ = try report(process)
                try prepare(process.pid)
                try calls("start \(path)") { () throws(Errno) in
                    try InitReport.goAhead(on: process.channel.raw)
                }
            }
            // The channel closes when criu is executed.
            if try report(process) != nil { throw Failure("start \(path): unexpected report") }
        } catch {
            criu.kill()
            throw error
        }
        return criu
    }

    private func report(_ process: RunningInit) throws(Failure) -> InitReport? {
        let report = try calls("start \(path)") { () throws(Errno) in
            try InitReport.next(on: process.channel.raw)
        }
        if let report, report.kind == .failure {
            throw Failure("start \(path): \(report.error)", errno: report.error)
        }
        return report
    }

    /// Why `criu` failed: the errors of its log, or else what it printed.
    func failure(_ verb: String, _ status: ExitStatus, _ criu: RunningCRIU, log: String) -> Failure {
        let text = (try? Syscall.readFile(log)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let errors = Self.errors(inLog: text)
        let cause = errors.isEmpty ? criu.output : errors
        return Failure("criu failed to \(verb): \(status.text): \(cause); log file: \(log)")
    }
}
