// The state of a container: what `state` and `list` print and what hooks read on stdin (runtime.md, State).
import JSON

/// One container's state.
public struct State: Sendable, Equatable {
    /// runtime.md, State; `paused` is every peer's extension.
    public enum Status: String, Sendable {
        case creating, created, running, stopped, paused
    }

    /// The version of the specification that the runtime follows.
    public static let ociVersion = "1.3.0"

    public var id: String
    public var status: Status
    /// In the runtime's pid namespace; 0 when there is no process.
    public var pid: Int32
    /// Absolute path.
    public var bundle: String
    public var annotations: [String: String]
    /// Absolute path.
    public var rootfs: String
    /// When the container was created, as RFC 3339 has it; engines fail on anything else.
    public var created: String
    /// Name of the user who created the container.
    public var owner: String

    public init(
        id: String, status: Status, pid: Int32, bundle: String, annotations: [String: String] = [:],
        rootfs: String = "", created: String = "", owner: String = ""
    ) {
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.annotations = annotations
        self.rootfs = rootfs
        self.created = created
        self.owner = owner
    }

    /// The object of `state` and `list`, with runc's additions to the specification.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("ociVersion", State.ociVersion)
            json.member("id", id)
            json.member("pid", pid)
            json.member("status", status.rawValue)
            json.member("bundle", bundle)
            json.member("rootfs", rootfs)
            json.member("created", created)
            writeAnnotations(to: &json)
            json.member("owner", owner)
        }
    }

    /// The compact text that a hook reads: the specification's members only.
    public var hookInput: [UInt8] {
        var json = JSONWriter()
        json.object { json in writeSpecified(to: &json) }
        return json.bytes
    }

    /// The members that the specification has.
    func writeSpecified(to json: inout JSONWriter) {
        json.member("ociVersion", State.ociVersion)
        json.member("id", id)
        json.member("status", status.rawValue)
        if pid != 0 { json.member("pid", pid) }
        json.member("bundle", bundle)
        writeAnnotations(to: &json)
    }

    /// In the order of the keys, so that equal states are equal texts.
    private func writeAnnotations(to json: inout JSONWriter) {
        if annotations.isEmpty { return }
        json.member(
            "annotations",
            object: { json in
                for (key, value) in annotations.sorted(by: { $0.key < $1.key }) { json.member(key, value) }
            })
    }
}
