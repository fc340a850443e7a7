// The systemd driver's part of a creation: the unit starts around the init, which waits.
import Cgroups
import LaunchPlan
import Linux
import OCI

extension Conductor {
    mutating func startUnit(_ unit: SystemdUnit) throws(Failure) {
        guard let pid = initProcess?.pid, let planned = plan.cgroups else { return }
        // Recorded before it exists: if the runtime is killed in between, `delete --force` knows what to look for.
        record.unit = unit.name.recorded
        record.cgroups = planned.location.recorded
        try store.save(record, at: directory.raw, first: true)
        let path = try start(unit, pid)
        var cgroupPlan = planned
        if path != planned.path {
            do throws(SpecError) { cgroupPlan = try plan.cgroups(at: path) } catch { throw Failure(error) }
            record.cgroups = cgroupPlan.location.recorded
            try store.save(record, at: directory.raw)
        }
        let manager = CgroupManager(cgroupPlan.location)
        cgroups = manager
        do throws(CgroupError) { try manager.complete(unit, cgroupPlan, pid: pid) } catch {
            throw Failure(error)
        }
    }

    private mutating func start(_ unit: SystemdUnit, _ pid: Int32) throws(Failure) -> String {
        do throws(Failure) {
            return try SystemdCall.perform(.start(unit, pid: pid))
        } catch {
            // A unit that was there before is somebody else's, and is left alone.
            if error.errno != .exists { Verb.endUnit(record) }
            record.unit = ""
            throw error
        }
    }

    func enterDelegatedCgroup(_ path: String, _ planned: PlannedStep) throws(Failure) {
        guard let pid = initProcess?.pid, let cgroups else { return }
        do throws(CgroupError) {
            try cgroups.enter(path, pid: pid)
        } catch {
            throw failure(planned, error.message, errno: error.errno)
        }
    }

    /// After a failed creation.
    func endUnit() {
        Verb.endUnit(record)
        if !record.unit.isEmpty, let cgroups { try? cgroups.remove() }
    }
}

extension Verb {
    /// The kernel judges the values first. systemd must know them, or its next daemon-reload would undo them; it rounds
    /// when it applies them, so they are written once more. After an error the old values are back.
    static func update(
        _ unit: UnitName, _ resources: Resources, _ cgroups: CgroupManager
    ) throws(Failure) {
        let update: CgroupUpdate
        let (properties, old): ([UnitProperty], [CgroupWrite])
        do throws(CgroupError) {
            update = try cgroups.plan(resources)
            properties = try update.properties()
            old = try cgroups.settle(update)
        } catch {
            throw Failure(error)
        }
        do throws(Failure) {
            if !properties.isEmpty { try SystemdCall.perform(.set(unit: unit, properties)) }
            do throws(CgroupError) {
                try cgroups.write(update.writes)
                try cgroups.replaceDevices(update)
            } catch {
                _ = try? SystemdCall.perform(.set(unit: unit, UnitProperty.list(for: old)))
                throw Failure(error)
            }
        } catch {
            cgroups.restore(old)
            throw error
        }
    }

    /// Stops the container's unit and lets systemd forget that it failed. Its processes have ended, and with them, in
    /// the usual case, the unit: so a systemd that cannot be asked any more keeps no container from being deleted.
    static func endUnit(_ record: ContainerRecord) {
        guard let unit = UnitName(recorded: record.unit) else { return }
        _ = try? SystemdCall.perform(.stop(unit: unit))
    }
}
