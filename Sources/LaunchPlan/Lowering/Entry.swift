// The init's first steps: a clean state, namespaces, and the host's /proc while it can be seen.
import CLinux
import Linux

extension Lowering {
    mutating func startClean(traceable: Bool) {
        // The runtime blocked all signals for the clone.
        program.unblockSignals()
        if !traceable { forbidTracing() }
        program.syscall(.umask, .value(0))
    }

    /// Nobody inside may trace the init while it holds the host's descriptors (CVE-2016-9962).
    mutating func forbidTracing() {
        program.syscall(.prctl, .value(Int(PR_SET_DUMPABLE)), .value(0))
    }

    /// Until here the ids were the runtime's, which the user namespace need not know.
    mutating func becomeRoot() {
        program.syscall(.setresgid, .value(0), .value(0), .value(0))
        program.syscall(.setresuid, .value(0), .value(0), .value(0))
    }

    mutating func joinNamespace(_ index: Int, _ kind: NamespaceKind) {
        let descriptor = program.inherit(.namespace(index: index))
        program.syscall(.setns, .slot(descriptor), .immediate(kind.cloneFlag))
        program.close(descriptor)
    }

    /// clone3(2) refuses CLONE_NEWTIME with CLONE_VM; a process that unshares it enters by its own descriptor. Offsets
    /// are set before: nobody may be in the namespace yet (time_namespaces(7)).
    mutating func enterTimeNamespace() {
        let descriptor = program.newSlot()
        program.syscall(
            .openat, .slot(proc), program.string("self/ns/time_for_children"),
            .value(Int(APUS_O_CLOEXEC.rawValue)),
            out: descriptor)
        program.syscall(.setns, .slot(descriptor), .immediate(NamespaceKind.time.cloneFlag))
        program.close(descriptor)
    }

    /// Brings up "lo" of a new network namespace (netdevice(7)): AF_INET, SOCK_DGRAM; SIOCSIFFLAGS; IFF_UP.
    mutating func raiseLoopback() {
        var request: [UInt8] = [UInt8(ascii: "l"), UInt8(ascii: "o")]
        request += [UInt8](repeating: 0, count: 14) + [1] + [UInt8](repeating: 0, count: 23)
        let socket = program.newSlot()
        program.syscall(.socket, .value(2), .value(2 | Int(APUS_O_CLOEXEC.rawValue)), .value(0), out: socket)
        program.syscall(.ioctl, .slot(socket), .value(0x8914), program.bytes(request))
        program.close(socket)
    }

    mutating func openProc() {
        proc = program.newSlot(named: "proc")
        program.syscall(
            .openat, .currentDirectory, program.string("/proc"),
            .immediate(Self.pathOnly | Self.directory | Self.noFollow), out: proc)
        let buffer = program.space(120)
        program.syscall(.fstatfs, .slot(proc), buffer)
        program.expect(buffer, equals: UInt64(PROC_SUPER_MAGIC), error: .invalid)
        reservePlace()
    }

    /// Writes `value` to a file below the verified /proc, and to nothing that a mount put over it.
    mutating func writeProc(_ path: String, _ value: String) {
        let file = program.newSlot()
        let resolve = UInt64(RESOLVE_BENEATH) | UInt64(RESOLVE_NO_XDEV) | UInt64(RESOLVE_NO_MAGICLINKS)
        let flags = UInt64(APUS_O_WRONLY.rawValue) | UInt64(APUS_O_CLOEXEC.rawValue)
        if facts.denied.contains(.openat2) {
            walkProc(path, flags: flags, out: file)
        } else {
            program.syscall(
                .openat2, .slot(proc), program.string(path), program.words([flags, 0, resolve]), .value(24),
                out: file)
        }
        program.syscall(.write, .slot(file), program.string(value), .value(value.utf8.count))
        program.close(file)
    }

    mutating func setSysctl(_ key: String, _ value: String) {
        writeProc("sys/" + Self.sysctlPath(key), value)
    }

    /// "net.ipv4.ip_forward" is net/ipv4/ip_forward; a key with slashes keeps its dots (sysctl(8)).
    static func sysctlPath(_ key: String) -> String {
        if let slash = key.firstIndex(of: "/"), !key[..<slash].contains(".") { return key }
        return String(key.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }

    mutating func setName(_ call: SystemCall, _ name: String) {
        program.syscall(call, program.string(name), .value(name.utf8.count))
    }
}
