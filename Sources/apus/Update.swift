// update: from flags and a file to resources.
import Lifecycle
import Linux
import OCI

func update(
    _ id: String, _ flags: GivenFlags, _ options: RuntimeOptions, _ log: Log
) throws(Failure) {
    var resources = Resources()
    if let file = flags.text(.resources) { resources = try readResources(file) }
    try resources.apply(flags)
    if resources.memory?.kernel ?? 0 != 0 {
        log.report([
            SpecError(
                pointer: "/linux/resources/memory/kernel",
                message: "is ignored: kernels have no such limit any more")
        ])
    }
    try Verb.update(id, resources, options)
}

private func readResources(_ file: String) throws(Failure) -> Resources {
    let file = InputFile(path: file)
    return try Verb.resources(json: try file.read("resources", limit: 16 << 20), from: file.name)
}

extension Resources {
    /// What the flags say replaces what a file said.
    mutating func apply(_ flags: GivenFlags) throws(Failure) {
        for flag in flags.list where flag.name != .resources && !flag.value.isEmpty {
            switch flag.name {
            case .blkioWeight:
                var block = blockIO ?? BlockIO()
                block.weight = try flag.number()
                blockIO = block
            case .pidsLimit:
                pids = Pids()
                pids?.limit = try flag.number()
            default:
                if !(try applyCPU(flag)) { try applyMemory(flag) }
            }
        }
    }

    private mutating func applyCPU(_ flag: GivenFlag) throws(Failure) -> Bool {
        var cpu = cpu ?? CPU()
        switch flag.name {
        case .cpuPeriod: cpu.period = try flag.number()
        case .cpuQuota: cpu.quota = try flag.number()
        case .cpuBurst: cpu.burst = try flag.number()
        case .cpuShare: cpu.shares = try flag.number()
        case .cpuIdle: cpu.idle = try flag.number()
        case .cpuRTPeriod: cpu.realtimePeriod = try flag.number()
        case .cpuRTRuntime: cpu.realtimeRuntime = try flag.number()
        case .cpusetCPUs: cpu.cpus = flag.value
        case .cpusetMems: cpu.mems = flag.value
        default: return false
        }
        self.cpu = cpu
        return true
    }

    private mutating func applyMemory(_ flag: GivenFlag) throws(Failure) {
        var memory = memory ?? Memory()
        let size = try flag.size()
        switch flag.name {
        case .memory: memory.limit = size
        case .memoryReservation: memory.reservation = size
        case .memorySwap: memory.swap = size
        case .kernelMemory: memory.kernel = size
        case .kernelMemoryTCP: memory.kernelTCP = size
        default: return
        }
        self.memory = memory
    }
}

extension GivenFlag {
    fileprivate func number<Number: FixedWidthInteger>() throws(Failure) -> Number {
        guard let number = Number(value) else {
            throw Failure("invalid value for \(name.rawValue): \"\(value)\" is not a number in its range")
        }
        return number
    }

    fileprivate func size() throws(Failure) -> Int64 {
        guard let size = Quantity.size(value) else {
            throw Failure(
                "invalid value for \(name.rawValue): \"\(value)\" is not a size",
                hint: "a number of bytes, or with K, M, G, T or P")
        }
        return size
    }
}
