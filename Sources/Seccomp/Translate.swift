// The names of a profile become libseccomp's numbers.
import CSeccomp
import Linux
import OCI

extension SeccompFilter {
    /// Where an action and its error number stand.
    struct ActionPlace {
        let action: String
        let errno: String

        static let defaults = ActionPlace(action: "/defaultAction", errno: "/defaultErrnoRet")

        init(action: String, errno: String) {
            self.action = action
            self.errno = errno
        }

        init(path: String) { self.init(action: path + "/action", errno: path + "/errnoRet") }
    }

    /// SECCOMP_RET_* with its data: `errno`, or EPERM where the action takes one and none is given.
    static func action(_ name: String, _ errno: UInt32?, _ place: ActionPlace) throws(SeccompError) -> UInt32
    {
        guard let action = SeccompProfile.actionTable.first(where: { $0.name == name }) else {
            throw SeccompError(place.action, unknown("action", name, SeccompProfile.actions))
        }
        guard let greatest = action.greatestErrno else {
            if errno != nil { throw SeccompError(place.errno, "\(name) takes no errno") }
            return action.value
        }
        let notPermitted: UInt32 = 1
        let errno = errno ?? notPermitted
        if errno > greatest { throw SeccompError(place.errno, "\(errno) is above \(greatest)") }
        return action.value | errno
    }

    /// SECCOMP_FILTER_FLAG_*; with a rule that notifies, a listener comes with the filter.
    static func flags(_ names: [String]?, listens: Bool) throws(SeccompError) -> UInt32 {
        let (synchronizes, specAllow): (UInt32, UInt32) = (1 << 0, 1 << 2)
        var flags = listens ? SeccompNames.newListener : 0
        guard let names else { return flags | specAllow }
        for (index, name) in names.enumerated() {
            guard let flag = SeccompProfile.flagTable.first(where: { $0.name == name }) else {
                throw SeccompError("/flags/\(index)", unknown("flag", name, SeccompProfile.flagNames))
            }
            if listens || !flag.needsListener { flags |= flag.value }
        }
        if listens && flags & synchronizes != 0 { flags |= SeccompNames.threadsReportError }
        return flags
    }

    static func conditions(
        _ arguments: [SeccompArgument], _ path: String
    ) throws(SeccompError) -> [scmp_arg_cmp] {
        var conditions: [scmp_arg_cmp] = []
        conditions.reserveCapacity(arguments.count)
        for (index, argument) in arguments.enumerated() {
            let path = "\(path)/args/\(index)"
            if argument.index > 5 {
                throw SeccompError(path + "/index", "\(argument.index) is above 5: a call has six arguments")
            }
            guard let entry = SeccompProfile.operatorTable.first(where: { $0.name == argument.op }) else {
                throw SeccompError(path + "/op", unknown("operator", argument.op, SeccompProfile.operators))
            }
            // MASKED_EQ: (argument & value) == valueTwo; the others compare with value alone.
            conditions.append(
                scmp_arg_cmp(
                    arg: argument.index, op: scmp_compare(entry.value), datum_a: argument.value,
                    datum_b: argument.valueTwo)
            )
        }
        return conditions
    }

    static func repeatsArgument(_ arguments: [SeccompArgument]) -> Bool {
        var seen: UInt64 = 0
        for argument in arguments {
            if seen & 1 << UInt64(argument.index) != 0 { return true }
            seen |= 1 << UInt64(argument.index)
        }
        return false
    }

    static func unknown(_ what: String, _ name: String, _ known: [String]) -> String {
        guard let nearest = nearest(name, in: known) else { return "unknown \(what) \"\(name)\"" }
        return "unknown \(what) \"\(name)\", did you mean \"\(nearest)\"?"
    }
}
