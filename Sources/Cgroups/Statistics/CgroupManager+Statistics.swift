// Reads a container's statistics: every controller that its cgroups have, on cgroup v1, v2 and both.

import Linux

extension CgroupManager {
    /// Nothing here fails: a controller that is not there, or a cgroup that goes meanwhile, counts nothing.
    public func statistics() -> CgroupStatistics {
        var statistics = CgroupStatistics()
        if isLegacy {
            readLegacyCPU(&statistics.cpu)
            readLegacyMemory(&statistics.memory)
            readLegacyBlockIO(&statistics.blockIO)
        } else if let files = files(of: nil) {
            readUnifiedCPU(files, &statistics.cpu)
            readUnifiedMemory(files, &statistics.memory)
            let io = ioStatistics(files.text("io.stat"))
            statistics.blockIO[.serviceBytes] = io.bytes
            statistics.blockIO[.serviced] = io.operations
        }
        readPids(&statistics.pids)
        readCPUSet(&statistics.cpuset)
        readHugePages(&statistics.hugetlb)
        // A hybrid host tells of pressure too: the container's processes are in both.
        if let files = files(of: nil) {
            statistics.cpu.pressure = pressure(files.text("cpu.pressure"))
            statistics.memory.pressure = pressure(files.text("memory.pressure"))
            statistics.blockIO.pressure = pressure(files.text("io.pressure"))
        }
        return statistics
    }

    /// The container's limits are those of cgroup v1 hierarchies.
    var isLegacy: Bool {
        location.directories.contains { directory in
            directory.controllers.contains { !$0.hasPrefix("name=") }
        }
    }

    /// The directory with a controller: on v1 its hierarchy's, on v2 the only one; for nil the v2 one.
    private func files(of controller: String?) -> CgroupFiles? {
        guard let controller, isLegacy else { return location.unified.map { CgroupFiles(path: $0.path) } }
        return location.directory(of: controller).map { CgroupFiles(path: $0.path) }
    }

    // MARK: cgroup v1

    private func readLegacyCPU(_ cpu: inout CgroupStatistics.CPUUse) {
        if let files = files(of: "cpu") {
            let stat = files.keyed("cpu.stat")
            cpu.periods = stat["nr_periods"]
            cpu.throttledPeriods = stat["nr_throttled"]
            cpu.throttledTime = stat["throttled_time"]
        }
        guard let files = files(of: "cpuacct") else { return }
        cpu.total = files.number("cpuacct.usage")
        cpu.perCPU = numbers(files.text("cpuacct.usage_percpu"))
        // USER_HZ is 100 on every architecture that has containers.
        let stat = files.keyed("cpuacct.stat")
        cpu.user = stat["user"] * 10_000_000
        cpu.kernel = stat["system"] * 10_000_000
        for line in files.text("cpuacct.usage_all").split(separator: "\n").dropFirst() {
            let columns = numbers(String(line))
            guard columns.count == 3 else { continue }
            cpu.perCPUUser.append(columns[1])
            cpu.perCPUKernel.append(columns[2])
        }
    }

    private func readLegacyMemory(_ memory: inout CgroupStatistics.MemoryUse) {
        guard let files = files(of: "memory") else { return }
        func amount(_ prefix: String) -> CgroupStatistics.Amount {
            .init(
                limit: files.number(prefix + ".limit_in_bytes"),
                usage: files.number(prefix + ".usage_in_bytes"),
                peak: files.number(prefix + ".max_usage_in_bytes"),
                failures: files.number(prefix + ".failcnt"))
        }
        memory.raw = files.keyed("memory.stat")
        memory.cache = memory.raw["cache"]
        memory.usage = amount("memory")
        memory.swap = amount("memory.memsw")
        memory.kernel = amount("memory.kmem")
        memory.kernelTCP = amount("memory.kmem.tcp")
    }

    /// Of each scheduler's files those count that hold anything: BFQ with debugging, BFQ, CFQ, and throttling alone.
    private func readLegacyBlockIO(_ block: inout CgroupStatistics.BlockIOUse) {
        guard let files = files(of: "blkio") else { return }
        for prefix in ["blkio.bfq.", "blkio.", "blkio.throttle."] {
            for (table, file) in Self.blockFiles {
                block[table] = blockEntries(files.text(prefix + file + "_recursive"))
            }
            if !block[.serviced].isEmpty { return }
        }
    }

    private static let blockFiles: [(CgroupStatistics.BlockIOUse.Table, String)] = [
        (.serviceBytes, "io_service_bytes"), (.serviced, "io_serviced"), (.queued, "io_queued"),
        (.serviceTime, "io_service_time"), (.waitTime, "io_wait_time"), (.merged, "io_merged"),
        (.time, "time"), (.sectors, "sectors"),
    ]

    // MARK: cgroup v2

    private func readUnifiedCPU(_ files: CgroupFiles, _ cpu: inout CgroupStatistics.CPUUse) {
        let stat = files.keyed("cpu.stat")
        cpu.total = stat["usage_usec"] * 1000
        cpu.user = stat["user_usec"] * 1000
        cpu.kernel = stat["system_usec"] * 1000
        cpu.periods = stat["nr_periods"]
        cpu.throttledPeriods = stat["nr_throttled"]
        cpu.throttledTime = stat["throttled_usec"] * 1000
    }

    private func readUnifiedMemory(_ files: CgroupFiles, _ memory: inout CgroupStatistics.MemoryUse) {
        guard files.has("memory.current") else { return }
        memory.raw = files.keyed("memory.stat")
        memory.cache = memory.raw["file"]
        memory.usage = .init(
            limit: files.number("memory.max"), usage: files.number("memory.current"),
            peak: files.number("memory.peak"), failures: files.keyed("memory.events")["max"])
        guard files.has("memory.swap.current") else {
            memory.swap = .init(limit: memory.usage.limit, usage: memory.usage.usage)
            return
        }
        let limit = files.number("memory.swap.max")
        let (sum, overflows) = limit.addingReportingOverflow(memory.usage.limit)
        memory.swap = .init(
            limit: overflows ? .max : sum, usage: files.number("memory.swap.current") + memory.usage.usage,
            failures: files.keyed("memory.swap.events")["max"])
    }

    // MARK: both

    private func readPids(_ pids: inout CgroupStatistics.Count) {
        guard let files = files(of: "pids"), files.has("pids.current") else {
            pids.current = UInt64(processes().count)
            return
        }
        pids.current = files.number("pids.current")
        let limit = files.number("pids.max")
        pids.limit = limit == .max ? 0 : limit
    }

    private func readCPUSet(_ cpuset: inout CgroupStatistics.CPUSetState) {
        guard let files = files(of: "cpuset"), files.has("cpuset.cpus") else { return }
        let suffix = isLegacy ? "" : ".effective"
        cpuset.cpus = numberList(files.text("cpuset.cpus" + suffix))
        cpuset.mems = numberList(files.text("cpuset.mems" + suffix))
        guard isLegacy else { return }
        for (index, name) in CgroupStatistics.CPUSetState.switches.enumerated() {
            cpuset.values[index] = Int64(files.text("cpuset." + name).prefix { $0 != "\n" }) ?? 0
        }
    }

    private func readHugePages(_ pages: inout [(size: String, use: CgroupStatistics.Amount)]) {
        guard let files = files(of: "hugetlb") else { return }
        let (current, peak) = isLegacy ? (".usage_in_bytes", ".max_usage_in_bytes") : (".current", ".peak")
        for name in files.names() where name.hasPrefix("hugetlb.") && name.hasSuffix(".rsvd" + current) {
            let size = String(name.dropFirst(8).dropLast(current.utf8.count + 5))
            // Reservations, where the limit is enforced first.
            let page = "hugetlb.\(size).rsvd"
            let failures =
                isLegacy
                ? files.number(page + ".failcnt") : files.keyed("hugetlb.\(size).events")["max"]
            pages.append(
                (
                    size,
                    .init(
                        limit: files.number(page + (isLegacy ? ".limit_in_bytes" : ".max")),
                        usage: files.number(page + current), peak: files.number(page + peak),
                        failures: failures)
                ))
        }
    }
}

/// The files of one cgroup; a file that is not there is empty.
struct CgroupFiles {
    let path: String

    func text(_ file: String) -> String {
        guard let bytes = try? Syscall.readFile(path + "/" + file) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    func has(_ file: String) -> Bool { (try? Syscall.status(path + "/" + file)) != nil }
    func number(_ file: String) -> UInt64 { singleNumber(text(file)) ?? 0 }
    func keyed(_ file: String) -> [KeyedNumber] { keyedNumbers(text(file)) }

    /// The names of the files, sorted.
    func names() -> [String] {
        guard let directory = try? Syscall.open(path, [.readOnly, .directory]) else { return [] }
        return ((try? Syscall.entries(of: directory.raw)) ?? []).sorted()
    }
}
