// Compiled filters on disk: compiling Docker's profile takes milliseconds, reading it back some microseconds.
import Linux
import OCI

/// The cache of compiled filters, the directory `.cache/seccomp` in the runtime's state directory.
///
/// An entry decides what a container may call, so it is believed only where nobody else can have written it:
/// the directories on the way and the file belong to the effective user and are closed to writes of others.
public struct SeccompCache: Sendable {
    /// The state directory, which must exist, and the two directories below it, which are made on demand.
    private let root: String
    private let below: [String]

    /// More than this many files are thrown away at once: a profile per container must not fill /run.
    static let capacity = 128

    /// - Parameter directory: the cache itself, such as "/run/apus/.cache/seccomp".
    public init(directory: String) {
        let parts = directory.split(separator: "/")
        below = parts.suffix(2).map(String.init)
        let root = parts.dropLast(2).joined(separator: "/")
        self.root = directory.utf8.first == UInt8(ascii: "/") ? "/" + root : root.isEmpty ? "." : root
    }

    /// The filter of `profile`, from the cache where it holds it. A cache that cannot be read or written is
    /// as good as an empty one.
    public func filter(for profile: SeccompProfile) throws(SeccompError) -> SeccompFilter {
        let key = ProfileKey(profile)
        if let filter = load(key) { return filter }
        let filter = try SeccompFilter.compile(profile)
        store(filter, key)
        return filter
    }

    /// The stored filter of `profile`; nil where there is none that is whole and to be trusted.
    public func load(_ profile: SeccompProfile) -> SeccompFilter? { load(ProfileKey(profile)) }

    /// Stores `filter` as what `profile` compiles to. Failing is not an error.
    public func store(_ filter: SeccompFilter, for profile: SeccompProfile) {
        store(filter, ProfileKey(profile))
    }
}

extension SeccompCache {
    private func load(_ key: ProfileKey) -> SeccompFilter? {
        do throws(Errno) {
            let parent = try open(create: false)
            let file = try Syscall.open(
                key.fileName, [.noFollow, .nonBlocking], at: parent.raw)
            let status = try Syscall.status("", at: file.raw)
            let limit = CacheEntry.headerSize + SeccompFilter.instructionLimit * SeccompFilter.instructionSize
            guard status.isRegular, isOurs(status), status.size <= limit else { return nil }
            let bytes = try Syscall.read(file.raw, count: Int(status.size) + 1)
            return CacheEntry.decode(bytes, key: key)
        } catch {
            return nil
        }
    }

    private func store(_ filter: SeccompFilter, _ key: ProfileKey) {
        do throws(Errno) {
            let parent = try open(create: true)
            let names = try Syscall.entries(of: parent.raw)
            if names.count >= Self.capacity {
                for name in names { try Syscall.unlink(name, at: parent.raw) }
            }
            let temporary = "\(key.fileName).\(Syscall.processID())"
            let file = try Syscall.open(
                temporary, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600, at: parent.raw)
            do throws(Errno) {
                try Syscall.write(file.raw, CacheEntry.encode(filter, key: key))
                try Syscall.rename(temporary, to: key.fileName, at: parent.raw)
            } catch {
                try Syscall.unlink(temporary, at: parent.raw)
            }
        } catch {
            return
        }
    }

    /// The cache's directory, each part opened below the one before; EPERM where one is not to be trusted.
    private func open(create: Bool) throws(Errno) -> FileDescriptor {
        guard below.count == 2 else { throw .invalid }
        var parent = try Syscall.open(root, [.pathOnly, .directory])
        let base = try Syscall.status("", at: parent.raw)
        // In a directory with the sticky bit nobody else can put another `.cache` in place of ours.
        let sticky: UInt16 = 0o1000
        guard isOurs(base) || (base.uid == 0 && base.mode & sticky != 0) else { throw .notPermitted }
        for name in below {
            if create {
                do throws(Errno) {
                    try Syscall.makeDirectory(name, mode: 0o700, at: parent.raw)
                } catch .exists {}
            }
            // entries(of:) needs a directory that is open for reading.
            let next = try Syscall.open(name, [.directory, .noFollow], at: parent.raw)
            guard isOurs(try Syscall.status("", at: next.raw)) else { throw .notPermitted }
            parent = next
        }
        return parent
    }

    private func isOurs(_ status: FileStatus) -> Bool {
        let writableByOthers: UInt16 = 0o022
        return status.uid == Syscall.effectiveUserID() && status.mode & writableByOthers == 0
    }
}
