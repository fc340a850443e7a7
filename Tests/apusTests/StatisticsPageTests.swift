// The JSON of events, to the letter, and the table of stats.
import Cgroups
import Testing

@testable import apus

@Suite struct StatisticsPageTests {
    private static func text(_ statistics: CgroupStatistics) -> String {
        String(decoding: eventLine(.statistics(statistics), "c1"), as: UTF8.self)
    }

    @Test func outOfMemory() {
        #expect(
            String(decoding: eventLine(.outOfMemory, "c1"), as: UTF8.self) == #"{"type":"oom","id":"c1"}"#
                + "\n")
    }

    /// Members that runc leaves out when they are zero are left out, and those that it does not are there.
    @Test func nothing() {
        #expect(
            Self.text(CgroupStatistics()) == """
                {"type":"stats","id":"c1","data":{"cpu":{"usage":{"kernel":0,"user":0},"throttling":{}},\
                "cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,\
                "memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,\
                "sched_relax_domain_level":0},"memory":{"usage":{"limit":0,"failcnt":0},\
                "swap":{"limit":0,"failcnt":0},"kernel":{"limit":0,"failcnt":0},\
                "kernelTCP":{"limit":0,"failcnt":0}},"pids":{},"blkio":{},"hugetlb":{},"intel_rdt":{},\
                "network_interfaces":null}}

                """)
    }

    @Test func everything() {
        var all = CgroupStatistics()
        all.cpu.total = 7
        all.cpu.perCPU = [3, 4]
        all.cpu.throttledTime = 5
        var pressure = Pressure()
        pressure.some.averages = [1250, 5, 100]
        pressure.full.total = 9
        all.cpu.pressure = pressure
        all.cpuset.cpus = [0, 1]
        all.cpuset.mems = [0]
        all.memory.usage = .init(limit: .max, usage: 2, peak: 3, failures: 4)
        all.pids.current = 6
        all.hugetlb = [("2MB", .init(usage: 8))]
        let text = Self.text(all)
        for part in [
            #""usage":{"total":7,"percpu":[3,4],"kernel":0,"user":0},"throttling":{"throttledTime":5}"#,
            #""psi":{"some":{"avg10":12.5,"avg60":0.05,"avg300":1,"total":0},"full":{"avg10":0,"avg60":0,"avg300":0,"total":9}}"#,
            #""cpuset":{"cpus":[0,1],"cpu_exclusive":0,"mems":[0],"mem_hardwall":0"#,
            #""usage":{"limit":18446744073709551615,"usage":2,"max":3,"failcnt":4}"#,
            #""pids":{"current":6}"#, #""hugetlb":{"2MB":{"usage":8,"failcnt":0}}"#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test func table() {
        var old = Sample(id: "c1", time: 1000, statistics: CgroupStatistics())
        var new = Sample(id: "c1", time: 3000, statistics: CgroupStatistics())
        old.statistics.cpu.total = 1_000_000_000
        new.statistics.cpu.total = 2_000_000_000
        new.statistics.memory.usage = .init(limit: 64 << 20, usage: 16 << 20, peak: 32 << 20)
        new.statistics.pids = .init()
        new.statistics.pids.current = 2
        let lines = statisticsTable([old], [new]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[1].split(separator: " ").map(String.init) == [
                "c1", "50.00", "16.00MiB", "/", "64.00MiB", "25.00", "32.00MiB", "0B", "/", "0B", "-/-/-",
                "2",
            ])
    }
}
