// One line for a mount: what, where, and how.
import CLinux
import Linux

extension MountPlan {
    /// "bind /srv/data on /data, recursive, read-only".
    var summary: String {
        var words: [String]
        let place = shown("/" + destination)
        switch source {
        case .filesystem(let filesystem):
            words = ["mount \(shown(filesystem.type)) on \(place)"]
            if filesystem.copyUp != nil { words.append("with a copy of what it hides") }
            if let label = filesystem.label { words.append("labelled " + shown(label)) }
            if let fallback = filesystem.fallback { words.append("or else bind \(shown(fallback.path))") }
            words += filesystem.options.filter { $0.key != "ro" }.map { $0.summary }
        case .bind(let path, let recursive, let kind):
            let what = isOpened ? "the opened " : kind == .link ? "the link " : ""
            words = ["bind \(what)\(shown(path)) on \(place)"]
            if recursive { words.append("recursive") }
        case .link(let target): return "link \(place) to \(shown(target))"
        case .remount(let options, let isBind):
            words = ["remount \(place)"]
            if isBind { words.append("the mount alone") }
            words += options.filter { $0.key != "ro" }.map { $0.summary }
        case .cgroupHierarchies(let hierarchies, _):
            words = [
                "mount \(counted(hierarchies.count, "cgroup hierarchy", "cgroup hierarchies")) on \(place)"
            ]
        }
        if isOnLink { words.append("on a link there itself") }
        words += attributes.summaries + recursiveAttributes.summaries.map { "all " + $0 }
        words += propagation.map { $0.summary }
        return words.joined(separator: ", ")
    }
}

extension OpenedMount {
    var summary: String {
        var words = ["open \(isLink ? "the link " : "")\(shown(path)) as a detached mount"]
        if recursive { words.append("recursive") }
        if let idMap { words.append(idMap.summary) }
        return words.joined(separator: ", ")
    }
}

extension MountIDMap {
    fileprivate var summary: String {
        let what = recursive ? "all its ids mapped" : "its ids mapped"
        switch source {
        case .maps(let uids, let gids):
            return "\(what) by \(counted(uids.count, "range")) of users, "
                + "\(counted(gids.count, "range")) of groups"
        case .joined: return "\(what) as in the joined user namespace"
        }
    }
}

extension FilesystemOption {
    fileprivate var summary: String { shown(value.map { key + "=" + $0 } ?? key) }
}

extension CopySource? {
    /// What tmpcopyup copies.
    var summary: String {
        switch self {
        case .root(let path): "the rootfs' " + shown("/" + path)
        case .host(let path, let below): shown(path + below)
        case .nothing, nil: "nothing"
        }
    }
}

extension MountAttributes {
    /// The attributes as config.json names them; "read-only" for the one that matters most.
    fileprivate var summaries: [String] {
        let access = UInt64(MOUNT_ATTR__ATIME)
        var words: [String] = []
        for row in FlagNames.mountAttributes.rows where row.bits != access && set & row.bits != 0 {
            words.append(word(row.name))
        }
        if clear & access != 0 && set & access == 0 { words.append("relatime") }
        for row in FlagNames.mountAttributes.rows where clear & ~access & row.bits & ~set != 0 {
            words.append(row.bits == UInt64(MOUNT_ATTR_RDONLY) ? "writable" : "not " + word(row.name))
        }
        return words
    }

    private func word(_ name: String) -> String {
        name == "MOUNT_ATTR_RDONLY" ? "read-only" : String(name.dropFirst(11)).lowercased()
    }
}
