// What callers of `checkpoint` and `restore` ask for.

/// How criu treats the cgroups of an image (criu(8), --manage-cgroups).
public enum CgroupRestoration: String, Sendable, CaseIterable {
    case soft, full, strict, ignore
}

/// What both commands take.
public struct ImageRequest: Sendable {
    public var id: String
    /// Where the images are, or go. Absolute.
    public var images: String
    /// Where criu's log goes; nil for the images' directory. Absolute.
    public var work: String?
    public var cgroups = CgroupRestoration.soft
    /// Options of criu that are handed on as they are.
    public var options: [String] = []

    public init(id: String, images: String) {
        self.id = id
        self.images = images
    }
}

public struct CheckpointRequest: Sendable {
    public var image: ImageRequest
    /// The images of an earlier `--pre-dump`, relative to the new ones.
    public var parent: String?
    public var leaveRunning = false
    /// Memory only; the container runs on.
    public var preDump = false
    /// A terminal of the caller, rather than one of the container's own, may be part of it.
    public var shellJob = false
    /// Where a page server listens: `ADDRESS:PORT`.
    public var pageServer: String?
    /// criu says here that it is ready to hand out pages.
    public var statusDescriptor: Int32?

    public init(_ image: ImageRequest) { self.image = image }
}

public struct RestoreRequest: Sendable {
    public var image: ImageRequest
    /// Absolute path.
    public var bundle: String
    /// Absolute path.
    public var pidFile: String?
    /// Absolute path.
    public var pidfdSocket: String?
    /// A terminal of the caller may be part of it.
    public var shellJob = false
    public var detach = false
    public var noSubreaper = false
    /// The container's state stays when its process has ended.
    public var keep = false

    public init(_ image: ImageRequest, bundle: String) {
        self.image = image
        self.bundle = bundle
    }
}
