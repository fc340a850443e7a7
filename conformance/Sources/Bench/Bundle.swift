// The bundles that are run: what `runc spec` writes, without a terminal, with /bin/true, and with what a case adds.
import Foundation

typealias Object = [String: Any]

struct Bundle {
    let path: String

    /// A bundle in `path` whose process is `program`; `change` edits its config.json.
    init(path: String, program: String, change: (inout Object) -> Void = { _ in }) throws {
        self.path = path
        let files = FileManager.default
        for directory in ["bin", "dev", "proc", "sys"] {
            try files.createDirectory(
                atPath: "\(path)/rootfs/\(directory)", withIntermediateDirectories: true)
        }
        try files.copyItem(atPath: program, toPath: path + "/rootfs/bin/true")
        var config = Bundle.config
        change(&config)
        try JSONSerialization.data(withJSONObject: config).write(to: URL(filePath: path + "/config.json"))
    }

    private static let capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]

    private static func mount(_ at: String, _ type: String, _ options: String = "") -> Object {
        let options = options.split(separator: ",").map(String.init)
        return ["destination": at, "type": type, "source": type, "options": options]
    }

    private static var config: Object {
        [
            "ociVersion": "1.0.2",
            "process": [
                "user": ["uid": 0, "gid": 0], "args": ["/bin/true"], "cwd": "/",
                "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"], "noNewPrivileges": true,
                "capabilities": [
                    "bounding": capabilities, "effective": capabilities, "permitted": capabilities,
                ],
                "rlimits": [["type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024]],
            ],
            "root": ["path": "rootfs", "readonly": true],
            "hostname": "bench",
            "mounts": [
                mount("/proc", "proc"),
                mount("/dev", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"),
                mount("/dev/pts", "devpts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"),
                mount("/dev/shm", "tmpfs", "nosuid,noexec,nodev,mode=1777,size=65536k"),
                mount("/dev/mqueue", "mqueue", "nosuid,noexec,nodev"),
                mount("/sys", "sysfs", "nosuid,noexec,nodev,ro"),
                mount("/sys/fs/cgroup", "cgroup", "nosuid,noexec,nodev,relatime,ro"),
            ],
            "linux": [
                "resources": ["devices": [["allow": false, "access": "rwm"]]],
                "namespaces": ["pid", "network", "ipc", "uts", "mount", "cgroup"].map { ["type": $0] },
                "maskedPaths": [
                    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                    "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware",
                    "/proc/scsi",
                ],
                "readonlyPaths": [
                    "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
                ],
            ] as Object,
        ]
    }
}

/// Changes the object at `key`.
func edit(_ object: inout Object, _ key: String, _ change: (inout Object) -> Void) {
    var inner = object[key] as? Object ?? [:]
    change(&inner)
    object[key] = inner
}
