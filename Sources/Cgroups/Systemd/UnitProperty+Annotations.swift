// The annotations org.systemd.property.NAME: properties that engines set by themselves, such as KillSignal.

extension UnitProperty {
    private static let prefix = "org.systemd.property."

    /// What the runtime answers for, and no annotation may change.
    private static let ours = ["Slice", "Delegate", "PIDs", "ControlGroup", "DevicePolicy", "DeviceAllow"]

    /// In byte order of the names.
    static func list(annotations: [String: String]) throws(CgroupError) -> [UnitProperty] {
        var list: [UnitProperty] = []
        for (key, text) in annotations.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            let pointer = "/annotations/" + key
            let name = String(key.dropFirst(prefix.count))
            guard isName(name) else {
                throw .invalid(pointer: pointer, reason: "invalid name of a unit property: \(name)")
            }
            // A scope executes nothing; what says otherwise does not belong to a container.
            if ours.contains(name) || name.hasPrefix("Exec") {
                throw .invalid(
                    pointer: pointer, reason: "unit property \(name) must not be set by an annotation")
            }
            guard let value = VariantText.value(of: text, inSeconds: isInSeconds(name)) else {
                throw .invalid(
                    pointer: pointer, reason: "value of unit property \(name) is not understood: \(text)")
            }
            let told = isInSeconds(name) ? String(name.dropLast(3)) + "USec" : name
            list.merge([UnitProperty(told, value, pointer)])
        }
        return list
    }

    /// Letters only, the first one a capital (CVE-2024-3154 began with what else was let through).
    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count >= 3,
            first >= UInt8(ascii: "A"), first <= UInt8(ascii: "Z")
        else { return false }
        return name.utf8.allSatisfy { byte in
            let lower = byte | 0x20
            return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
        }
    }

    /// D-Bus has times in microseconds only; the names of systemd's files are told with seconds.
    private static func isInSeconds(_ name: String) -> Bool {
        name.hasSuffix("Sec") && !name.hasSuffix("USec")
    }
}
