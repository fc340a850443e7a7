// update: changes the limits of a container.
import Cgroups
import Linux
import OCI

extension Verb {
    /// Applies `resources` over what the container has. Their pointers begin at `linux.resources` of a config.json, also
    /// where they come from a file of their own.
    public static func update(
        _ id: String, _ resources: Resources, _ options: RuntimeOptions
    ) throws(Failure) {
        let container = try Container(id, options)
        guard container.status != .stopped, container.status != .creating else {
            throw Failure("container not running")
        }
        guard let cgroups = container.cgroups else { throw noCgroup(id, "update") }
        var resources = resources
        // As everywhere in an update, zero leaves what is there: engines up to version 1.2 write it for an absent limit.
        if resources.pids?.limit == 0 { resources.pids = nil }
        // The other half of memory and swap may be with the kernel.
        let problems = resources.problems(at: "/linux/resources").filter { $0.rule != "memory-swap" }
        do throws(SpecError) { try problems.throwFirstError() } catch { throw Failure(error) }
        if let unit = UnitName(recorded: container.record.unit) {
            return try update(unit, resources, cgroups)
        }
        do throws(CgroupError) { try cgroups.update(resources) } catch { throw Failure(error) }
    }

    /// The resources that a JSON text holds: the object of `linux.resources`.
    public static func resources(json: [UInt8], from name: String) throws(Failure) -> Resources {
        do throws(SpecError) {
            return try Resources(json: json)
        } catch {
            var failure = Failure(error)
            failure.message = "resources in \(name): " + failure.message
            throw failure
        }
    }
}
