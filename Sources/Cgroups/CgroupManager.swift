// A container's cgroups on this host: making them, setting them, joining them.

import Linux

/// Does what a `CgroupPlan` says, and takes care of the cgroups that a record names.
///
/// Paths below /sys/fs/cgroup are trusted: only the host's administrator makes directories there, and a container
/// only below its own cgroup, where nothing is opened but by the names that the kernel gave it.
public struct CgroupManager: Sendable {
    public let location: CgroupLocation
    /// The directories that `create` made, from the top down: parents too.
    public private(set) var created: [String] = []

    public init(_ location: CgroupLocation) {
        self.location = location
    }

    static let pathPointer = "/linux/cgroupsPath"

    /// Makes the directories of `plan`, enables its controllers, and readies new cpusets for processes.
    ///
    /// An existing cgroup is taken over if it is empty and thawed. After an error nothing is left of what was made.
    public mutating func create(_ plan: CgroupPlan) throws(CgroupError) {
        do throws(CgroupError) {
            for directory in plan.location.directories {
                let isNew = try make(directory)
                if !isNew { try checkUnused(directory) }
                if directory.controllers.contains("cpuset") { try readyCPUSet(directory, plan, isNew: isNew) }
            }
            try enableControllers(plan)
            if let owner = plan.owner, let leaf = plan.location.unified { try delegate(leaf.path, to: owner) }
        } catch {
            removeCreated()
            throw error
        }
    }

    /// Writes the settings and attaches the device filter. To be called after `create` and before a process joins.
    public func apply(_ plan: CgroupPlan) throws(CgroupError) {
        try write(plan.writes)
        if let filter = plan.deviceFilter, let directory = plan.location.unified {
            try attach(filter, to: directory.path, mayBeForbidden: !plan.hasDeviceRules)
        }
    }

    /// Writes files in order.
    public func write(_ writes: [CgroupWrite]) throws(CgroupError) {
        // Device rules are many writes to one file: it stays open.
        var file: FileDescriptor?
        var opened = ""
        for write in writes {
            do throws(Errno) {
                if opened != write.path {
                    file = nil
                    file = try Syscall.open(write.path, .writeOnly)
                    opened = write.path
                }
                if let descriptor = file?.raw { try Syscall.writeValue(write.value, to: descriptor) }
            } catch {
                if file == nil { opened = "" }
                if error == .noEntry, write.mayBeMissing { continue }
                if error == .noEntry, try writeOtherwise(write) { continue }
                throw .failed(
                    pointer: write.pointer, operation: "write", subject: write.file, errno: error,
                    hint: hint(for: write, error))
            }
        }
    }

    /// Writes the first alternative whose file is there; false if there is none.
    private func writeOtherwise(_ write: CgroupWrite) throws(CgroupError) -> Bool {
        for other in write.otherwise {
            do throws(Errno) {
                let file = try Syscall.open(write.directory + "/" + other.file, .writeOnly)
                try Syscall.writeValue(other.value, to: file.raw)
                return true
            } catch .noEntry {
                continue
            } catch {
                throw .failed(
                    pointer: write.pointer, operation: "write", subject: other.file, errno: error,
                    hint: hint(for: write, error))
            }
        }
        return false
    }

    private func hint(for write: CgroupWrite, _ errno: Errno) -> String? {
        switch (write.file, errno) {
        case ("memory.limit_in_bytes", .busy), ("memory.memsw.limit_in_bytes", .busy):
            "the cgroup uses more than that already"
        case ("memory.limit_in_bytes", .invalid), ("memory.memsw.limit_in_bytes", .invalid):
            "memory must not exceed the limit of memory and swap together"
        case ("cpuset.cpus", .invalid), ("cpuset.mems", .invalid), ("cpuset.cpus", .permissionDenied),
            ("cpuset.mems", .permissionDenied):
            "\(write.value) is not within what the parent has"
        case ("cpu.rt_runtime_us", .invalid): "the parent has no real-time budget for it"
        case ("blkio.leaf_weight", .noEntry), ("blkio.leaf_weight_device", .noEntry):
            "this kernel has no CFQ scheduler, which leaf weights are for"
        case ("blkio.weight", .noEntry), ("blkio.weight_device", .noEntry), ("io.bfq.weight", .noEntry):
            "this kernel weighs no block I/O: no BFQ scheduler is loaded"
        case (_, .noDevice) where write.file.hasPrefix("blkio.") || write.file.hasPrefix("io."):
            "no such block device"
        default: nil
        }
    }

    /// Opens the v2 cgroup for clone3(2)'s CLONE_INTO_CGROUP; nil where there is no v2 hierarchy.
    public func openForClone() throws(CgroupError) -> FileDescriptor? {
        guard let path = location.unified?.path else { return nil }
        return try attempt("open", path, Self.pathPointer) { () throws(Errno) in
            try Syscall.open(path, [.readOnly, .directory])
        }
    }

    /// Moves this process into the v2 cgroup at `path`; gives the file that brings it back.
    public static func enterUnified(_ path: String) throws(Errno) -> String {
        var mount: String?
        switch try? CgroupLayout.probe() {
        case .unified(let place): mount = place
        case .legacy(_, let place): mount = place
        default: break
        }
        guard let mount else { throw .noEntry }
        let own = try Syscall.readFile("/proc/self/cgroup").split(separator: UInt8(ascii: "\n"))
            .first { $0.starts(with: "0::".utf8) }
        guard let own else { throw .noEntry }
        let home = mount + String(decoding: own.dropFirst(3), as: UTF8.self) + "/cgroup.procs"
        try Syscall.writeValue("0", to: path + "/cgroup.procs")
        return home
    }

    /// Moves a process into all cgroups; with `cloned` not into the v2 one, where clone3(2) has put it already.
    public func join(_ pid: Int32, cloned: Bool = false) throws(CgroupError) {
        for directory in location.directories where !(cloned && directory.isUnified) {
            let path = directory.path + "/cgroup.procs"
            try attempt("write \(pid) to", path, Self.pathPointer) { () throws(Errno) in
                try Syscall.writeValue(String(pid), to: path)
            }
        }
    }

    /// Removes what `create` made, the deepest first. Parents that others use by now stay.
    public mutating func removeCreated() {
        for path in created.reversed() {
            let isLeaf = location.directories.contains { $0.path == path }
            if isLeaf {
                try? removeTree(path)
            } else {
                try? Syscall.unlink(path, directory: true)
            }
        }
        created = []
    }

    /// Makes a directory and those above it, and notes them; false if it was there.
    private mutating func make(_ directory: CgroupLocation.Directory) throws(CgroupError) -> Bool {
        do throws(Errno) {
            try Syscall.makeDirectory(directory.path, mode: 0o755)
            created.append(directory.path)
            return true
        } catch .exists {
            return false
        } catch .noEntry {
            return try makeWithParents(directory)
        } catch {
            throw .failed(
                pointer: Self.pathPointer, operation: "mkdir", subject: directory.path, errno: error,
                hint: nil)
        }
    }

    private mutating func makeWithParents(_ directory: CgroupLocation.Directory) throws(CgroupError) -> Bool {
        var path = directory.mountpoint
        var isNew = false
        for component in directory.path.dropFirst(path.count).split(separator: "/") {
            path += "/" + component
            do throws(Errno) {
                try Syscall.makeDirectory(path, mode: 0o755)
                created.append(path)
                isNew = true
            } catch .exists {
                isNew = false
            } catch {
                throw .failed(
                    pointer: Self.pathPointer, operation: "mkdir", subject: path, errno: error, hint: nil)
            }
        }
        return isNew
    }
}

/// Runs one system call and says what it was made on if it fails.
func attempt<R: ~Copyable>(
    _ operation: @autoclosure () -> String, _ subject: String, _ pointer: String,
    _ body: () throws(Errno) -> R
) throws(CgroupError) -> R {
    do throws(Errno) {
        return try body()
    } catch {
        throw .failed(pointer: pointer, operation: operation(), subject: subject, errno: error, hint: nil)
    }
}
