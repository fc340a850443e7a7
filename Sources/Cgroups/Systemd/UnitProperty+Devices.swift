// Device rules as unit properties: a second lock beside apus' own filter, which systemd keeps over a daemon-reload.

extension UnitProperty {
    /// DevicePolicy and DeviceAllow for a policy.
    ///
    /// Both filters must allow an access. systemd knows a list of what is allowed, by node or by the kernel's name of a
    /// major number; where a policy cannot be told so, systemd allows everything, and apus' filter alone decides.
    static func devices(_ policy: DevicePolicy) throws(CgroupError) -> [UnitProperty] {
        let pointer = DevicePolicy.pointer
        var allowed: [UnitValue] = []
        for exception in policy.allowsByDefault ? [] : policy.exceptions {
            guard let name = specifier(exception.devices) else {
                return [
                    UnitProperty("DevicePolicy", .string("auto"), pointer),
                    UnitProperty("DeviceAllow", .array(of: "(ss)", []), pointer),
                ]
            }
            allowed.append(.structure([.string(name), .string(exception.access.letters)]))
        }
        let policyName = policy.allowsByDefault ? "auto" : "strict"
        return [
            UnitProperty("DevicePolicy", .string(policyName), pointer),
            UnitProperty("DeviceAllow", .array(of: "(ss)", allowed), pointer),
        ]
    }

    /// The same for a unit that has a list already: systemd adds to it until it is emptied.
    static func replacing(_ policy: DevicePolicy) throws(CgroupError) -> [UnitProperty] {
        [UnitProperty("DeviceAllow", .array(of: "(ss)", []), DevicePolicy.pointer)] + (try devices(policy))
    }

    /// Names of major numbers that are the same on every kernel (Documentation/admin-guide/devices.txt).
    private static let majors: [(isBlock: Bool, number: Int32, name: String)] = [
        (false, 1, "mem"), (false, 10, "misc"), (false, 13, "input"), (false, 29, "fb"), (false, 136, "pts"),
        (true, 7, "loop"), (true, 8, "sd"), (true, 9, "md"),
    ]

    private static func specifier(_ devices: DeviceSet) -> String? {
        let kind = devices.isBlock ? "block" : "char"
        switch (devices.major, devices.minor) {
        case (nil, nil): return kind + "-*"
        case (let major?, let minor?): return "/dev/\(kind)/\(major):\(minor)"
        case (let major?, nil):
            let row = majors.first { $0.isBlock == devices.isBlock && $0.number == major }
            return row.map { kind + "-" + $0.name }
        case (nil, _): return nil
        }
    }
}
