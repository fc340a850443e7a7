// What an update writes, in which order, and how it takes it back.

import Linux
import OCI
import Testing

@testable import Cgroups

@Suite struct ResourceMergeTests {
    private static func memory(_ limit: Int64?, _ swap: Int64?) -> Resources {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = limit
        resources.memory?.swap = swap
        return resources
    }

    @Test func currentLimits() {
        let limits = CurrentLimits(cpuMax: "max 50000\n", memoryMax: "max\n", swapMax: "4096\n")
        #expect(limits == CurrentLimits(quota: nil, period: 50000, memory: -1, swap: 4096))
        #expect(CurrentLimits(cpuMax: "", memoryMax: "", swapMax: "") == CurrentLimits())
    }

    /// The quota and the period share a file of cgroup v2: the half that is not named stays.
    @Test(
        arguments: [
            (20000, nil, 20000, 50000), (nil, 25000, 10000, 25000), (-1, nil, -1, 50000),
            (1000, 2000, 1000, 2000),
            (nil, nil, nil, nil),
        ] as [(Int64?, UInt64?, Int64?, UInt64?)])
    func cpu(quota: Int64?, period: UInt64?, wantedQuota: Int64?, wantedPeriod: UInt64?) {
        var resources = Resources()
        resources.cpu = CPU()
        resources.cpu?.quota = quota
        resources.cpu?.period = period
        let result = resources.completed(by: CurrentLimits(quota: 10000, period: 50000))
        #expect(result.cpu?.quota == wantedQuota && result.cpu?.period == wantedPeriod)
    }

    @Test(
        arguments: [
            // asked: limit, swap; there: limit, swap alone; wanted: limit, sum
            (100, nil, 50, 30, 100, 80), (100, nil, 50, -1, 100, nil), (100, nil, -1, 30, 100, nil),
            (nil, 200, 50, 30, 50, 200), (100, 300, 50, 30, 100, 300), (-1, nil, 50, 30, -1, nil),
            (nil, -1, 50, 30, nil, -1),
        ] as [(Int64?, Int64?, Int64, Int64, Int64?, Int64?)])
    func memoryAndSwap(row: (Int64?, Int64?, Int64, Int64, Int64?, Int64?)) {
        let result = Self.memory(row.0, row.1).completed(by: CurrentLimits(memory: row.2, swap: row.3))
        #expect(result.memory?.limit == row.4)
        #expect(result.memory?.swap == row.5)
    }

    @Test func checkBeforeUpdate() throws {
        var resources = Self.memory(100, nil)
        try resources.checkMemory(usage: 200)
        resources.memory?.checkBeforeUpdate = true
        try resources.checkMemory(usage: 99)
        let error = #expect(throws: CgroupError.self) { try resources.checkMemory(usage: 100) }
        #expect(
            error?.description == "/linux/resources/memory/limit: rejecting memory limit 100 <= usage 100")
        resources.memory?.swap = 150
        #expect(throws: CgroupError.self) { try resources.checkMemory(usage: 150) }
    }

    @Test(
        arguments: [
            ("pids.max", "5", "max\n", "max"), ("cpu.max", "5 10", "max 100000\n", "max 100000"),
            (
                "io.max", "8:0 rbps=1", "8:0 rbps=7 wbps=max riops=max wiops=max\n",
                "8:0 rbps=7 wbps=max riops=max wiops=max"
            ),
            ("io.max", "8:0 rbps=1", "", "8:0 rbps=max wbps=max riops=max wiops=max"),
            ("blkio.throttle.read_bps_device", "8:0 1", "8:16 5\n", "8:0 0"),
            ("blkio.throttle.read_bps_device", "8:0 1", "8:16 5\n8:0 9\n", "8:0 9"),
            ("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\n", "0"),
            (
                "rdma.max", "mlx hca_handle=1", "mlx hca_handle=max hca_object=max\n",
                "mlx hca_handle=max hca_object=max"
            ),
        ] as [(String, String, String, String)])
    func undo(file: String, value: String, text: String, wanted: String) {
        #expect(previousValue(of: file, for: value, in: text) == wanted)
    }
}

@Suite struct CgroupUpdateTests {
    @Test func writesAndTakesBack() throws {
        let fake = try FakeCgroup("update", ["pids.max": "10", "memory.limit_in_bytes": "1111"])
        defer { fake.remove() }
        let manager = fake.manager(["pids", "memory"])
        var resources = Resources()
        resources.pids = Pids()
        resources.pids?.limit = 77
        try manager.update(resources)
        #expect(fake.text("pids.max") == "77")
        // The file of swap is not there: what was written before goes back.
        resources.memory = Memory()
        resources.memory?.limit = 2222
        resources.memory?.swap = 3333
        let error = #expect(throws: CgroupError.self) { try manager.update(resources) }
        #expect(error?.pointer == "/linux/resources/memory/swap")
        #expect(fake.text("memory.limit_in_bytes") == "1111")
    }
}

@Suite struct DeviceUpdateTests {
    private static func policy(_ rules: [(Bool, String?, Int64?, Int64?, String)]) throws -> DevicePolicy {
        try DevicePolicy(
            rules: rules.map { row in
                var rule = DeviceRule()
                (rule.allow, rule.type, rule.major, rule.minor, rule.access) = row
                return rule
            })
    }

    private static let usual = """
        c *:* m
        b *:* m
        c 1:3 rwm
        c 1:8 rwm
        c 1:7 rwm
        c 5:0 rwm
        c 1:5 rwm
        c 1:9 rwm
        c 136:* rwm
        c 5:2 rwm

        """

    @Test func nothingChanges() throws {
        #expect(try Self.policy([(false, nil, nil, nil, "rwm")]).changes(from: Self.usual) == [])
    }

    /// What is new comes first; no device that both allow is denied in between.
    @Test func changes() throws {
        let policy = try Self.policy([(false, nil, nil, nil, "rwm"), (true, "c", 10, 229, "rw")])
        let writes = try #require(policy.changes(from: Self.usual + "b 8:0 rw\nc 10:200 rwm\n"))
        #expect(
            writes.map { $0.file + " " + $0.value } == [
                "devices.allow c 10:229 rw", "devices.deny b 8:0 rw", "devices.deny c 10:200 rwm",
            ])
        #expect(writes.first?.pointer == "/linux/resources/devices/1")
    }

    @Test func lessAccess() throws {
        let policy = try Self.policy([(true, "c", 10, 229, "r")])
        let writes = try #require(policy.changes(from: Self.usual + "c 10:229 rw\n"))
        #expect(writes.map { $0.file + " " + $0.value } == ["devices.deny c 10:229 w"])
    }

    @Test func otherDefault() throws {
        #expect(try Self.policy([(true, nil, nil, nil, "rwm")]).changes(from: Self.usual) == nil)
        #expect(try Self.policy([(false, nil, nil, nil, "rwm")]).changes(from: "a *:* rwm\n") == nil)
    }
}
