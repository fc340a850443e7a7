// linux.resources.unified: cgroup v2 files by name (config-linux.md, Unified).

import OCI

/// In byte order of the names, so that one config.json always makes the same plan.
@Sendable
func unifiedSettings(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [Setting] {
    if resources.unified.isEmpty { return [] }
    let pointer = "/linux/resources/unified"
    if version == .v1 {
        throw .invalid(
            pointer: pointer, reason: "unified resources need cgroup v2, and this host has cgroup v1")
    }
    var settings: [Setting] = []
    for (file, value) in resources.unified.sorted(by: { $0.key < $1.key }) {
        let origin = pointer + "/" + pointerToken(file)
        guard let controller = file.split(separator: ".").first, file.utf8.contains(UInt8(ascii: ".")),
            !file.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }), file.first != "."
        else {
            throw .invalid(
                pointer: origin,
                reason: "unified resource must be a file name of the form controller.name: \(file)")
        }
        settings.append(
            Setting(
                controller: controller == "cgroup" ? "" : String(controller), file: file, value: value,
                pointer: origin))
    }
    return settings
}

/// A member's name as a token of a JSON pointer (RFC 6901).
func pointerToken(_ name: String) -> String {
    var token = ""
    for character in name.unicodeScalars {
        switch character {
        case "~": token += "~0"
        case "/": token += "~1"
        default: token.unicodeScalars.append(character)
        }
    }
    return token
}
