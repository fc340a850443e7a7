// The directories of images and logs, and criu's configuration file.
import Linux

extension ImageRequest {
    /// The log of a dump or of a restoration.
    func log(_ name: String) -> String { (work ?? images) + "/" + name }

    /// Makes both directories. Images hold the container's memory: nobody else may read them.
    func makeDirectories() throws(Failure) {
        for path in [images, work ?? images] { try Self.makeDirectory(path) }
    }

    /// Makes the directory of the logs, and opens that of the images.
    func open() throws(Failure) -> FileDescriptor {
        let directory = try calls("image path \(images)") { () throws(Errno) in
            try Syscall.open(images, .directory)
        }
        if let work { try Self.makeDirectory(work) }
        return directory
    }

    /// Lets root of the container's user namespace read the images: restored, it opens them itself, at first still as the
    /// host's root without capabilities, which remains their owner.
    func share(with group: UInt32) throws(Failure) {
        try calls("images in \(images)") { () throws(Errno) in
            let directory = try Syscall.open(images, .directory)
            for name in try Syscall.entries(of: directory.raw) {
                guard try Syscall.status(name, at: directory.raw, follow: false).isRegular else { continue }
                let file = try Syscall.open(name, [.noFollow], at: directory.raw)
                try Syscall.changeOwner(file.raw, uid: .max, gid: group)
                try Syscall.changeMode(file.raw, 0o640)
            }
            try Syscall.changeOwner(directory.raw, uid: .max, gid: group)
            try Syscall.changeMode(directory.raw, 0o750)
        }
    }

    private static func makeDirectory(_ path: String) throws(Failure) {
        try calls("make directory \(path)") { () throws(Errno) in
            var place = ""
            for part in path.split(separator: "/") {
                place += "/" + part
                do throws(Errno) { try Syscall.makeDirectory(place, mode: 0o700) } catch .exists { continue }
            }
        }
    }

    /// The file that `org.criu.config` names, or else the host's own for runtimes, if there is one.
    static func configuration(_ annotations: [String: String]) throws(Failure) -> String? {
        let key = "org.criu.config"
        guard let path = annotations[key], !path.isEmpty else {
            return ["/etc/criu/apus.conf", "/etc/criu/runc.conf"].first { (try? Syscall.status($0)) != nil }
        }
        guard path.hasPrefix("/") else {
            throw Failure("must be an absolute path: \"\(path)\"", pointer: "/annotations/" + key)
        }
        do throws(Errno) { _ = try Syscall.status(path) } catch {
            throw Failure(
                "criu's configuration \(path): \(error)", pointer: "/annotations/" + key, errno: error)
        }
        return path
    }
}
