// Sizes and durations on command lines.
import OCI
import Testing

@testable import apus

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("0", 0), ("1048576", 1_048_576), ("512K", 524_288), ("64m", 67_108_864), ("1.5G", 1_610_612_736),
            ("2GiB", 2_147_483_648), ("10kb", 10240), ("7b", 7), ("1T", 1_099_511_627_776), ("-1", -1),
            ("1Q", nil), ("", nil), ("K", nil), ("1.2.3", nil), ("-2", nil), ("9999999P", nil), ("1Kx", nil),
        ] as [(String, Int64?)])
    func size(text: String, bytes: Int64?) { #expect(Quantity.size(text) == bytes) }

    @Test(
        arguments: [
            ("500ms", 500), ("5s", 5000), ("1m30s", 90_000), ("1h", 3_600_000), ("2", 2000), ("0", 0),
            ("0.5s", 500),
            ("", nil), ("s", nil), ("5x", nil), ("ms5", nil),
        ] as [(String, Int?)])
    func duration(text: String, milliseconds: Int?) { #expect(Quantity.duration(text) == milliseconds) }

    @Test(
        arguments: [
            (0, "0B"), (1023, "1023B"), (1024, "1.00KiB"), (67_108_864, "64.00MiB"),
            (1_610_612_736, "1.50GiB"),
        ] as [(UInt64, String)])
    func forPeople(bytes: UInt64, text: String) { #expect(Quantity.text(bytes: bytes) == text) }
}

@Suite struct UpdateFlagsTests {
    @Test func allFlags() throws {
        let line = """
            update --blkio-weight 300 --cpu-period 100000 --cpu-quota -1 --cpu-burst 5 --cpu-share 512 --cpu-idle 1 \
            --cpu-rt-period 9 --cpu-rt-runtime 8 --cpuset-cpus 0-1 --cpuset-mems 0 --memory 64M \
            --memory-reservation 32M --memory-swap=-1 --pids-limit -1 c1
            """
        var parser = CommandLineParser(line.split(separator: " ").map(String.init))
        guard case .command(.update, let flags, ["c1"]) = try parser.parse() else {
            Issue.record("not an update")
            return
        }
        var resources = Resources()
        try resources.apply(flags)
        var wanted = Resources()
        wanted.blockIO = BlockIO()
        wanted.blockIO?.weight = 300
        var cpu = CPU()
        (cpu.period, cpu.quota, cpu.burst, cpu.shares, cpu.idle) = (100_000, -1, 5, 512, 1)
        (cpu.realtimePeriod, cpu.realtimeRuntime, cpu.cpus, cpu.mems) = (9, 8, "0-1", "0")
        wanted.cpu = cpu
        var memory = Memory()
        (memory.limit, memory.reservation, memory.swap) = (67_108_864, 33_554_432, -1)
        wanted.memory = memory
        wanted.pids = Pids()
        wanted.pids?.limit = -1
        #expect(resources == wanted)
    }

    @Test(
        arguments: [
            ("--memory", "1Q", "invalid value for memory:"),
            ("--cpu-period", "-5", "invalid value for cpu-period:"),
            ("--cpu-quota", "abc", "invalid value for cpu-quota:"),
            ("--blkio-weight", "70000", "invalid value for blkio-weight:"),
        ])
    func refused(flag: String, value: String, message: String) throws {
        var parser = CommandLineParser(["update", flag, value, "c1"])
        guard case .command(_, let flags, _) = try parser.parse() else { return }
        var resources = Resources()
        let error = #expect(throws: (any Error).self) { try resources.apply(flags) }
        #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(message))
    }
}
