// rootfsPropagation with each propagation of a mount, on a host whose mounts are shared.
import Foundation

private let roots = [
    "", "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
]
private let mounts = [
    "", "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
]

/// What a volume is in the container, or the mount below it. Without an option of its own a volume is what
/// rootfsPropagation makes of the host's mounts, by default a slave; a recursive one other than rprivate is applied to all
/// mounts once more when they are there.
private func expected(_ root: String, _ mount: String, below: Bool) -> String {
    var found =
        switch root {
        case "", "rslave": "slave"
        case "rprivate", "runbindable": "private"
        // Only the root mount itself changes, or nothing: the host's others stay shared.
        default: "shared"
        }
    if !mount.isEmpty, !below || mount.hasPrefix("r") {
        switch mount {
        case "private", "rprivate": found = "private"
        case "unbindable", "runbindable": found = "unbindable"
        case "shared", "rshared": found = found == "slave" ? "shared,slave" : "shared"
        // A private mount has no peers to be a slave of.
        default: found = found == "private" ? "private" : "slave"
        }
    }
    switch root {
    case "rslave": return found.contains("slave") || found == "shared" ? "slave" : found
    case "rshared": return found.contains("slave") ? "shared,slave" : "shared"
    case "runbindable": return "unbindable"
    default: return found
    }
}

let mountPropagationCases: [Case] = roots.map { root in
    Case(
        "mounts.propagation-in-\(root.isEmpty ? "default" : root)-root",
        "all propagations of a volume with rootfsPropagation \(root.isEmpty ? "left out" : root)",
        "config-linux.md Rootfs Mount Propagation", tags: [.mounts]
    ) { t in
        let source = t.directory + "/source"
        try Files.makeDirectory(source + "/sub")
        let c = try t.container(["cat", "/proc/self/mountinfo"]) {
            if !root.isEmpty { $0.linux.rootfsPropagation = .string(root) }
            for mount in mounts {
                $0.mounts.append(
                    .bind(source, "/v.\(mount)", mount.isEmpty ? ["rbind"] : ["rbind", .string(mount)]))
            }
        }
        c.prefix = [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            "mount --bind \(t.directory) \(t.directory) && mount --bind \(source) \(source) && mount -t tmpfs n \(source)/sub && "
                + "mount --make-rshared / && exec \"$@\"", "sh",
        ]
        let table = Mount.table(try c.output()["cat"].text)
        var wrong: [String] = []
        for mount in mounts {
            for (point, below) in [("/v.\(mount)", false), ("/v.\(mount)/sub", true)] {
                let found = try table.at(point).propagation
                let wanted = expected(root, mount, below: below)
                if found != wanted { wrong.append("\(point) is \(found), not \(wanted)") }
            }
        }
        try check(wrong.isEmpty, wrong.joined(separator: "; "))
    }
}
