// Device rules: what the kernel lets through, asked of the policy's v1 lines and of the eBPF program by an interpreter.

import OCI
import Testing

@testable import Cgroups

private func rule(_ allow: Bool, _ text: String = "") -> DeviceRule {
    // "c 1:3 rw", "b *:* m", or nothing at all.
    var rule = DeviceRule()
    rule.allow = allow
    let fields = text.split(separator: " ")
    guard fields.count == 3 else { return rule }
    let numbers = fields[1].split(separator: ":")
    rule.type = String(fields[0])
    rule.major = Int64(numbers[0])
    rule.minor = Int64(numbers[1])
    rule.access = String(fields[2])
    return rule
}

/// Runs a device filter; only the instructions that filters consist of.
private func run(
    _ filter: DeviceFilter, block: Bool, _ major: UInt32, _ minor: UInt32, _ access: DeviceAccess
) -> Int? {
    let context: [UInt32] = [UInt32(access.rawValue) << 16 | (block ? 1 : 2), major, minor]
    var registers = [UInt64](repeating: 0xdead_beef_dead_beef, count: 11)
    var counter = 0
    while counter < filter.instructions.count {
        let word = filter.instructions[counter]
        counter += 1
        let target = Int(word >> 8 & 0xf)
        let source = Int(word >> 12 & 0xf)
        let offset = Int(Int16(truncatingIfNeeded: word >> 16))
        let immediate = Int32(truncatingIfNeeded: word >> 32)
        let extended = UInt64(bitPattern: Int64(immediate))
        switch word & 0xff {
        case 0x61: registers[target] = source == 1 ? UInt64(context[offset / 4]) : 0
        case 0x54: registers[target] = registers[target] & UInt64(UInt32(bitPattern: immediate))
        case 0x74:
            registers[target] = UInt64(UInt32(truncatingIfNeeded: registers[target]) >> UInt32(immediate))
        case 0xb7: registers[target] = extended
        case 0xbc: registers[target] = UInt64(UInt32(truncatingIfNeeded: registers[source]))
        case 0xbf: registers[target] = registers[source]
        case 0x67: registers[target] <<= UInt64(immediate)
        case 0x4f: registers[target] |= registers[source]
        case 0x15: if registers[target] == extended { counter += offset }
        case 0x55: if registers[target] != extended { counter += offset }
        case 0x5d: if registers[target] != registers[source] { counter += offset }
        case 0x45: if registers[target] & extended != 0 { counter += offset }
        case 0x05: counter += offset
        case 0x95: return Int(registers[0])
        default: return nil
        }
    }
    return nil
}

@Suite struct DevicePolicyTests {
    static let none = [DeviceRule]()
    static let privileged = [rule(true)]

    @Test func defaults() throws {
        let policy = try DevicePolicy(rules: [])
        #expect(!policy.allowsByDefault)
        #expect(
            policy.exceptions.map { "\($0.devices.text) \($0.access.letters)" } == [
                "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:8 rwm", "c 1:7 rwm", "c 5:0 rwm", "c 1:5 rwm",
                "c 1:9 rwm",
                "c 136:* rwm", "c 5:2 rwm",
            ])
        #expect(try DevicePolicy(rules: [rule(false)]) == policy)
        #expect(policy.exceptions.allSatisfy { $0.pointer == "/linux/resources/devices" })
    }

    @Test func privileged() throws {
        #expect(try DevicePolicy(rules: [rule(true)]).allowsAll)
        #expect(try DevicePolicy(rules: [rule(false), rule(true)]).allowsAll)
        #expect(try !DevicePolicy(rules: [rule(true), rule(false)]).allowsAll)
        #expect(try !DevicePolicy(rules: [rule(true), rule(false, "b 8:0 w")]).allowsAll)
    }

    @Test func merging() throws {
        let policy = try DevicePolicy(rules: [
            rule(false), rule(true, "c 10:200 r"), rule(true, "c 10:200 w"), rule(true, "c 1:3 r"),
        ])
        #expect(policy.exceptions.first?.access == [.read, .write])
        #expect(policy.exceptions.first?.pointer == "/linux/resources/devices/1")
        #expect(policy.exceptions.count { $0.devices.text == "c 1:3" } == 1)
        let undone = try DevicePolicy(rules: [rule(false), rule(true, "b 8:0 rw"), rule(false, "b 8:0 w")])
        #expect(undone.exceptions.first.map { "\($0.devices.text) \($0.access.letters)" } == "b 8:0 r")
    }

    @Test func blacklistLosesDefaults() throws {
        // The default devices are allowed at the end, whatever was denied before.
        let policy = try DevicePolicy(rules: [rule(true), rule(false, "c 1:3 rwm"), rule(false, "b 8:0 w")])
        #expect(policy.exceptions.map { "\($0.devices.text) \($0.access.letters)" } == ["b 8:0 w"])
    }

    @Test(arguments: [
        ([rule(false, "x 1:1 r")], "/linux/resources/devices/0/type"),
        ([rule(false), rule(true, "c 1:1 rx")], "/linux/resources/devices/1/access"),
        ([rule(true, "c -2:1 r")], "/linux/resources/devices/0/major"),
        ([rule(true, "c 1:4294967296 r")], "/linux/resources/devices/0/minor"),
        ([rule(false), rule(true, "c 8:-1 rw"), rule(false, "c 8:1 w")], "/linux/resources/devices/2"),
        ([rule(true), rule(false, "c -1:-1 rwm")], "/linux/resources/devices"),
    ])
    func refused(rules: [DeviceRule], pointer: String) {
        let error = #expect(throws: CgroupError.self) { try DevicePolicy(rules: rules) }
        #expect(error?.pointer == pointer)
    }
}

@Suite struct DeviceFilterTests {
    static let docker = [rule(false), rule(true, "c 10:200 rw"), rule(true, "b 8:-1 r")]
    static let blacklist = [rule(true), rule(false, "b 8:0 w"), rule(false, "c 10:-1 rwm")]

    @Test(
        arguments: [
            (docker, false, 1, 3, DeviceAccess.read, 1), (docker, false, 1, 3, .all, 1),
            (docker, false, 1, 4, .read, 0),
            (docker, false, 1, 4, .mknod, 1), (docker, true, 1, 3, .read, 0), (docker, true, 1, 3, .mknod, 1),
            (docker, false, 1, 4, [.mknod, .read], 0), (docker, false, 136, 77, .all, 1),
            (docker, false, 137, 0, .read, 0),
            (docker, false, 10, 200, .read, 1), (docker, false, 10, 200, [.read, .write], 1),
            (docker, false, 10, 200, .all, 0), (docker, true, 8, 0, .read, 1),
            (docker, true, 8, 99999, .read, 1),
            (docker, true, 8, 0, .write, 0), (docker, true, 8, 0, [.read, .write], 0),
            (docker, false, 5, 1, .read, 0),
            (blacklist, true, 8, 0, .read, 1), (blacklist, true, 8, 0, .write, 0),
            // Any part of what is denied denies all: asking for more must not help.
            (blacklist, true, 8, 0, [.read, .write], 0), (blacklist, true, 8, 0, .all, 0),
            (blacklist, true, 8, 1, .all, 1), (blacklist, false, 10, 0, .mknod, 0),
            (blacklist, false, 11, 0, .all, 1),
            ([rule(true)], true, 259, 1_048_575, .all, 1),
        ] as [([DeviceRule], Bool, UInt32, UInt32, DeviceAccess, Int)])
    func decides(
        rules: [DeviceRule], block: Bool, major: UInt32, minor: UInt32, access: DeviceAccess, expected: Int
    ) throws {
        let filter = DeviceFilter(try DevicePolicy(rules: rules))
        #expect(run(filter, block: block, major, minor, access) == expected)
    }

    /// The program and the policy must say the same for every device and access around the rules' edges.
    @Test(arguments: [docker, blacklist, [], [rule(true)]])
    func agreesWithPolicy(rules: [DeviceRule]) throws {
        let policy = try DevicePolicy(rules: rules)
        let filter = DeviceFilter(policy)
        for block in [false, true] {
            for major: UInt32 in [0, 1, 5, 8, 10, 136] {
                for minor: UInt32 in [0, 1, 2, 3, 8, 9, 200] {
                    for bits: UInt8 in 1...7 {
                        let access = DeviceAccess(rawValue: bits)
                        let matches = policy.exceptions.contains { exception in
                            exception.devices.covers(
                                DeviceSet(isBlock: block, major: Int32(major), minor: Int32(minor)))
                                && (policy.allowsByDefault
                                    ? !exception.access.isDisjoint(with: access)
                                    : exception.access.isSuperset(of: access))
                        }
                        let allowed = matches != policy.allowsByDefault
                        #expect(run(filter, block: block, major, minor, access) == (allowed ? 1 : 0))
                    }
                }
            }
        }
    }

    @Test func encoding() throws {
        // r2 = *(u32 *)(r1 + 0) and the last two: r0 = 0, exit.
        let program = DeviceFilter(try DevicePolicy(rules: [])).instructions
        #expect(program.first == 0x0000_0000_0000_1261)
        #expect(program.suffix(4) == [0xb7, 0x95, 0x1_0000_00b7, 0x95])
        #expect(program[4] == 0x0000_0000_0004_1461)
    }
}
