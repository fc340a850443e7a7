// libseccomp's filter under construction, owned, with typed errors (seccomp_init(3), seccomp_rule_add(3)).
import CSeccomp
import Linux

/// Owns a `scmp_filter_ctx`. The native architecture is in it from the beginning, as in runc and crun.
@safe struct FilterContext: ~Copyable {
    private let raw: scmp_filter_ctx

    init(defaultAction: UInt32) throws(Errno) {
        guard let raw = unsafe seccomp_init(defaultAction) else { throw .invalid }
        unsafe self.raw = raw
    }

    deinit { unsafe seccomp_release(raw) }

    private func check(_ result: Int32) throws(Errno) {
        if result < 0 { throw Errno(rawValue: -result) }
    }

    /// seccomp_arch_add(3); an architecture that is there already stays.
    func add(architecture token: UInt32) throws(Errno) {
        let result = unsafe seccomp_arch_add(raw, token)
        if result != -Errno.exists.rawValue { try check(result) }
    }

    /// seccomp_attr_set(3).
    func set(_ attribute: scmp_filter_attr, _ value: UInt32) throws(Errno) {
        try unsafe check(seccomp_attr_set(raw, attribute, value))
    }

    /// seccomp_rule_add_array(3): `action` for the call when all `conditions` hold.
    func add(call: Int32, action: UInt32, conditions: [scmp_arg_cmp]) throws(Errno) {
        let result = unsafe conditions.withUnsafeBufferPointer { conditions in
            unsafe seccomp_rule_add_array(raw, action, call, UInt32(conditions.count), conditions.baseAddress)
        }
        try check(result)
    }

    /// The program. libseccomp 2.5 writes it only to a descriptor, so it goes through a file in memory.
    func export() throws(Errno) -> [UInt8] {
        let file = try Self.scratchFile()
        try unsafe check(seccomp_export_bpf(raw, file.raw))
        try Syscall.call(.lseek, Int(file.raw), 0, 0)
        return try Syscall.readAll(file.raw)
    }

    /// An empty file that nobody can name. Not executable, so that `vm.memfd_noexec` does not forbid it.
    private static func scratchFile() throws(Errno) -> FileDescriptor {
        let name: StaticString = "seccomp"
        let closeOnExec = 1
        let noExecute = 8
        func create(_ flags: Int) throws(Errno) -> FileDescriptor {
            let start = unsafe Int(bitPattern: name.utf8Start)
            return FileDescriptor(owning: Int32(try Syscall.call(.memfdCreate, start, flags)))
        }
        do throws(Errno) {
            return try create(closeOnExec | noExecute)
        } catch .invalid {
            // Before Linux 6.3.
            return try create(closeOnExec)
        } catch {
            guard error.isDenial else { throw error }
            return try Syscall.namelessFile()
        }
    }

    /// The call's number, negative and private to libseccomp where only other architectures have it; nil
    /// where the library does not know the name.
    static func number(of call: String) -> Int32? {
        let number = unsafe call.withCString { unsafe seccomp_syscall_resolve_name($0) }
        return number == -1 ? nil : number
    }

    /// The call's number on one architecture (seccomp_syscall_resolve_name_arch(3)); nil where it has none of its own.
    static func number(of call: String, on architecture: UInt32) -> UInt32? {
        let number = unsafe call.withCString { unsafe seccomp_syscall_resolve_name_arch(architecture, $0) }
        return number < 0 ? nil : UInt32(number)
    }
}
