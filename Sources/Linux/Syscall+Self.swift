// The process itself: its current directory, its standard descriptors, its end.
import Glibc

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
