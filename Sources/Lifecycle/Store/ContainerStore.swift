// The directory of all containers' states, and the lock of each.
import Linux
import OCI

/// The state directory `ROOT`, one directory for each container in it.
struct ContainerStore: Sendable {
    let root: String

    static let record = "state.json"
    /// config.json as `create` read it: what the caller makes of the bundle's later has no effect (runtime.md, Lifecycle,
    /// step 2), and `exec` begins with it. Decision 0005.
    static let configuration = "config.json"
    /// There while a created container waits for `start`.
    static let startSocket = "start.sock"

    /// Letters, digits and `_+-.`, not starting with a dot (peers.md 3.1).
    static func validate(_ id: String) throws(Failure) {
        let valid = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard valid, let first = id.utf8.first, first != UInt8(ascii: "."), id.utf8.count <= 255 else {
            throw Failure("invalid container ID format: \"\(id)\"")
        }
    }

    /// Makes the directory of a new container, locked until the descriptor is closed.
    func reserve(_ id: String) throws(Failure) -> FileDescriptor {
        try Self.validate(id)
        do throws(Errno) {
            do throws(Errno) {
                try Syscall.makeDirectory(root + "/" + id, mode: 0o711)
            } catch .noEntry {
                try makeRoot()
                try Syscall.makeDirectory(root + "/" + id, mode: 0o711)
            }
        } catch .exists {
            throw Failure("container with given ID already exists")
        } catch {
            throw Failure("state directory \(root)/\(id): \(error)", errno: error)
        }
        return try openLocked(id)
    }

    private func makeRoot() throws(Errno) {
        // An ordinary user's states are nobody else's, and the sticky bit keeps what tidies $XDG_RUNTIME_DIR off them (XDG
        // Base Directory Specification).
        let mode: UInt32 = Syscall.effectiveUserID() == 0 ? 0o711 : 0o1700
        var path = ""
        for part in root.split(separator: "/") {
            path += "/" + part
            do throws(Errno) { try Syscall.makeDirectory(path, mode: mode) } catch .exists { continue }
        }
    }

    /// The directory of a container, locked. Waits ten seconds for a command that works on it.
    func openLocked(_ id: String) throws(Failure) -> FileDescriptor {
        let directory = try open(id)
        try lock(id, at: directory.raw)
        return directory
    }

    /// Locks the open directory of a container, if it is there still.
    func lock(_ id: String, at directory: Int32) throws(Failure) {
        do throws(Errno) {
            for _ in 0..<1000 {
                do throws(Errno) {
                    try Syscall.tryLock(directory)
                    // Whoever held the lock may have removed the container.
                    guard try Syscall.status("", at: directory).links > 0 else { throw Errno.noEntry }
                    return
                } catch .again {
                    Syscall.sleep(milliseconds: 10)
                }
            }
        } catch .noEntry {
            throw Self.missing
        } catch {
            throw Failure("lock of container \(id): \(error)", errno: error)
        }
        throw Failure("container \(id) is busy: another command holds its lock")
    }

    static let missing = Failure("container does not exist")

    /// The directory of a container, not locked.
    func open(_ id: String) throws(Failure) -> FileDescriptor {
        try Self.validate(id)
        do throws(Errno) {
            return try Syscall.open(root + "/" + id, [.directory, .noFollow])
        } catch .noEntry {
            throw Self.missing
        } catch {
            throw Failure("state directory \(root)/\(id): \(error)", errno: error)
        }
    }

    /// The record; nil in the moment before it is written first.
    func load(_ id: String, at directory: Int32) throws(Failure) -> ContainerRecord? {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try Syscall.readFile(Self.record, at: directory)
        } catch .noEntry {
            return nil
        } catch {
            throw Failure("state of container \(id): \(error)", errno: error)
        }
        if bytes.isEmpty { return nil }
        do throws(SpecError) {
            return try ContainerRecord(json: bytes)
        } catch {
            throw Failure("state of container \(id): \(error)")
        }
    }

    /// Writes the record so that a reader sees the old one or the new one, never a part. The `first` one needs no care:
    /// until it is there, a reader finds an empty file or none.
    func save(_ record: ContainerRecord, at directory: Int32, first: Bool = false) throws(Failure) {
        let name = first ? Self.record : "." + Self.record
        try calls("state of container \(record.id)") { () throws(Errno) in
            let file = try Syscall.open(
                name, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600, at: directory)
            try Syscall.write(file.raw, record.encoded())
            if !first { try Syscall.rename(name, to: Self.record, at: directory) }
        }
    }

    /// Keeps `bytes` as the container's configuration.
    func saveConfiguration(_ bytes: [UInt8], at directory: Int32) throws(Failure) {
        try calls("state directory \(root): \(Self.configuration)") { () throws(Errno) in
            let file = try Syscall.open(
                Self.configuration, [.writeOnly, .create, .truncate, .noFollow], mode: 0o600, at: directory)
            try Syscall.write(file.raw, bytes)
        }
    }

    /// The configuration that the container was created with.
    func configuration(_ id: String, at directory: Int32) throws(Failure) -> Spec {
        let bytes = try calls("configuration of container \(id)") { () throws(Errno) in
            try Syscall.readFile(Self.configuration, at: directory)
        }
        return try Bundle.spec(decoding: bytes)
    }

    /// Removes the container's directory with all in it.
    func remove(_ id: String, at directory: Int32) throws(Failure) {
        do throws(Errno) {
            for name in try Syscall.entries(of: directory) {
                do throws(Errno) {
                    try Syscall.unlink(name, at: directory)
                } catch .isDirectory {
                    try Self.removeDirectory(name, at: directory)
                }
            }
            try Syscall.unlink(root + "/" + id, directory: true)
        } catch .noEntry {
            return
        } catch {
            throw Failure("state directory \(root)/\(id): \(error)", errno: error)
        }
    }

    /// Removes a directory of files: the one with the notify socket.
    private static func removeDirectory(_ name: String, at parent: Int32) throws(Errno) {
        let directory = try Syscall.open(name, [.directory, .noFollow], at: parent)
        for entry in try Syscall.entries(of: directory.raw) { try Syscall.unlink(entry, at: directory.raw) }
        try Syscall.unlink(name, at: parent, directory: true)
    }

    /// The ids of all containers, sorted.
    func ids() throws(Failure) -> [String] {
        do throws(Errno) {
            let directory = try Syscall.open(root, .directory)
            return try Syscall.entries(of: directory.raw).filter { !$0.hasPrefix(".") }.sorted()
        } catch .noEntry {
            return []
        } catch {
            throw Failure("state directory \(root): \(error)", errno: error)
        }
    }
}
