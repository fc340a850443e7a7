// One argument of a system call, shown by its kind.
import CLinux
import Linux

extension Program {
    /// The argument `index` of `instruction`.
    func text(of index: Int, _ kind: ArgumentKind, in instruction: Instruction) -> String {
        let operand = instruction.operands[index]
        switch operand {
        case .slot(let slot): return name(of: slot)
        case .immediate(let value): return Self.text(value, kind)
        case .data(let offset): return text(at: offset, kind, instruction)
        }
    }

    /// An immediate.
    private static func text(_ value: UInt64, _ kind: ArgumentKind) -> String {
        let signed = Int64(bitPattern: value)
        switch kind {
        case .descriptor: return signed == -100 ? "AT_FDCWD" : String(signed)
        case .flags(let names): return names.text(value)
        case .choice(let names): return names.text(signed)
        case .octal: return octal(value)
        case .hexadecimal: return "0x" + String(value, radix: 16)
        case .mode: return mode(value)
        case .device: return device(value)
        case .signed: return value == UInt64(UInt32.max) ? "~0" : String(signed)
        default: return value == 0 ? "NULL" : "0x" + String(value, radix: 16)
        }
    }

    /// A pointer to the data block.
    private func text(at offset: Int, _ kind: ArgumentKind, _ instruction: Instruction) -> String {
        switch kind {
        case .string: return quoted(cString(at: offset))
        case .bytes(let count): return quoted(data[offset...].prefix(self.count(count, instruction)))
        case .openHow: return openHow(at: offset)
        case .mountAttributes: return mountAttributes(at: offset)
        case .limits:
            return "{rlim_cur=\(limit(at: offset)), rlim_max=\(limit(at: offset + 8))}"
        case .signalSet:
            let set = number(at: offset)
            return set == 0 ? "[]" : "[0x\(String(set, radix: 16))]"
        case .groups(let count):
            let groups = (0..<self.count(count, instruction)).map { number(at: offset + 4 * $0, width: 4) }
            return "[" + groups.map { String($0) }.joined(separator: ", ") + "]"
        case .interfaceFlags:
            let flags = FlagNames.interface.text(number(at: offset + 16, width: 2))
            return "{ifr_name=\(quoted(cString(at: offset))), ifr_flags=\(flags)}"
        case .schedulerAttributes: return schedulerAttributes(at: offset)
        case .capabilityHeader: return "{version=_LINUX_CAPABILITY_VERSION_3, pid=0}"
        case .capabilityData: return capabilities(at: offset)
        case .filter:
            return "{len=\(number(at: offset)), filter=\(stored(at: offset + 8).map(Self.place) ?? "?")}"
        case .strings: return "[" + cStrings(at: offset).map { quoted($0) }.joined(separator: ", ") + "]"
        case .secretStrings: return "[/* \(counted(cStrings(at: offset).count, "string")) */]"
        default: return Self.place(offset)
        }
    }

    /// A place in the data block, as other instructions name it too.
    static func place(_ offset: Int) -> String { "data[\(offset)]" }

    private func count(_ index: Int, _ instruction: Instruction) -> Int {
        guard index < instruction.operands.count, case .immediate(let value) = instruction.operands[index]
        else { return 0 }
        return Int(truncatingIfNeeded: value)
    }

    // MARK: structures

    private func openHow(at offset: Int) -> String {
        let mode = number(at: offset + 8)
        return "{flags=\(FlagNames.open.text(number(at: offset)))"
            + (mode == 0 ? "" : ", mode=\(octal(mode))")
            + ", resolve=\(FlagNames.resolve.text(number(at: offset + 16)))}"
    }

    private func mountAttributes(at offset: Int) -> String {
        var fields: [String] = []
        let (set, clear) = (number(at: offset), number(at: offset + 8))
        if set != 0 { fields.append("attr_set=" + FlagNames.mountAttributes.text(set)) }
        if clear != 0 { fields.append("attr_clr=" + FlagNames.mountAttributes.text(clear)) }
        let propagation = number(at: offset + 16)
        if propagation != 0 { fields.append("propagation=" + FlagNames.mount.text(propagation)) }
        let user = number(at: offset + 24)
        if user != 0 { fields.append("userns_fd=\(user)") }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private func limit(at offset: Int) -> String {
        let value = number(at: offset)
        return value == .max ? "RLIM64_INFINITY" : String(value)
    }

    private func schedulerAttributes(at offset: Int) -> String {
        let nice = Int32(truncatingIfNeeded: number(at: offset + 16, width: 4))
        let fields = [
            "sched_policy=\(number(at: offset + 4, width: 4))",
            "sched_flags=0x" + String(number(at: offset + 8), radix: 16), "sched_nice=\(nice)",
            "sched_priority=\(number(at: offset + 20, width: 4))", "sched_runtime=\(number(at: offset + 24))",
            "sched_deadline=\(number(at: offset + 32))", "sched_period=\(number(at: offset + 40))",
        ]
        return "{" + fields.joined(separator: ", ") + "}"
    }

    /// struct __user_cap_data_struct[2]: the low halves of three sets, then the high ones.
    private func capabilities(at offset: Int) -> String {
        let names = ["effective", "permitted", "inheritable"]
        let sets = names.indices.map { index in
            number(at: offset + 4 * index, width: 4) | number(at: offset + 12 + 4 * index, width: 4) << 32
        }
        return "{"
            + zip(names, sets).map { "\($0)=0x\(String($1, radix: 16))" }.joined(separator: ", ") + "}"
    }

    // MARK: numbers

    private static let fileTypes: [(name: String, bits: UInt64)] = [
        ("S_IFSOCK", 0o140_000), ("S_IFLNK", 0o120_000), ("S_IFREG", 0o100_000), ("S_IFBLK", 0o060_000),
        ("S_IFDIR", 0o040_000), ("S_IFCHR", 0o020_000), ("S_IFIFO", 0o010_000),
    ]

    /// The name of the type bits of a mode.
    static func fileType(_ mode: UInt64) -> String? { fileTypes.first { $0.bits == mode & 0o170_000 }?.name }

    private static func mode(_ value: UInt64) -> String {
        guard let type = fileType(value) else { return octal(value) }
        return type + "|" + octal(value & 0o7777)
    }

    private static func device(_ value: UInt64) -> String {
        let major = value >> 8 & 0xfff | value >> 32 & ~0xfff
        let minor = value & 0xff | value >> 12 & 0xffff_ff00
        return "makedev(\(major), \(minor))"
    }
}
