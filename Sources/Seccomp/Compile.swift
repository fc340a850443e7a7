// A profile becomes a classic BPF program, with libseccomp.
import CSeccomp
import Linux
import OCI

extension SeccompFilter {
    /// Compiles `profile` (config-linux.md, Seccomp) the way runc does:
    ///  - the native architecture is always part of it;
    ///  - a call whose name libseccomp does not know is left out: profiles are written for many versions;
    ///  - a rule whose action is the default one is left out;
    ///  - the conditions of a rule must all hold (CVE-2017-18367), unless two of them are about the same
    ///    argument: then each makes a rule of its own.
    ///
    /// Where `flags` is absent SPEC_ALLOW is set: speculation stays as the host has it, as in runc and crun. Calls that
    /// are newer than all that the profile names get ENOSYS (`NewerCalls`).
    public static func compile(_ profile: SeccompProfile) throws(SeccompError) -> SeccompFilter {
        let fallback = try action(profile.defaultAction, profile.defaultErrnoRet, .defaults)
        let flags = try flags(profile.flags, listens: profile.usesNotify)
        let context = try attempt("", "cannot make a filter") { () throws(Errno) in
            try FilterContext(defaultAction: fallback)
        }
        for (index, name) in profile.architectures.enumerated() {
            let path = "/architectures/\(index)"
            guard let token = SeccompNames.architectureToken(name) else {
                throw SeccompError(path, unknown("architecture", name, SeccompProfile.architectureNames))
            }
            try attempt(path, "cannot add \(name)") { () throws(Errno) in
                try context.add(architecture: token)
            }
        }
        try tune(context, rules: profile.syscalls.reduce(0) { $0 + $1.names.count })
        for (index, rule) in profile.syscalls.enumerated() {
            try add(rule, "/syscalls/\(index)", fallback: fallback, to: context)
        }
        var program = try attempt("", "cannot export the filter") { () throws(Errno) in try context.export() }
        program.insert(contentsOf: NewerCalls(profile).program, at: 0)
        if program.count > instructionLimit * instructionSize {
            let size = program.count / instructionSize
            throw SeccompError(
                "", "the filter has \(size) instructions, the kernel takes \(instructionLimit)")
        }
        return SeccompFilter(program: program, flags: flags)
    }

    private static func tune(_ context: borrowing FilterContext, rules: Int) throws(SeccompError) {
        try attempt("", "cannot set an attribute") { () throws(Errno) in
            try context.set(SCMP_FLTATR_CTL_NNP, 0)
            // The kernel attaches a binary tree more cheaply than a list. libseccomp up to 2.5.4 goes wrong
            // when there are no rules, and a tree is only worth it for many.
            if rules > 32 {
                do throws(Errno) { try context.set(SCMP_FLTATR_CTL_OPTIMIZE, 2) } catch .notSupported {}
            }
        }
    }

    private static func add(
        _ rule: SeccompRule, _ path: String, fallback: UInt32, to context: borrowing FilterContext
    ) throws(SeccompError) {
        let action = try action(rule.action, rule.errnoRet, ActionPlace(path: path))
        let conditions = try conditions(rule.args, path)
        if rule.names.isEmpty { throw SeccompError(path + "/names", "must have at least one entry") }
        let alternatives = repeatsArgument(rule.args) ? conditions.map { [$0] } : [conditions]
        for (index, name) in rule.names.enumerated() {
            if name.isEmpty { throw SeccompError("\(path)/names/\(index)", "must not be empty") }
            guard action != fallback, let number = FilterContext.number(of: name) else { continue }
            for conditions in alternatives {
                do throws(Errno) {
                    try context.add(call: number, action: action, conditions: conditions)
                } catch {
                    throw SeccompError("\(path)/names/\(index)", "cannot add a rule for \(name): \(error)")
                }
            }
        }
    }

    /// Runs `body`; its error number becomes the cause of an error at `path`.
    private static func attempt<R: ~Copyable>(
        _ path: String, _ what: String, _ body: () throws(Errno) -> R
    ) throws(SeccompError) -> R {
        do throws(Errno) { return try body() } catch { throw SeccompError(path, "\(what): \(error)") }
    }
}
