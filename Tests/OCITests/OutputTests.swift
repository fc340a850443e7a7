// What the runtime prints: state, features, the default configuration, timestamps.
import Foundation
import JSON
import Testing

@testable import OCI

@Suite struct OutputTests {
    private func tree(_ text: [UInt8]) throws -> NSMutableDictionary {
        let options: JSONSerialization.ReadingOptions = [.mutableContainers]
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text), options: options) as? NSMutableDictionary)
    }

    private func text(indent: String? = nil, _ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(indent: indent)
        body(&json)
        return json.text
    }

    // MARK: default configuration

    @Test func defaultSpecIsThatOfRunc() throws {
        for (ours, runcs) in [
            (DefaultSpec.text(unified: true), Fixture.newRuncSpec),
            (DefaultSpec.text(rootless: (0, 0), unified: false), Fixture.newRuncRootlessSpec),
        ] {
            let (ours, runcs) = (try tree(ours), try tree(Array(runcs.utf8)))
            #expect(ours["ociVersion"] as? String == "1.3.0")
            #expect(ours["hostname"] as? String == "apus")
            for tree in [ours, runcs] { tree.removeObjects(forKeys: ["ociVersion", "hostname"]) }
            #expect(ours == runcs)
        }
    }

    @Test func defaultSpecPassesTheRules() {
        let problems = Spec.check(json: DefaultSpec.text(unified: true)).problems
        #expect(problems.isEmpty)
    }

    @Test func rootlessMapNamesTheCaller() throws {
        let spec = try Spec(json: DefaultSpec.text(rootless: (1000, 1001), unified: true))
        #expect(spec.linux.uidMappings.map(\.hostID) == [1000])
        #expect(spec.linux.gidMappings.map(\.hostID) == [1001])
        #expect(spec.linux.namespaces.map(\.type) == ["pid", "ipc", "uts", "mount", "cgroup", "user"])
        #expect(
            Spec.check(json: DefaultSpec.text(rootless: (1, 1), unified: true)).problems.allSatisfy {
                $0.rule == "unsupported"
            })
    }

    // MARK: state

    private let state = State(
        id: "c1", status: .running, pid: 42, bundle: "/b", annotations: ["z": "1", "a": "x/y"],
        rootfs: "/b/rootfs",
        created: Timestamp(seconds: 0).description, owner: "root")

    @Test func stateHasEverything() {
        #expect(
            text { state.write(to: &$0) }
                == #"{"ociVersion":"1.3.0","id":"c1","pid":42,"status":"running","bundle":"/b","rootfs":"/b/rootfs","#
                + #""created":"1970-01-01T00:00:00Z","annotations":{"a":"x/y","z":"1"},"owner":"root"}"#)
    }

    @Test func hooksReadTheSpecificationsMembers() {
        #expect(
            String(decoding: state.hookInput, as: UTF8.self)
                == #"{"ociVersion":"1.3.0","id":"c1","status":"running","pid":42,"bundle":"/b","annotations":{"a":"x/y","z":"1"}}"#
        )
        let stopped = State(id: "c", status: .stopped, pid: 0, bundle: "/b")
        #expect(
            String(decoding: stopped.hookInput, as: UTF8.self)
                == #"{"ociVersion":"1.3.0","id":"c","status":"stopped","bundle":"/b"}"#)
    }

    // MARK: features

    @Test func features() throws {
        let features = Features(annotations: [(key: "org.example", value: "1")])
        let tree = try tree(Array(text(indent: "  ") { features.write(to: &$0) }.utf8))
        #expect(tree["ociVersionMin"] as? String == "1.0.0")
        #expect(tree["ociVersionMax"] as? String == "1.3.0")
        #expect((tree["hooks"] as? [String])?.count == 6)
        let options = try #require(tree["mountOptions"] as? [String])
        #expect(options.contains("rro"))
        #expect(options.contains("idmap") && options.contains("ridmap"))
        #expect(options == options.sorted())
        let linux = try #require(tree["linux"] as? [String: Any])
        #expect((linux["namespaces"] as? [String])?.count == 8)
        #expect((linux["capabilities"] as? [String])?.count == 41)
        let seccomp = try #require(linux["seccomp"] as? [String: Any])
        #expect((seccomp["actions"] as? [String])?.contains("SCMP_ACT_ERRNO") == true)
        #expect((tree["annotations"] as? [String: String]) == ["org.example": "1"])
    }

    /// What `features` announces must be accepted, and what is refused must not be announced.
    @Test func announcedMountOptionsAreAccepted() throws {
        let tree = try tree(Array(text { Features(annotations: []).write(to: &$0) }.utf8))
        var spec = try Spec(json: Array(Fixture.good.utf8))
        let options = try #require(tree["mountOptions"] as? [String])
        // The two ways to treat a link exclude each other.
        spec.mounts[1].options = ["bind"] + options.filter { $0 != "copy-symlink" }
        var range = IDMapping()
        range.size = 1
        (spec.mounts[1].uidMappings, spec.mounts[1].gidMappings) = ([range], [range])
        #expect(spec.problems().map(\.description) == [])
        spec.mounts[1].options = ["bind", "idmap"] + options.filter { !$0.hasSuffix("-nofollow") }
        #expect(spec.problems().map(\.description) == [])
    }

    // MARK: time

    @Test func timestampsAreThoseOfFoundation() {
        let format = ISO8601DateFormatter()
        // 1601: before, Foundation counts in the Julian calendar.
        var seconds: Int64 = -11_644_473_600
        while seconds < 8_000_000_000 {
            #expect(
                Timestamp(seconds: seconds).description
                    == format.string(from: Date(timeIntervalSince1970: Double(seconds))))
            seconds += 86400 * 97 + 12345
        }
    }

    @Test func decimals() {
        #expect(Timestamp(seconds: 1, nanoseconds: 500_000_000).description == "1970-01-01T00:00:01.5Z")
        #expect(Timestamp(seconds: 1, nanoseconds: 1).description == "1970-01-01T00:00:01.000000001Z")
    }
}
