// The log that engines read: one line for a failure, none at all for success unless somebody asks for warnings.
import JSON
import Linux
import OCI

/// Where errors and warnings go. podman reads the whole file as one JSON object when a command fails, containerd takes
/// the last object with the level "error": so a failure is exactly one line, and a file gets warnings only on demand.
public struct Log: Sendable {
    public enum Level: UInt8, Sendable {
        case error, warning, info, debug

        public var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .info: "info"
            case .debug: "debug"
            }
        }
    }

    public enum Format: Sendable {
        case text, json
    }

    /// nil: standard error.
    public var file: String?
    public var format: Format
    public var level: Level

    /// Without `level`, warnings are written to standard error, not to a file.
    public init(file: String? = nil, format: Format = .text, level: Level? = nil) {
        self.file = file
        self.format = format
        self.level = level ?? (file == nil ? .warning : .error)
    }

    /// Makes the file if it is not there: containerd takes a missing file for a runtime that did not run.
    public func prepare() throws(Failure) {
        guard let file else { return }
        do throws(Errno) {
            _ = try open(file)
        } catch {
            throw Failure("log file \(file): \(error)", errno: error, syscall: "openat")
        }
    }

    /// Writes `failure`: to the file as the format says, and in plain words to standard error.
    public func report(_ failure: Failure) {
        let plain = Array((failure.line + "\n").utf8)
        guard file != nil || format == .json else { return write(plain, to: nil) }
        let entry = LogEntry(.error, failure.line, failure.particulars)
        write(entry.encoded(format), to: file)
        if file != nil { write(plain, to: nil) }
    }

    /// Writes warnings of a command that succeeded, where the level asks for them.
    public func report(_ warnings: [SpecError]) {
        guard level.rawValue >= Level.warning.rawValue else { return }
        for warning in warnings {
            let failure = Failure(warning)
            let entry = LogEntry(.warning, failure.line, failure.particulars)
            let isPlain = file == nil && format == .text
            write(isPlain ? Array("warning: \(failure.line)\n".utf8) : entry.encoded(format), to: file)
        }
    }

    private func open(_ file: String) throws(Errno) -> FileDescriptor {
        try Syscall.open(file, [.writeOnly, .create, .append, .noControllingTerminal], mode: 0o644)
    }

    /// A log that cannot be written is no reason to fail, or to fail otherwise.
    private func write(_ bytes: [UInt8], to file: String?) {
        guard let file else {
            try? Syscall.write(2, bytes)
            return
        }
        if let log = try? open(file) { try? Syscall.write(log.raw, bytes) }
    }
}

extension Failure {
    /// The keys of the log line besides level, message and time.
    var particulars: [(key: String, value: String)] {
        var keys: [(key: String, value: String)] = []
        func add(_ key: String, _ value: String?) {
            if let value, !value.isEmpty { keys.append((key, value)) }
        }
        add("pointer", pointer)
        add("errno", errno?.name)
        add("syscall", syscall)
        add("phase", phase)
        add("hint", hint)
        return keys
    }
}

/// One line of the log.
struct LogEntry {
    var level: Log.Level
    var message: String
    var particulars: [(key: String, value: String)]
    /// RFC 3339: containerd refuses the whole file otherwise.
    var time: String

    init(
        _ level: Log.Level, _ message: String, _ particulars: [(key: String, value: String)],
        time: String = Timestamp(seconds: Int64(Syscall.now().seconds)).description
    ) {
        self.level = level
        self.message = message
        self.particulars = particulars
        self.time = time
    }

    func encoded(_ format: Log.Format) -> [UInt8] {
        switch format {
        case .json: json
        case .text: text
        }
    }

    private var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("level", level.name)
            json.member("msg", message)
            json.member("time", time)
            for (key, value) in particulars { json.member(key, value) }
        }
        json.endLine()
        return json.bytes
    }

    /// The form of logrus, which runc has: `time="…" level=error msg="…"`.
    private var text: [UInt8] {
        var line = "time=\"\(time)\" level=\(level.name) msg=\(quoted(message))"
        for (key, value) in particulars { line += " \(key)=\(isBare(value) ? value : quoted(value))" }
        return Array((line + "\n").utf8)
    }

    /// Whether logrus would leave the value without quotes.
    private func isBare(_ value: String) -> Bool {
        value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"),
                UInt8(ascii: "@"), UInt8(ascii: "^"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
    }

    /// A JSON string is a Go string for all that can stand in a message.
    private func quoted(_ value: String) -> String {
        var json = JSONWriter()
        json.value(value)
        return json.text
    }
}
