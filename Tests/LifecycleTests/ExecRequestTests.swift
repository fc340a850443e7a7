// The process of an exec: what the command line changes, and what a process file leaves to the container.
import OCI
import Testing

@testable import Lifecycle

@Suite struct ExecRequestTests {
    static let container: Process = {
        var process = Process()
        process.args = ["sleep"]
        process.env = ["PATH=/bin", "A=1"]
        process.cwd = "/srv"
        process.terminal = true
        process.user.uid = 7
        process.user.gid = 8
        process.user.umask = 0o077
        process.user.additionalGids = [9]
        var capabilities = Capabilities()
        capabilities.bounding = ["CAP_KILL"]
        process.capabilities = capabilities
        process.oomScoreAdj = 100
        var limit = ResourceLimit()
        limit.type = "RLIMIT_CORE"
        process.rlimits = [limit]
        process.apparmorProfile = "tight"
        return process
    }()

    private func applied(_ edit: (inout ProcessChanges) -> Void) throws -> Process {
        var changes = ProcessChanges()
        changes.args = ["id"]
        edit(&changes)
        return try changes.applied(to: Self.container)
    }

    @Test func startsFromTheContainersProcess() throws {
        let process = try applied { $0.env = ["B=x,y", "A=2"] }
        #expect(process.args == ["id"])
        #expect(process.env == ["PATH=/bin", "A=1", "B=x,y", "A=2"])
        #expect(process.cwd == "/srv")
        #expect(!process.terminal)
        #expect(process.user == Self.container.user)
        #expect(process.capabilities == Self.container.capabilities)
    }

    @Test(arguments: [("5", 5, 8), ("0", 0, 8), ("5:6", 5, 6), ("4294967294:1", 4_294_967_294, 1)])
    func user(_ text: String, _ uid: UInt32, _ gid: UInt32) throws {
        let user = try applied { $0.user = text }.user
        #expect(user.uid == uid)
        #expect(user.gid == gid)
        #expect(user.additionalGids == [9])
    }

    /// CVE-2026-30892.
    @Test(arguments: [
        "", ":", "1:", ":1", "1:2:3", "-1", "+1", " 1", "1 ", "0x1", "root", "4294967295", "4294967296",
        "1:-1",
        "1:4294967296", "99999999999999999999", "١",
    ])
    func notAUser(_ text: String) {
        #expect(throws: Failure.self) { try applied { $0.user = text } }
    }

    @Test func groups() throws {
        #expect(try applied { $0.additionalGids = ["1", "2"] }.user.additionalGids == [9, 1, 2])
        #expect(throws: Failure.self) { try applied { $0.additionalGids = ["-1"] } }
    }

    /// CVE-2022-29162, CVE-2022-27650.
    @Test func capabilitiesAreNeverInheritable() throws {
        let sets = try #require(try applied { $0.capabilities = ["CAP_CHOWN"] }.capabilities)
        #expect(sets.bounding == ["CAP_KILL", "CAP_CHOWN"])
        #expect(sets.effective == ["CAP_CHOWN"])
        #expect(sets.permitted == ["CAP_CHOWN"])
        #expect(sets.inheritable.isEmpty)
        #expect(sets.ambient.isEmpty)
    }

    @Test func aProcessFileLeavesLimitsToTheContainer() {
        var process = Process()
        process.args = ["id"]
        let completed = process.completed(by: Self.container)
        #expect(completed.capabilities == Self.container.capabilities)
        #expect(completed.rlimits == Self.container.rlimits)
        #expect(completed.oomScoreAdj == 100)
        #expect(completed.user.umask == 0o077)
        #expect(completed.apparmorProfile == "tight")
        #expect(completed.user.uid == 0)
        #expect(completed.env.isEmpty)
        process.capabilities = Capabilities()
        #expect(process.completed(by: Self.container).capabilities == Capabilities())
    }

    @Test func pointersIntoAProcessFile() {
        var request = ExecRequest(id: "c1")
        let error = SpecError(pointer: "/process/args/0", message: "m")
        #expect(request.failure(error).pointer == "/process/args/0")
        request.processFile = "/p.json"
        #expect(request.failure(error).pointer == "/args/0")
    }
}
