// The id maps that a mount option carries: `idmap=uids=0-1000-10#10-2000-5;gids=0-1000-10` (crun(1)).

/// `idmap=…` or `ridmap=…`, taken apart. A range's numbers are the first id on the file system, the first id that it is
/// shown as, and the count; `@` before them says that the second is one of the container's user namespace.
public struct IDMapOption: Sendable, Equatable {
    public var uids: [IDMapping] = []
    public var gids: [IDMapping] = []

    /// Whether `option` carries maps.
    public static func carriesMaps(_ option: String) -> Bool {
        option.hasPrefix("idmap=") || option.hasPrefix("ridmap=")
    }

    /// Reads an option for which `carriesMaps` is true; `container` has the maps that `@` refers to.
    public init(_ option: String, in container: LinuxConfig) throws(Refusal) {
        let value = option.utf8.drop { $0 != UInt8(ascii: "=") }.dropFirst()
        for part in value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            if part.starts(with: "uids=".utf8), uids.isEmpty {
                uids = try Self.ranges(part.dropFirst(5), container.uidMappings)
            } else if part.starts(with: "gids=".utf8), gids.isEmpty {
                gids = try Self.ranges(part.dropFirst(5), container.gidMappings)
            } else {
                throw Refusal("\"\(Substring(part))\" is neither uids= nor gids= for the first time")
            }
        }
        if uids.isEmpty || gids.isEmpty {
            throw Refusal("\(uids.isEmpty ? "uids=" : "gids=") is required but missing")
        }
    }

    /// Why an option is no map.
    public struct Refusal: Error {
        public let message: String
        init(_ message: String) { self.message = message }
    }

    private static func ranges(
        _ text: Substring.UTF8View, _ container: [IDMapping]
    ) throws(Refusal) -> [IDMapping] {
        var ranges: [IDMapping] = []
        for part in text.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false) {
            let isRelative = part.first == UInt8(ascii: "@")
            let numbers = part.dropFirst(isRelative ? 1 : 0).split(
                separator: UInt8(ascii: "-"), omittingEmptySubsequences: false
            ).map { UInt32(Substring($0)) }
            guard numbers.count == 3, let first = numbers[0], var shown = numbers[1], let size = numbers[2],
                size > 0
            else { throw Refusal("\"\(Substring(part))\" is not of the form 0-1000-10") }
            if isRelative { shown = try outer(shown, size, container) }
            var range = IDMapping()
            (range.containerID, range.hostID, range.size) = (first, shown, size)
            ranges.append(range)
        }
        return ranges
    }

    /// What `size` ids from `id` on are outside of the user namespace with this map.
    private static func outer(
        _ id: UInt32, _ size: UInt32, _ map: [IDMapping]
    ) throws(Refusal) -> UInt32 {
        for range in map {
            guard id >= range.containerID else { continue }
            let offset = id - range.containerID
            guard UInt64(offset) + UInt64(size) <= UInt64(range.size) else { continue }
            let (outer, isTooLarge) = range.hostID.addingReportingOverflow(offset)
            if !isTooLarge { return outer }
        }
        throw Refusal("no range of the container's user namespace holds \(size) ids from \(id) on")
    }
}
