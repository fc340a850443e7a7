// Paths and mounts: the rootfs is hostile, and what is done in it must stay in it (design.md, section 5).
import CLinux
import Linux

@testable import LaunchPlan

private let inRoot = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
private let beneath =
    UInt64(RESOLVE_BENEATH) | UInt64(RESOLVE_NO_XDEV) | UInt64(RESOLVE_NO_MAGICLINKS)

/// One name, which is neither a path nor a way out.
private func isName(_ path: String) -> Bool { !path.isEmpty && !path.contains("/") && path != ".." }

let pathInvariants: [Invariant] = [
    Invariant(
        "CVE-2019-18837, CVE-2024-45310, CVE-2026-41579: paths are looked up by openat2 in the root, names by descriptor",
        breaking: { trace in
            let index = trace.calls(.openat2).first { trace.slot($0, 0) == trace.names["root"] }
            trace.set(trace.offset(index!, 2) + 16, 0)
        }
    ) { trace in
        trace.calls.compactMap { index in
            let call = trace.instructions[index].call
            switch call {
            case .openat2:
                guard let how = trace.openHow(index) else { return trace.line(index) }
                if trace.slot(index, 0) == trace.names["root"] {
                    return how.resolve & inRoot == inRoot ? nil : trace.line(index)
                }
                // A name in a directory that was looked up so, and nothing that it could lead to.
                let asName = UInt64(RESOLVE_BENEATH) | UInt64(RESOLVE_NO_SYMLINKS)
                if isName(trace.string(index, 1) ?? ""), how.resolve & asName == asName { return nil }
                return trace.slot(index, 0) == trace.names["proc"] && how.resolve & beneath == beneath
                    ? nil : trace.line(index)
            case .openat:
                if trace.slot(index, 0) == trace.names["proc"] { return nil }
                // The root of a mount that is attached nowhere yet.
                if trace.slot(index, 0) != nil, trace.string(index, 1) == "." { return nil }
                if trace.slot(index, 0) != nil {
                    let noFollow = UInt64(APUS_O_NOFOLLOW.rawValue)
                    return isName(trace.string(index, 1) ?? "")
                        && (trace.immediate(index, 2) ?? 0) & noFollow != 0
                        ? nil : trace.line(index)
                }
                let allowed = ["/", "/proc", "/dev/null", trace.rootPath]
                return allowed.contains(trace.string(index, 1) ?? "") ? nil : trace.line(index)
            case .mkdirat, .mknodat, .unlinkat, .readlinkat:
                return trace.slot(index, 0) != nil && isName(trace.string(index, 1) ?? "")
                    ? nil : trace.line(index)
            case .symlinkat:
                return trace.slot(index, 1) != nil && isName(trace.string(index, 2) ?? "")
                    ? nil : trace.line(index)
            case .fchmodat: return trace.string(index, 1) == "." ? nil : trace.line(index)
            case .fchownat:
                let noFollow = UInt64(APUS_AT_SYMLINK_NOFOLLOW.rawValue)
                return (trace.immediate(index, 4) ?? 0) & noFollow != 0 ? nil : trace.line(index)
            case .statx:
                guard trace.slot(index, 0) != nil else { return nil }
                let flags = trace.immediate(index, 2) ?? 0
                let path = trace.string(index, 1) ?? "?"
                return path.isEmpty
                    || (isName(path) && flags & UInt64(APUS_AT_SYMLINK_NOFOLLOW.rawValue) != 0)
                    ? nil : trace.line(index)
            default: return nil
            }
        }
    },
    Invariant(
        "CVE-2021-30465: mount(2) sets propagation or flags of a mount just entered; mounts are attached by descriptor",
        breaking: { trace in
            let index = trace.calls(.moveMount).last { trace.string($0, 3) == "" }!
            trace.instructions[index].operands[2] = .currentDirectory
        }
    ) { trace in
        let propagation =
            UInt64(MS_REC) | UInt64(MS_SHARED) | UInt64(MS_SLAVE) | UInt64(MS_PRIVATE) | UInt64(MS_UNBINDABLE)
        let mounts = trace.calls(.mount).filter {
            let flags = trace.immediate($0, 3) ?? .max
            let remounts =
                flags & UInt64(MS_REMOUNT) != 0 && flags & propagation == 0 && trace.string($0, 1) == "."
                && trace.calls(.fchdir).contains($0 - 1)
            return trace.immediate($0, 0) != 0 || trace.immediate($0, 2) != 0
                || flags & ~propagation != 0 && !remounts
        }
        let moves = trace.calls(.moveMount).filter { index in
            switch trace.containerStep(of: index) {
            case .attachRoot, .moveRoot: return false
            default: break
            }
            guard trace.slot(index, 2) != nil, let path = trace.string(index, 3) else { return true }
            let flags = trace.immediate(index, 4) ?? 0
            if path.isEmpty { return flags & UInt64(MOVE_MOUNT_T_EMPTY_PATH) == 0 }
            return !isName(path)
        }
        return (mounts + moves).map(trace.line)
    },
    Invariant(
        "the host's mounts stay as they are: only the root is ever attached to its tree, by then not shared",
        breaking: { trace in
            let index = trace.steps { if case .setHostPropagation = $0 { true } else { false } }[0]
            trace.steps[index] = .container(
                .setHostPropagation(flags: UInt64(MS_SLAVE), privateMountPoint: nil))
        }
    ) { trace in
        var broken: [String] = []
        for index in trace.calls(.moveMount) where trace.slot(index, 2) == nil {
            switch trace.containerStep(of: index) {
            case .attachRoot, .moveRoot: break
            default: broken.append(trace.line(index))
            }
        }
        for case .container(.setHostPropagation(let flags, let mountPoint)) in trace.steps {
            let isContained =
                flags & UInt64(MS_REC) != 0 && flags & (UInt64(MS_SLAVE) | UInt64(MS_PRIVATE)) != 0
            if !isContained && mountPoint == nil { broken.append("the rootfs' parent may be shared") }
            for case .container(.pivotRoot(let slave)) in trace.steps where !isContained && !slave {
                broken.append("unmounting the old root may reach the host")
            }
        }
        let propagation = trace.steps { if case .setHostPropagation = $0 { true } else { false } }.first
        let attach = trace.steps { if case .attachRoot = $0 { true } else { false } }.first
        // In a joined namespace it is as shared as its owner has it.
        let joins = trace.spec.linux.namespaces.contains { $0.type == "mount" && $0.path != nil }
        if let attach, !joins, (propagation ?? .max) > attach { broken.append("the root is attached first") }
        return broken
    },
    Invariant(
        "CVE-2019-16884, CVE-2019-19921: a mount outside of /proc is refused on a procfs, inside only the allowed files",
        breaking: { trace in
            let index = trace.calls(.fstatfs).last {
                if case .mount = trace.containerStep(of: $0) { true } else { false }
            }
            trace.remove(index!)
        }
    ) { trace in
        var broken: [String] = []
        for (number, step) in trace.steps.enumerated() {
            guard case .container(.mount(_, let plan)) = step else { continue }
            if plan.destination.hasPrefix("proc/"),
                !LaunchPlan.coverableInProc.contains(String(plan.destination.dropFirst(5))),
                plan.destinationPolicy == .allowedInProc
            {
                broken.append("mount on /\(plan.destination)")
            }
            if case .remount = plan.source { continue }
            guard plan.destinationPolicy == .outsideProc else { continue }
            let calls = trace.calls.filter { Int(trace.instructions[$0].step) == number }
            let check = calls.first { trace.instructions[$0].call == .fstatfs }
            let move = calls.first { trace.instructions[$0].call == .moveMount && trace.string($0, 3) == "" }
            let link = calls.first { trace.instructions[$0].call == .symlinkat }
            let place = move.map { trace.slot($0, 2) } ?? link.map { trace.slot($0, 1) }
            guard let check, let act = move ?? link, check < act, trace.slot(check, 0) == place else {
                broken.append("mount on /\(plan.destination) without a look at what is there")
                continue
            }
            if trace.instructions[check + 1].operands[2] != .immediate(UInt64(PROC_SUPER_MAGIC)) {
                broken.append("no refusal of a procfs at /\(plan.destination)")
            }
        }
        return broken
    },
    Invariant(
        "CVE-2023-27561, CVE-2025-54867: /proc and /sys are not mounted through symbolic links, dangling or not",
        breaking: { trace in
            for index in trace.calls(.openat2) where trace.string(index, 1) == "proc" {
                trace.set(trace.offset(index, 2) + 16, inRoot)
            }
        }
    ) { trace in
        var broken: [String] = []
        for case .container(.mount(let index, let plan)) in trace.steps {
            let mount = trace.spec.mounts[index]
            let isSpecial = ["/proc", "/sys"].contains(mount.destination) || mount.type == "proc"
            if isSpecial, plan.destination != cleanPath(mount.destination) {
                broken.append("\(mount.destination) goes to /\(plan.destination)")
            }
        }
        return broken
            + trace.calls(.openat2).filter { index in
                guard case .mount(_, let plan) = trace.containerStep(of: index),
                    plan.destination == "proc" || plan.destination == "sys",
                    trace.string(index, 1) == plan.destination
                else { return false }
                // What is mounted on, not a file that is made where nothing is.
                let step = trace.instructions[index].step
                let isTarget = trace.calls(.moveMount).contains {
                    trace.instructions[$0].step == step && trace.slot($0, 2) == trace.instructions[index].out
                }
                return isTarget && (trace.openHow(index)?.resolve ?? 0) & UInt64(RESOLVE_NO_SYMLINKS) == 0
            }.map(trace.line)
    },
    Invariant(
        "CVE-2025-52881: files of /proc are written through the verified procfs only",
        breaking: { trace in trace.remove(trace.calls(.fstatfs)[0]) }
    ) { trace in
        var broken: [String] = []
        if let open = trace.calls(.openat).first(where: { trace.string($0, 1) == "/proc" }) {
            let check = trace.instructions[open + 1]
            if check.call != .fstatfs || check.operands.first != .slot(trace.instructions[open].out)
                || trace.instructions[open + 2].operands[2] != .immediate(UInt64(PROC_SUPER_MAGIC))
                || trace.instructions[open + 2].skip != 0
            {
                broken.append("/proc is not verified")
            }
        } else {
            broken.append("/proc is not opened")
        }
        for index in trace.calls(.write) where trace.slot(index, 0) != .channel {
            let opened = trace.instructions[..<index].lastIndex { $0.out == trace.slot(index, 0) }
            if opened.flatMap({ trace.slot($0, 0) }) != trace.names["proc"] {
                broken.append(trace.line(index))
            }
        }
        return broken
    },
    Invariant(
        "CVE-2025-31133: /dev/null is verified before it masks anything, and its descriptor is what masks",
        breaking: { trace in
            let open = trace.calls(.openat).first { trace.string($0, 1) == "/dev/null" }!
            trace.instructions[open + 2].operands[2] = .immediate(0)
        }
    ) { trace in
        let masks = trace.steps { if case .mask = $0 { true } else { false } }
        guard let first = masks.first else { return [] }
        guard let open = trace.calls(.openat).first(where: { trace.string($0, 1) == "/dev/null" }) else {
            return ["/dev/null is not opened"]
        }
        let (look, check) = (trace.instructions[open + 1], trace.instructions[open + 2])
        let isVerified =
            look.call == .statx && look.operands.first == .slot(trace.instructions[open].out)
            && check.opcode == .expect && check.skip == 0 && check.operands[2] == .immediate(1 | 3 << 32)
        return isVerified && Int(trace.instructions[open].step) < first ? [] : ["/dev/null is not verified"]
    },
    Invariant(
        "after the root has changed nothing is mounted, and nothing is opened but through the verified procfs",
        breaking: { trace in
            trace.instructions[trace.calls(.openat2)[0]].step = UInt16(trace.steps.count - 1)
        }
    ) { trace in
        let forbidden: [SystemCall] = [
            .openTree, .moveMount, .fsopen, .fsmount, .fspick, .mountSetattr, .mkdirat, .mknodat, .symlinkat,
            .unlinkat,
        ]
        return trace.afterRootChange.filter { index in
            let instruction = trace.instructions[index]
            guard instruction.opcode == .syscall else { return false }
            if forbidden.contains(instruction.call) { return true }
            if instruction.call == .openat || instruction.call == .openat2 {
                return trace.slot(index, 0) != trace.names["proc"]
            }
            return instruction.call == .mount && trace.string(index, 1) != "/"
        }.map(trace.line)
    },
    Invariant(
        "host paths come from the plan: the root, the sources of bind mounts, cgroup hierarchies",
        breaking: { trace in
            let index = trace.calls(.openTree).last { trace.slot($0, 0) == nil }!
            trace.data[trace.offset(index, 1) + 1] ^= 1
        }
    ) { trace in
        var named = [trace.rootPath]
        for case .container(.mount(_, let plan)) in trace.steps {
            switch plan.source {
            case .bind(let path, _, _): named.append(path)
            case .cgroupHierarchies(let hierarchies, _): named += hierarchies.map(\.path)
            case .filesystem(let filesystem): named += filesystem.fallback.map { [$0.path] } ?? []
            default: break
            }
        }
        for case .container(.bindDevice(let device)) in trace.steps { named.append("/" + device.path) }
        return trace.calls(.openTree).filter { index in
            if trace.slot(index, 0) != nil { return trace.string(index, 1) != "" }
            return !named.contains(trace.string(index, 1) ?? "")
        }.map(trace.line)
    },
]

extension Trace {
    /// The rootfs on the host.
    var rootPath: String {
        let path = spec.root?.path ?? "rootfs"
        return path.hasPrefix("/") ? path : options.bundle + "/" + path
    }
}
