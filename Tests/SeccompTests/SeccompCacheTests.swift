// The cache of compiled filters: what it gives back, and what it does not believe.
import Foundation
import OCI
import Testing

@testable import Seccomp

/// A state directory of its own for one test.
private final class StateDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "apus-seccomp-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o711])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cache: SeccompCache { SeccompCache(directory: entries) }
    var entries: String { path + "/.cache/seccomp" }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: entries) }

    /// The only entry's path.
    func entry() throws -> String {
        let names = try names()
        try #require(names.count == 1)
        return entries + "/" + names[0]
    }

    func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}

@Suite struct SeccompCacheTests {
    @Test func givesBackWhatItStored() throws {
        let state = try StateDirectory()
        let profile = try dockerProfile()
        #expect(state.cache.load(profile) == nil)
        let filter = try state.cache.filter(for: profile)
        #expect(filter == (try SeccompFilter.compile(profile)))
        #expect(state.cache.load(profile) == filter)
        #expect(try state.cache.filter(for: profile) == filter)
        let name = try #require(state.names().first)
        #expect(name.count == 64 && name.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(try state.mode(state.entries) == 0o700)
        #expect(try state.mode(state.path + "/.cache") == 0o700)
        #expect(try state.mode(state.entry()) == 0o600)
    }

    @Test func takesTheStoredOneRatherThanCompiling() throws {
        let state = try StateDirectory()
        let profile = profile("SCMP_ACT_ALLOW")
        let marked = SeccompFilter(program: [6, 0, 0, 0, 1, 0, 0, 0], flags: 5)
        state.cache.store(marked, for: profile)
        #expect(try state.cache.filter(for: profile) == marked)
    }

    @Test func everyDamageIsFound() throws {
        let state = try StateDirectory()
        let profile = profile("SCMP_ACT_ERRNO", ["read"])
        let filter = try state.cache.filter(for: profile)
        let entry = URL(filePath: try state.entry())
        let whole = try Data(contentsOf: entry)
        var damaged = (0..<whole.count).map { whole.prefix($0) }
        damaged += whole.indices.map { index in
            var copy = whole
            copy[index] ^= 0x10
            return copy
        }
        damaged.append(whole + Data([0]))
        damaged.append(whole + Data(repeating: 0, count: 8))
        for bytes in damaged {
            try bytes.write(to: entry)
            #expect(state.cache.load(profile) == nil, "\(bytes.count)")
        }
        #expect(try state.cache.filter(for: profile) == filter)
        #expect(try Data(contentsOf: entry) == whole)
    }

    @Test func anEntryOfAnotherProfileIsRefused() throws {
        let state = try StateDirectory()
        let strict = profile("SCMP_ACT_ERRNO")
        let open = profile("SCMP_ACT_ALLOW")
        _ = try state.cache.filter(for: strict)
        let path = try state.entry()
        let other = try StateDirectory()
        _ = try other.cache.filter(for: open)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: other.entry(), toPath: path)
        #expect(state.cache.load(strict) == nil)
    }

    @Test(arguments: ["", "/.cache", "/.cache/seccomp", "entry"])
    func nothingThatOthersCanWriteIsBelieved(place: String) throws {
        let state = try StateDirectory()
        let profile = profile("SCMP_ACT_ERRNO", ["read"])
        _ = try state.cache.filter(for: profile)
        let path = place == "entry" ? try state.entry() : state.path + place
        let before = try state.mode(path)
        for mode in [before | 0o020, before | 0o002] {
            try state.setMode(mode, path)
            #expect(state.cache.load(profile) == nil, "\(path) \(mode)")
        }
        try state.setMode(before, path)
        #expect(state.cache.load(profile) != nil)
    }

    @Test func linksAreNotFollowed() throws {
        let state = try StateDirectory()
        let profile = profile("SCMP_ACT_ERRNO", ["read"])
        _ = try state.cache.filter(for: profile)
        let files = FileManager.default
        let entry = try state.entry()
        try files.moveItem(atPath: entry, toPath: state.path + "/moved")
        try files.createSymbolicLink(atPath: entry, withDestinationPath: state.path + "/moved")
        #expect(state.cache.load(profile) == nil)
        try files.removeItem(atPath: entry)
        try files.moveItem(atPath: state.path + "/moved", toPath: entry)
        try files.moveItem(atPath: state.path + "/.cache", toPath: state.path + "/real")
        try files.createSymbolicLink(atPath: state.path + "/.cache", withDestinationPath: "real")
        #expect(state.cache.load(profile) == nil)
    }

    @Test func somethingElseInPlaceOfAnEntryIsNoHarm() throws {
        let state = try StateDirectory()
        let profile = profile("SCMP_ACT_ERRNO", ["read"])
        let filter = try state.cache.filter(for: profile)
        let entry = try state.entry()
        try FileManager.default.removeItem(atPath: entry)
        #expect(mkfifo(entry, 0o600) == 0)
        #expect(state.cache.load(profile) == nil)
        try FileManager.default.removeItem(atPath: entry)
        try FileManager.default.createDirectory(atPath: entry, withIntermediateDirectories: false)
        #expect(try state.cache.filter(for: profile) == filter)
    }

    @Test(arguments: ["/proc/self/fdinfo/a/b", "/no/such/place", "/dev/null/a/b", "", "/", "x"])
    func aPlaceThatCannotBeWrittenIsNoError(directory: String) throws {
        let profile = profile("SCMP_ACT_ERRNO", ["read"])
        let filter = try SeccompCache(directory: directory).filter(for: profile)
        #expect(filter == (try SeccompFilter.compile(profile)))
    }

    @Test func aBadProfileIsStillAnError() throws {
        let state = try StateDirectory()
        #expect(throws: SeccompError.self) { try state.cache.filter(for: profile("SCMP_ACT_NONE")) }
        #expect(!FileManager.default.fileExists(atPath: state.entries))
    }

    @Test func itDoesNotGrowWithoutEnd() throws {
        let state = try StateDirectory()
        let filter = SeccompFilter(program: [6, 0, 0, 0, 0, 0, 0, 0], flags: 0)
        for errno in 0..<UInt32(SeccompCache.capacity + 3) {
            var profile = profile("SCMP_ACT_ERRNO")
            profile.defaultErrnoRet = errno
            state.cache.store(filter, for: profile)
        }
        #expect(try state.names().count == 3)
    }

    /// Whatever changes the program or the flags must change the key.
    @Test func everyPropertyIsInTheKey() throws {
        let base = try dockerProfile()
        var profiles = [base]
        func add(_ change: (inout SeccompProfile) -> Void) {
            var profile = base
            change(&profile)
            profiles.append(profile)
        }
        add { $0.defaultAction = "SCMP_ACT_KILL" }
        add { $0.defaultErrnoRet = 0 }
        add { $0.defaultErrnoRet = 38 }
        add { $0.architectures.removeLast() }
        add { $0.flags = [] }
        add { $0.flags = ["SECCOMP_FILTER_FLAG_LOG"] }
        add { $0.syscalls.removeLast() }
        add { $0.syscalls[0].names.removeLast() }
        add { $0.syscalls[0].names[0] += "4" }
        add { $0.syscalls[0].action = "SCMP_ACT_LOG" }
        add { $0.syscalls[0].errnoRet = 0 }
        add { $0.syscalls[2].args[0].index = 1 }
        add { $0.syscalls[2].args[0].value += 1 }
        add { $0.syscalls[2].args[0].valueTwo += 1 }
        add { $0.syscalls[2].args[0].op = "SCMP_CMP_NE" }
        add { $0.syscalls[2].args.append($0.syscalls[2].args[0]) }
        // The same letters, divided otherwise.
        add {
            $0.syscalls[0].names[0] = "acceptaccept4"; $0.syscalls[0].names.remove(at: 1)
        }
        let names = Set(profiles.map { ProfileKey($0).fileName })
        #expect(names.count == profiles.count)
        #expect(ProfileKey(base).fileName == ProfileKey(try dockerProfile()).fileName)
    }
}
