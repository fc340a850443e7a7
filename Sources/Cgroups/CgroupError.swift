// What can go wrong with control groups: closed, with the JSON pointer of what asked for it.

import Linux

/// A failure to plan, to make or to remove a container's control groups.
public enum CgroupError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A value that no kernel would take, or that this layout cannot express.
    case invalid(pointer: String, reason: String)
    /// The controller that a value needs is not mounted, or not enabled down to the container's cgroup.
    case controllerMissing(pointer: String, controller: String, place: String)
    /// The cgroup was there before and holds processes.
    case notEmpty(path: String, count: Int)
    /// The cgroup was there before and is frozen.
    case frozen(path: String)
    /// A system call failed. `subject` is what it was made on.
    case failed(pointer: String, operation: String, subject: String, errno: Errno, hint: String?)
    /// The cgroup did not reach the state in time.
    case timedOut(operation: String, path: String)

    /// Where in config.json the cause is; empty when it is nowhere there.
    public var pointer: String {
        switch self {
        case .invalid(let pointer, _), .controllerMissing(let pointer, _, _),
            .failed(let pointer, _, _, _, _):
            pointer
        case .notEmpty, .frozen: "/linux/cgroupsPath"
        case .timedOut: ""
        }
    }

    /// The error number of the system call that failed.
    public var errno: Errno? {
        guard case .failed(_, _, _, let errno, _) = self else { return nil }
        return errno
    }

    /// The text without the pointer.
    public var message: String {
        switch self {
        case .invalid(_, let reason): reason
        case .controllerMissing(_, let controller, let place):
            "cgroup controller \(controller) is not available in \(place)"
        case .notEmpty(let path, let count):
            "container's cgroup is not empty: \(count) process(es) found in \(path)"
        case .frozen(let path): "container's cgroup unexpectedly frozen: \(path)"
        case .failed(_, let operation, let subject, let errno, let hint):
            "\(operation) \(subject): \(errno)" + (hint.map { " (\($0))" } ?? "")
        case .timedOut(let operation, let path): "\(operation) \(path): timed out"
        }
    }

    public var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}
