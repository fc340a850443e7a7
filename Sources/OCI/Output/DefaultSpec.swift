// The config.json that `spec` writes: a shell with few rights, as a start for one's own.
import JSON

/// The default configuration; the same content as `runc spec`.
public enum DefaultSpec {
    /// The text of config.json, indented with tabs. `ids` are those of the caller, for the rootless map. A cgroup
    /// namespace is asked for where cgroup v2 alone is mounted (`unified`).
    public static func text(rootless ids: (uid: UInt32, gid: UInt32)? = nil, unified: Bool) -> [UInt8] {
        var json = JSONWriter(indent: "\t")
        json.object { json in
            json.member("ociVersion", State.ociVersion)
            json.member("process", object: writeProcess)
            json.member(
                "root",
                object: {
                    $0.member("path", "rootfs")
                    $0.member("readonly", true)
                })
            json.member("hostname", "apus")
            json.member(
                "mounts", array: { json in for row in mounts(rootless: ids != nil) { row.write(to: &json) } })
            json.member("linux", object: { json in writeLinux(&json, ids, unified) })
        }
        json.endLine()
        return json.bytes
    }

    private static func writeProcess(_ json: inout JSONWriter) {
        // runc has true here. Terminals are not supported yet, and what `spec` writes is to run.
        json.member("terminal", true)
        json.member(
            "user",
            object: {
                $0.member("uid", 0)
                $0.member("gid", 0)
            })
        json.member("args", ["sh"])
        json.member(
            "env", ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"])
        json.member("cwd", "/")
        json.member(
            "capabilities",
            object: { json in
                for set in ["bounding", "effective", "permitted"] {
                    json.member(set, ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"])
                }
            })
        json.member(
            "rlimits",
            array: { json in
                json.object {
                    $0.member("type", "RLIMIT_NOFILE")
                    $0.member("hard", 1024)
                    $0.member("soft", 1024)
                }
            })
        json.member("noNewPrivileges", true)
    }

    private struct MountRow {
        var destination: String
        var type: String
        var source: String
        var options: [String] = []

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("destination", destination)
                json.member("type", type)
                json.member("source", source)
                if !options.isEmpty { json.member("options", options) }
            }
        }
    }

    /// Without privileges, sysfs belongs to the host's network namespace, and gid 5 has no map.
    private static func mounts(rootless: Bool) -> [MountRow] {
        let safe = ["nosuid", "noexec", "nodev"]
        let pts = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]
        return [
            MountRow(destination: "/proc", type: "proc", source: "proc"),
            MountRow(
                destination: "/dev", type: "tmpfs", source: "tmpfs",
                options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            MountRow(
                destination: "/dev/pts", type: "devpts", source: "devpts",
                options: rootless ? pts : pts + ["gid=5"]),
            MountRow(
                destination: "/dev/shm", type: "tmpfs", source: "shm",
                options: safe + ["mode=1777", "size=65536k"]),
            MountRow(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: safe),
            rootless
                ? MountRow(
                    destination: "/sys", type: "none", source: "/sys", options: ["rbind"] + safe + ["ro"])
                : MountRow(destination: "/sys", type: "sysfs", source: "sysfs", options: safe + ["ro"]),
            MountRow(
                destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
                options: safe + ["relatime", "ro"]),
        ]
    }

    private static func writeLinux(
        _ json: inout JSONWriter, _ ids: (uid: UInt32, gid: UInt32)?, _ unified: Bool
    ) {
        if let ids {
            writeMap("uidMappings", ids.uid, to: &json)
            writeMap("gidMappings", ids.gid, to: &json)
        } else {
            json.member("resources", object: { json in json.member("devices", array: writeNoDevices) })
        }
        let kinds =
            ["pid"] + (ids == nil ? ["network"] : []) + ["ipc", "uts", "mount"]
            + (unified ? ["cgroup"] : []) + (ids == nil ? [] : ["user"])
        json.member(
            "namespaces",
            array: { json in
                for kind in kinds { json.object { $0.member("type", kind) } }
            })
        json.member("maskedPaths", maskedPaths)
        json.member("readonlyPaths", readonlyPaths)
    }

    private static func writeNoDevices(_ json: inout JSONWriter) {
        json.object {
            $0.member("allow", false)
            $0.member("access", "rwm")
        }
    }

    private static func writeMap(_ name: String, _ id: UInt32, to json: inout JSONWriter) {
        json.member(
            name,
            array: { json in
                json.object {
                    $0.member("containerID", 0)
                    $0.member("hostID", id)
                    $0.member("size", 1)
                }
            })
    }

    private static let maskedPaths: [String] = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
    ]

    private static let readonlyPaths: [String] = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
}
