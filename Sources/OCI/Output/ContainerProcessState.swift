// What a seccomp agent gets together with a descriptor (config-linux.md, The Container Process State).
import JSON

/// The container process state: the payload of the message that carries a seccomp listener.
public struct ContainerProcessState: Sendable, Equatable {
    /// Names of the descriptors in the message, in its order.
    public var descriptors: [String]
    /// In the runtime's pid namespace.
    public var pid: Int32
    /// `linux.seccomp.listenerMetadata`.
    public var metadata: String?
    public var state: State

    /// The name of a seccomp listener.
    public static let seccompDescriptor = "seccompFd"

    public init(descriptors: [String], pid: Int32, metadata: String? = nil, state: State) {
        self.descriptors = descriptors
        self.pid = pid
        self.metadata = metadata
        self.state = state
    }

    /// The compact JSON text.
    public var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("ociVersion", State.ociVersion)
            json.member("fds", descriptors)
            json.member("pid", pid)
            if let metadata { json.member("metadata", metadata) }
            json.member("state", object: { json in state.writeSpecified(to: &json) })
        }
        return json.bytes
    }
}
