// What control groups need from the kernel: statfs by path, events of kernel files, device filters, short sleeps.
import CLinux

extension Syscall {
    /// The type of the file system at `path` (statfs(2), `f_type`).
    public static func fileSystemType(at path: String) throws(Errno) -> Int {
        // struct statfs is 120 bytes and begins with the type.
        var buffer = [Int](repeating: 0, count: 16)
        try withPath(path) { (path) throws(Errno) in
            try withAddress(of: &buffer[0]) { (buffer) throws(Errno) in
                _ = try call(.statfs, path, buffer)
            }
        }
        return buffer[0]
    }

    /// read(2) of a file that fits into 4 KiB, as kernel files with one value or a few do, as text.
    public static func readText(_ path: String, at directory: Int32 = currentDirectory) throws(Errno)
        -> String
    {
        let file = try open(path, .readOnly, at: directory)
        return String(decoding: try read(file.raw, count: 4096), as: UTF8.self)
    }

    /// write(2) of `value` to an open kernel file, in one call.
    public static func writeValue(_ value: String, to descriptor: Int32) throws(Errno) {
        var value = value
        var result: Result<Void, Errno> = .success(())
        value.withUTF8 { bytes in
            let (start, count) = (Int(bitPattern: bytes.baseAddress), bytes.count)
            do throws(Errno) { try call(.write, Int(descriptor), start, count) } catch {
                result = .failure(error)
            }
        }
        try result.get()
    }

    /// pread64(2): at most `count` bytes from `offset` on.
    public static func read(_ descriptor: Int32, count: Int, offset: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try withAddress(of: &bytes[0]) { (start) throws(Errno) -> Int in
            try call(.pread64, Int(descriptor), start, count, offset)
        }
        bytes.removeLast(count - length)
        return bytes
    }

    /// Waits until an open kernel file says that its contents changed since the last read (poll(2), POLLPRI).
    ///
    /// - Returns: false after `milliseconds` without a change.
    public static func pollChange(_ descriptor: Int32, milliseconds: Int) throws(Errno) -> Bool {
        var entry = UInt64(UInt32(bitPattern: descriptor)) | 2 << 32
        var timeout = (milliseconds / 1000, milliseconds % 1000 * 1_000_000)
        return try withAddress(of: &timeout) { (timeout) throws(Errno) -> Bool in
            try withAddress(of: &entry) { (entry) throws(Errno) -> Bool in
                try call(.ppoll, entry, 1, timeout, 0, 8) != 0
            }
        }
    }

    /// Sleeps (nanosleep(2) by ppoll(2), which the table of calls has anyway). A signal ends the sleep no earlier.
    public static func sleep(microseconds: Int) {
        var timeout = (microseconds / 1_000_000, microseconds % 1_000_000 * 1000)
        do throws(Errno) {
            try withAddress(of: &timeout) { (timeout) throws(Errno) in
                _ = try call(.ppoll, 0, 0, timeout, 0, 8)
            }
        } catch {}
    }
}

extension Syscall {
    private static let bpf = SystemCall(__NR_bpf)

    /// Loads a program of type BPF_PROG_TYPE_CGROUP_DEVICE (bpf(2)); each word is one `struct bpf_insn`.
    ///
    /// - Parameter log: receives what the verifier says of the program; pass an empty one for no log, which is faster.
    public static func loadDeviceFilter(_ instructions: [UInt64], log: inout [UInt8]) throws(Errno)
        -> FileDescriptor
    {
        let license: [UInt8] = Array("Apache-2.0".utf8) + [0]
        var logBytes = log
        defer { log = logBytes }
        let raw = try withBytes(&logBytes) { (logStart, logSize) throws(Errno) -> Int in
            try withAddress(of: license) { (license) throws(Errno) -> Int in
                var program = instructions
                return try withAddress(of: &program[0]) { (program) throws(Errno) -> Int in
                    // The members of union bpf_attr for BPF_PROG_LOAD, by words.
                    var attributes: [UInt64] = [
                        UInt64(BPF_PROG_TYPE_CGROUP_DEVICE.rawValue) | UInt64(instructions.count) << 32,
                        UInt64(program), UInt64(license),
                        logSize == 0 ? 0 : 1 | UInt64(logSize) << 32, UInt64(logStart), 0,
                        // prog_name: "apus_dev"
                        0x7665_645f_7375_7061, 0,
                    ]
                    return try withAddress(of: &attributes[0]) { (attributes) throws(Errno) -> Int in
                        try call(bpf, Int(BPF_PROG_LOAD.rawValue), attributes, 64)
                    }
                }
            }
        }
        return FileDescriptor(owning: Int32(raw))
    }

    /// Attaches a loaded device filter to the cgroup v2 directory `cgroup`; it adds to those that are there.
    public static func attachDeviceFilter(_ program: Int32, to cgroup: Int32) throws(Errno) {
        var attributes: [UInt32] = [
            UInt32(cgroup), UInt32(program), UInt32(BPF_CGROUP_DEVICE.rawValue), UInt32(BPF_F_ALLOW_MULTI),
        ]
        try withAddress(of: &attributes[0]) { (attributes) throws(Errno) in
            _ = try call(bpf, Int(BPF_PROG_ATTACH.rawValue), attributes, 16)
        }
    }

    private static func withBytes<R>(
        _ bytes: inout [UInt8], _ body: (_ start: Int, _ count: Int) throws(Errno) -> R
    ) throws(Errno) -> R {
        if bytes.isEmpty { return try body(0, 0) }
        let count = bytes.count
        return try withAddress(of: &bytes[0]) { (start) throws(Errno) -> R in try body(start, count) }
    }
}

extension Syscall {
    /// The names of the directories in an open directory (getdents64(2)); nothing else of what lies in it.
    ///
    /// Only for file systems that tell an entry's type, as those of the kernel do.
    public static func subdirectories(of directory: Int32) throws(Errno) -> [String] {
        var names: [String] = []
        var buffer = [UInt8](repeating: 0, count: 8 << 10)
        while true {
            let count = try withAddress(of: &buffer[0]) { (start) throws(Errno) -> Int in
                try call(.getdents64, Int(directory), start, 8 << 10)
            }
            if count == 0 { return names }
            var offset = 0
            while offset < count {
                // struct linux_dirent64: inode, offset, 16 bits of length, 8 bits of type, name.
                let length = Int(buffer[offset + 16]) | Int(buffer[offset + 17]) << 8
                if buffer[offset + 18] == 4, buffer[offset + 19] != UInt8(ascii: ".") {
                    let name = buffer[(offset + 19)..<(offset + length)].prefix { $0 != 0 }
                    names.append(String(decoding: name, as: UTF8.self))
                }
                offset += length
            }
        }
    }
}
