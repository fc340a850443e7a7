// The config.json that a case starts from: small, but a container of its own in every way that matters.
extension JSON {
    /// Docker's default set.
    static let usualCapabilities: JSON = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
        "CAP_AUDIT_WRITE",
    ]

    static let devMount: JSON = [
        "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
        "options": ["nosuid", "strictatime", "mode=755", "size=65536k"],
    ]

    static func bind(_ source: String, _ destination: String, _ options: JSON = ["rbind"]) -> JSON {
        ["destination": .string(destination), "type": "bind", "source": .string(source), "options": options]
    }

    static func usualConfig(args: [String], cgroup: String, mark: String) -> JSON {
        [
            "ociVersion": "1.0.2",
            "process": [
                "args": JSON(args), "cwd": "/",
                "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin:/", "MARK=\(mark)"],
                "user": ["uid": 0, "gid": 0],
                "capabilities": [
                    "bounding": usualCapabilities, "effective": usualCapabilities,
                    "permitted": usualCapabilities,
                ],
            ],
            "root": ["path": "rootfs"],
            "hostname": "probed",
            "mounts": [
                ["destination": "/proc", "type": "proc", "source": "proc"], devMount,
            ],
            "linux": [
                "cgroupsPath": .string(cgroup),
                "namespaces": [
                    ["type": "pid"], ["type": "ipc"], ["type": "uts"], ["type": "mount"], ["type": "network"],
                ],
            ],
        ]
    }

    /// Adds the capabilities to bounding, effective and permitted.
    mutating func addCapabilities(_ names: String...) {
        for set in ["bounding", "effective", "permitted"] {
            for name in names { self.process.capabilities[set].append(.string(name)) }
        }
    }

    /// Changes or adds the namespace of this type; with a path it is joined.
    mutating func setNamespace(_ type: String, path: String? = nil) {
        removeNamespace(type)
        var entry: JSON = ["type": .string(type)]
        if let path { entry.path = .string(path) }
        self.linux.namespaces.append(entry)
    }

    mutating func removeNamespace(_ type: String) {
        self.linux.namespaces.remove { $0.type.text == type }
    }

    mutating func removeMount(_ destination: String) {
        self.mounts.remove { $0.destination.text == destination }
    }
}
