// A mount of config.json, its options taken apart.
import Linux
import OCI

/// One entry of `mounts`, ready to be lowered.
public struct MountPlan: Sendable, Equatable {
    /// Destination below the root, cleaned, without a leading slash; empty for the root itself.
    public var destination: String
    public var source: MountSource
    /// Attributes of this mount (MOUNT_ATTR_*).
    public var attributes: MountAttributes
    /// Attributes of the whole tree.
    public var recursiveAttributes: MountAttributes
    public var propagation: [Propagation]
    public var destinationPolicy: DestinationPolicy
    /// `dest-nofollow`: a link at the destination is itself the place.
    public var isOnLink = false
    /// The runtime has opened the source: the init may not get there, or the mount shall have its ids mapped.
    public var isOpened = false
    /// Read-only in the end, but something is made in it before that.
    public var isFilled = false
}

/// A bind mount that the runtime makes, detached, with its own privileges.
public struct OpenedMount: Sendable, Equatable {
    public var path: String
    public var recursive: Bool
    /// A link at `path` is itself what is bound.
    public var isLink = false
    /// MS_SLAVE and the like: what the container's mount namespace does to the mounts that it copies.
    public var propagation: UInt64
    public var idMap: MountIDMap?
}

/// Which ids a mount shows (mount_setattr(2), MOUNT_ATTR_IDMAP).
public struct MountIDMap: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        /// A user namespace with these maps, made for the mount.
        case maps(uids: [IDMapping], gids: [IDMapping])
        /// The user namespace that `linux.namespaces[index].path` names.
        case joined(index: Int)
    }

    public var source: Source
    public var recursive: Bool
}

/// What gets mounted.
public enum MountSource: Sendable, Equatable {
    case filesystem(FilesystemMount)
    case bind(path: String, recursive: Bool, kind: SourceKind)
    /// `copy-symlink`: nothing is mounted, but a link with this target is made.
    case link(target: String)
    /// Changes what is mounted at the destination already.
    case remount(options: [FilesystemOption], isBind: Bool)
    /// cgroup v1: a tmpfs with one directory for each hierarchy.
    case cgroupHierarchies([CgroupHierarchyMount], readOnly: Bool)

    var isLink: Bool {
        if case .link = self { true } else { false }
    }
}

/// A new instance of a file system (fsopen(2), fsconfig(2)).
public struct FilesystemMount: Sendable, Equatable {
    public var type: String
    public var source: String
    public var options: [FilesystemOption]
    /// tmpcopyup: the directory to copy, `destination` below the rootfs, or below the source of an earlier bind.
    public var copyUp: CopySource?
    /// The init makes it, and the runtime copies into it from inside the user namespace.
    public var isFilledInside = false
    /// A tmpfs without a mode of its own takes the mode of the directory that it hides.
    public var takesMode = false
    /// An SELinux label for its root, where the file system takes no option for one.
    public var label: String?
    public var attributes: UInt64 = 0
    /// iversion: a flag that only mount(2) can set.
    public var hasVersion = false
    /// What is bound instead where the kernel refuses a new instance (EPERM): in a user namespace that does not own the
    /// namespace which the file system shows.
    public var fallback: BindFallback?
}

/// A bind mount of the host's tree in place of a file system's new instance.
public struct BindFallback: Sendable, Equatable {
    public var path: String
    /// MOUNT_ATTR_* of the whole tree.
    public var attributes: UInt64
}

/// Where tmpcopyup copies from.
public enum CopySource: Sendable, Equatable {
    case root(path: String)
    case host(path: String, below: String)
    case nothing
}

/// One option for the file system: a flag, or a key with a value.
public struct FilesystemOption: Sendable, Equatable {
    public var key: String
    public var value: String?

    public init(_ key: String, _ value: String? = nil) {
        self.key = key
        self.value = value
    }
}

/// One hierarchy in a cgroup v1 mount.
public struct CgroupHierarchyMount: Sendable, Equatable {
    /// Directory name: "cpu,cpuacct".
    public var name: String
    /// Options of a new mount in the container's cgroup namespace; nil when `path` is to be bound.
    public var options: [FilesystemOption]?
    /// The container's cgroup on the host.
    public var path: String
    /// Other names of it: "cpu", "cpuacct".
    public var links: [String]
}

/// How strict the destination is looked at.
public enum DestinationPolicy: Sendable, Equatable {
    /// Anywhere in the root but on a procfs (CVE-2019-16884).
    case outsideProc
    /// proc and sysfs: no symlink on the way (CVE-2023-27561, CVE-2025-54867).
    case noSymlinks
    /// One of the files in /proc that may be covered.
    case allowedInProc
}
