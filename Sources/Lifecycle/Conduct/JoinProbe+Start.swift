// Starts what enters a container: exec's process, or a hook.
import Cgroups
import LaunchPlan
import Linux

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

    private func start(
        _ launch: inout InitLaunch, inCgroup path: String, mayHaveMoved: Bool
    ) throws(Errno) -> RunningInit {
        do throws(Errno) {
            return try launch.start(inCgroup: path)
        } catch {
            // clone(2) knows nothing of cgroups; the child begins in that of its parent.
            if error.isDenial {
                launch.cgroup = -1
                let home = try CgroupManager.enterUnified(path)
                defer { try? Syscall.writeValue("0", to: home) }
                return try launch.start()
            }
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
        cgroup = directory.raw
        return try start()
    }
}
