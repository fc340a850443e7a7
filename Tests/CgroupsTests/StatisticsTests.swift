// What becomes of the kernel's files as statistics.

import Linux
import Testing

@testable import Cgroups

/// A directory with files that stands in for a cgroup.
struct FakeCgroup {
    let path: String

    init(_ name: String, _ files: [String: String]) throws {
        path = "/tmp/apus-fake-\(Syscall.processID())-\(name)"
        try Syscall.makeDirectory(path, mode: 0o700)
        for (name, text) in files {
            let file = try Syscall.open(path + "/" + name, [.writeOnly, .create, .truncate], mode: 0o600)
            try Syscall.write(file.raw, Array(text.utf8))
        }
    }

    func remove() {
        for name in CgroupFiles(path: path).names() { try? Syscall.unlink(path + "/" + name) }
        try? Syscall.unlink(path, directory: true)
    }

    func text(_ file: String) -> String { CgroupFiles(path: path).text(file) }

    func manager(_ controllers: [String]) -> CgroupManager {
        CgroupManager(
            CgroupLocation(directories: [.init(controllers: controllers, path: path, mountpoint: "/tmp")]))
    }
}

@Suite struct KernelTextTests {
    @Test func keys() {
        let list = keyedNumbers("usage_usec 12\nuser_usec 7\nbroken\nx y\n")
        #expect(list == [KeyedNumber(key: "usage_usec", value: 12), KeyedNumber(key: "user_usec", value: 7)])
        #expect(list["user_usec"] == 7 && list["none"] == 0)
    }

    @Test(arguments: [("max\n", UInt64.max), ("17\n", 17), ("", nil), ("x", nil)] as [(String, UInt64?)])
    func number(text: String, value: UInt64?) { #expect(singleNumber(text) == value) }

    @Test(
        arguments: [("0-3,7\n", [0, 1, 2, 3, 7]), ("\n", []), ("5", [5]), ("3-1", [])] as [(String, [UInt16])]
    )
    func list(text: String, numbers: [UInt16]) { #expect(numberList(text) == numbers) }

    @Test func blockDevices() {
        let text = "8:0 Read 4096\n8:0 Total 4096\n253:1 17\nTotal 4096\n"
        #expect(
            blockEntries(text) == [
                BlockEntry(major: 8, minor: 0, operation: "Read", value: 4096),
                BlockEntry(major: 8, minor: 0, operation: "Total", value: 4096),
                BlockEntry(major: 253, minor: 1, operation: "", value: 17),
            ])
        let io = ioStatistics("8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 cost.usage=9\n")
        #expect(io.bytes.map(\.value) == [1, 2, 5] && io.operations.map(\.value) == [3, 4, 6])
        #expect(io.bytes.map(\.operation) == ["Read", "Write", "Discard"])
        #expect(io.bytes.first?.minor == 16)
    }

    @Test func pressureFile() throws {
        let text = """
            some avg10=12.34 avg60=0.05 avg300=0.00 total=4711
            full avg10=0.00 avg60=100.00 avg300=1.50 total=0

            """
        let found = try #require(pressure(text))
        #expect(found.some == .init(averages: [1234, 5, 0], total: 4711))
        #expect(found.full == .init(averages: [0, 10000, 150], total: 0))
        #expect(pressure("") == nil)
    }
}

@Suite struct StatisticsTests {
    @Test func unified() throws {
        let fake = try FakeCgroup(
            "v2",
            [
                "cpu.stat":
                    "usage_usec 30\nuser_usec 20\nsystem_usec 10\nnr_periods 4\nnr_throttled 2\nthrottled_usec 5\n",
                "memory.current": "100\n", "memory.max": "500\n", "memory.peak": "300\n",
                "memory.stat": "anon 60\nfile 40\n", "memory.events": "low 0\nmax 7\noom_kill 1\n",
                "memory.swap.current": "11\n", "memory.swap.max": "max\n",
                "pids.current": "3\n", "pids.max": "max\n",
                "io.stat": "8:0 rbytes=1 wbytes=2 rios=3 wios=4\n",
                "hugetlb.2MB.rsvd.current": "4096\n", "hugetlb.2MB.rsvd.max": "max\n",
                "hugetlb.2MB.events": "max 9\n", "cpuset.cpus": "\n", "cpuset.cpus.effective": "0-1\n",
                "cpu.pressure": "some avg10=1.00 avg60=0.00 avg300=0.00 total=1\n",
            ])
        defer { fake.remove() }
        let statistics = fake.manager([]).statistics()
        #expect(statistics.cpu.total == 30000 && statistics.cpu.user == 20000)
        #expect(statistics.cpu.throttledPeriods == 2 && statistics.cpu.throttledTime == 5000)
        #expect(statistics.cpu.pressure?.some.averages.first == 100 && statistics.memory.pressure == nil)
        #expect(statistics.memory.usage == .init(limit: 500, usage: 100, peak: 300, failures: 7))
        #expect(statistics.memory.swap == .init(limit: .max, usage: 111))
        #expect(statistics.memory.cache == 40 && statistics.memory.raw.count == 2)
        #expect(statistics.pids == .init(current: 3, limit: 0))
        #expect(statistics.blockIO[.serviceBytes].map(\.value) == [1, 2])
        #expect(statistics.hugetlb.map(\.size) == ["2MB"])
        #expect(statistics.hugetlb.first?.use == .init(limit: .max, usage: 4096, failures: 9))
        #expect(statistics.cpuset.cpus == [0, 1])
    }

    @Test func legacy() throws {
        let fake = try FakeCgroup(
            "v1",
            [
                "cpuacct.usage": "700\n", "cpuacct.usage_percpu": "300 400 \n",
                "cpuacct.stat": "user 3\nsystem 2\n",
                "cpuacct.usage_all": "cpu user system\n0 1 2\n1 3 4\n",
                "cpu.stat": "nr_periods 5\nnr_throttled 1\nthrottled_time 99\n",
                "memory.stat": "cache 8\nrss 9\n", "memory.usage_in_bytes": "17\n",
                "memory.limit_in_bytes": "20\n",
                "memory.max_usage_in_bytes": "19\n", "memory.failcnt": "2\n", "pids.current": "1\n",
                "pids.max": "9\n",
                "blkio.bfq.io_serviced_recursive": "Total 0\n",
                "blkio.throttle.io_serviced_recursive": "8:0 Read 3\nTotal 3\n",
                "blkio.throttle.io_service_bytes_recursive": "8:0 Read 4096\nTotal 4096\n",
                "cpuset.cpus": "0\n", "cpuset.mems": "0\n", "cpuset.sched_relax_domain_level": "-1\n",
                "hugetlb.1GB.rsvd.usage_in_bytes": "1\n", "hugetlb.1GB.rsvd.failcnt": "4\n",
            ])
        defer { fake.remove() }
        let names = ["cpu", "cpuacct", "memory", "pids", "blkio", "cpuset", "hugetlb"]
        let statistics = fake.manager(names).statistics()
        #expect(statistics.cpu.total == 700 && statistics.cpu.perCPU == [300, 400])
        #expect(statistics.cpu.user == 30_000_000 && statistics.cpu.kernel == 20_000_000)
        #expect(statistics.cpu.perCPUUser == [1, 3] && statistics.cpu.perCPUKernel == [2, 4])
        #expect(statistics.cpu.throttledTime == 99)
        #expect(statistics.memory.usage == .init(limit: 20, usage: 17, peak: 19, failures: 2))
        #expect(statistics.memory.cache == 8)
        #expect(statistics.pids == .init(current: 1, limit: 9))
        #expect(statistics.blockIO[.serviced].map(\.value) == [3])
        #expect(statistics.blockIO[.serviceBytes].map(\.value) == [4096])
        #expect(statistics.cpuset.values.last == -1 && statistics.cpuset.cpus == [0])
        #expect(statistics.hugetlb.first?.size == "1GB" && statistics.hugetlb.first?.use.failures == 4)
    }

    @Test func nothingIsThere() {
        let manager = CgroupManager(
            CgroupLocation(directories: [.init(controllers: [], path: "/tmp/none", mountpoint: "/tmp")]))
        #expect(manager.statistics() == CgroupStatistics())
    }
}
