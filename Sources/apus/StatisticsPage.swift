// Statistics as `events` prints them for programs, to the letter as runc does, and as `stats` shows them to people.
import Cgroups
import JSON
import Lifecycle

/// One line of JSON. Members whose value is nothing are left out where runc leaves them out.
func eventLine(_ event: ContainerEvent, _ id: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
        switch event {
        case .outOfMemory:
            json.member("type", "oom")
            json.member("id", id)
        case .statistics(let statistics):
            json.member("type", "stats")
            json.member("id", id)
            json.member("data", object: { statistics.write(to: &$0) })
        }
    }
    json.endLine()
    return json.bytes
}

extension CgroupStatistics {
    func write(to json: inout JSONWriter) {
        json.member("cpu", object: { cpu.write(to: &$0) })
        json.member("cpuset", object: { cpuset.write(to: &$0) })
        json.member("memory", object: { memory.write(to: &$0) })
        json.member(
            "pids",
            object: { json in
                json.nonzero("current", pids.current)
                json.nonzero("limit", pids.limit)
            })
        json.member("blkio", object: { blockIO.write(to: &$0) })
        json.member(
            "hugetlb",
            object: { json in
                for (size, use) in hugetlb {
                    json.member(
                        size,
                        object: { json in
                            json.nonzero("usage", use.usage)
                            json.nonzero("max", use.peak)
                            json.member("failcnt", use.failures)
                        })
                }
            })
        json.member("intel_rdt", object: { _ in })
        json.key("network_interfaces")
        json.null()
    }
}

extension CgroupStatistics.CPUUse {
    fileprivate func write(to json: inout JSONWriter) {
        json.member(
            "usage",
            object: { json in
                json.nonzero("total", total)
                json.numbers("percpu", perCPU)
                json.numbers("percpu_kernel", perCPUKernel)
                json.numbers("percpu_user", perCPUUser)
                json.member("kernel", kernel)
                json.member("user", user)
            })
        json.member(
            "throttling",
            object: { json in
                json.nonzero("periods", periods)
                json.nonzero("throttledPeriods", throttledPeriods)
                json.nonzero("throttledTime", throttledTime)
            })
        pressure?.write(to: &json)
    }
}

extension CgroupStatistics.CPUSetState {
    /// The order is runc's: the lists stand before the first and the second switch.
    fileprivate func write(to json: inout JSONWriter) {
        json.numbers("cpus", cpus)
        for (index, name) in Self.switches.enumerated() {
            if index == 1 { json.numbers("mems", mems) }
            json.member(name, values[index])
        }
    }
}

extension CgroupStatistics.MemoryUse {
    fileprivate func write(to json: inout JSONWriter) {
        json.nonzero("cache", cache)
        for (name, amount) in [
            ("usage", usage), ("swap", swap), ("kernel", kernel), ("kernelTCP", kernelTCP),
        ] {
            json.member(
                name,
                object: { json in
                    json.member("limit", amount.limit)
                    json.nonzero("usage", amount.usage)
                    json.nonzero("max", amount.peak)
                    json.member("failcnt", amount.failures)
                })
        }
        if !raw.isEmpty {
            json.member(
                "raw",
                object: { json in
                    for number in raw.sorted(by: { $0.key < $1.key }) {
                        json.member(number.key, number.value)
                    }
                })
        }
        pressure?.write(to: &json)
    }
}

extension CgroupStatistics.BlockIOUse {
    private static let names = [
        "ioServiceBytesRecursive", "ioServicedRecursive", "ioQueueRecursive", "ioServiceTimeRecursive",
        "ioWaitTimeRecursive", "ioMergedRecursive", "ioTimeRecursive", "sectorsRecursive",
    ]

    fileprivate func write(to json: inout JSONWriter) {
        for table in Table.allCases where !self[table].isEmpty {
            json.member(
                Self.names[table.rawValue],
                array: { json in
                    for entry in self[table] {
                        json.object { json in
                            json.nonzero("major", entry.major)
                            json.nonzero("minor", entry.minor)
                            if !entry.operation.isEmpty { json.member("op", entry.operation) }
                            json.nonzero("value", entry.value)
                        }
                    }
                })
        }
        pressure?.write(to: &json)
    }
}

extension Pressure {
    fileprivate func write(to json: inout JSONWriter) {
        json.member(
            "psi",
            object: { json in
                for (name, share) in [("some", some), ("full", full)] {
                    json.member(
                        name,
                        object: { json in
                            for (index, average) in ["avg10", "avg60", "avg300"].enumerated() {
                                json.member(average, hundredths: share.averages[index])
                            }
                            json.member("total", share.total)
                        })
                }
            })
    }
}

extension JSONWriter {
    fileprivate mutating func nonzero(_ name: String, _ number: UInt64) {
        if number != 0 { member(name, number) }
    }

    fileprivate mutating func numbers(_ name: String, _ list: [some FixedWidthInteger]) {
        if list.isEmpty { return }
        member(name, array: { json in for number in list { json.value(number) } })
    }
}

// MARK: the table

/// What every container of both samples has used in between.
func statisticsTable(_ before: [Sample], _ now: [Sample]) -> String {
    var rows = [
        ["ID", "CPU %", "MEMORY / LIMIT", "MEM %", "PEAK", "READ / WRITTEN", "STALLED % CPU/MEM/IO", "PIDS"]
    ]
    for sample in now {
        guard let old = before.first(where: { $0.id == sample.id }) else { continue }
        rows.append(row(old, sample))
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
        for (column, cell) in row.enumerated() {
            let isLast = column == row.count - 1
            text += cell + (isLast ? "\n" : String(repeating: " ", count: widths[column] - cell.count + 3))
        }
    }
    return text
}

private func row(_ old: Sample, _ sample: Sample) -> [String] {
    let (statistics, memory) = (sample.statistics, sample.statistics.memory)
    let elapsed = UInt64(max(1, sample.time - old.time))
    let used = statistics.cpu.total - min(statistics.cpu.total, old.statistics.cpu.total)
    // Nanoseconds of CPU time in milliseconds of time: hundredths of a percent.
    let share = used / 100 / elapsed
    // cgroup v1 has a number for no limit.
    let isLimited = memory.usage.limit > 0 && memory.usage.limit < 1 << 62
    func sum(_ operation: String) -> String {
        let entries = statistics.blockIO[.serviceBytes].filter { $0.operation == operation }
        return Quantity.text(bytes: entries.reduce(0) { $0 &+ $1.value })
    }
    let pressures = [statistics.cpu.pressure, memory.pressure, statistics.blockIO.pressure]
    return [
        sample.id, Quantity.decimal(hundredths: share),
        Quantity.text(bytes: memory.usage.usage) + " / "
            + (isLimited ? Quantity.text(bytes: memory.usage.limit) : "unlimited"),
        isLimited
            ? Quantity.decimal(hundredths: memory.usage.usage / max(1, memory.usage.limit / 10000))
            : "-",
        memory.usage.peak == 0 ? "-" : Quantity.text(bytes: memory.usage.peak),
        sum("Read") + " / " + sum("Write"),
        pressures.map { $0.map { Quantity.decimal(hundredths: $0.some.averages[0]) } ?? "-" }
            .joined(separator: "/"),
        String(statistics.pids.current) + (statistics.pids.limit > 0 ? "/\(statistics.pids.limit)" : ""),
    ]
}
