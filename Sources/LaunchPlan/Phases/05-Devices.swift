// Phase 5: device nodes and the links that programs expect in /dev.
import Linux
import OCI

extension LaunchPlan {
    /// Devices that every container has (config-linux.md, Default Devices): name, major, minor.
    public static let defaultDevices: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    /// Links in /dev (runtime-linux.md, Dev symbolic links; config-linux.md, Default Devices).
    static let deviceLinks: [(name: String, target: String)] = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ]

    /// A bind mount of the host's or the caller's /dev is theirs: nothing is made in it.
    private var ownsDev: Bool {
        !spec.mounts.contains { mount in
            cleanPath(mount.destination) == "dev"
                && mount.options.contains { option in option == "bind" || option == "rbind" }
        }
    }

    mutating func planDevices() {
        let asked = spec.linux.devices
        // In a joined mount namespace /dev is somebody's already.
        let ownsDev = ownsDev && !joinsMountNamespace
        if ownsDev {
            for device in Self.defaultDevices
            where !asked.contains(where: { cleanPath($0.path) == "dev/" + device.name }) {
                addDevice(
                    DevicePlan(
                        path: "dev/" + device.name, type: 0o020_000, major: device.major,
                        minor: device.minor, mode: 0o666, uid: 0, gid: 0), "")
            }
        }
        for (index, device) in asked.enumerated() {
            addDevice(devicePlan(device), "/linux/devices/\(index)")
            warnOfOwner(device, index)
        }
        if ownsDev {
            add(.container(.linkDevice(name: "ptmx", target: "pts/ptmx")), "")
            for link in Self.deviceLinks {
                add(.container(.linkDevice(name: link.name, target: link.target)), "")
            }
        }
    }

    private mutating func addDevice(_ device: DevicePlan, _ pointer: String) {
        // mknod(2) of a device needs the initial user namespace; a FIFO is anybody's.
        let binds = bindsDevices && device.type != 0o010_000
        add(.container(binds ? .bindDevice(device) : .makeDevice(device)), pointer)
    }

    private var bindsDevices: Bool { hasUserNamespace || facts.isInUserNamespace }

    private mutating func warnOfOwner(_ device: Device, _ index: Int) {
        guard bindsDevices, device.type != "p",
            device.fileMode != nil || (device.uid ?? 0) != 0 || (device.gid ?? 0) != 0
        else { return }
        notes.append(
            SpecError(
                pointer: "/linux/devices/\(index)",
                message: "in a user namespace \(device.path) is the host's node, with its mode and owner"))
    }

    private func devicePlan(_ device: Device) -> DevicePlan {
        let type: UInt32 =
            switch device.type {
            case "b": 0o060_000
            case "p": 0o010_000
            default: 0o020_000
            }
        return DevicePlan(
            path: cleanPath(device.path), type: type, major: UInt32(truncatingIfNeeded: device.major),
            minor: UInt32(truncatingIfNeeded: device.minor), mode: (device.fileMode ?? 0o666) & 0o7777,
            uid: device.uid ?? 0, gid: device.gid ?? 0)
    }
}
