// What systemd leaves to be done in a unit's cgroup: exact limits, the device filter, cgroups below it.

import Linux

extension CgroupManager {
    /// Completes the cgroup of `unit`, which systemd has made with the process `pid` in it, unless it is a slice.
    public func complete(_ unit: SystemdUnit, _ plan: CgroupPlan, pid: Int32) throws(CgroupError) {
        guard let directory = location.unified?.path else { return }
        try enableControllers(plan)
        try write(plan.writes)
        try attachDeviceFilter(plan)
        if let owner = plan.owner { try delegate(directory, to: owner) }
        if let subgroup = unit.subgroup {
            let path = directory + "/" + subgroup
            try makeGroup(path)
            if let owner = plan.owner { try delegate(path, to: owner) }
            if let delegated = unit.delegated { try makeGroup(path + "/" + delegated) }
            try move(pid, to: path)
            delegateControllers(below: directory)
        } else if unit.name.isSlice {
            try move(pid, to: directory)
        }
    }

    /// Moves a process into a cgroup below the container's.
    public func enter(_ path: String, pid: Int32) throws(CgroupError) {
        guard let directory = location.unified?.path else { return }
        try move(pid, to: directory + "/" + path)
    }

    private func makeGroup(_ path: String) throws(CgroupError) {
        do throws(Errno) { try Syscall.makeDirectory(path, mode: 0o755) } catch .exists {} catch {
            throw .failed(
                pointer: Self.pathPointer, operation: "mkdir", subject: path, errno: error, hint: nil)
        }
    }

    private func move(_ pid: Int32, to directory: String) throws(CgroupError) {
        let path = directory + "/cgroup.procs"
        try attempt("write \(pid) to", path, Self.pathPointer) { () throws(Errno) in
            try Syscall.writeValue(String(pid), to: path)
        }
    }

    /// What the cgroup has, those below it may use. One that is refused is refused to everybody: no limit asked for it.
    private func delegateControllers(below directory: String) {
        let controllers = (try? Syscall.readText(directory + "/cgroup.controllers")) ?? ""
        for name in controllers.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            try? Syscall.writeValue("+" + name, to: directory + "/cgroup.subtree_control")
        }
    }
}
