// An owned file descriptor: closed when its owner goes.

/// Owns one open descriptor. Every wrapper here opens with close-on-exec.
public struct FileDescriptor: ~Copyable, Sendable {
    public let raw: Int32

    /// Takes ownership of `raw`.
    public init(owning raw: Int32) { self.raw = raw }

    /// Gives the descriptor away: the caller owns it.
    public consuming func release() -> Int32 {
        let raw = self.raw
        discard self
        return raw
    }

    deinit { _ = CLinuxCall.raw(.close, Int(raw)) }
}

/// Owns a descriptor that several places refer to: closed with the last reference.
public final class FileDescriptorBox: Sendable {
    public let raw: Int32
    private let owner: FileDescriptor

    public init(_ descriptor: consuming FileDescriptor) {
        raw = descriptor.raw
        owner = descriptor
    }
}
