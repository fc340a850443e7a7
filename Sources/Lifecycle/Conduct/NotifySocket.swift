// sd_notify(3) through the container's wall: what its process reports as ready, the host's service manager gets to know.
import Linux
import OCI

/// The container's socket: bound in its state directory, seen by its processes as /run/notify/notify.sock (as in runc).
final class NotifySocket {
    static let directory = "notify"
    private static let name = "notify.sock"
    static let directoryInside = "/run/notify"

    private let socket: FileDescriptor
    private let hostPath: String
    private var isDone = false

    /// The host's socket, where somebody wants to be notified; abstract ones are `@name`.
    static var hostPath: String? {
        guard let path = Environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else {
            return nil
        }
        return path
    }

    /// Adds the mount and the variable to a configuration.
    static func add(to spec: inout Spec, source: String) {
        var mount = Mount()
        mount.destination = directoryInside
        mount.type = "bind"
        mount.source = source
        mount.options = ["bind", "nosuid", "noexec", "nodev", "ro"]
        spec.mounts.append(mount)
        spec.process?.env.removeAll { $0.hasPrefix("NOTIFY_SOCKET=") }
        spec.process?.env.append("NOTIFY_SOCKET=\(directoryInside)/\(name)")
    }

    /// Makes the directory that the mount shows.
    static func prepare(at stateDirectory: Int32) throws(Failure) {
        try calls("notify directory") { () throws(Errno) in
            try Syscall.makeDirectory(directory, mode: 0o755, at: stateDirectory)
        }
    }

    /// Binds the socket; nil when nobody wants to be notified, or the container was created without a socket.
    init?(at stateDirectory: Int32) throws(Failure) {
        guard let host = Self.hostPath else { return nil }
        guard (try? Syscall.status(Self.directory, at: stateDirectory)) != nil else { return nil }
        hostPath = host
        socket = try calls("notify socket") { () throws(Errno) in
            let socket = try Syscall.datagramSocket()
            let path = "/proc/self/fd/\(stateDirectory)/\(Self.directory)/\(Self.name)"
            try? Syscall.unlink(Self.directory + "/" + Self.name, at: stateDirectory)
            try Syscall.bind(socket.raw, to: path)
            try Syscall.changeMode(Self.directory + "/" + Self.name, 0o777, at: stateDirectory)
            return socket
        }
    }

    /// To poll; -1 when the container is ready.
    var descriptor: Int32 { isDone ? -1 : socket.raw }

    /// Takes one message. Of what the container says only that it is ready goes further.
    func take(mainProcess pid: Int32) {
        guard let message = try? Syscall.read(socket.raw, count: 4096) else { return }
        for line in message.split(separator: UInt8(ascii: "\n")) where line.starts(with: "READY=".utf8) {
            isDone = true
            tellHost(Array(line), pid)
            return
        }
    }

    /// Waits until the container is ready or its process has ended.
    func wait(for process: RunningInit?) throws(Failure) {
        if let process { try wait(for: process.pid, pidfd: process.pidfd.raw) }
    }

    func wait(for pid: Int32, pidfd: Int32) throws(Failure) {
        try calls("wait for the container to be ready") { () throws(Errno) in
            while !isDone, try Syscall.poll([socket.raw, pidfd], milliseconds: -1) == 0 {
                take(mainProcess: pid)
            }
        }
    }

    /// Whoever started the service waits for these three. A manager that is gone is no reason to fail.
    private func tellHost(_ ready: [UInt8], _ pid: Int32) {
        guard let socket = try? Syscall.datagramSocket(),
            (try? Syscall.connectToNotifySocket(socket.raw, hostPath)) != nil
        else { return }
        try? Syscall.send(socket.raw, ready)
        try? Syscall.send(socket.raw, Array("MAINPID=\(pid)\n".utf8))
        // The manager closes its copy when it has read all that came before (sd_notify_barrier(3)).
        guard let pipe = try? Syscall.pipe() else { return }
        let reading = FileDescriptor(owning: pipe.reading)
        do {
            let writing = FileDescriptor(owning: pipe.writing)
            try? Syscall.send(socket.raw, Array("BARRIER=1".utf8), passing: writing.raw)
        }
        _ = try? Syscall.poll(reading.raw, milliseconds: 30_000)
    }
}
