// A bundle: config.json and the root file system (bundle.md).
import Linux
import OCI

enum Bundle {
    /// The largest config.json that is read, in bytes.
    static let configurationLimit = 16 << 20

    /// The configuration of the bundle at `path`, decoded; its rules are not checked.
    static func spec(at path: String) throws(Failure) -> Spec {
        try spec(decoding: bytes(at: path))
    }

    static func spec(decoding bytes: [UInt8]) throws(Failure) -> Spec {
        do throws(SpecError) {
            var spec = try Spec(json: bytes)
            spec.adoptAnnotations()
            return spec
        } catch {
            throw Failure(error)
        }
    }

    /// What the rules of the specification find first, warnings aside.
    static func validate(_ spec: Spec) throws(Failure) {
        do throws(SpecError) { try spec.validate() } catch { throw Failure(error) }
    }

    /// The bytes of config.json.
    static func bytes(at path: String) throws(Failure) -> [UInt8] {
        let name = path + "/config.json"
        do throws(Errno) {
            let file = try Syscall.open(name, [.readOnly, .nonBlocking])
            let status = try Syscall.status("", at: file.raw)
            guard status.isRegular else {
                throw status.isDirectory ? Errno.isDirectory : Errno.invalid
            }
            guard status.size <= configurationLimit else { throw Errno(rawValue: 27) }
            return try Syscall.readAll(file.raw, expected: Int(status.size), limit: configurationLimit)
        } catch .noEntry {
            throw Failure("JSON specification file \(name) not found", errno: .noEntry)
        } catch {
            throw Failure("open \(name): \(error)", errno: error)
        }
    }

    /// The root must be a directory, and not a link to one (bundle.md; runc refuses links as well).
    static func checkRoot(_ spec: Spec, _ bundle: String) throws(Failure) {
        guard let root = spec.root else {
            throw Failure("root property must not be empty", pointer: "/root")
        }
        let path = root.path.hasPrefix("/") ? root.path : bundle + "/" + root.path
        do throws(Errno) {
            let status = try Syscall.status(path, follow: false)
            if status.isSymlink { throw Errno.loop }
            guard status.isDirectory else { throw Errno.notDirectory }
        } catch .loop {
            throw Failure("rootfs \(path) must not be a symbolic link", pointer: "/root/path")
        } catch {
            throw Failure("rootfs \(path): \(error)", pointer: "/root/path", errno: error)
        }
    }
}
