// Sealed files in memory (memfd_create(2)).
import CLinux

extension Syscall {
    /// An executable file in memory, close-on-exec, that can be sealed.
    public static func memoryFile(_ name: String) throws(Errno) -> FileDescriptor {
        // MFD_EXEC (0x10) is since 6.3; before, memfds are executable anyway.
        func create(_ flags: UInt32) throws(Errno) -> FileDescriptor {
            let raw = try withPath(name) { (name) throws(Errno) -> Int in
                try call(.memfdCreate, name, Int(flags))
            }
            return FileDescriptor(owning: Int32(raw))
        }
        let flags = UInt32(MFD_CLOEXEC) | UInt32(MFD_ALLOW_SEALING)
        do throws(Errno) {
            return try create(flags | 0x10)
        } catch .invalid {
            return try create(flags)
        }
    }

    /// A file for what passes between two processes: in memory, or where that is denied (EACCES: vm.memfd_noexec) one
    /// without a name.
    public static func scratchFile(_ name: String) throws(Errno) -> FileDescriptor {
        do throws(Errno) {
            return try memoryFile(name)
        } catch {
            guard error.isDenial || error == .permissionDenied else { throw error }
            return try namelessFile()
        }
    }

    /// What stands in for a memory file where memfd_create(2) is denied: a file without a name (open(2), O_TMPFILE).
    public static func namelessFile() throws(Errno) -> FileDescriptor {
        var last = Errno.noEntry
        for directory in ["/var/tmp", "/tmp", "/"] {
            do throws(Errno) {
                return try open(directory, [.readWrite, .temporary, .directory], mode: 0o700)
            } catch { last = error }
        }
        throw last
    }

    /// pwrite64(2) until everything is written.
    public static func write(_ descriptor: Int32, _ bytes: [UInt8], offset: Int) throws(Errno) {
        try withAddress(of: bytes) { (start) throws(Errno) in
            try write(descriptor, start, bytes.count, offset)
        }
    }

    /// pwrite64(2) of words, in this machine's byte order, until everything is written.
    public static func write(_ descriptor: Int32, _ words: [UInt64], offset: Int) throws(Errno) {
        try withAddress(of: words) { (start) throws(Errno) in
            try write(descriptor, start, words.count * 8, offset)
        }
    }

    private static func write(
        _ descriptor: Int32, _ start: Int, _ count: Int, _ offset: Int
    ) throws(Errno) {
        var done = 0
        while done < count {
            done += try call(.pwrite64, Int(descriptor), start + done, count - done, offset + done)
        }
    }

    /// Forbids any further change of a memory file's size, contents and seals (fcntl(2), F_ADD_SEALS).
    public static func seal(_ descriptor: Int32) throws(Errno) {
        // F_ADD_SEALS; F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE.
        try call(.fcntl, Int(descriptor), 1033, 0xf)
    }
}
