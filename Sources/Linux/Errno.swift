// The kernel's error numbers (errno(3)).
import CLinux
import Glibc

/// An error number as a system call returned it.
public struct Errno: Error, Equatable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// How an old kernel, or the seccomp filter of an outer container, says that a system call is not to be had.
    public var isDenial: Bool { self == .notImplemented || self == .notPermitted }

    public static let notPermitted = Errno(rawValue: EPERM)
    public static let noEntry = Errno(rawValue: ENOENT)
    public static let noProcess = Errno(rawValue: ESRCH)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let io = Errno(rawValue: EIO)
    public static let badDescriptor = Errno(rawValue: EBADF)
    public static let noChild = Errno(rawValue: ECHILD)
    public static let again = Errno(rawValue: EAGAIN)
    public static let noMemory = Errno(rawValue: ENOMEM)
    public static let permissionDenied = Errno(rawValue: EACCES)
    public static let busy = Errno(rawValue: EBUSY)
    public static let exists = Errno(rawValue: EEXIST)
    public static let crossDevice = Errno(rawValue: EXDEV)
    public static let noDevice = Errno(rawValue: ENODEV)
    public static let tooManyFiles = Errno(rawValue: EMFILE)
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    public static let isDirectory = Errno(rawValue: EISDIR)
    public static let invalid = Errno(rawValue: EINVAL)
    public static let noSpace = Errno(rawValue: ENOSPC)
    public static let readOnly = Errno(rawValue: EROFS)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    public static let notImplemented = Errno(rawValue: ENOSYS)
    public static let notEmpty = Errno(rawValue: ENOTEMPTY)
    public static let loop = Errno(rawValue: ELOOP)
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    public static let noExecutable = Errno(rawValue: ENOEXEC)
    public static let textBusy = Errno(rawValue: ETXTBSY)

    /// The kernel's own name: "ENOENT".
    public var name: String {
        guard let name = unsafe strerrorname_np(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }

    /// What went wrong in words, as runc has it: "no such file or directory".
    public var description: String {
        guard let text = unsafe strerror(rawValue) else { return name }
        var words = unsafe Array(String(cString: text).utf8)
        // "Invalid argument" becomes lower case; "RFS specific error" stays.
        if words.count > 1, (65...90).contains(words[0]), !(65...90).contains(words[1]) { words[0] |= 0x20 }
        return String(decoding: words, as: UTF8.self)
    }
}
