// Files and directories, by descriptor.
import CLinux

/// Typed wrappers around system calls; the only readers of a call's error number.
public enum Syscall {}

/// Flags of open(2).
public struct OpenFlags: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let readOnly: OpenFlags = []
    public static let writeOnly = OpenFlags(rawValue: Int32(APUS_O_WRONLY.rawValue))
    public static let readWrite = OpenFlags(rawValue: Int32(APUS_O_RDWR.rawValue))
    public static let create = OpenFlags(rawValue: Int32(APUS_O_CREAT.rawValue))
    public static let exclusive = OpenFlags(rawValue: Int32(APUS_O_EXCL.rawValue))
    public static let truncate = OpenFlags(rawValue: Int32(APUS_O_TRUNC.rawValue))
    public static let append = OpenFlags(rawValue: Int32(APUS_O_APPEND.rawValue))
    public static let sync = OpenFlags(rawValue: Int32(APUS_O_SYNC.rawValue))
    public static let nonBlocking = OpenFlags(rawValue: Int32(APUS_O_NONBLOCK.rawValue))
    public static let directory = OpenFlags(rawValue: Int32(APUS_O_DIRECTORY.rawValue))
    public static let noFollow = OpenFlags(rawValue: Int32(APUS_O_NOFOLLOW.rawValue))
    public static let pathOnly = OpenFlags(rawValue: Int32(APUS_O_PATH.rawValue))
    public static let closeOnExec = OpenFlags(rawValue: Int32(APUS_O_CLOEXEC.rawValue))
    public static let noControllingTerminal = OpenFlags(rawValue: Int32(APUS_O_NOCTTY.rawValue))
    /// An unnamed file in the directory that is opened (O_TMPFILE).
    public static let temporary = OpenFlags(rawValue: Int32(APUS_O_TMPFILE.rawValue))
}

/// What statx(2) says of a file.
public struct FileStatus: Sendable, Equatable {
    public var mode: UInt16
    public var uid: UInt32
    public var gid: UInt32
    public var size: UInt64
    public var inode: UInt64
    public var deviceMajor: UInt32
    public var deviceMinor: UInt32
    /// The device that a device node stands for.
    public var nodeMajor: UInt32
    public var nodeMinor: UInt32
    public var mountID: UInt64
    /// Number of names; 0 for a removed file.
    public var links: UInt32

    public var isDirectory: Bool { mode & 0o170_000 == 0o040_000 }
    public var isRegular: Bool { mode & 0o170_000 == 0o100_000 }
    public var isSymlink: Bool { mode & 0o170_000 == 0o120_000 }
    public var isCharacterDevice: Bool { mode & 0o170_000 == 0o020_000 }
    public var isBlockDevice: Bool { mode & 0o170_000 == 0o060_000 }
    public var isSocket: Bool { mode & 0o170_000 == 0o140_000 }
    public var isFIFO: Bool { mode & 0o170_000 == 0o010_000 }
    public var permissions: UInt16 { mode & 0o7777 }
}

extension Syscall {
    /// Paths are relative to the current directory (AT_FDCWD).
    public static let currentDirectory: Int32 = -100

    /// openat(2), always close-on-exec.
    public static func open(
        _ path: String, _ flags: OpenFlags = .readOnly, mode: UInt32 = 0,
        at directory: Int32 = currentDirectory
    ) throws(Errno) -> FileDescriptor {
        let raw = try withPath(path) { (path) throws(Errno) -> Int in
            try call(
                .openat, Int(directory), path, Int(flags.union(.closeOnExec).rawValue), Int(mode))
        }
        return FileDescriptor(owning: Int32(raw))
    }

    /// openat2(2) with `resolve` (RESOLVE_*), always close-on-exec.
    public static func open(
        _ path: String, _ flags: OpenFlags, resolve: UInt64, at directory: Int32
    ) throws(Errno) -> FileDescriptor {
        var how = open_how()
        how.flags = UInt64(flags.union(.closeOnExec).rawValue)
        how.resolve = resolve
        do throws(Errno) {
            let raw = try withPath(path) { (path) throws(Errno) -> Int in
                try withAddress(of: &how) { (how) throws(Errno) -> Int in
                    try call(.openat2, Int(directory), path, how, MemoryLayout<open_how>.size)
                }
            }
            return FileDescriptor(owning: Int32(raw))
        } catch {
            let isRooted = resolve == UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
            guard error.isDenial, isRooted else { throw error }
            return try RootWalk.open(path, flags, below: directory)
        }
    }

    /// Runs `body` with the address of `value`.
    @inline(__always)
    static func withAddress<T, R>(of value: inout T, _ body: (Int) throws(Errno) -> R) throws(Errno) -> R {
        var result: Result<R, Errno> = .failure(.invalid)
        unsafe withUnsafeMutablePointer(to: &value) { pointer in
            let start = Int(bitPattern: pointer)
            do throws(Errno) { result = .success(try body(start)) } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// Runs `body` with the address of the first of `bytes`, or of other numbers.
    @inline(__always)
    static func withAddress<Number: FixedWidthInteger, R>(
        of bytes: [Number], _ body: (Int) throws(Errno) -> R
    ) throws(Errno) -> R {
        var result: Result<R, Errno> = .failure(.invalid)
        unsafe bytes.withUnsafeBufferPointer { buffer in
            let start = Int(bitPattern: buffer.baseAddress)
            do throws(Errno) { result = .success(try body(start)) } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// read(2): at most `count` bytes; empty at the end of the file.
    public static func read(_ descriptor: Int32, count: Int) throws(Errno) -> [UInt8] {
        var length = 0
        var failure: Errno?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(Errno) {
                length = try call(
                    .read, Int(descriptor), Int(bitPattern: buffer.baseAddress), count)
            } catch {
                failure = error
            }
            initialized = length
        }
        if let failure { throw failure }
        return bytes
    }

    /// Everything from here to the end of the file, which is some `expected` bytes away; EFBIG above `limit` bytes.
    public static func readAll(
        _ descriptor: Int32, expected: Int = 2 << 10, limit: Int = 64 << 20
    ) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        // Small buffers: each page that is touched first costs more than a read.
        var chunk = expected + 64
        while true {
            let part = try read(descriptor, count: chunk)
            if part.isEmpty { return bytes }
            // Usually the next read finds the end. A file of /proc may give less than is there.
            chunk = part.count == chunk ? min(chunk * 4, 1 << 20) : min(chunk, 1 << 10)
            if bytes.isEmpty { bytes = part } else { bytes += part }
            if bytes.count > limit { throw Errno(rawValue: 27) }
        }
    }

    /// The contents of the file at `path`.
    public static func readFile(
        _ path: String, at directory: Int32 = currentDirectory, limit: Int = 64 << 20
    ) throws(Errno) -> [UInt8] {
        let file = try open(path, .readOnly, at: directory)
        return try readAll(file.raw, limit: limit)
    }

    /// write(2) until everything is written.
    public static func write(_ descriptor: Int32, _ bytes: [UInt8]) throws(Errno) {
        try withAddress(of: bytes) { (start) throws(Errno) in
            var done = 0
            while done < bytes.count {
                done += try call(.write, Int(descriptor), start + done, bytes.count - done)
            }
        }
    }

    /// One write(2): kernel files take a value whole or not at all.
    public static func writeValue(
        _ value: String, to path: String, at directory: Int32 = currentDirectory
    ) throws(Errno) {
        let file = try open(path, .writeOnly, at: directory)
        let bytes = Array(value.utf8)
        try withAddress(of: bytes) { (start) throws(Errno) in
            _ = try call(.write, Int(file.raw), start, bytes.count)
        }
    }

    /// mkdirat(2).
    public static func makeDirectory(
        _ path: String, mode: UInt32, at directory: Int32 = currentDirectory
    ) throws(Errno) {
        try withPath(path) { (path) throws(Errno) in
            _ = try call(.mkdirat, Int(directory), path, Int(mode))
        }
    }

    /// unlinkat(2); with `directory` true, as rmdir(2).
    public static func unlink(
        _ path: String, at parent: Int32 = currentDirectory, directory: Bool = false
    ) throws(Errno) {
        try withPath(path) { (path) throws(Errno) in
            _ = try call(.unlinkat, Int(parent), path, directory ? Int(APUS_AT_REMOVEDIR.rawValue) : 0)
        }
    }

    /// renameat2(2) within `directory`.
    public static func rename(
        _ old: String, to new: String, at directory: Int32 = currentDirectory
    ) throws(Errno) {
        try withPath(old) { (old) throws(Errno) in
            try withPath(new) { (new) throws(Errno) in
                _ = try call(.renameat2, Int(directory), old, Int(directory), new, 0)
            }
        }
    }

    /// statx(2); an empty path means the descriptor itself.
    public static func status(
        _ path: String, at directory: Int32 = currentDirectory, follow: Bool = true
    ) throws(Errno) -> FileStatus {
        var status = statx()
        let flags =
            (path.isEmpty ? APUS_AT_EMPTY_PATH.rawValue : 0)
            | (follow ? 0 : APUS_AT_SYMLINK_NOFOLLOW.rawValue)
        try withPath(path) { (path) throws(Errno) in
            try withAddress(of: &status) { (status) throws(Errno) in
                _ = try call(
                    .statx, Int(directory), path, Int(flags),
                    Int(UInt32(STATX_BASIC_STATS) | UInt32(STATX_MNT_ID)), status)
            }
        }
        return FileStatus(
            mode: status.stx_mode, uid: status.stx_uid, gid: status.stx_gid, size: status.stx_size,
            inode: status.stx_ino, deviceMajor: status.stx_dev_major, deviceMinor: status.stx_dev_minor,
            nodeMajor: status.stx_rdev_major, nodeMinor: status.stx_rdev_minor, mountID: status.stx_mnt_id,
            links: status.stx_nlink)
    }

    /// The type of the file system that `descriptor` lies on (statfs(2), `f_type`).
    public static func fileSystemType(_ descriptor: Int32) throws(Errno) -> Int {
        var buffer = [Int](repeating: 0, count: 32)
        return try withAddress(of: &buffer[0]) { (start) throws(Errno) -> Int in
            _ = try call(.fstatfs, Int(descriptor), start)
            return unsafe UnsafePointer<Int>(bitPattern: start)!.pointee
        }
    }

    /// fchown(2).
    public static func changeOwner(_ descriptor: Int32, uid: UInt32, gid: UInt32) throws(Errno) {
        try call(.fchown, Int(descriptor), Int(uid), Int(gid))
    }

    /// faccessat(2) for writing.
    public static func checkWritable(_ path: String) throws(Errno) {
        try withPath(path) { (path) throws(Errno) in
            _ = try call(.faccessat, Int(currentDirectory), path, 2)
        }
    }

    /// flock(2), waiting for the lock.
    public static func lock(_ descriptor: Int32) throws(Errno) {
        try call(.flock, Int(descriptor), 2)
    }

    /// The names in an open directory but "." and ".." (getdents64(2)).
    public static func entries(of directory: Int32) throws(Errno) -> [String] {
        var names: [String] = []
        var buffer = [UInt8](repeating: 0, count: 2 << 10)
        while true {
            let count = try withAddress(of: &buffer[0]) { (start) throws(Errno) -> Int in
                try call(.getdents64, Int(directory), start, 2 << 10)
            }
            if count == 0 { return names }
            var offset = 0
            while offset < count {
                let length = Int(buffer[offset + 16]) | Int(buffer[offset + 17]) << 8
                let end = buffer[(offset + 19)...].firstIndex(of: 0) ?? count
                let name = String(decoding: buffer[(offset + 19)..<end], as: UTF8.self)
                if name != "." && name != ".." { names.append(name) }
                offset += length
            }
        }
    }

    /// readlinkat(2).
    public static func readLink(_ path: String, at directory: Int32 = currentDirectory) throws(Errno)
        -> String
    {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try withPath(path) { (path) throws(Errno) -> Int in
            try withAddress(of: &buffer[0]) { (start) throws(Errno) -> Int in
                try call(.readlinkat, Int(directory), path, start, 4096)
            }
        }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
