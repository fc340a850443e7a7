// What an update asks for, completed by what the kernel has: its files are the record of all earlier updates.

import OCI

/// The limits of a container that others depend on, as cgroup v2 has them now.
struct CurrentLimits: Sendable, Equatable {
    /// cpu.max: nil is "max".
    var quota: Int64?
    var period: UInt64?
    /// memory.max and memory.swap.max; -1 is "max", nil where there is no such file.
    var memory: Int64?
    var swap: Int64?
}

extension CurrentLimits {
    /// From the text of the files; an absent file is empty.
    init(cpuMax: String, memoryMax: String, swapMax: String) {
        let words = cpuMax.split(whereSeparator: \.isWhitespace)
        if words.count == 2 {
            quota = Int64(words[0])
            period = UInt64(words[1])
        }
        memory = Self.limit(memoryMax)
        swap = Self.limit(swapMax)
    }

    private static func limit(_ text: String) -> Int64? {
        singleNumber(text).map { $0 == .max ? -1 : Int64(clamping: $0) }
    }
}

extension Resources {
    /// The update with its missing halves: cgroup v2 has quota and period in one file, and counts swap apart from
    /// memory while config.json has their sum. A half that the update does not name keeps its value, as with runc.
    func completed(by current: CurrentLimits) -> Resources {
        var result = self
        let (quota, period) = (cpu?.quota ?? 0, cpu?.period ?? 0)
        if quota != 0, period == 0 { result.cpu?.period = current.period }
        if period != 0, quota == 0 { result.cpu?.quota = current.quota ?? -1 }
        guard let memory else { return result }
        let (limit, swap) = (memory.limit ?? 0, memory.swap ?? 0)
        if limit == 0, swap > 0 { result.memory?.limit = current.memory }
        // The sum stays: a container that was given it keeps it when only its memory changes.
        if limit > 0, swap == 0, let oldLimit = current.memory, let oldSwap = current.swap, oldLimit > 0,
            oldSwap >= 0
        {
            result.memory?.swap = oldLimit + oldSwap
        }
        return result
    }

    /// memory.checkBeforeUpdate: a limit that is in use already is refused before anything is written.
    func checkMemory(usage: UInt64) throws(CgroupError) {
        guard let memory, memory.checkBeforeUpdate == true else { return }
        let pointer = "/linux/resources/memory/"
        if let swap = memory.swap, swap > 0, UInt64(swap) <= usage {
            throw .invalid(
                pointer: pointer + "swap", reason: "rejecting memory+swap limit \(swap) <= usage \(usage)")
        }
        if let limit = memory.limit, limit > 0, UInt64(limit) <= usage {
            throw .invalid(
                pointer: pointer + "limit", reason: "rejecting memory limit \(limit) <= usage \(usage)")
        }
    }
}
