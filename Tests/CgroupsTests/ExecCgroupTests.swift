// Where an exec goes: sub-cgroups that stay below the container's, and the place where its first process really is.
import Testing

@testable import Cgroups

@Suite struct ExecCgroupTests {
    static let c1: CgroupPath = {
        guard let path = try? CgroupPath(cgroupsPath: "/c1", id: "c1") else { fatalError("a path") }
        return path
    }()
    static let v2 = CgroupLocation(layout: .unified(mount: "/sys/fs/cgroup"), path: c1)
    static let layout = CgroupLayout.legacy(
        [
            .init(controllers: ["cpu", "cpuacct"], mountpoint: "/cg/cpu,cpuacct"),
            .init(controllers: ["memory"], mountpoint: "/cg/memory"),
            .init(controllers: [], mountpoint: "/cg/systemd", name: "systemd"),
        ], unifiedMount: "/cg/unified")
    static let v1 = CgroupLocation(layout: layout, path: c1)

    private func paths(_ location: CgroupLocation) -> [String] { location.directories.map(\.path) }

    @Test func below() throws {
        #expect(paths(try Self.v2.below([])) == ["/sys/fs/cgroup/c1"])
        #expect(paths(try Self.v2.below(["a//./b/"])) == ["/sys/fs/cgroup/c1/a/b"])
        #expect(paths(try Self.v2.below(["/"])) == ["/sys/fs/cgroup/c1"])
        #expect(
            paths(try Self.v1.below(["x"])) == [
                "/cg/cpu,cpuacct/c1/x", "/cg/memory/c1/x", "/cg/systemd/c1/x", "/cg/unified/c1/x",
            ])
        #expect(
            paths(try Self.v1.below(["cpu,memory:x", "systemd:y"])) == [
                "/cg/cpu,cpuacct/c1/x", "/cg/memory/c1/x", "/cg/systemd/c1/y", "/cg/unified/c1",
            ])
        #expect(paths(try Self.v1.below(["cpu,cpuacct:x"]))[0] == "/cg/cpu,cpuacct/c1/x")
    }

    @Test(arguments: [
        ["../c2"], ["a/../../c2"], [".."], ["cpu:../c2"], [":x"], ["cpu,:x"], ["nope:x"], ["a", "b"],
        ["cpu:x", "cpu:y"],
    ])
    func nothingLeadsOut(_ arguments: [String]) {
        #expect(throws: CgroupError.self) { try Self.v1.below(arguments) }
    }

    @Test func listed() throws {
        let text = "3:memory:/c1/init\n2:cpu,cpuacct:/\n1:name=systemd:/c1\n7:net_cls:/x\n0::/moved\n"
        let location = try #require(CgroupLocation(listed: text, in: Self.layout))
        #expect(
            paths(location) == [
                "/cg/memory/c1/init", "/cg/cpu,cpuacct", "/cg/systemd/c1", "/cg/unified/moved",
            ])
        #expect(location.unified?.path == "/cg/unified/moved")
        #expect(CgroupLocation(listed: "0::/../x\n", in: Self.layout) == nil)
    }
}
