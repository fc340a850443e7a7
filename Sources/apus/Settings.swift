// What the global flags and the environment say, as the verbs want it.
import LaunchPlan
import Lifecycle
import Linux

/// The settings of one invocation.
struct Settings: Sendable {
    var options: RuntimeOptions

    init(_ globals: GivenFlags) throws(Failure) {
        options = RuntimeOptions(
            root: try Settings.root(globals.value(.root)), manager: Settings.driver(globals))
        switch globals.value(.rootless) {
        case "true": options.rootless = true
        case "false": options.rootless = false
        default: break
        }
    }

    /// The driver for new containers; of the two flags, the last counts.
    static func driver(_ globals: GivenFlags) -> CgroupDriver {
        var driver = CgroupDriver.cgroupfs
        for flag in globals.list {
            switch flag.name {
            case .systemdCgroup: driver = flag.value == "true" ? .systemd : .cgroupfs
            case .cgroupManager: driver = CgroupDriver(rawValue: flag.value) ?? driver
            default: continue
            }
        }
        return driver
    }

    /// The state directory: absolute, without links of the form `..`, and never the root directory.
    private static func root(_ given: String?) throws(Failure) -> String {
        guard let given else { return defaultRoot }
        if given.isEmpty { throw Failure("--root must not be empty") }
        let root = cleaned(try absolute(given))
        if root == "/" {
            throw Failure("--root must not be /: it is the directory of the containers' states")
        }
        return root
    }

    private static var defaultRoot: String {
        let user = Syscall.effectiveUserID()
        let own = Environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        if user == 0 {
            // Root of a user namespace is an ordinary user still, unless its name says otherwise (as runc has it): Podman
            // starts us so, without any name.
            guard let own, Environment["USER"] != "root", RuntimeOptions.isInUserNamespace() else {
                return "/run/apus"
            }
            return cleaned(own + "/apus")
        }
        return own.map { cleaned($0 + "/apus") } ?? "/run/user/\(user)/apus"
    }
}

/// `path` from the current directory, unless it is absolute.
func absolute(_ path: String) throws(Failure) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    do throws(Errno) {
        let directory = try Syscall.workingDirectory()
        // Linux has "(unreachable)/x" for a directory outside of the root.
        guard directory.utf8.first == UInt8(ascii: "/") else { throw Errno.noEntry }
        if path.isEmpty || path == "." { return directory }
        return directory == "/" ? "/" + path : directory + "/" + path
    } catch {
        throw Failure("current directory: \(error)", errno: error, syscall: "getcwd")
    }
}

/// An absolute path without empty parts, `.` and `..`, by its words alone.
func cleaned(_ path: String) -> String {
    "/" + cleanPath(path)
}

extension Log {
    init(_ globals: GivenFlags) {
        let level: Level? =
            switch globals.value(.logLevel) {
            case "error": .error
            case "warning", "warn": .warning
            case "info": .info
            case "debug": .debug
            default: globals.isOn(.debug) ? .debug : nil
            }
        self.init(
            file: globals.text(.log), format: globals.value(.logFormat) == "json" ? .json : .text,
            level: level)
    }
}
