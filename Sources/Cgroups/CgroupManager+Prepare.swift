// Readying cgroups for a container: controllers on v2, cpusets on v1, and a look at what was there before.

import Linux

extension CgroupManager {
    /// Enables what `plan` needs in every directory above the container's, from the mount down.
    ///
    /// One read in the usual case: what the container's cgroup has already is not enabled again.
    func enableControllers(_ plan: CgroupPlan) throws(CgroupError) {
        guard !plan.enable.isEmpty, let leaf = plan.location.unified else { return }
        try enableControllers(plan.enable, above: leaf.path, mount: leaf.mountpoint)
    }

    /// Enables controllers in every directory above `leaf`, from the mount down.
    func enableControllers(
        _ controllers: [CgroupController], above leaf: String, mount: String
    ) throws(CgroupError) {
        let present = try words(leaf + "/cgroup.controllers")
        let missing = controllers.filter { !present.contains($0.name) }
        if missing.isEmpty { return }
        let offered = try words(mount + "/cgroup.controllers")
        for controller in missing where !offered.contains(controller.name) {
            guard let pointer = controller.pointer else { continue }
            throw .controllerMissing(pointer: pointer, controller: controller.name, place: mount)
        }
        let wanted = missing.filter { offered.contains($0.name) }
        if wanted.isEmpty { return }
        var path = mount
        var isThreaded = false
        for component in leaf.dropFirst(path.count).split(separator: "/") {
            try enable(wanted, in: path, &isThreaded)
            path += "/" + component
        }
        if isThreaded { try joinThreadedDomain(leaf) }
    }

    /// Below a threaded cgroup a new one is good for nothing until it is threaded too (cgroup-v2.rst, Threads). It can
    /// have those controllers then that work on threads.
    private func joinThreadedDomain(_ leaf: String) throws(CgroupError) {
        let file = leaf + "/cgroup.type"
        try attempt("write threaded to", file, Self.pathPointer) { () throws(Errno) in
            guard try Syscall.readText(file).hasPrefix("domain invalid") else { return }
            try Syscall.writeValue("threaded", to: file)
        }
    }

    /// Gives a v2 cgroup to the user who is root in the container: the directory, to make others below it, and those
    /// files that the kernel names as safe. The limits are not among them.
    func delegate(_ path: String, to uid: UInt32) throws(CgroupError) {
        let named = (try? Syscall.readText("/sys/kernel/cgroup/delegate")) ?? ""
        let files = named.split(separator: "\n").map(String.init)
        let least = ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control"]
        try attempt("chown", path, Self.pathPointer) { () throws(Errno) in
            let directory = try Syscall.open(path, [.readOnly, .directory])
            try Syscall.changeOwner(directory.raw, uid: uid, gid: .max)
            for file in files.isEmpty ? least : files {
                // A controller that is not enabled here has no files.
                do throws(Errno) {
                    try Syscall.changeOwner(file, uid: uid, gid: .max, at: directory.raw)
                } catch .noEntry {
                    continue
                }
            }
        }
    }

    /// All at once, or else one by one, so that one that is refused keeps no other from working.
    private func enable(
        _ controllers: [CgroupController], in directory: String, _ isThreaded: inout Bool
    ) throws(CgroupError) {
        let file = directory + "/cgroup.subtree_control"
        let all = controllers.map { "+" + $0.name }.joined(separator: " ")
        do throws(Errno) {
            return try Syscall.writeValue(all, to: file)
        } catch {}
        for controller in controllers {
            do throws(Errno) {
                try Syscall.writeValue("+" + controller.name, to: file)
            } catch {
                if error == .notSupported { isThreaded = true }
                guard let pointer = controller.pointer else { continue }
                throw .failed(
                    pointer: pointer, operation: "enable controller \(controller.name) in", subject: file,
                    errno: error, hint: Self.enableHint(error))
            }
        }
    }

    private static func enableHint(_ errno: Errno) -> String? {
        switch errno {
        case .busy: "that cgroup itself holds processes"
        case .notSupported: "that cgroup is threaded"
        case .noEntry: "the cgroup above does not have the controller"
        default: nil
        }
    }

    /// Gives a v1 cpuset the CPUs and memory nodes without which no process can join.
    ///
    /// What config.json sets is left to it, so that an exclusive parent does not refuse too wide a set in between.
    func readyCPUSet(
        _ directory: CgroupLocation.Directory, _ plan: CgroupPlan, isNew: Bool
    ) throws(CgroupError) {
        for (file, isSet) in [("cpuset.cpus", plan.setsCPUs), ("cpuset.mems", plan.setsMems)] {
            if isNew {
                let parent = Self.parent(of: directory.path)
                let value = try inheritedSet(file, parent, directory.mountpoint)
                if !isSet { try writeSet(value, directory.path + "/" + file) }
            } else if !isSet {
                _ = try inheritedSet(file, directory.path, directory.mountpoint)
            }
        }
    }

    /// The value of `file` in `directory`; where it is empty, it is filled from above first.
    private func inheritedSet(
        _ file: String, _ directory: String, _ mountpoint: String
    ) throws(CgroupError) -> String {
        let path = directory + "/" + file
        let text = try attempt("read", path, Self.pathPointer) { () throws(Errno) in
            try Syscall.readText(path)
        }
        let value = text.hasSuffix("\n") ? String(text.dropLast()) : text
        if !value.isEmpty || directory.utf8.count <= mountpoint.utf8.count { return value }
        let inherited = try inheritedSet(file, Self.parent(of: directory), mountpoint)
        try writeSet(inherited, path)
        return inherited
    }

    private func writeSet(_ value: String, _ path: String) throws(CgroupError) {
        try attempt("write \(value) to", path, Self.pathPointer) { () throws(Errno) in
            try Syscall.writeValue(value, to: path)
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[..<slash])
    }

    /// An existing cgroup must hold no process, nor be frozen: the container would join others, or never run.
    func checkUnused(_ directory: CgroupLocation.Directory) throws(CgroupError) {
        let count = processes(below: directory.path).count
        if count > 0 { throw .notEmpty(path: directory.path, count: count) }
        let isFreezer = directory.isUnified || directory.controllers.contains("freezer")
        if isFreezer, isFrozen(directory) { throw .frozen(path: directory.path) }
    }

    private func words(_ path: String) throws(CgroupError) -> [String] {
        try attempt("read", path, Self.pathPointer) { () throws(Errno) in try Syscall.readText(path) }
            .split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    /// Loads a device filter and attaches it to a v2 cgroup.
    ///
    /// - Parameter mayBeForbidden: not to be allowed bpf(2) is no error, since config.json asked for no rule.
    func attach(_ filter: DeviceFilter, to path: String, mayBeForbidden: Bool) throws(CgroupError) {
        var log: [UInt8] = []
        do throws(Errno) {
            let cgroup = try Syscall.open(path, [.readOnly, .directory])
            let program = try load(filter, &log)
            try Syscall.attachDeviceFilter(program.raw, to: cgroup.raw)
        } catch {
            if mayBeForbidden, error == .notPermitted || error == .permissionDenied { return }
            throw .failed(
                pointer: DevicePolicy.pointer, operation: "attach device filter to", subject: path,
                errno: error,
                hint: Self.lastLine(log))
        }
    }

    /// Loads without the verifier's log, which costs time, and once more with it to learn why that failed.
    private func load(_ filter: DeviceFilter, _ log: inout [UInt8]) throws(Errno) -> FileDescriptor {
        do throws(Errno) {
            return try Syscall.loadDeviceFilter(filter.instructions, log: &log)
        } catch {
            if error == .notPermitted || error == .notImplemented { throw error }
            log = [UInt8](repeating: 0, count: 64 << 10)
            return try Syscall.loadDeviceFilter(filter.instructions, log: &log)
        }
    }

    private static func lastLine(_ log: [UInt8]) -> String? {
        log.prefix { $0 != 0 }.split(separator: UInt8(ascii: "\n")).last.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
