// Profiles for the tests: small ones by hand, and the one that Docker wrote.
import Foundation
import OCI

/// A profile with one rule.
func profile(
    _ defaultAction: String, _ names: [String] = [], _ action: String = "SCMP_ACT_ALLOW",
    errnoRet: UInt32? = nil, args: [SeccompArgument] = []
) -> SeccompProfile {
    var profile = SeccompProfile()
    profile.defaultAction = defaultAction
    if !names.isEmpty {
        var rule = SeccompRule()
        rule.names = names
        rule.action = action
        rule.errnoRet = errnoRet
        rule.args = args
        profile.syscalls = [rule]
    }
    return profile
}

func argument(_ index: UInt32, _ op: String, _ value: UInt64, _ valueTwo: UInt64 = 0) -> SeccompArgument {
    var argument = SeccompArgument()
    argument.index = index
    argument.op = op
    argument.value = value
    argument.valueTwo = valueTwo
    return argument
}

private struct StoredProfile: Decodable {
    struct Rule: Decodable {
        struct Argument: Decodable {
            var index: UInt32
            var value: UInt64
            var valueTwo: UInt64?
            var op: String
        }
        var names: [String]
        var action: String
        var errnoRet: UInt32?
        var args: [Argument]?
    }
    var defaultAction: String
    var defaultErrnoRet: UInt32?
    var architectures: [String]
    var syscalls: [Rule]
}

/// The profile in `spec-fixtures/`, as Docker 20.10 writes it for a container with its default capabilities.
func dockerProfile() throws -> SeccompProfile {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "spec-fixtures")
    let data = try Data(contentsOf: fixtures.appending(path: "seccomp-docker.json"))
    let stored = try JSONDecoder().decode(StoredProfile.self, from: data)
    var profile = SeccompProfile()
    profile.defaultAction = stored.defaultAction
    profile.defaultErrnoRet = stored.defaultErrnoRet
    profile.architectures = stored.architectures
    profile.syscalls = stored.syscalls.map { stored in
        var rule = SeccompRule()
        rule.names = stored.names
        rule.action = stored.action
        rule.errnoRet = stored.errnoRet
        rule.args = (stored.args ?? []).map { argument($0.index, $0.op, $0.value, $0.valueTwo ?? 0) }
        return rule
    }
    return profile
}
