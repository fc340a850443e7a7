// What is known of a container between two commands: the state record.
import JSON
import LaunchPlan
import Linux
import OCI

/// `ROOT/ID/state.json`: the state that the specification has (runtime.md, State), and what later commands need.
struct ContainerRecord: Sendable {
    var id = ""
    /// 0 until the init runs.
    var pid: Int32 = 0
    /// The init's start time in clock ticks since boot (proc(5)): tells it from a later process with its pid.
    var startTime: UInt64 = 0
    var bundle = ""
    var rootfs = ""
    /// RFC 3339.
    var created = ""
    var owner = ""
    var annotations: [String: String] = [:]
    /// Which driver made the cgroups: engines delete without the flags that they created with.
    var manager = ""
    /// `UnitName.recorded`; empty but with the systemd driver.
    var unit = ""
    /// `CgroupLocation.recorded`.
    var cgroups: [String] = []
    /// CLONE_NEW* of the namespaces that are the container's own or joined: hooks enter them.
    var namespaces: UInt64 = 0
    /// The container has its own PID namespace: the death of its init ends all in it.
    var ownsPIDNamespace = false
    /// `--no-new-keyring`: the container has no session keyring of its own that others could join.
    var keepsKeyring = false
    /// The steps that only `start` lets happen: index, pointer and summary, for its errors.
    var lastSteps: [String] = []
    /// `pause` froze it; whether it still is frozen, the kernel knows.
    var isPaused = false
    /// How the process ended, as a shell has it, when a foreground `run` kept the container.
    /// -1 is none.
    var exitStatus: Int32 = -1
    /// The seccomp listener that `start` has to send.
    var seccompListener: SeccompListener?
    /// resctrl groups that go with the container, the outer one first.
    var rdtGroups: [String] = []
    /// Hooks of later moments, and what `startContainer` hooks get as environment.
    var hooks = Hooks()
    var environment: [String] = []
}

extension ContainerRecord: SpecObject {
    mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("id", into: &id, required: true)
        try object.read("pid", into: &pid)
        try object.read("bundle", into: &bundle)
        try object.read("rootfs", into: &rootfs)
        try object.read("created", into: &created)
        try object.read("owner", into: &owner)
        try object.read("annotations", into: &annotations)
        var own = OwnPart()
        try object.read("apus", into: &own)
        startTime = own.startTime
        manager = own.manager
        unit = own.unit
        cgroups = own.cgroups
        namespaces = own.namespaces
        ownsPIDNamespace = own.ownsPIDNamespace
        keepsKeyring = own.keepsKeyring
        lastSteps = own.lastSteps
        isPaused = own.isPaused
        exitStatus = own.exitStatus
        seccompListener = own.seccompListener
        rdtGroups = own.rdtGroups
        hooks = own.hooks
        environment = own.environment
    }

    /// The record's JSON, on one line.
    func encoded() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("ociVersion", "1.3.0")
            json.member("id", id)
            json.member("pid", pid)
            json.member("bundle", bundle)
            json.member("rootfs", rootfs)
            json.member("created", created)
            json.member("owner", owner)
            json.member(
                "annotations",
                object: { json in
                    for key in annotations.keys.sorted() { json.member(key, annotations[key] ?? "") }
                })
            json.member(
                "apus",
                object: { json in
                    json.member("startTime", startTime)
                    json.member("manager", manager)
                    if !unit.isEmpty { json.member("unit", unit) }
                    json.member("cgroups", cgroups)
                    json.member("namespaces", namespaces)
                    json.member("ownsPIDNamespace", ownsPIDNamespace)
                    if keepsKeyring { json.member("keepsKeyring", keepsKeyring) }
                    json.member("lastSteps", lastSteps)
                    if isPaused { json.member("paused", true) }
                    if exitStatus >= 0 { json.member("exitStatus", exitStatus) }
                    if let seccompListener {
                        json.member("seccompListener", object: { seccompListener.write(into: &$0) })
                    }
                    if !rdtGroups.isEmpty { json.member("rdtGroups", rdtGroups) }
                    if !hooks.isEmpty {
                        json.member("hooks", object: { hooks.write(into: &$0) })
                        json.member("environment", environment)
                    }
                })
        }
        return json.bytes
    }
}

/// The part of the record that is apus' own.
private struct OwnPart: SpecObject {
    var startTime: UInt64 = 0
    var manager = ""
    var unit = ""
    var cgroups: [String] = []
    var namespaces: UInt64 = 0
    var ownsPIDNamespace = false
    var keepsKeyring = false
    var lastSteps: [String] = []
    var isPaused = false
    var exitStatus: Int32 = -1
    var seccompListener: SeccompListener?
    var rdtGroups: [String] = []
    var hooks = Hooks()
    var environment: [String] = []

    mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("startTime", into: &startTime)
        try object.read("manager", into: &manager)
        try object.read("unit", into: &unit)
        try object.read("cgroups", into: &cgroups)
        try object.read("namespaces", into: &namespaces)
        try object.read("ownsPIDNamespace", into: &ownsPIDNamespace)
        try object.read("keepsKeyring", into: &keepsKeyring)
        try object.read("lastSteps", into: &lastSteps)
        try object.read("paused", into: &isPaused)
        try object.read("exitStatus", into: &exitStatus)
        try object.read("seccompListener", into: &seccompListener)
        try object.read("rdtGroups", into: &rdtGroups)
        try object.read("hooks", into: &hooks)
        try object.read("environment", into: &environment)
    }
}

extension SeccompListener: SpecObject {
    init() { self.init(path: "") }

    mutating func read(from object: inout ObjectReader) throws(SpecError) {
        try object.read("path", into: &path, required: true)
        try object.read("metadata", into: &metadata)
    }

    func write(into json: inout JSONWriter) {
        json.member("path", path)
        if let metadata { json.member("metadata", metadata) }
    }
}

extension Hooks {
    var isEmpty: Bool { HookKind.allCases.allSatisfy { self[$0].isEmpty } }

    /// The object of config.json again.
    func write(into json: inout JSONWriter) {
        for kind in HookKind.allCases where !self[kind].isEmpty {
            json.member(
                kind.rawValue,
                array: { json in
                    for hook in self[kind] { json.object { hook.write(into: &$0) } }
                })
        }
    }
}

extension Hook {
    func write(into json: inout JSONWriter) {
        json.member("path", path)
        if let args { json.member("args", args) }
        if let env { json.member("env", env) }
        if let timeout { json.member("timeout", timeout) }
    }
}
