// mounts: adds mounts to a container that runs, and removes them again.
import LaunchPlan
import Linux
import OCI

/// What `mounts` is to do.
public enum MountsAction: String, Sendable, CaseIterable {
    case add, remove
}

extension Verb {
    /// Mounts all of the list in `bytes`, whose elements are those of `mounts` in config.json, or none; or unmounts what is
    /// at their destinations.
    public static func mounts(
        _ action: MountsAction, _ id: String, json bytes: [UInt8], _ options: RuntimeOptions
    ) throws(Failure) {
        let container = try Container(id, options)
        guard let target = container.initProcess, container.status != .creating else {
            throw MountsConductor.stopped
        }
        let spec = try container.store.configuration(id, at: container.directory.raw)
        let probe = try JoinProbe(container.record, target: target, spec: spec)
        do throws(Failure) {
            let mounts: [Mount]
            do throws(SpecError) { mounts = try [Mount](list: bytes) } catch { throw Failure(error) }
            switch action {
            case .add: try add(mounts, probe)
            case .remove: try perform(.remove, mounts, probe)
            }
        } catch {
            var failure = error
            // The list has no `mounts` around it.
            if let pointer = failure.pointer, pointer.hasPrefix("/mounts") {
                failure.pointer = String(pointer.dropFirst("/mounts".utf8.count))
            }
            throw failure
        }
    }

    private static func add(_ mounts: [Mount], _ probe: JoinProbe) throws(Failure) {
        var conductor = try conductor(.add, mounts, probe)
        do throws(Failure) {
            try conductor.run()
        } catch {
            var failure = error
            for mount in mounts.prefix(conductor.attached).reversed() {
                do throws(Failure) {
                    try perform(.remove, [mount], probe)
                } catch {
                    failure.hint = "\(mount.destination) may be mounted still: \(error.message)"
                }
            }
            throw failure
        }
    }

    private static func perform(
        _ action: MountsAction, _ mounts: [Mount], _ probe: JoinProbe
    ) throws(Failure) {
        var conductor = try conductor(action, mounts, probe)
        try conductor.run()
    }

    private static func conductor(
        _ action: MountsAction, _ mounts: [Mount], _ probe: JoinProbe
    ) throws(Failure) -> MountsConductor {
        var facts = probe.facts()
        let launch = LaunchOptions(id: probe.record.id, bundle: probe.record.bundle)
        do throws(SpecError) {
            switch action {
            case .add:
                facts.sources = HostProbe.sources(of: mounts, probe.record.bundle)
                let plan = try LaunchPlan(adding: mounts, to: probe.container, on: facts, launch)
                return MountsConductor(plan, probe)
            case .remove:
                let plan = try LaunchPlan(removing: mounts, from: probe.container, on: facts, launch)
                return MountsConductor(plan, probe)
            }
        } catch {
            throw Failure(error)
        }
    }
}
