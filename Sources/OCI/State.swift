// The state of a container as the specification has it (runtime.md, State).
import JSON

/// What `state` prints, `list` lists, and hooks read.
public struct ContainerState: Sendable, Equatable {
    public var id: String
    public var status: String
    /// 0 when no process runs.
    public var pid: Int32
    public var bundle: String
    public var rootfs: String
    /// RFC 3339.
    public var created: String
    /// Name of the user who created the container.
    public var owner: String
    public var annotations: [String: String]

    public init(
        id: String, status: String, pid: Int32, bundle: String, rootfs: String, created: String, owner: String,
        annotations: [String: String]
    ) {
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.rootfs = rootfs
        self.created = created
        self.owner = owner
        self.annotations = annotations
    }

    /// The members that the specification has; `list` and `state` add what engines read besides.
    public func write(into json: inout JSONWriter, forHook: Bool = false) {
        json.object { json in
            json.member("ociVersion", "1.3.0")
            json.member("id", id)
            json.member("pid", pid)
            json.member("status", status)
            json.member("bundle", bundle)
            if !forHook {
                json.member("rootfs", rootfs)
                json.member("created", created)
            }
            if !annotations.isEmpty {
                json.member(
                    "annotations",
                    object: { json in
                        for key in annotations.keys.sorted() { json.member(key, annotations[key] ?? "") }
                    })
            }
            if !forHook { json.member("owner", owner) }
        }
    }
}
