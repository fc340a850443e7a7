// What the specification recommends: warnings of `check`, never looked for by `create`.
import JSON
import Linux

extension Spec {
    static let adviceRules: [Rule] = [
        // Engines name the root by an absolute path of their own storage.
        Rule("root-name", "config.md, Root") { spec, report in
            guard let path = spec.root?.path, !path.isEmpty, path.utf8.first != UInt8(ascii: "/"),
                cleanPath(path) != "rootfs"
            else { return }
            report.warning(
                "/root/path", "\"\(path)\" is not the conventional name of a bundle's root",
                hint: "call the directory rootfs")
        },
        Rule("default-filesystems", "config-linux.md, Default Filesystems") { spec, report in
            // A mount without a destination could have been meant for any place.
            guard spec.linux.createsNamespace(.mount), !spec.mounts.contains(where: \.destination.isEmpty)
            else { return }
            let missing = defaultFilesystems.filter { !spec.provides($0.path) }
            if missing.isEmpty { return }
            let list = missing.map { "\($0.path) (\($0.type))" }.joined(separator: ", ")
            report.warning("/mounts", "programs expect \(list)", hint: "mount it there")
        },
        Rule("device-twins", "config-linux.md, Devices") { spec, report in
            let devices = spec.linux.devices
            for (index, device) in devices.enumerated() where device.type != "p" {
                let twin = devices[..<index].firstIndex { $0.isSameNode(as: device) }
                guard let twin, devices[twin].path != device.path else { continue }
                report.warning("/linux/devices/\(index)", "is the device of entry \(twin) again")
            }
        },
        Rule("annotation-names", "config.md, Annotations") { spec, report in
            for key in orderedKeys(spec.annotations) where !key.isEmpty && !key.utf8.contains(dot) {
                report.warning(
                    JSONPointer.appending(key, to: "/annotations"),
                    "\"\(key)\" is not in reverse domain notation", hint: "name it like com.example.\(key)")
            }
        },
        Rule("annotation-reserved", "config.md, Annotations") { spec, report in
            for key in orderedKeys(spec.annotations)
            where key.hasPrefix("org.opencontainers.") && !imageAnnotations.contains(key) {
                report.warning(
                    JSONPointer.appending(key, to: "/annotations"),
                    "\"\(key)\" is in the namespace of the specification, which does not know it",
                    hint: didYouMean(key, in: imageAnnotations))
            }
        },
        Rule("annotation-values", "config.md, Annotations") { spec, report in
            for key in orderedKeys(spec.annotations) {
                guard let problem = problem(of: spec.annotations[key] ?? "", in: key) else { continue }
                report.warning(JSONPointer.appending(key, to: "/annotations"), problem)
            }
        },
    ]

    private static let dot = UInt8(ascii: ".")

    private static let defaultFilesystems: [(path: String, type: String)] = [
        ("/proc", "proc"), ("/sys", "sysfs"), ("/dev/pts", "devpts"), ("/dev/shm", "tmpfs"),
    ]

    /// Whether something is mounted at the path, or a whole tree of the host's above it.
    private func provides(_ path: String) -> Bool {
        let wanted = cleanPath(path)
        return mounts.contains { mount in
            let place = cleanPath(mount.destination)
            return place == wanted || mount.isBind && wanted.hasPrefix(place + "/")
        }
    }

    private static let imageAnnotations: [String] = [
        "os", "os.version", "os.features", "architecture", "variant", "author", "created", "stopSignal",
    ].map { "org.opencontainers.image." + $0 }

    /// The values that the image specification closes.
    private static func problem(of value: String, in key: String) -> String? {
        switch key {
        case "org.opencontainers.image.stopSignal":
            Signal(parsing: value) == nil ? "\"\(value)\" is not a signal" : nil
        case "org.opencontainers.image.created":
            isDateTime(value) ? nil : "\"\(value)\" is not a date and time of RFC 3339"
        case "org.opencontainers.image.os", "org.opencontainers.image.architecture":
            value.isEmpty ? "must not be empty" : nil
        default: nil
        }
    }

    /// `2026-11-23T17:13:16.5Z`, `2026-11-23T17:13:16+01:00`.
    private static func isDateTime(_ text: String) -> Bool {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        var rest = Array(text.uppercased().utf8)[...]
        guard rest.count > pattern.count else { return false }
        for letter in pattern {
            let byte = rest.removeFirst()
            if letter == UInt8(ascii: "0") ? !isDigit(byte) : byte != letter { return false }
        }
        if rest.first == dot {
            rest = rest.dropFirst()
            guard let first = rest.first, isDigit(first) else { return false }
            rest = rest.drop(while: isDigit)
        }
        if rest.elementsEqual("Z".utf8) { return true }
        let zone = rest.map { isDigit($0) ? UInt8(ascii: "0") : $0 }
        return zone.elementsEqual("+00:00".utf8) || zone.elementsEqual("-00:00".utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
