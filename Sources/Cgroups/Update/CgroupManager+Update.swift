// Changing the limits of a container that runs.

import Linux
import OCI

/// A change of a running container's limits, worked out but not made.
public struct CgroupUpdate: Sendable {
    public let writes: [CgroupWrite]
    /// The whole list of device rules; nil keeps them.
    let devices: DevicePolicy?

    /// What systemd has to know of it.
    public func properties() throws(CgroupError) -> [UnitProperty] {
        let limits = UnitProperty.list(for: writes)
        guard let devices else { return limits }
        return limits + (try UnitProperty.replacing(devices))
    }
}

extension CgroupManager {
    /// Writes what `resources` asks for over what the container has; everything else stays. With device rules the whole
    /// list of them is replaced. After an error the old values are back.
    public func update(_ resources: Resources) throws(CgroupError) {
        let update = try plan(resources)
        let old = try settle(update)
        do throws(CgroupError) { try replaceDevices(update) } catch {
            restore(old)
            throw error
        }
    }

    public func plan(_ resources: Resources) throws(CgroupError) -> CgroupUpdate {
        let version: CgroupVersion = isLegacy ? .v1 : .v2
        let resources = try completed(resources, version)
        var settings: [Setting] = []
        for controller in Controller.all { settings += try controller.settings(resources, version) }
        let writes = try CgroupPlan.place(settings, in: location, version)
        if version == .v2 { try enable(settings) }
        return CgroupUpdate(
            writes: writes,
            devices: resources.devices.isEmpty ? nil : try DevicePolicy(rules: resources.devices))
    }

    /// Writes the files of `update`; gives what brings the old values back.
    public func settle(_ update: CgroupUpdate) throws(CgroupError) -> [CgroupWrite] {
        var old: [CgroupWrite] = []
        do throws(CgroupError) { try settle(update.writes, noting: &old) } catch {
            restore(old)
            throw error
        }
        return old
    }

    public func replaceDevices(_ update: CgroupUpdate) throws(CgroupError) {
        if let devices = update.devices { try replaceDevices(devices) }
    }

    /// Brings back what `settle` has found, as far as the kernel lets it.
    public func restore(_ old: [CgroupWrite]) {
        var ignored: [CgroupWrite] = []
        try? settle(old.reversed(), noting: &ignored)
    }

    private func completed(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> Resources
    {
        guard version == .v2, let path = location.unified?.path else { return resources }
        let files = CgroupFiles(path: path)
        try resources.checkMemory(usage: files.number("memory.current"))
        return resources.completed(
            by: CurrentLimits(
                cpuMax: files.text("cpu.max"), memoryMax: files.text("memory.max"),
                swapMax: files.text("memory.swap.max")))
    }

    /// A container that began without a limit may lack the controller that a limit needs.
    private func enable(_ settings: [Setting]) throws(CgroupError) {
        let controllers = CgroupPlan.controllers(of: settings, isEngines: false)
        if case .unified(let mount) = try CgroupLayout.probe() {
            try enableControllers(controllers, above: location.unified?.path ?? mount, mount: mount)
        }
    }

    /// Writes all; what the kernel finds invalid may only be so beside another old value (a quota of more than its
    /// period's share, memory of more than memory and swap), and is tried again once others are written.
    private func settle(_ writes: [CgroupWrite], noting old: inout [CgroupWrite]) throws(CgroupError) {
        var pending = writes
        while !pending.isEmpty {
            var refused: [CgroupWrite] = []
            var failure: CgroupError?
            for item in pending {
                let before = previous(item)
                do throws(CgroupError) {
                    try write([item])
                    if let before { old.append(before) }
                } catch {
                    guard error.errno == .invalid else { throw error }
                    refused.append(item)
                    failure = failure ?? error
                }
            }
            if refused.count == pending.count, let failure { throw failure }
            pending = refused
        }
    }

    /// The write that brings the file back to what it has now; nil where it cannot be read.
    private func previous(_ write: CgroupWrite) -> CgroupWrite? {
        let file = ([write.file] + write.otherwise.map(\.file)).first { file in
            (try? Syscall.status(write.directory + "/" + file)) != nil
        }
        guard let file, let text = try? Syscall.readText(write.directory + "/" + file),
            let value = previousValue(of: file, for: write.value, in: text)
        else { return nil }
        return CgroupWrite(
            directory: write.directory, file: file, value: value, pointer: write.pointer)
    }
}

/// What to write into a file that now reads `text` to undo the writing of `value`.
func previousValue(of file: String, for value: String, in text: String) -> String? {
    let words = value.split(separator: " ")
    let isKeyed =
        words.count > 1 && (file == "rdma.max" || file == "net_prio.ifpriomap" || words[0].contains(":"))
    let lines = text.split(separator: "\n")
    if !isKeyed {
        let first = lines.first.map(String.init)
        if file == "memory.oom_control" { return first?.split(separator: " ").last.map(String.init) }
        return first
    }
    if let line = lines.first(where: { $0.hasPrefix(words[0] + " ") }) { return String(line) }
    if file == "io.max" { return words[0] + " rbps=max wbps=max riops=max wiops=max" }
    return file.hasPrefix("blkio.throttle.") ? words[0] + " 0" : nil
}
