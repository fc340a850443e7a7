// Limits as unit properties: what systemd would write into the same files (systemd.resource-control(5)).

extension UnitProperty {
    /// The properties of values that go into files of a unit's cgroup.
    ///
    /// systemd writes them again at each daemon-reload, so it must know them. It cannot express all of them, and rounds
    /// some: the files themselves are written after it. Lists, such as the throttles of several devices, become one.
    public static func list(for writes: [CgroupWrite]) -> [UnitProperty] {
        var properties: [UnitProperty] = []
        for write in writes {
            for row in Limit.all {
                guard let found = row.value(write) else { continue }
                if case .array(let type, let added) = found, type != "y",
                    let index = properties.firstIndex(where: { $0.name == row.property }),
                    case .array(_, let known) = properties[index].value
                {
                    properties[index].value = .array(of: type, known + added)
                } else {
                    properties.merge([UnitProperty(row.property, found, write.pointer)])
                }
            }
        }
        return properties
    }
}

/// A row of the table: a file of cgroup v2 or v1, and the property for its value.
private struct Limit: Sendable {
    let file: String
    let property: String
    let convert: @Sendable (String) -> UnitValue?

    init(_ file: String, _ property: String, _ convert: @escaping @Sendable (String) -> UnitValue?) {
        self.file = file
        self.property = property
        self.convert = convert
    }

    /// nil: the row is for another file, or the value is none that systemd knows.
    func value(_ write: CgroupWrite) -> UnitValue? {
        if write.file == file { return convert(write.value) }
        return write.otherwise.first { $0.file == file }.flatMap { convert($0.value) }
    }

    static let all: [Limit] = [
        Limit("memory.max", "MemoryMax", number),
        Limit("memory.low", "MemoryLow", number),
        Limit("memory.high", "MemoryHigh", number),
        Limit("memory.min", "MemoryMin", number),
        Limit("memory.swap.max", "MemorySwapMax", number),
        Limit("cpu.weight", "CPUWeight", number),
        Limit("cpu.max", "CPUQuotaPerSecUSec", quota),
        Limit("cpu.max", "CPUQuotaPeriodUSec", period),
        Limit("pids.max", "TasksMax", number),
        Limit("cpuset.cpus", "AllowedCPUs", bits),
        Limit("cpuset.mems", "AllowedMemoryNodes", bits),
        Limit("io.weight", "IOWeight", number),
        Limit("io.weight", "IODeviceWeight") { device($0) { number($0) } },
        Limit("io.max", "IOReadBandwidthMax") { device($0) { throttle($0, "rbps=") } },
        Limit("io.max", "IOWriteBandwidthMax") { device($0) { throttle($0, "wbps=") } },
        Limit("io.max", "IOReadIOPSMax") { device($0) { throttle($0, "riops=") } },
        Limit("io.max", "IOWriteIOPSMax") { device($0) { throttle($0, "wiops=") } },
        Limit("memory.limit_in_bytes", "MemoryLimit", number),
        Limit("cpu.shares", "CPUShares", number),
        Limit("blkio.weight", "BlockIOWeight", number),
    ]

    /// "max" and -1 are no limit, which systemd has as the largest number.
    private static let number: @Sendable (String) -> UnitValue? = { text in
        if text == "max" || text == "-1" { return .uint64(.max) }
        return UInt64(text).map { .uint64($0) }
    }

    /// Microseconds in each second. systemd rounds down to 10 ms, and the file is written exactly later: so round up.
    private static let quota: @Sendable (String) -> UnitValue? = { text in
        let words = text.split(separator: " ")
        if words.first == "max" { return .uint64(.max) }
        guard words.count == 2, let quota = UInt64(words[0]), let period = UInt64(words[1]), period > 0,
            quota < UInt64.max / 1_000_000
        else { return nil }
        let exact = quota * 1_000_000 / period
        return .uint64((exact + 9999) / 10_000 * 10_000)
    }

    private static let period: @Sendable (String) -> UnitValue? = { text in
        let words = text.split(separator: " ")
        return words.count == 2 ? UInt64(words[1]).map { .uint64($0) } : nil
    }

    /// "0-2,7" as a mask, the lowest bit of the first byte for 0.
    private static let bits: @Sendable (String) -> UnitValue? = { text in
        var mask: [UInt8] = []
        for range in text.split(separator: ",") {
            let ends = range.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                first >= 0, first <= last, last < 8192
            else { return nil }
            for number in first...last {
                while mask.count <= number / 8 { mask.append(0) }
                mask[number / 8] |= 1 << UInt8(number % 8)
            }
        }
        return mask.isEmpty ? nil : .array(of: "y", mask.map { .byte($0) })
    }

    /// "8:16 VALUE" for one device, by the name that udev gives its number.
    private static func device(_ text: String, _ value: (String) -> UnitValue?) -> UnitValue? {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].contains(":"), let limit = value(String(words[1])) else {
            return nil
        }
        return .array(of: "(st)", [.structure([.string("/dev/block/" + words[0]), limit])])
    }

    private static func throttle(_ text: String, _ key: String) -> UnitValue? {
        text.hasPrefix(key) ? number(String(text.dropFirst(key.count))) : nil
    }
}
