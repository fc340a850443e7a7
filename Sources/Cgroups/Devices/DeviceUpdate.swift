// Replacing the device rules of a container that runs.

import Linux

extension CgroupManager {
    /// On cgroup v2 the filter is exchanged at once. On v1 what is new is allowed before what is no longer allowed is
    /// denied; a change of the default goes by way of denying all, with the container frozen meanwhile.
    func replaceDevices(_ policy: DevicePolicy) throws(CgroupError) {
        if isLegacy {
            guard let directory = location.directory(of: "devices") else {
                throw .controllerMissing(
                    pointer: DevicePolicy.pointer, controller: "devices", place: "the container's cgroups")
            }
            try replaceLegacyDevices(policy, directory.path)
        } else if let path = location.unified?.path {
            try attempt("replace device filter of", path, DevicePolicy.pointer) { () throws(Errno) in
                try replaceDeviceFilter(policy.allowsAll ? nil : DeviceFilter(policy), path)
            }
        }
    }

    private func replaceDeviceFilter(_ filter: DeviceFilter?, _ path: String) throws(Errno) {
        let cgroup = try Syscall.open(path, [.readOnly, .directory])
        // Other programs may have filters of their own here, systemd for one: only apus' own is exchanged.
        var own: [UInt32] = []
        for id in try Syscall.deviceFilters(of: cgroup.raw) {
            let program = try Syscall.deviceFilter(id: id)
            if try Syscall.nameOfDeviceFilter(program.raw) == Syscall.deviceFilterName { own.append(id) }
        }
        if let filter {
            var log: [UInt8] = []
            let program = try Syscall.loadDeviceFilter(filter.instructions, log: &log)
            if own.isEmpty { return try Syscall.attachDeviceFilter(program.raw, to: cgroup.raw) }
            let old = try Syscall.deviceFilter(id: own.removeFirst())
            try Syscall.replaceDeviceFilter(old.raw, by: program.raw, at: cgroup.raw)
        }
        for id in own {
            let old = try Syscall.deviceFilter(id: id)
            try Syscall.detachDeviceFilter(old.raw, from: cgroup.raw)
        }
    }

    private func replaceLegacyDevices(_ policy: DevicePolicy, _ path: String) throws(CgroupError) {
        let list = CgroupFiles(path: path).text("devices.list")
        if let writes = policy.changes(from: list) { return try write(writes.map { $0.write(in: path) }) }
        let wasFrozen = isFrozen
        let freezes = !wasFrozen && (try? freeze()) != nil
        defer { if freezes { try? thaw() } }
        // What is denied cannot be seen in a list that allows by default: all begins anew.
        let all = DeviceSetting(file: "devices.allow", value: "a", pointer: DevicePolicy.pointer)
        let settings = (policy.allowsByDefault ? [all] : []) + policy.settings
        try write(settings.map { $0.write(in: path) })
    }
}

/// A write to a file of the devices controller.
struct DeviceSetting: Equatable {
    var file: String
    var value: String
    var pointer: String

    func write(in directory: String) -> CgroupWrite {
        CgroupWrite(directory: directory, file: file, value: value, pointer: pointer)
    }
}

extension DevicePolicy {
    /// The writes that bring a cgroup that allows all to this policy.
    var settings: [DeviceSetting] {
        if allowsAll { return [] }
        var settings: [DeviceSetting] = []
        if !allowsByDefault {
            settings.append(DeviceSetting(file: "devices.deny", value: "a", pointer: Self.pointer))
        }
        for exception in exceptions {
            settings.append(
                DeviceSetting(
                    file: allowsByDefault ? "devices.deny" : "devices.allow",
                    value: exception.devices.text + " " + exception.access.letters,
                    pointer: exception.pointer))
        }
        return settings
    }

    /// The writes that bring a cgroup whose devices.list is `list` to this policy, without denying what both allow;
    /// nil where one of both allows by default.
    func changes(from list: String) -> [DeviceSetting]? {
        var old: [(devices: String, access: DeviceAccess)] = []
        for line in list.split(separator: "\n") {
            guard let space = line.lastIndex(of: " "), !line.hasPrefix("a"),
                let access = DeviceAccess(letters: String(line[line.index(after: space)...]))
            else { return nil }
            old.append((String(line[..<space]), access))
        }
        if allowsByDefault { return nil }
        var writes: [DeviceSetting] = []
        func add(_ file: String, _ devices: String, _ access: DeviceAccess, _ pointer: String) {
            if access.isEmpty { return }
            writes.append(
                DeviceSetting(file: file, value: devices + " " + access.letters, pointer: pointer))
        }
        for exception in exceptions {
            let had = old.first { $0.devices == exception.devices.text }?.access ?? []
            add(
                "devices.allow", exception.devices.text, exception.access.subtracting(had), exception.pointer)
        }
        for (devices, access) in old {
            let keeps = exceptions.first { $0.devices.text == devices }?.access ?? []
            add("devices.deny", devices, access.subtracting(keeps), Self.pointer)
        }
        return writes
    }
}
