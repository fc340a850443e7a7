// Copies of descriptors.

extension Syscall {
    /// A copy of `descriptor` that is no standard descriptor, close-on-exec (fcntl(2), F_DUPFD_CLOEXEC).
    public static func duplicate(_ descriptor: Int32) throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: Int32(try call(.fcntl, Int(descriptor), 1030, 3)))
    }
}
