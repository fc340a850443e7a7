// The values of systemd's unit properties, and how a request to apus-systemd has them: as words.

/// A D-Bus value, as far as unit properties need them (org.freedesktop.systemd1(5)).
public indirect enum UnitValue: Sendable, Equatable {
    case byte(UInt8)
    case bool(Bool)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case string(String)
    /// `of` is the signature of the elements, which an empty array does not tell.
    case array(of: String, [UnitValue])
    case structure([UnitValue])

    /// The D-Bus signature: "t", "as", "a(st)".
    public var signature: String {
        switch self {
        case .byte: "y"
        case .bool: "b"
        case .int32: "i"
        case .uint32: "u"
        case .int64: "x"
        case .uint64: "t"
        case .string: "s"
        case .array(let element, _): "a" + element
        case .structure(let members): "(" + members.map(\.signature).joined() + ")"
        }
    }

    /// Basic values as one word each; before an array's elements their number.
    var words: [String] {
        switch self {
        case .byte(let value): [String(value)]
        case .bool(let value): [value ? "1" : "0"]
        case .int32(let value): [String(value)]
        case .uint32(let value): [String(value)]
        case .int64(let value): [String(value)]
        case .uint64(let value): [String(value)]
        case .string(let value): [value]
        case .array(_, let elements): [String(elements.count)] + elements.flatMap(\.words)
        case .structure(let members): members.flatMap(\.words)
        }
    }

    static func strings(_ values: [String]) -> UnitValue { .array(of: "s", values.map { .string($0) }) }
}

/// One property of a unit.
public struct UnitProperty: Sendable, Equatable {
    public var name: String
    public var value: UnitValue
    /// Where it comes from in config.json; empty for what every unit gets.
    public var pointer: String

    init(_ name: String, _ value: UnitValue, _ pointer: String = "") {
        self.name = name
        self.value = value
        self.pointer = pointer
    }
}

/// What apus-systemd is asked for.
public enum UnitRequest: Sendable, Equatable {
    /// Starts a unit with the process `pid` in it; slices have no processes of their own.
    case start(SystemdUnit, pid: Int32)
    /// Sets properties until the unit ends or the machine does.
    case set(unit: UnitName, [UnitProperty])
    /// Moves a process into a unit's cgroup or one below it.
    case attach(UnitGroup, pid: Int32)
    /// Stops a unit and lets systemd forget it; none is no error.
    case stop(unit: UnitName)

    public var unit: UnitName {
        switch self {
        case .start(let unit, _): unit.name
        case .set(let unit, _), .stop(let unit): unit
        case .attach(let group, _): group.unit
        }
    }

    /// The bytes for standard input: words ended by NUL (Sources/apus-systemd/request.h).
    public var encoded: [UInt8] {
        var words: [String]
        switch self {
        case .start(let unit, let pid):
            words = ["start"] + unit.name.words
            for property in unit.properties { append(property, to: &words) }
            if !unit.name.isSlice {
                append(UnitProperty("PIDs", .array(of: "u", [.uint32(UInt32(pid))])), to: &words)
            }
        case .set(let unit, let properties):
            words = ["set"] + unit.words
            for property in properties { append(property, to: &words) }
        case .attach(let group, let pid):
            words = ["attach"] + group.unit.words + [group.below, String(pid)]
        case .stop(let unit): words = ["stop"] + unit.words
        }
        return words.flatMap { Array($0.utf8) + [0] }
    }

    private func append(_ property: UnitProperty, to words: inout [String]) {
        words += [property.name, property.value.signature] + property.value.words
    }
}
