// What each controller writes, for both versions.

import OCI
import Testing

@testable import Cgroups

/// One line per setting: `file=value`.
private func lines(_ resources: Resources, _ version: CgroupVersion) throws -> [String] {
    try Controller.all.flatMap { controller in
        try controller.settings(resources, version).map { "\($0.file)=\($0.value)" }
    }
}

@Suite struct MemoryControllerTests {
    typealias Row = (limit: Int64?, swap: Int64?, v1: [String], v2: [String])

    @Test(
        arguments: [
            (nil, nil, [], []), (0, 0, [], []),
            (1024, nil, ["memory.limit_in_bytes=1024"], ["memory.max=1024"]),
            (1024, 0, ["memory.limit_in_bytes=1024"], ["memory.max=1024"]),
            (
                1024, 3072, ["memory.limit_in_bytes=1024", "memory.memsw.limit_in_bytes=3072"],
                ["memory.swap.max=2048", "memory.max=1024"]
            ),
            (
                1024, 1024, ["memory.limit_in_bytes=1024", "memory.memsw.limit_in_bytes=1024"],
                ["memory.swap.max=0", "memory.max=1024"]
            ),
            (
                1024, -1, ["memory.limit_in_bytes=1024", "memory.memsw.limit_in_bytes=-1"],
                ["memory.swap.max=max", "memory.max=1024"]
            ),
            (
                -1, nil, ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1"],
                ["memory.swap.max=max", "memory.max=max"]
            ),
            (
                -1, 4096, ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=4096"],
                ["memory.swap.max=4096", "memory.max=max"]
            ),
            (nil, -1, ["memory.memsw.limit_in_bytes=-1"], ["memory.swap.max=max"]),
        ] as [Row])
    func limits(row: Row) throws {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = row.limit
        resources.memory?.swap = row.swap
        #expect(try lines(resources, .v1) == row.v1)
        #expect(try lines(resources, .v2) == row.v2)
    }

    @Test func others() throws {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.reservation = 512
        #expect(try lines(resources, .v1) == ["memory.soft_limit_in_bytes=512"])
        #expect(try lines(resources, .v2) == ["memory.low=512"])
        resources.memory?.reservation = -1
        #expect(try lines(resources, .v2) == ["memory.low=max"])
        resources.memory = Memory()
        resources.memory?.swappiness = 0
        resources.memory?.disableOOMKiller = true
        resources.memory?.kernelTCP = 77
        #expect(
            try lines(resources, .v1) == [
                "memory.kmem.tcp.limit_in_bytes=77", "memory.oom_control=1", "memory.swappiness=0",
            ])
        resources.memory = Memory()
        resources.memory?.useHierarchy = true
        #expect(try lines(resources, .v1) == ["memory.use_hierarchy=1"])
        #expect(try lines(resources, .v2).isEmpty)
        resources.memory = Memory()
        resources.memory?.disableOOMKiller = false
        #expect(try lines(resources, .v1).isEmpty)
        #expect(try lines(resources, .v2).isEmpty)
    }

    /// Only the wish for no swap, or for all of it, may go unheard where the kernel has no swap.
    @Test(arguments: [(1024, 1024, true), (1024, -1, true), (1024, 2048, false)] as [(Int64, Int64, Bool)])
    func missingSwapFile(limit: Int64, swap: Int64, mayBeMissing: Bool) throws {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = limit
        resources.memory?.swap = swap
        let settings = try memorySettings(resources, .v2)
        #expect(settings.first { $0.file == "memory.swap.max" }?.mayBeMissing == mayBeMissing)
        #expect(settings.first { $0.file == "memory.max" }?.mayBeMissing == false)
    }

    @Test(
        arguments: [
            ("limit", -2, nil, CgroupVersion.v1), ("limit", -2, nil, .v2), ("swap", 10, 9, .v2),
            ("swap", nil, 9, .v2),
            ("swap", 10, -5, .v1),
        ] as [(String, Int64?, Int64?, CgroupVersion)])
    func refused(member: String, limit: Int64?, swap: Int64?, version: CgroupVersion) {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = limit
        resources.memory?.swap = swap
        let error = #expect(throws: CgroupError.self) { try memorySettings(resources, version) }
        #expect(error?.pointer == "/linux/resources/memory/" + member)
    }

    @Test func refusedOnUnified() {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.disableOOMKiller = true
        #expect(throws: CgroupError.self) { try memorySettings(resources, .v2) }
        resources.memory = Memory()
        resources.memory?.kernelTCP = 60
        #expect(throws: CgroupError.self) { try memorySettings(resources, .v2) }
        resources.memory = Memory()
        resources.memory?.useHierarchy = false
        #expect(throws: CgroupError.self) { try memorySettings(resources, .v2) }
        resources.memory = Memory()
        resources.memory?.swappiness = 60
        #expect(throws: CgroupError.self) { try memorySettings(resources, .v2) }
        resources.memory?.swappiness = 101
        let error = #expect(throws: CgroupError.self) { try memorySettings(resources, .v1) }
        #expect(error?.pointer == "/linux/resources/memory/swappiness")
    }
}

@Suite struct CPUControllerTests {
    @Test(
        arguments: [
            (1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (8, 3), (10, 4), (100, 17), (512, 59), (1000, 99),
            (1024, 100), (2048, 174), (131072, 5478), (262143, 10000), (262144, 10000), (999999, 10000),
        ] as [(UInt64, UInt64)])
    func weight(shares: UInt64, weight: UInt64) {
        #expect(cpuWeight(shares: shares) == weight)
    }

    @Test func weightNeverFalls() {
        var last: UInt64 = 1
        for shares in stride(from: UInt64(2), through: 262_144, by: 7) {
            let weight = cpuWeight(shares: shares)
            #expect(weight >= last && weight <= 10000)
            last = weight
        }
    }

    @Test func full() throws {
        var cpu = CPU()
        cpu.shares = 1024
        cpu.quota = 50000
        cpu.period = 200000
        cpu.burst = 100
        cpu.idle = 0
        cpu.cpus = "0-1"
        cpu.mems = "0"
        var resources = Resources()
        resources.cpu = cpu
        #expect(
            try lines(resources, .v1) == [
                "cpuset.cpus=0-1", "cpuset.mems=0", "cpu.shares=1024", "cpu.cfs_period_us=200000",
                "cpu.cfs_quota_us=50000", "cpu.cfs_burst_us=100", "cpu.idle=0",
            ])
        #expect(
            try lines(resources, .v2) == [
                "cpuset.cpus=0-1", "cpuset.mems=0", "cpu.weight=100", "cpu.max=50000 200000",
                "cpu.max.burst=100",
                "cpu.idle=0",
            ])
    }

    @Test(
        arguments: [
            (nil, nil, []), (0, 0, []), (-1, nil, ["cpu.max=max 100000"]), (50, nil, ["cpu.max=50 100000"]),
            (nil, 5000, ["cpu.max=max 5000"]),
        ] as [(Int64?, UInt64?, [String])])
    func maximum(quota: Int64?, period: UInt64?, expected: [String]) throws {
        var resources = Resources()
        resources.cpu = CPU()
        resources.cpu?.quota = quota
        resources.cpu?.period = period
        #expect(try lines(resources, .v2) == expected)
    }

    @Test func realTime() throws {
        var resources = Resources()
        resources.cpu = CPU()
        resources.cpu?.realtimePeriod = 1000
        resources.cpu?.realtimeRuntime = 900
        #expect(try lines(resources, .v1) == ["cpu.rt_period_us=1000", "cpu.rt_runtime_us=900"])
        #expect(throws: CgroupError.self) { try cpuSettings(resources, .v2) }
        resources.cpu?.realtimePeriod = 0
        resources.cpu?.realtimeRuntime = 0
        #expect(try lines(resources, .v2).isEmpty)
    }

    @Test func refused() {
        var resources = Resources()
        resources.cpu = CPU()
        resources.cpu?.shares = 1
        #expect(throws: CgroupError.self) { try cpuSettings(resources, .v1) }
        resources.cpu?.shares = 262145
        let error = #expect(throws: CgroupError.self) { try cpuSettings(resources, .v1) }
        #expect(error?.description == "/linux/resources/cpu/shares: the maximum allowed cpu-shares is 262144")
        resources.cpu = CPU()
        resources.cpu?.idle = 2
        #expect(throws: CgroupError.self) { try cpuSettings(resources, .v2) }
    }
}

@Suite struct OtherControllersTests {
    @Test(
        arguments: [(nil, []), (0, ["pids.max=1"]), (-1, ["pids.max=max"]), (7, ["pids.max=7"])]
            as [(Int64?, [String])])
    func pids(limit: Int64?, expected: [String]) throws {
        var resources = Resources()
        resources.pids = Pids()
        resources.pids?.limit = limit
        #expect(try lines(resources, .v1) == expected)
        #expect(try lines(resources, .v2) == expected)
    }

    @Test func unified() throws {
        var resources = Resources()
        resources.pids = Pids()
        resources.pids?.limit = 5
        resources.unified = ["pids.max": "9", "memory.high": "1", "cgroup.max.depth": "2"]
        #expect(
            try lines(resources, .v2) == ["pids.max=5", "cgroup.max.depth=2", "memory.high=1", "pids.max=9"])
        #expect(try unifiedSettings(resources, .v2).map(\.controller) == ["", "memory", "pids"])
        let error = #expect(throws: CgroupError.self) { try lines(resources, .v1) }
        #expect(error?.pointer == "/linux/resources/unified")
    }

    @Test(arguments: [
        ("../cgroup.procs", "..~1cgroup.procs"), ("memory/high.x", "memory~1high.x"), ("memory", "memory"),
        ("", ""),
        (".x", ".x"), ("a~.b/", "a~0.b~1"), ("..", ".."),
    ])
    func unifiedRefused(name: String, token: String) {
        var resources = Resources()
        resources.unified = [name: "1"]
        let error = #expect(throws: CgroupError.self) { try unifiedSettings(resources, .v2) }
        #expect(error?.pointer == "/linux/resources/unified/" + token)
    }

    @Test func nothingAsked() throws {
        var resources = Resources()
        resources.blockIO = BlockIO()
        resources.blockIO?.weight = 0
        resources.network = Network()
        resources.network?.classID = 0
        resources.rdma = ["mlx": Rdma()]
        resources.memory = Memory()
        resources.memory?.kernel = 77
        #expect(try lines(resources, .v1).isEmpty)
        #expect(try lines(resources, .v2).isEmpty)
    }

    @Test func hugePages() throws {
        var resources = Resources()
        var limit = HugepageLimit()
        limit.pageSize = "2MB"
        limit.limit = 4 << 20
        resources.hugepageLimits = [limit]
        limit.pageSize = "1GB"
        limit.limit = 0
        resources.hugepageLimits.append(limit)
        #expect(
            try lines(resources, .v1) == [
                "hugetlb.2MB.limit_in_bytes=4194304", "hugetlb.2MB.rsvd.limit_in_bytes=4194304",
                "hugetlb.1GB.limit_in_bytes=0", "hugetlb.1GB.rsvd.limit_in_bytes=0",
            ])
        #expect(
            try lines(resources, .v2) == [
                "hugetlb.2MB.max=4194304", "hugetlb.2MB.rsvd.max=4194304", "hugetlb.1GB.max=0",
                "hugetlb.1GB.rsvd.max=0",
            ])
        #expect(hugepageSettings(resources, .v2).map(\.mayBeMissing) == [false, true, false, true])
    }

    @Test func network() throws {
        var resources = Resources()
        resources.network = Network()
        resources.network?.classID = 1_048_577
        #expect(throws: CgroupError.self) { try networkSettings(resources, .v2) }
        var priority = InterfacePriority()
        priority.name = "eth0"
        priority.priority = 500
        resources.network?.priorities = [priority]
        #expect(
            try lines(resources, .v1) == ["net_cls.classid=1048577", "net_prio.ifpriomap=eth0 500"])
        resources.network?.classID = nil
        let error = #expect(throws: CgroupError.self) { try networkSettings(resources, .v2) }
        #expect(error?.pointer == "/linux/resources/network/priorities/0")
    }

    @Test func rdma() throws {
        var resources = Resources()
        resources.rdma = ["mlx4_0": Rdma(), "a/b": Rdma(), "none": Rdma()]
        resources.rdma["mlx4_0"]?.hcaHandles = 2
        resources.rdma["mlx4_0"]?.hcaObjects = 2000
        resources.rdma["a/b"]?.hcaObjects = 0
        let wanted = ["rdma.max=a/b hca_object=0", "rdma.max=mlx4_0 hca_handle=2 hca_object=2000"]
        #expect(try lines(resources, .v1) == wanted)
        #expect(try lines(resources, .v2) == wanted)
        #expect(rdmaSettings(resources, .v2).map(\.pointer).first == "/linux/resources/rdma/a~1b")
    }
}

@Suite struct BlockIOControllerTests {
    private static func device(_ weight: UInt16?, leaf: UInt16? = nil) -> WeightDevice {
        var device = WeightDevice()
        device.major = 8
        device.minor = 16
        device.weight = weight
        device.leafWeight = leaf
        return device
    }

    private static func throttle(_ rate: UInt64) -> ThrottleDevice {
        var device = ThrottleDevice()
        device.major = 8
        device.rate = rate
        return device
    }

    private static var full: Resources {
        var block = BlockIO()
        block.weight = 10
        block.weightDevice = [device(500)]
        block.throttleReadBpsDevice = [throttle(1), throttle(2)]
        block.throttleWriteBpsDevice = [throttle(3)]
        block.throttleReadIOPSDevice = [throttle(4)]
        block.throttleWriteIOPSDevice = [throttle(0)]
        var resources = Resources()
        resources.blockIO = block
        return resources
    }

    @Test func legacy() throws {
        var resources = Self.full
        #expect(
            try lines(resources, .v1) == [
                "blkio.weight=10", "blkio.weight_device=8:16 500", "blkio.throttle.read_bps_device=8:0 1",
                "blkio.throttle.read_bps_device=8:0 2", "blkio.throttle.write_bps_device=8:0 3",
                "blkio.throttle.read_iops_device=8:0 4", "blkio.throttle.write_iops_device=8:0 0",
            ])
        let others = try blockIOSettings(resources, .v1).prefix(2).flatMap(\.otherwise)
        #expect(others.map(\.file) == ["blkio.bfq.weight", "blkio.bfq.weight_device"])
        #expect(others.map(\.value) == ["10", "8:16 500"])
        resources.blockIO = BlockIO()
        resources.blockIO?.leafWeight = 11
        resources.blockIO?.weightDevice = [Self.device(nil, leaf: 12)]
        #expect(
            try lines(resources, .v1) == ["blkio.leaf_weight=11", "blkio.leaf_weight_device=8:16 12"])
    }

    @Test func unified() throws {
        #expect(
            try lines(Self.full, .v2) == [
                "io.bfq.weight=10", "io.bfq.weight=8:16 500", "io.max=8:0 rbps=1", "io.max=8:0 rbps=2",
                "io.max=8:0 wbps=3", "io.max=8:0 riops=4", "io.max=8:0 wiops=max",
            ])
        let settings = try blockIOSettings(Self.full, .v2)
        #expect(settings.prefix(2).flatMap(\.otherwise).map(\.value) == ["1", "8:16 4950"])
        #expect(settings[2].pointer == "/linux/resources/blockIO/throttleReadBpsDevice/0")
    }

    @Test func leavesAreOfLegacyOnly() {
        var resources = Resources()
        resources.blockIO = BlockIO()
        resources.blockIO?.leafWeight = 11
        #expect(throws: CgroupError.self) { try blockIOSettings(resources, .v2) }
        resources.blockIO?.leafWeight = 0
        resources.blockIO?.weightDevice = [Self.device(nil, leaf: 12)]
        let error = #expect(throws: CgroupError.self) { try blockIOSettings(resources, .v2) }
        #expect(error?.pointer == "/linux/resources/blockIO/weightDevice/0/leafWeight")
    }

    @Test(arguments: [(10, 1), (11, 11), (100, 910), (500, 4950), (1000, 10000)] as [(UInt16, Int)])
    func weight(blkio: UInt16, io: Int) {
        #expect(ioWeight(blkio: blkio) == io)
    }
}
