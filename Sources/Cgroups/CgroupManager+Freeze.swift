// Freezing and thawing (cgroup-v2.rst, cgroup.freeze; cgroup-v1/freezer-subsystem.rst).

import Linux

extension CgroupManager {
    /// How long to wait for a cgroup to freeze, in milliseconds.
    private static let patience = 10_000

    /// The directory whose freezer is used: v2's where there is one, since what it froze can be killed.
    private var freezer: CgroupLocation.Directory? { location.unified ?? location.directory(of: "freezer") }

    /// All processes of the container are frozen.
    public var isFrozen: Bool { freezer.map { isFrozen($0) } ?? false }

    func isFrozen(_ directory: CgroupLocation.Directory) -> Bool {
        if directory.isUnified {
            guard let events = try? Syscall.readText(directory.path + "/cgroup.events") else { return false }
            return Self.isFrozen(events)
        }
        // FREEZING too: joining such a cgroup would hang as well.
        guard let state = try? Syscall.readText(directory.path + "/freezer.state") else { return false }
        return state.hasPrefix("FR")
    }

    private static func isFrozen(_ events: String) -> Bool {
        events.split(separator: "\n").contains("frozen 1")
    }

    /// Freezes all processes and waits until they are. After an error they are thawed.
    public func freeze() throws(CgroupError) {
        guard let freezer else {
            throw .controllerMissing(
                pointer: "", controller: "freezer", place: "the container's cgroup hierarchies")
        }
        do throws(CgroupError) {
            if freezer.isUnified {
                try freezeUnified(freezer.path)
            } else {
                try freezeLegacy(freezer.path + "/freezer.state")
            }
        } catch {
            // Half frozen is worse than not frozen: nothing would ever wake what sleeps already.
            try? thaw()
            throw error
        }
    }

    /// Lets a container go that was killed while it was frozen: the freezer of v1 holds back even the dead.
    public func thawAfterKill() {
        if let freezer = location.directory(of: "freezer") {
            try? Syscall.writeValue("THAWED", to: freezer.path + "/freezer.state")
        }
    }

    /// Lets all processes go on.
    public func thaw() throws(CgroupError) {
        guard let freezer else { return }
        let path = freezer.path + (freezer.isUnified ? "/cgroup.freeze" : "/freezer.state")
        try attempt("thaw", path, "") { () throws(Errno) in
            try Syscall.writeValue(freezer.isUnified ? "0" : "THAWED", to: path)
        }
    }

    private func freezeUnified(_ directory: String) throws(CgroupError) {
        let frozen = try attempt("freeze", directory, "") { () throws(Errno) -> Bool in
            // Opened before the write, so that no change is missed.
            let events = try Syscall.open(directory + "/cgroup.events")
            try Syscall.writeValue("1", to: directory + "/cgroup.freeze")
            // The kernel tells of a change 10 ms after the one before at the earliest: at first it is asked instead.
            var pause = 50
            var waited = 0
            while waited < Self.patience {
                let text = String(
                    decoding: try Syscall.read(events.raw, count: 256, offset: 0), as: UTF8.self)
                if Self.isFrozen(text) { return true }
                if pause < 2000 {
                    Syscall.sleep(microseconds: pause)
                    pause *= 2
                } else {
                    // Changes of other kinds wake this too.
                    waited += try Syscall.pollChange(events.raw, milliseconds: 100) ? 1 : 100
                }
            }
            return false
        }
        if !frozen { throw .timedOut(operation: "freeze", path: directory) }
    }

    /// v1 can stay in FREEZING while new processes appear: the state is written again and again, and at times all
    /// are let go for a moment, which helps a slow host to get ahead.
    private func freezeLegacy(_ file: String) throws(CgroupError) {
        let frozen = try attempt("freeze", file, "") { () throws(Errno) -> Bool in
            let state = try Syscall.open(file, .readWrite)
            for round in 1...1000 {
                try Syscall.writeValue("FROZEN", to: state.raw)
                if round % 20 == 0 { Syscall.sleep(microseconds: 50) }
                let text = String(decoding: try Syscall.read(state.raw, count: 64, offset: 0), as: UTF8.self)
                if text.hasPrefix("FROZEN") { return true }
                if round % 50 == 0 {
                    try Syscall.writeValue("THAWED", to: state.raw)
                    Syscall.sleep(microseconds: 10_000)
                }
            }
            return false
        }
        if !frozen { throw .timedOut(operation: "freeze", path: file) }
    }
}
