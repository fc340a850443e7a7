// The mount options of config.json: one row per name says what the option does. Any other name is file system data.

import CLinux

/// A row of the table: an option's name and its effect.
public struct MountOption: Sendable {
    public let name: String
    public let effect: Effect

    /// What an option does to the mount that it is written at.
    public enum Effect: Sendable, Equatable {
        /// Bits of `struct mount_attr` (mount_setattr(2)) for this mount; fold them with `MountAttributes`.
        case attribute(set: UInt64, clear: UInt64)
        /// The same for this mount and all below it (AT_RECURSIVE).
        case recursiveAttribute(set: UInt64, clear: UInt64)
        /// `ro` and `rw`: the mount's attribute MOUNT_ATTR_RDONLY and, for a new file system, the key of fsconfig(2).
        case readOnly(Bool)
        /// A flag of the file system: `key` for FSCONFIG_SET_FLAG, nil where fsconfig(2) has no word for it and the
        /// option is without effect there; `flag` is mount(2)'s bit, to be set or cleared.
        case superblock(key: String?, flag: UInt64, set: Bool)
        /// MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE.
        case propagation(flag: UInt64, recursive: Bool)
        case bind(recursive: Bool)
        case remount
        /// The tmpfs gets a copy of what it hides.
        case tmpcopyup
        case idmap(recursive: Bool)
        case copySymlink
        case sourceNoFollow
        case destinationNoFollow
        case nothing
    }

    /// The effect of the option `name`; nil when it is data for the file system.
    public static func effect(of name: String) -> Effect? {
        let count = name.utf8.count
        for row in rows where row.name.utf8.count == count && row.name == name { return row.effect }
        if name.hasPrefix("idmap=") { return .idmap(recursive: false) }
        if name.hasPrefix("ridmap=") { return .idmap(recursive: true) }
        return nil
    }

    /// All names in byte order, for `features.mountOptions` and for nearest names.
    public static var names: [String] { rows.map(\.name).sorted() }

    private init(_ name: String, _ effect: Effect) {
        self.name = name
        self.effect = effect
    }

    /// A pair of rows: the option for one mount, and with an `r` before its name the recursive one.
    private static func attribute(_ name: String, set: Int32 = 0, clear: Int32 = 0) -> [MountOption] {
        let (set, clear) = (UInt64(UInt32(bitPattern: set)), UInt64(UInt32(bitPattern: clear)))
        return [
            MountOption(name, .attribute(set: set, clear: clear)),
            MountOption("r" + name, .recursiveAttribute(set: set, clear: clear)),
        ]
    }

    private static func propagation(_ name: String, _ flag: Int32) -> [MountOption] {
        [
            MountOption(name, .propagation(flag: UInt64(flag), recursive: false)),
            MountOption("r" + name, .propagation(flag: UInt64(flag), recursive: true)),
        ]
    }

    private static func superblock(
        _ name: String, key: String?, _ flag: Int32, set: Bool
    ) -> MountOption {
        MountOption(name, .superblock(key: key, flag: UInt64(flag), set: set))
    }

    /// The access-time modes are one field of three values in the kernel, so choosing a mode clears the whole field.
    /// The negations of modes drop that mode only; the default mode is relatime, and so `norelatime` does nothing.
    public static let rows: [MountOption] =
        attribute("nosuid", set: MOUNT_ATTR_NOSUID)
        + attribute("suid", clear: MOUNT_ATTR_NOSUID)
        + attribute("nodev", set: MOUNT_ATTR_NODEV)
        + attribute("dev", clear: MOUNT_ATTR_NODEV)
        + attribute("noexec", set: MOUNT_ATTR_NOEXEC)
        + attribute("exec", clear: MOUNT_ATTR_NOEXEC)
        + attribute("relatime", set: MOUNT_ATTR_RELATIME, clear: MOUNT_ATTR__ATIME)
        + attribute("norelatime")
        + attribute("noatime", set: MOUNT_ATTR_NOATIME, clear: MOUNT_ATTR__ATIME)
        + attribute("atime", clear: MOUNT_ATTR_NOATIME)
        + attribute("strictatime", set: MOUNT_ATTR_STRICTATIME, clear: MOUNT_ATTR__ATIME)
        + attribute("nostrictatime", clear: MOUNT_ATTR_STRICTATIME)
        + attribute("nodiratime", set: MOUNT_ATTR_NODIRATIME)
        + attribute("diratime", clear: MOUNT_ATTR_NODIRATIME)
        + attribute("nosymfollow", set: MOUNT_ATTR_NOSYMFOLLOW)
        + attribute("symfollow", clear: MOUNT_ATTR_NOSYMFOLLOW)
        + propagation("private", MS_PRIVATE)
        + propagation("shared", MS_SHARED)
        + propagation("slave", MS_SLAVE)
        + propagation("unbindable", MS_UNBINDABLE)
        + [
            MountOption("ro", .readOnly(true)),
            MountOption("rw", .readOnly(false)),
            MountOption("rro", .recursiveAttribute(set: UInt64(MOUNT_ATTR_RDONLY), clear: 0)),
            MountOption("rrw", .recursiveAttribute(set: 0, clear: UInt64(MOUNT_ATTR_RDONLY))),
            superblock("sync", key: "sync", MS_SYNCHRONOUS, set: true),
            superblock("async", key: "async", MS_SYNCHRONOUS, set: false),
            superblock("dirsync", key: "dirsync", MS_DIRSYNC, set: true),
            superblock("lazytime", key: "lazytime", MS_LAZYTIME, set: true),
            superblock("nolazytime", key: "nolazytime", MS_LAZYTIME, set: false),
            superblock("mand", key: "mand", MS_MANDLOCK, set: true),
            superblock("nomand", key: "nomand", MS_MANDLOCK, set: false),
            superblock("iversion", key: nil, MS_I_VERSION, set: true),
            superblock("noiversion", key: nil, MS_I_VERSION, set: false),
            superblock("silent", key: nil, MS_SILENT, set: true),
            superblock("loud", key: nil, MS_SILENT, set: false),
            MountOption("bind", .bind(recursive: false)),
            MountOption("rbind", .bind(recursive: true)),
            MountOption("remount", .remount),
            MountOption("defaults", .nothing),
            MountOption("tmpcopyup", .tmpcopyup),
            MountOption("idmap", .idmap(recursive: false)),
            MountOption("ridmap", .idmap(recursive: true)),
            MountOption("copy-symlink", .copySymlink),
            MountOption("src-nofollow", .sourceNoFollow),
            MountOption("dest-nofollow", .destinationNoFollow),
        ]
}

/// The attributes that a list of options adds up to; later options win over earlier ones.
public struct MountAttributes: Sendable, Equatable {
    /// What is to be set (`mount_attr.attr_set`, and the attributes of fsmount(2)).
    public private(set) var set: UInt64 = 0
    private var cleared: UInt64 = 0

    public init() {}

    /// Folds in one `attribute` or `recursiveAttribute` effect.
    public mutating func add(set newSet: UInt64, clear newClear: UInt64) {
        set = set & ~newClear | newSet
        cleared = cleared & ~newSet | newClear
    }

    /// What is to be cleared first (`mount_attr.attr_clr`): all of the access-time field or nothing of it, since the
    /// kernel refuses half of it (mount_setattr(2)).
    public var clear: UInt64 {
        let field = UInt64(MOUNT_ATTR__ATIME)
        return (set | cleared) & field == 0 ? cleared : cleared | field
    }

    /// Nothing to set and nothing to clear.
    public var isEmpty: Bool { self.set == 0 && cleared == 0 }
}
