// What the manager does with directories, tried below a temporary one: it needs neither root nor cgroups.

import Linux
import OCI
import Testing

@testable import Cgroups

@Suite struct CgroupManagerTests {
    /// A directory of its own for a test.
    private static func temporary(_ name: String) throws -> String {
        let path = "/tmp/apus-cgroups-\(Syscall.processID())-\(name)"
        try Syscall.makeDirectory(path, mode: 0o700)
        return path
    }

    private static func exists(_ path: String) -> Bool { (try? Syscall.status(path)) != nil }

    private static func write(_ text: String, to path: String) throws {
        let file = try Syscall.open(path, [.writeOnly, .create, .truncate], mode: 0o600)
        try Syscall.write(file.raw, Array(text.utf8))
    }

    private static var allowAll: Resources {
        var resources = Resources()
        resources.devices = [DeviceRule()]
        resources.devices[0].allow = true
        return resources
    }

    private static func legacy(_ mount: String, _ controllers: [String]) -> CgroupLayout {
        .legacy(controllers.map { .init(controllers: [$0], mountpoint: mount + "/" + $0) }, unifiedMount: nil)
    }

    @Test func createAndRemove() throws {
        let mount = try Self.temporary("create")
        defer { try? Syscall.unlink(mount, directory: true) }
        for name in ["pids", "memory"] { try Syscall.makeDirectory(mount + "/" + name, mode: 0o700) }
        let plan = try CgroupPlan(
            layout: Self.legacy(mount, ["pids", "memory"]), cgroupsPath: "/a/b/c", id: "x",
            resources: Self.allowAll)
        var manager = CgroupManager(plan.location)
        try manager.create(plan)
        #expect(manager.created.count == 6)
        #expect(Self.exists(mount + "/memory/a/b/c"))
        try Syscall.makeDirectory(mount + "/memory/a/b/c/child", mode: 0o700)
        // From the record, as delete does it: what is below goes, what is above stays.
        let recorded = try #require(CgroupLocation(recorded: plan.location.recorded))
        try CgroupManager(recorded).remove()
        #expect(!Self.exists(mount + "/memory/a/b/c"))
        #expect(Self.exists(mount + "/memory/a/b"))
        try CgroupManager(recorded).remove()
        manager.removeCreated()
        #expect(!Self.exists(mount + "/memory/a") && !Self.exists(mount + "/pids/a"))
        for name in ["pids", "memory"] { try Syscall.unlink(mount + "/" + name, directory: true) }
    }

    @Test func failureLeavesWhatWasThere() throws {
        let mount = try Self.temporary("failure")
        defer { try? Syscall.unlink(mount, directory: true) }
        for path in ["/pids", "/pids/a"] { try Syscall.makeDirectory(mount + path, mode: 0o700) }
        // The second hierarchy is not there at all.
        let plan = try CgroupPlan(
            layout: Self.legacy(mount, ["pids", "memory"]), cgroupsPath: "/a/b", id: "x",
            resources: Self.allowAll)
        var manager = CgroupManager(plan.location)
        let error = #expect(throws: CgroupError.self) { try manager.create(plan) }
        #expect(error?.errno == .noEntry)
        #expect(
            error?.description == "/linux/cgroupsPath: mkdir \(mount)/memory/a: no such file or directory")
        #expect(manager.created.isEmpty)
        #expect(Self.exists(mount + "/pids/a") && !Self.exists(mount + "/pids/a/b"))
        for path in ["/pids/a", "/pids"] { try Syscall.unlink(mount + path, directory: true) }
    }

    @Test func cgroupWithProcesses() throws {
        let mount = try Self.temporary("used")
        let files = ["/pids/a/child/cgroup.procs"]
        let directories = ["/pids", "/pids/a", "/pids/a/child"]
        for path in directories { try Syscall.makeDirectory(mount + path, mode: 0o700) }
        try Self.write("41\n42\n", to: mount + files[0])
        defer {
            for path in files { try? Syscall.unlink(mount + path) }
            for path in directories.reversed() + [""] { try? Syscall.unlink(mount + path, directory: true) }
        }
        let plan = try CgroupPlan(
            layout: Self.legacy(mount, ["pids"]), cgroupsPath: "a", id: "x", resources: Self.allowAll)
        var manager = CgroupManager(plan.location)
        #expect(manager.processes() == [41, 42])
        let error = #expect(throws: CgroupError.self) { try manager.create(plan) }
        #expect(error == .notEmpty(path: mount + "/pids/a", count: 2))
        #expect(error?.message.hasPrefix("container's cgroup is not empty") == true)
        #expect(Self.exists(mount + "/pids/a/child"))
    }

    @Test func writing() throws {
        let directory = try Self.temporary("write")
        defer {
            try? Syscall.unlink(directory + "/a")
            try? Syscall.unlink(directory, directory: true)
        }
        try Self.write("", to: directory + "/a")
        func write(_ file: String, _ value: String, mayBeMissing: Bool = false) -> CgroupWrite {
            CgroupWrite(
                directory: directory, file: file, value: value, pointer: "/p/" + file,
                mayBeMissing: mayBeMissing)
        }
        let manager = CgroupManager(CgroupLocation(directories: []))
        try manager.write([
            write("a", "1"), write("a", "2"), write("b", "x", mayBeMissing: true), write("a", "3"),
        ])
        // One descriptor for neighbours, a new one, and so the start of the file, afterwards.
        #expect(try Syscall.readText(directory + "/a") == "32")
        var other = write("b", "x")
        other.otherwise = [.init(file: "c", value: "5"), .init(file: "a", value: "7")]
        try manager.write([other])
        #expect(try Syscall.readText(directory + "/a") == "72")
        let error = #expect(throws: CgroupError.self) { try manager.write([write("b", "x")]) }
        #expect(error?.description == "/p/b: write b: no such file or directory")
    }
}
