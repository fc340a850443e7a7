// Starts what enters a container: exec's process, or a hook.
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
        var descriptors = kept
        for entry in program.inherited {
            let descriptor: Int32
            if let other = others.first(where: { $0.name == entry.name }) {
                descriptor = other.descriptor
            } else {
                let box = try own(entry.name)
                boxes.append(box)
                descriptor = box.raw
            }
            descriptors.append(descriptor)
            program.bind(instruction: entry.instruction, to: descriptor)
        }
        var launch = InitLaunch(program: program)
        launch.inherited = descriptors
        return try withExtendedLifetime(boxes) { () throws(Errno) in
            guard let cgroup else { return try launch.start() }
            return try start(&launch, inCgroup: cgroup, mayHaveMoved: mayHaveMoved)
        }
    }

    /// A descriptor of the container.
    private func own(_ name: InheritedDescriptor) throws(Errno) -> FileDescriptorBox {
        switch name {
        case .target: return target
        case .targetRoot:
            guard let root = root() else { throw .noProcess }
            return root
        default: throw .badDescriptor
        }
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
        cgroup = directory.raw
        return try start()
    }
}
