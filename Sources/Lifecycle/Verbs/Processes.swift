// ps: the processes of a container.
import Cgroups
import Linux

extension Verb {
    /// The ids of all processes in the container's cgroups, sorted. Without a cgroup only the init is known.
    public static func processes(_ id: String, _ options: RuntimeOptions) throws(Failure) -> [Int32] {
        let container = try Container(lookingAt: id, in: ContainerStore(root: options.root))
        if let cgroups = container.cgroups { return cgroups.processes().sorted() }
        return container.initProcess == nil ? [] : [container.record.pid]
    }
}

extension Verb {
    /// What the host's ps(1) prints, with the header and the container's processes only, as runc has it.
    public static func processTable(
        _ id: String, arguments: [String], _ options: RuntimeOptions
    ) throws(Failure) -> String {
        let pids = try processes(id, options)
        let (status, output) = try HostCommand.run("ps", arguments.isEmpty ? ["-ef"] : arguments)
        if status != .exited(0) { throw Failure("ps: \(status.text)") }
        return try filtered(output, pids)
    }

    /// Of a table with a column PID the header, and the rows of `pids`.
    static func filtered(_ table: String, _ pids: [Int32]) throws(Failure) -> String {
        let lines = table.split(separator: "\n")
        guard let header = lines.first,
            let column = header.split(separator: " ").firstIndex(of: "PID")
        else { throw Failure("couldn't find PID field in ps output") }
        var text = header + "\n"
        for line in lines.dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count > column, let pid = Int32(fields[column]), pids.contains(pid) else { continue }
            text += line + "\n"
        }
        return String(text)
    }
}
