// A device policy as an eBPF program for cgroup v2 (BPF_PROG_TYPE_CGROUP_DEVICE).

/// The kernel runs it for every open(2) and mknod(2) of a device node: 1 allows, 0 denies.
public struct DeviceFilter: Sendable, Equatable {
    /// Each word is one `struct bpf_insn`: opcode, registers, offset and immediate value from its lowest byte on.
    public let instructions: [UInt64]

    /// All exceptions have the same verdict, so their order does not matter: single devices are looked up first, by one
    /// comparison each, since every jump is work for the kernel's verifier at every start of a container.
    public init(_ policy: DevicePolicy) {
        var program = Assembly()
        program.loadContext()
        for isBlock in [false, true] {
            program.appendDevices(
                policy.exceptions.filter { $0.devices.isBlock == isBlock && $0.key != nil }, isBlock)
        }
        for exception in policy.exceptions where exception.key == nil {
            program.append(exception, denies: policy.allowsByDefault)
        }
        program.leave(allow: policy.allowsByDefault)
        program.landMatches()
        program.leave(allow: !policy.allowsByDefault)
        instructions = program.instructions
    }
}

extension DevicePolicy.Exception {
    /// One number for one device with all access; nil where that is not what the exception is about, or where it would
    /// not fit the comparison's 31 bits. Minor numbers have 20 bits (MINORBITS).
    fileprivate var key: Int32? {
        guard access == .all, let major = devices.major, let minor = devices.minor else { return nil }
        guard (0..<2048).contains(major), (0..<1 << 20).contains(minor) else { return nil }
        return major << 20 | minor
    }
}

/// Registers: r1 is the context, then scratch; r2 the type, r3 the access, r4 the major and r5 the minor number, r0 the
/// key of the device until it becomes the verdict.
private struct Assembly {
    var instructions: [UInt64] = []
    /// Jumps to where an exception has matched.
    private var matches: [Int] = []

    // linux/bpf.h and linux/bpf_common.h: class | size or operation | source.
    private static let loadWord: UInt8 = 0x61
    private static let andImmediate: UInt8 = 0x54
    private static let shiftRightImmediate: UInt8 = 0x74
    private static let moveImmediate: UInt8 = 0xb7
    private static let moveRegister: UInt8 = 0xbc
    private static let moveWide: UInt8 = 0xbf
    private static let shiftLeftImmediate: UInt8 = 0x67
    private static let orRegister: UInt8 = 0x4f
    private static let jumpEqualImmediate: UInt8 = 0x15
    private static let jumpNotEqualImmediate: UInt8 = 0x55
    private static let jumpNotEqualRegister: UInt8 = 0x5d
    private static let jumpAlways: UInt8 = 0x05
    private static let jumpIfSetImmediate: UInt8 = 0x45
    private static let exit: UInt8 = 0x95

    private static let blockType: Int32 = 1
    private static let characterType: Int32 = 2

    /// Appends one instruction and returns its index.
    @discardableResult
    mutating func emit(
        _ code: UInt8, _ target: UInt8 = 0, source: UInt8 = 0, offset: Int16 = 0, _ value: Int32 = 0
    ) -> Int {
        instructions.append(
            UInt64(code) | UInt64(target | source << 4) << 8 | UInt64(UInt16(bitPattern: offset)) << 16
                | UInt64(UInt32(bitPattern: value)) << 32)
        return instructions.count - 1
    }

    /// struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; }, access_type = access << 16 | type.
    mutating func loadContext() {
        emit(Self.loadWord, 2, source: 1)
        emit(Self.andImmediate, 2, 0xffff)
        emit(Self.loadWord, 3, source: 1)
        emit(Self.shiftRightImmediate, 3, 16)
        emit(Self.loadWord, 4, source: 1, offset: 4)
        emit(Self.loadWord, 5, source: 1, offset: 8)
        emit(Self.moveWide, 0, source: 4)
        emit(Self.shiftLeftImmediate, 0, 20)
        emit(Self.orRegister, 0, source: 5)
    }

    /// Single devices of one type.
    mutating func appendDevices(_ exceptions: [DevicePolicy.Exception], _ isBlock: Bool) {
        if exceptions.isEmpty { return }
        let other = emit(Self.jumpNotEqualImmediate, 2, isBlock ? Self.blockType : Self.characterType)
        for exception in exceptions {
            if let key = exception.key { matches.append(emit(Self.jumpEqualImmediate, 0, key)) }
        }
        land(other)
    }

    /// Makes the jump at `index` lead to what is emitted next.
    private mutating func land(_ index: Int) {
        instructions[index] |= UInt64(instructions.count - index - 1) << 16
    }

    mutating func landMatches() {
        for index in matches { land(index) }
    }

    /// Matches if the device and the access fit, else goes on behind the block.
    ///
    /// As in the v1 kernel, an exception allows when it covers all of the access asked for, and it denies when it
    /// touches any of it.
    mutating func append(_ exception: DevicePolicy.Exception, denies: Bool) {
        var jumps = [
            emit(
                Self.jumpNotEqualImmediate, 2, exception.devices.isBlock ? Self.blockType : Self.characterType
            )
        ]
        let access = Int32(exception.access.rawValue)
        if exception.access == .all {
            // Whatever is asked for fits.
        } else if denies {
            emit(Self.jumpIfSetImmediate, 3, offset: 1, access)
            jumps.append(emit(Self.jumpAlways))
        } else {
            emit(Self.moveRegister, 1, source: 3)
            emit(Self.andImmediate, 1, access)
            jumps.append(emit(Self.jumpNotEqualRegister, 1, source: 3))
        }
        if let major = exception.devices.major { jumps.append(emit(Self.jumpNotEqualImmediate, 4, major)) }
        if let minor = exception.devices.minor { jumps.append(emit(Self.jumpNotEqualImmediate, 5, minor)) }
        matches.append(emit(Self.jumpAlways))
        for index in jumps { land(index) }
    }

    mutating func leave(allow: Bool) {
        emit(Self.moveImmediate, 0, allow ? 1 : 0)
        emit(Self.exit)
    }
}
