// From the record to the state that people, engines and hooks see.
import Cgroups
import Linux
import OCI

extension ContainerRecord {
    func state(_ status: State.Status) -> State {
        State(
            id: id, status: status, pid: status == .stopped ? 0 : pid, bundle: bundle,
            annotations: annotations,
            rootfs: rootfs, created: created, owner: owner)
    }
}

extension Failure {
    init(_ error: CgroupError) {
        self.init(
            error.message, pointer: error.pointer.isEmpty ? nil : error.pointer, errno: error.errno,
            phase: "cgroup")
    }
}

/// The name of the user who creates.
enum Owner {
    static func name(of uid: UInt32) -> String {
        if uid == 0 { return "root" }
        guard let bytes = try? Syscall.readFile("/etc/passwd", limit: 1 << 20) else { return String(uid) }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            if fields.count > 2, fields[2].elementsEqual(String(uid).utf8) {
                return String(decoding: fields[0], as: UTF8.self)
            }
        }
        return String(uid)
    }
}
