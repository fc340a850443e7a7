// Whole plans: directories, order of the files, controllers to enable, what the record keeps.

import OCI
import Testing

@testable import Cgroups

@Suite struct CgroupPlanTests {
    static let hybrid = CgroupLayout(mountinfo: Array(CgroupLayoutTests.hybrid.utf8))
    static let unified = CgroupLayout.unified(mount: "/sys/fs/cgroup")

    static var resources: Resources {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = 1 << 20
        resources.pids = Pids()
        resources.pids?.limit = 10
        return resources
    }

    @Test func unifiedWithLimits() throws {
        let plan = try CgroupPlan(layout: Self.unified, cgroupsPath: nil, id: "c1", resources: Self.resources)
        #expect(plan.location.directories.map(\.path) == ["/sys/fs/cgroup/c1"])
        #expect(plan.cloneDirectory == "/sys/fs/cgroup/c1")
        #expect(plan.enable.map(\.name) == ["memory", "pids"])
        #expect(
            plan.enable.map(\.pointer) == ["/linux/resources/memory/limit", "/linux/resources/pids/limit"])
        #expect(plan.writes.map(\.path) == ["/sys/fs/cgroup/c1/memory.max", "/sys/fs/cgroup/c1/pids.max"])
        #expect(plan.deviceFilter != nil)
        #expect(!plan.hasDeviceRules)
        #expect(plan.joins(cloned: true) == [])
        #expect(plan.joins(cloned: false) == ["/sys/fs/cgroup/c1/cgroup.procs"])
    }

    @Test func unifiedWithoutAnything() throws {
        var resources = Resources()
        resources.devices = [DeviceRule()]
        resources.devices[0].allow = true
        let plan = try CgroupPlan(layout: Self.unified, cgroupsPath: "", id: "c1", resources: resources)
        #expect(plan.writes.isEmpty && plan.enable.isEmpty && plan.deviceFilter == nil)
        let engine = try CgroupPlan(
            layout: Self.unified, cgroupsPath: "/docker/c1", id: "c1", resources: resources)
        #expect(engine.enable.map(\.name) == ["cpu", "io", "memory", "pids"])
        #expect(engine.enable.allSatisfy { $0.pointer == nil })
    }

    @Test func enableKeepsTheReason() throws {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = -1
        let plan = try CgroupPlan(layout: Self.unified, cgroupsPath: "/e/c1", id: "c1", resources: resources)
        #expect(
            plan.enable.first == CgroupController(name: "memory", pointer: "/linux/resources/memory/limit"))
        #expect(plan.enable.count == 4)
    }

    @Test func hybridHost() throws {
        let plan = try CgroupPlan(
            layout: Self.hybrid, cgroupsPath: "/a/b", id: "c1", resources: Self.resources)
        #expect(plan.location.directories.count == 10)
        #expect(plan.location.directories.allSatisfy { $0.path == $0.mountpoint + "/a/b" })
        #expect(plan.deviceFilter == nil && plan.enable.isEmpty)
        #expect(plan.cloneDirectory == "/sys/fs/cgroup/unified/a/b")
        #expect(plan.joins(cloned: true).count == 9)
        #expect(plan.joins(cloned: false).last == "/sys/fs/cgroup/unified/a/b/cgroup.procs")
        #expect(
            plan.writes.prefix(4).map { "\($0.path) \($0.value)" } == [
                "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes 1048576",
                "/sys/fs/cgroup/pids/a/b/pids.max 10",
                "/sys/fs/cgroup/devices/a/b/devices.deny a",
                "/sys/fs/cgroup/devices/a/b/devices.allow c *:* m",
            ])
        #expect(plan.writes.count == 13)
    }

    @Test func legacyDevices() throws {
        var resources = Resources()
        resources.devices = [DeviceRule(), DeviceRule()]
        resources.devices[0].allow = true
        let all = try CgroupPlan(layout: Self.hybrid, cgroupsPath: nil, id: "c1", resources: resources)
        #expect(!all.writes.isEmpty)
        resources.devices[1].allow = true
        #expect(
            try CgroupPlan(layout: Self.hybrid, cgroupsPath: nil, id: "c1", resources: resources).writes
                .isEmpty)
        resources.devices[1].allow = false
        resources.devices[1].type = "b"
        let black = try CgroupPlan(layout: Self.hybrid, cgroupsPath: nil, id: "c1", resources: resources)
        // Making block device nodes stays allowed: that is among the defaults.
        #expect(black.writes.map { "\($0.file) \($0.value)" } == ["devices.deny b *:* rw"])
    }

    @Test func owner() throws {
        let plan = try CgroupPlan(
            layout: Self.unified, cgroupsPath: nil, id: "c1", resources: Resources(), owner: 1000)
        #expect(plan.owner == 1000)
        let legacy = try CgroupPlan(
            layout: Self.hybrid, cgroupsPath: nil, id: "c1", resources: Resources(), owner: 1000)
        #expect(legacy.owner == nil)
    }

    @Test func missingController() {
        let layout = CgroupLayout.legacy(
            [.init(controllers: ["pids"], mountpoint: "/cg/pids")], unifiedMount: nil)
        let error = #expect(throws: CgroupError.self) {
            try CgroupPlan(layout: layout, cgroupsPath: nil, id: "c1", resources: Self.resources)
        }
        #expect(error?.pointer == "/linux/resources/memory/limit")
        // Without a devices hierarchy nothing could be denied: refused, not skipped.
        let devices = #expect(throws: CgroupError.self) {
            try CgroupPlan(layout: .none, cgroupsPath: nil, id: "c1", resources: Resources())
        }
        #expect(devices?.pointer == "/linux/resources/devices")
    }

    @Test func record() throws {
        let plan = try CgroupPlan(
            layout: Self.hybrid, cgroupsPath: "/a:b/c", id: "c1", resources: Resources())
        let read = try #require(CgroupLocation(recorded: plan.location.recorded))
        #expect(read.directories.map(\.path) == plan.location.directories.map(\.path))
        #expect(read.directories.map(\.controllers) == plan.location.directories.map(\.controllers))
        #expect(read.unified?.path == "/sys/fs/cgroup/unified/a:b/c")
        #expect(read.directory(of: "freezer")?.path == "/sys/fs/cgroup/freezer/a:b/c")
        #expect(CgroupLocation(recorded: ["/nothing"]) == nil)
        #expect(CgroupLocation(recorded: [":relative"]) == nil)
        #expect(CgroupLocation(recorded: [":/a/../b"]) == nil)
        #expect(CgroupLocation(recorded: [])?.directories.isEmpty == true)
    }
}
