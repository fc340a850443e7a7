// Starts what enters a container: exec's process, a hook, or what changes its mounts.
import CLinux
import Cgroups
import LaunchPlan
import Linux
import OCI

extension JoinProbe {
    /// Starts an init with `program` in the cgroup v2 directory `cgroup`. `others` are what it inherits besides the
    /// container's own, and `kept` descriptors that it names by number.
    func start(
        _ program: inout Program, inCgroup cgroup: String?, mayHaveMoved: Bool,
        others: [(name: InheritedDescriptor, descriptor: Int32)], kept: [Int32] = []
    ) throws(Errno) -> RunningInit {
        var boxes: [FileDescriptorBox] = []
        var known = others
        for entry in program.inherited {
            if !known.contains(where: { $0.name == entry.name }) {
                let box = try own(entry.name)
                boxes.append(box)
                known.append((entry.name, box.raw))
            }
            guard let found = known.first(where: { $0.name == entry.name }) else { continue }
            program.bind(instruction: entry.instruction, to: found.descriptor)
        }
        var launch = InitLaunch(program: program)
        launch.inherited = kept + known.map(\.descriptor)
        return try withExtendedLifetime(boxes) { () throws(Errno) in
            guard let cgroup else { return try launch.start() }
            return try start(&launch, inCgroup: cgroup, mayHaveMoved: mayHaveMoved)
        }
    }

    /// A descriptor of the container.
    private func own(_ name: InheritedDescriptor) throws(Errno) -> FileDescriptorBox {
        switch name {
        case .target: return target
        case .targetNamespace(let kind): return FileDescriptorBox(try namespace(kind))
        case .targetRoot:
            guard let root = root() else { throw .noProcess }
            return root
        default: throw .badDescriptor
        }
    }

    /// A namespace of the container's first process, where its target is a directory of /proc instead of a pidfd.
    func namespace(_ kind: NamespaceKind) throws(Errno) -> FileDescriptor {
        try Syscall.openNamespace(kind, of: target.raw)
    }

    /// Has the next child begin in the container's PID namespace.
    func aimAtPIDNamespace(_ plan: LaunchPlan) throws(Errno) {
        // The child shares this process' memory until it executes: nobody in the container may look into it.
        try Syscall.processControl(PR_SET_DUMPABLE, 0)
        if plan.joinsOneByOne {
            let namespace = try namespace(.pid)
            try Syscall.joinNamespaces(namespace.raw, NamespaceKind.pid.cloneFlag)
        } else {
            try Syscall.joinNamespaces(target.raw, NamespaceKind.pid.cloneFlag)
        }
    }

    /// Does a step of the runtime's for `process`, which waits and has handed `value` over; false when this is none of
    /// those that exec and hooks have in common.
    func act(
        _ step: RuntimeStep, _ value: UInt64, for process: RunningInit, _ status: State.Status
    ) throws(Failure) -> Bool {
        switch step {
        case .sendSeccompListener(let path, let metadata):
            try SeccompListener(path: path, metadata: metadata).send(value, of: process, record, status)
        case .attachToUnit(let group): try SystemdCall.perform(.attach(group, pid: process.pid))
        default: return false
        }
        return true
    }

    private func start(
        _ launch: inout InitLaunch, inCgroup path: String, mayHaveMoved: Bool
    ) throws(Errno) -> RunningInit {
        do throws(Errno) {
            return try launch.start(inCgroup: path)
        } catch {
            // Removed, or with controllers for its children only.
            guard mayHaveMoved, error == .noEntry || error == .busy || error == .noDevice,
                let real = realLocation()?.unified?.path, real != path
            else { throw error }
            return try launch.start(inCgroup: real)
        }
    }
}

extension InitLaunch {
    /// Starts the init in the cgroup v2 directory `path`.
    fileprivate mutating func start(inCgroup path: String) throws(Errno) -> RunningInit {
        let directory = try Syscall.open(path, [.readOnly, .directory, .noFollow])
        return try start(in: directory.raw, path)
    }

    /// Starts the init in the cgroup v2 `directory`, which is at `path`.
    mutating func start(in directory: Int32, _ path: String) throws(Errno) -> RunningInit {
        cgroup = directory
        do throws(Errno) { return try start() } catch {
            // clone(2) knows nothing of cgroups; the child begins in that of its parent.
            guard error.isDenial else { throw error }
            cgroup = -1
            let home = try CgroupManager.enterUnified(path)
            defer { try? Syscall.writeValue("0", to: home) }
            return try start()
        }
    }
}
