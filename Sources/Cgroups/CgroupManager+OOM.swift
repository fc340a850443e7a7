// Out-of-memory notifications: an eventfd of memory.oom_control on cgroup v1, memory.events on v2.

import Linux

/// Tells when the kernel ran out of the memory that a container may have.
public struct OOMWatch: ~Copyable {
    /// What poll(2) waits for.
    public let entry: PollEntry
    private let file: FileDescriptor
    /// v1: what the kernel signals at `file`'s event counter.
    private let source: FileDescriptor?
    private var kills: UInt64

    fileprivate init(unified events: consuming FileDescriptor) {
        entry = PollEntry(events.raw, isChange: true)
        kills = Self.kills(events.raw)
        file = events
        source = nil
    }

    fileprivate init(counter: consuming FileDescriptor, source: consuming FileDescriptor) {
        entry = PollEntry(counter.raw)
        file = counter
        self.source = .some(source)
        kills = 0
    }

    /// How many times it happened since the last call. On v1 the entry must have been ready, or this waits.
    public mutating func take(ifReady isReady: Bool) -> UInt64 {
        if source != nil {
            guard isReady else { return 0 }
            guard let bytes = try? Syscall.read(file.raw, count: 8), bytes.count == 8 else { return 0 }
            return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let now = Self.kills(file.raw)
        defer { kills = now }
        return now > kills ? now - kills : 0
    }

    /// Reading also tells the kernel that this change has been seen.
    private static func kills(_ events: Int32) -> UInt64 {
        let bytes = (try? Syscall.read(events, count: 1024, offset: 0)) ?? []
        return keyedNumbers(String(decoding: bytes, as: UTF8.self))["oom_kill"]
    }
}

extension CgroupManager {
    /// Begins to watch. Fails where the container's cgroups have no memory controller.
    public func watchOOM() throws(CgroupError) -> OOMWatch {
        let directory = isLegacy ? location.directory(of: "memory") : location.unified
        guard let path = directory?.path else {
            throw .controllerMissing(pointer: "", controller: "memory", place: "the container's cgroups")
        }
        do throws(Errno) {
            if !isLegacy { return OOMWatch(unified: try Syscall.open(path + "/memory.events")) }
            let control = try Syscall.open(path + "/memory.oom_control")
            let counter = try Syscall.eventDescriptor()
            let registration = try Syscall.open(path + "/cgroup.event_control", .writeOnly)
            try Syscall.writeValue("\(counter.raw) \(control.raw)", to: registration.raw)
            return OOMWatch(counter: counter, source: control)
        } catch .noEntry {
            throw .controllerMissing(pointer: "", controller: "memory", place: path)
        } catch {
            throw .failed(pointer: "", operation: "watch memory of", subject: path, errno: error, hint: nil)
        }
    }
}
