// The device rules of config.json as the kernel keeps them: a default and exceptions from it (cgroup v1 devices.rst).

import OCI

/// What may be done with a device node.
public struct DeviceAccess: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    // linux/bpf.h, BPF_DEVCG_ACC_*
    public static let mknod = DeviceAccess(rawValue: 1)
    public static let read = DeviceAccess(rawValue: 2)
    public static let write = DeviceAccess(rawValue: 4)
    public static let all: DeviceAccess = [.mknod, .read, .write]

    /// The letters in the order in which the kernel prints them.
    public var letters: String {
        (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.mknod) ? "m" : "")
    }

    init?(letters: String) {
        self = []
        for letter in letters.utf8 {
            switch letter {
            case UInt8(ascii: "r"): insert(.read)
            case UInt8(ascii: "w"): insert(.write)
            case UInt8(ascii: "m"): insert(.mknod)
            default: return nil
            }
        }
    }
}

/// The devices that one exception is for.
public struct DeviceSet: Sendable, Equatable {
    public var isBlock: Bool
    /// nil is every number.
    public var major: Int32?
    public var minor: Int32?

    /// How devices.allow and devices.deny have it: `c 136:*`.
    public var text: String {
        let (major, minor) = (major.map { String($0) } ?? "*", minor.map { String($0) } ?? "*")
        return (isBlock ? "b " : "c ") + major + ":" + minor
    }
}

/// The outcome of all device rules together.
public struct DevicePolicy: Sendable, Equatable {
    /// What holds for a device in none of the exceptions.
    public private(set) var allowsByDefault = false
    /// What is different from the default: allowed where the default denies, denied where it allows.
    public private(set) var exceptions: [Exception] = []

    public struct Exception: Sendable, Equatable {
        public var devices: DeviceSet
        public var access: DeviceAccess
        /// The rule that it comes from.
        public var pointer: String
    }

    /// Nothing is denied: no filter is needed.
    public var allowsAll: Bool { allowsByDefault && exceptions.isEmpty }

    static let pointer = "/linux/resources/devices"

    /// Applies the rules in their order to a cgroup that allows nothing, and then what every container needs.
    public init(rules: [DeviceRule]) throws(CgroupError) {
        for index in rules.indices { try apply(rules[index], pointer: "\(Self.pointer)/\(index)") }
        for (devices, access) in Self.defaults { try allow(devices, access, pointer: Self.pointer) }
    }

    /// The rule language of the v1 kernel: a rule for all devices starts anew with that default; a rule that goes the
    /// way of the default takes from the exceptions; any other adds to them.
    private mutating func apply(_ rule: DeviceRule, pointer: String) throws(CgroupError) {
        guard let access = DeviceAccess(letters: rule.access ?? "rwm") else {
            throw .invalid(
                pointer: pointer + "/access",
                reason: "invalid device access: \(rule.access ?? "") (letters of rwm)")
        }
        switch rule.type ?? "a" {
        case "a":
            allowsByDefault = rule.allow
            exceptions = []
        case "b", "c":
            let devices = DeviceSet(
                isBlock: rule.type == "b", major: try Self.number(rule.major, pointer + "/major"),
                minor: try Self.number(rule.minor, pointer + "/minor"))
            if rule.allow {
                try allow(devices, access, pointer: pointer)
            } else {
                try deny(devices, access, pointer: pointer)
            }
        case let type:
            throw .invalid(
                pointer: pointer + "/type", reason: "invalid device type: \(type) (one of a, b, c)")
        }
    }

    private static func number(_ value: Int64?, _ pointer: String) throws(CgroupError) -> Int32? {
        guard let value, value != -1 else { return nil }
        guard value >= 0, value <= Int64(Int32.max) else {
            throw .invalid(pointer: pointer, reason: "invalid device number: \(value)")
        }
        return Int32(value)
    }

    private mutating func allow(_ devices: DeviceSet, _ access: DeviceAccess, pointer: String)
        throws(CgroupError)
    {
        if allowsByDefault {
            try remove(devices, access, pointer)
        } else {
            add(devices, access, pointer)
        }
    }

    private mutating func deny(_ devices: DeviceSet, _ access: DeviceAccess, pointer: String)
        throws(CgroupError)
    {
        if allowsByDefault {
            add(devices, access, pointer)
        } else {
            try remove(devices, access, pointer)
        }
    }

    private mutating func add(_ devices: DeviceSet, _ access: DeviceAccess, _ pointer: String) {
        if access.isEmpty { return }
        if let index = exceptions.firstIndex(where: { $0.devices == devices }) {
            exceptions[index].access.formUnion(access)
        } else {
            exceptions.append(Exception(devices: devices, access: access, pointer: pointer))
        }
    }

    /// A hole in an exception with wildcards cannot be expressed: the v1 kernel ignores the attempt, which would leave
    /// a device open that config.json closes. So it is an error, here and with runc.
    private mutating func remove(
        _ devices: DeviceSet, _ access: DeviceAccess, _ pointer: String
    ) throws(CgroupError) {
        for exception in exceptions
        where exception.devices != devices && exception.devices.covers(devices)
            && !exception.access.isDisjoint(with: access)
        {
            throw .invalid(
                pointer: pointer,
                reason:
                    "device rule for \(devices.text) cannot make a hole in the rule for \(exception.devices.text)"
            )
        }
        guard let index = exceptions.firstIndex(where: { $0.devices == devices }) else { return }
        exceptions[index].access.subtract(access)
        if exceptions[index].access.isEmpty { exceptions.remove(at: index) }
    }

    /// What a container may always use: making any node; null, zero, full, tty, random, urandom; pseudo-terminals.
    private static let defaults: [(DeviceSet, DeviceAccess)] = [
        (DeviceSet(isBlock: false), .mknod), (DeviceSet(isBlock: true), .mknod),
        (DeviceSet(isBlock: false, major: 1, minor: 3), .all),
        (DeviceSet(isBlock: false, major: 1, minor: 8), .all),
        (DeviceSet(isBlock: false, major: 1, minor: 7), .all),
        (DeviceSet(isBlock: false, major: 5, minor: 0), .all),
        (DeviceSet(isBlock: false, major: 1, minor: 5), .all),
        (DeviceSet(isBlock: false, major: 1, minor: 9), .all),
        (DeviceSet(isBlock: false, major: 136), .all), (DeviceSet(isBlock: false, major: 5, minor: 2), .all),
    ]
}

extension DeviceSet {
    /// Every device of `other` is in this set.
    func covers(_ other: DeviceSet) -> Bool {
        isBlock == other.isBlock && (major == nil || major == other.major)
            && (minor == nil || minor == other.minor)
    }
}
