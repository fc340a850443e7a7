// The execution domains of linux.personality (personality(2)).

import CLinux

/// An execution domain that config.json can name; the raw value is the argument of personality(2).
public struct PersonalityDomain: Sendable, Equatable {
    public let rawValue: UInt64

    /// The domain that config.json calls `name` (`LINUX`, `LINUX32`); nil for any other name.
    public init?(name: String) {
        switch name {
        case "LINUX": rawValue = UInt64(PER_LINUX)
        case "LINUX32": rawValue = UInt64(PER_LINUX32)
        default: return nil
        }
    }

    public static let names: [String] = ["LINUX", "LINUX32"]
}
