// What the process was started with: arguments, current directory, standard descriptors; and its end.
import Glibc

/// The arguments, read where the kernel put them.
public enum ProcessArguments {
    /// argv without the program's name. What is not UTF-8 becomes U+FFFD.
    ///
    /// The kernel lays argc, argv, a null and envp in a row (System V ABI, Process Initialization), so argv is found
    /// from `environ`; the standard library reads /proc/self/maps for it. Valid until somebody sets a variable.
    public static var all: [String] {
        let end = unsafe environ
        let argv = unsafe UnsafeMutableRawPointer(end).assumingMemoryBound(to: Int.self)
        var count = 0
        // argv[argc] is the word before envp, argc the word before argv[0].
        while unsafe argv[-2 - count] != count { count += 1 }
        guard count > 1 else { return [] }
        return (1..<count).map { index in
            guard let text = unsafe end[index - count - 1] else { return "" }
            return unsafe String(cString: text)
        }
    }
}

extension Syscall {
    /// getcwd(2).
    public static func workingDirectory() throws(Errno) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try withAddress(of: &buffer[0]) { (start) throws(Errno) -> Int in
            try call(.getcwd, start, 4096)
        }
        return String(decoding: buffer[..<max(0, count - 1)], as: UTF8.self)
    }

    /// Gives descriptors 0 to 2 that are closed to /dev/null: a file opened there would be taken for standard output.
    public static func holdStandardDescriptors() throws(Errno) {
        for descriptor in 0...2 where !isOpen(descriptor) {
            // The lowest free number is the one that was found closed.
            _ = try open("/dev/null", .readWrite).release()
        }
    }

    private static func isOpen(_ descriptor: Int) -> Bool {
        // F_GETFD
        (try? call(.fcntl, descriptor, 1)) != nil
    }

    /// exit(3): ends the process.
    public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
