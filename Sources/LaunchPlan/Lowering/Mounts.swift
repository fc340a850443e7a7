// Mounts, each made detached and attached by descriptor (CVE-2021-30465: no path is looked up twice).
import CLinux
import Linux

extension Lowering {
    private static let setFlag = 0
    private static let setString = 1
    private static let create = 6
    private static let reconfigure = 7

    mutating func mount(_ plan: MountPlan, index: Int) {
        switch plan.source {
        case .remount(let options, let isBind):
            remount(plan, options, isBind: isBind)
        case .cgroupHierarchies(let hierarchies, let readOnly):
            cgroupMount(plan, hierarchies, readOnly: readOnly)
        case .bind(let path, let recursive, let kind):
            // The source is opened before the destination: a missing one fails before anything is made.
            let mount = plan.isOpened ? program.inherit(.mount(index: index)) : program.newSlot()
            if !plan.isOpened {
                let follow = kind == .link ? UInt64(APUS_AT_SYMLINK_NOFOLLOW.rawValue) : 0
                program.syscall(
                    .openTree, .currentDirectory, program.string(path),
                    .immediate(Self.cloneTree | (recursive ? Self.recursive : 0) | follow), out: mount)
            }
            let isLate = facts.denied.contains(.mountSetattr)
            if !isLate { bindAttributes(mount, plan) }
            attach(
                mount, plan, missing: kind == .file || kind == .link ? .file : .directory,
                late: isLate ? (plan.attributes, plan.recursiveAttributes, !recursive) : nil)
        case .link(let target): copyLink(target, to: plan)
        case .filesystem(let filesystem):
            let mount =
                filesystem.copyUp == nil
                ? newMount(filesystem)
                : filesystem.isFilledInside ? filled : program.inherit(.mount(index: index))
            let becomesReadOnly =
                filesystem.isFilledInside && filesystem.attributes & UInt64(MOUNT_ATTR_RDONLY) != 0
            // A new file system is one mount; what stands in for one is a tree.
            let isLate =
                facts.denied.contains(.mountSetattr) && filesystem.fallback == nil
                && (becomesReadOnly || !plan.recursiveAttributes.isEmpty)
            if becomesReadOnly, !isLate { setAttributes(mount, set: UInt64(MOUNT_ATTR_RDONLY)) }
            if !plan.recursiveAttributes.isEmpty, !isLate {
                setAttributes(
                    mount, set: plan.recursiveAttributes.set, clear: plan.recursiveAttributes.clear,
                    recursive: true)
            }
            var own = MountAttributes()
            own.add(set: filesystem.attributes, clear: 0)
            own.add(set: plan.recursiveAttributes.set, clear: plan.recursiveAttributes.clear)
            attach(
                mount, plan, missing: .directory, takesMode: filesystem.takesMode && filesystem.copyUp == nil,
                versioned: filesystem.hasVersion ? filesystem : nil,
                late: isLate ? (own, MountAttributes(), true) : nil, closes: !plan.isFilled)
            if plan.isFilled { filledMounts.append((index, mount)) }
        }
    }

    mutating func makeMountReadOnly(_ index: Int) {
        guard let mount = filledMounts.first(where: { $0.index == index })?.mount else { return }
        makeReadOnly(attached: mount)
        program.close(mount)
    }

    /// fsopen(2), fsconfig(2), fsmount(2).
    mutating func newMount(_ filesystem: FilesystemMount) -> Slot {
        let context = program.newSlot()
        // Which of the three calls is refused depends on the file system and the kernel.
        let refusals: [Errno] = filesystem.fallback == nil ? [] : [.notPermitted, .busy]
        let unopened = program.here
        program.syscall(
            .fsopen, program.string(filesystem.type), .value(Int(FSOPEN_CLOEXEC)), out: context,
            tolerate: refusals)
        configure(context, FilesystemOption("source", filesystem.source))
        for option in filesystem.options { configure(context, option) }
        var refused = [program.here]
        program.syscall(
            .fsconfig, .slot(context), .value(Self.create), .value(0), .value(0), .value(0),
            tolerate: refusals)
        let mount = program.newSlot()
        refused.append(program.here)
        program.syscall(
            .fsmount, .slot(context), .value(Int(FSMOUNT_CLOEXEC)),
            .immediate(
                filesystem.attributes & ~(filesystem.isFilledInside ? UInt64(MOUNT_ATTR_RDONLY) : 0)),
            out: mount, tolerate: refusals)
        program.close(context)
        if let label = filesystem.label { labelRoot(mount, label) }
        guard let fallback = filesystem.fallback else { return mount }
        let made = program.here
        program.skip(0)
        for instruction in refused { program.land(instruction) }
        program.syscall(.close, .slot(context))
        program.land(unopened)
        program.syscall(
            .openTree, .currentDirectory, program.string(fallback.path),
            .immediate(Self.cloneTree | Self.recursive), out: mount)
        setAttributes(mount, set: fallback.attributes, recursive: true)
        program.land(made)
        return mount
    }

    private mutating func configure(_ context: Slot, _ option: FilesystemOption) {
        if let value = option.value {
            program.syscall(
                .fsconfig, .slot(context), .value(Self.setString), program.string(option.key),
                program.string(value), .value(0))
        } else {
            program.syscall(
                .fsconfig, .slot(context), .value(Self.setFlag), program.string(option.key), .value(0),
                .value(0))
        }
    }

    /// Flags of a bind mount replace all flags of the source's mount, as remounting a bind does (mount(2)).
    private mutating func bindAttributes(_ mount: Slot, _ plan: MountPlan) {
        if !plan.attributes.isEmpty {
            let replaced =
                UInt64(MOUNT_ATTR_RDONLY) | UInt64(MOUNT_ATTR_NOSUID) | UInt64(MOUNT_ATTR_NODEV)
                | UInt64(MOUNT_ATTR_NOEXEC) | UInt64(MOUNT_ATTR_NOSYMFOLLOW)
            // In the mount namespace of a user namespace the kernel locks the flags of copied mounts
            // (mount_namespaces(7)): those that nobody wants cleared stay.
            setAttributes(
                mount, set: plan.attributes.set, clear: plan.attributes.clear | replaced,
                tolerate: [.notPermitted], skip: 1)
            program.skip(1)
            setAttributes(mount, set: plan.attributes.set, clear: plan.attributes.clear)
        }
        if !plan.recursiveAttributes.isEmpty {
            setAttributes(
                mount, set: plan.recursiveAttributes.set, clear: plan.recursiveAttributes.clear,
                recursive: true)
        }
    }

    /// By mount(2), which sees attached mounts only, and each by itself: a tree of more than one is left to mount_setattr(2),
    /// whose error says what is missing.
    private mutating func setAttributes(
        ofAttached mount: Slot, _ own: MountAttributes, _ tree: MountAttributes, isOne: Bool
    ) {
        guard isOne || tree.isEmpty else {
            return setAttributes(mount, set: tree.set, clear: tree.clear, recursive: true)
        }
        var both = own
        both.add(set: tree.set, clear: tree.clear)
        if both.isEmpty { return }
        // Attributes of the tree are added; attributes of the mount replace what it has.
        if own.isEmpty ? addAttributes(mount, both) : replaceAttributes(mount, both) { return }
        setAttributes(mount, set: both.set, clear: both.clear)
    }

    private mutating func attach(
        _ mount: Slot, _ plan: MountPlan, missing: Missing, takesMode: Bool = false,
        versioned: FilesystemMount? = nil,
        late: (own: MountAttributes, tree: MountAttributes, isOne: Bool)? = nil, closes: Bool = true
    ) {
        let target = resolve(
            plan.destination, missing: missing, policy: plan.destinationPolicy, isOnLink: plan.isOnLink)
        if plan.destinationPolicy == .outsideProc { refuseProc(target) }
        if takesMode {
            let mode = modeOf(target)
            program.syscall(.fchmodat, .slot(mount), program.string("."), .slot(mode))
            program.release(mode)
        }
        program.syscall(
            .moveMount, .slot(mount), program.string(""), .slot(target), program.string(""),
            .value(Self.byDescriptor))
        program.close(target)
        if let late { setAttributes(ofAttached: mount, late.own, late.tree, isOne: late.isOne) }
        if let versioned { setVersion(mount, versioned) }
        setPropagation(mount, plan)
        if closes { program.close(mount) }
    }

    /// A link with this target; one that is there already is left, if it is the same.
    private mutating func copyLink(_ target: String, to plan: MountPlan) {
        let (directory, name) = Self.split(plan.destination)
        let parent = resolve(directory, missing: .directory, policy: .outsideProc)
        refuseProc(parent)
        let made = program.newSlot()
        program.syscall(
            .symlinkat, program.string(target), .slot(parent), program.string(name), out: made,
            tolerate: [.exists])
        let isNew = program.here
        program.when(.slot(made), equals: UInt64(bitPattern: -Int64(Errno.exists.rawValue)), elseSkip: 1)
        // One byte more than expected, or a longer link would look the same.
        let size = target.utf8.count
        let found = program.space((size + 8) / 8 * 8)
        program.syscall(
            .readlinkat, .slot(parent), program.string(name), found, .value(size + 1), out: made)
        program.expect(.slot(made), equals: UInt64(size), error: .exists)
        if case .data(let offset) = found {
            let bytes = Array(target.utf8) + [UInt8](repeating: 0, count: 8 - size % 8)
            for place in stride(from: 0, to: size, by: 8) {
                let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
                program.expect(.data(offset + place), equals: word, error: .exists)
            }
        }
        program.land(isNew)
        program.release(made)
        program.close(parent)
    }

    /// iversion is no key of fsconfig(2): the new mount is entered and remounted as ".", with all flags that it has.
    private mutating func setVersion(_ mount: Slot, _ filesystem: FilesystemMount) {
        var flags = MS_REMOUNT | MS_I_VERSION
        for (key, flag) in [("ro", MS_RDONLY), ("sync", MS_SYNCHRONOUS), ("lazytime", MS_LAZYTIME)]
        where filesystem.options.contains(where: { $0.key == key }) { flags |= flag }
        for (attribute, flag) in [
            (MOUNT_ATTR_RDONLY, MS_RDONLY), (MOUNT_ATTR_NOSUID, MS_NOSUID), (MOUNT_ATTR_NODEV, MS_NODEV),
            (MOUNT_ATTR_NOEXEC, MS_NOEXEC), (MOUNT_ATTR_NODIRATIME, MS_NODIRATIME),
            (MOUNT_ATTR_NOATIME, MS_NOATIME), (MOUNT_ATTR_STRICTATIME, MS_STRICTATIME),
            (MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW),
        ] where filesystem.attributes & UInt64(attribute) != 0 { flags |= flag }
        program.syscall(.fchdir, .slot(mount))
        program.syscall(
            .mount, .value(0), program.string("."), .value(0), .immediate(UInt64(UInt32(flags))), .value(0))
    }

    private mutating func remount(_ plan: MountPlan, _ options: [FilesystemOption], isBind: Bool) {
        let target = resolve(
            plan.destination, missing: .nothing, policy: plan.destinationPolicy, isOnLink: plan.isOnLink)
        if !isBind {
            let context = program.newSlot()
            program.syscall(
                .fspick, .slot(target), program.string(""),
                .value(Int(FSPICK_CLOEXEC) | Int(FSPICK_EMPTY_PATH)), out: context)
            for option in options { configure(context, option) }
            program.syscall(
                .fsconfig, .slot(context), .value(Self.reconfigure), .value(0), .value(0), .value(0))
            program.close(context)
        }
        if facts.denied.contains(.mountSetattr) {
            setAttributes(ofAttached: target, plan.attributes, plan.recursiveAttributes, isOne: false)
        } else {
            bindAttributes(target, plan)
        }
        setPropagation(target, plan)
        program.close(target)
    }

    /// cgroup v1: a small tmpfs with a directory for each hierarchy, and links for controllers that share one.
    private mutating func cgroupMount(
        _ plan: MountPlan, _ hierarchies: [CgroupHierarchyMount], readOnly: Bool
    ) {
        let tmpfs = newMount(
            FilesystemMount(
                type: "tmpfs", source: "cgroup", options: [FilesystemOption("mode", "755")],
                attributes: plan.attributes.set & ~UInt64(MOUNT_ATTR_RDONLY)))
        let target = resolve(plan.destination, missing: .directory, policy: plan.destinationPolicy)
        if plan.destinationPolicy == .outsideProc { refuseProc(target) }
        program.syscall(
            .moveMount, .slot(tmpfs), program.string(""), .slot(target), program.string(""),
            .value(Self.byDescriptor))
        program.close(target)
        for hierarchy in hierarchies { attachHierarchy(hierarchy, plan, in: tmpfs) }
        if readOnly { makeReadOnly(attached: tmpfs) }
        setPropagation(tmpfs, plan)
        program.close(tmpfs)
    }

    private mutating func attachHierarchy(
        _ hierarchy: CgroupHierarchyMount, _ plan: MountPlan, in tmpfs: Slot
    ) {
        program.syscall(.mkdirat, .slot(tmpfs), program.string(hierarchy.name), .value(0o755))
        let mount: Slot
        var isLate = false
        if let options = hierarchy.options {
            mount = newMount(
                FilesystemMount(
                    type: "cgroup", source: "cgroup", options: options, attributes: plan.attributes.set))
        } else {
            mount = program.newSlot()
            program.syscall(
                .openTree, .currentDirectory, program.string(hierarchy.path), .immediate(Self.cloneTree),
                out: mount)
            isLate = facts.denied.contains(.mountSetattr)
            if !isLate { setAttributes(mount, set: plan.attributes.set) }
        }
        program.syscall(
            .moveMount, .slot(mount), program.string(""), .slot(tmpfs), program.string(hierarchy.name),
            .value(Int(MOVE_MOUNT_F_EMPTY_PATH)))
        if isLate { setAttributes(ofAttached: mount, plan.attributes, MountAttributes(), isOne: true) }
        program.close(mount)
        for link in hierarchy.links {
            program.syscall(.symlinkat, program.string(hierarchy.name), .slot(tmpfs), program.string(link))
        }
    }
}
