// Decoding: every property reaches its field, every error has its pointer.
import Testing

@testable import JSON
@testable import OCI

@Suite struct DecodeTests {
    func decode(_ text: String) throws(SpecError) -> Spec { try Spec(json: Array(text.utf8)) }

    /// The problems that `check` lists while it decodes.
    func findings(_ text: String) -> [String] {
        let findings = Findings()
        _ = Spec.decode(json: Array(text.utf8), findings: findings)
        return findings.problems.map { "\($0.severity.name) \($0)" }
    }

    /// No field of the decoded fixture has its default: a property that decoding forgets shows up here.
    @Test func everyPropertyReachesItsField() throws {
        let spec = try decode(Fixture.everything)
        let leaves = leaves(of: spec)
        // 170 leaves are what the schema of 1.3.0 has on Linux.
        #expect(leaves.count == 170)
        for (path, value) in leaves { #expect(!isDefault(value), "\(path) has its default value") }
        #expect(spec.process?.rlimits.first?.hard == UInt64.max)
        #expect(spec.linux.resources?.memory?.swap == -1)
        #expect(spec.linux.seccomp?.syscalls.first?.args.first?.value == UInt64.max)
        #expect(spec.linux.timeOffsets["monotonic"]?.secs == -1)
        #expect(spec.hooks?.poststop.first?.path == "/h6")
    }

    @Test(arguments: [("1.3.0", 0), ("1.2.1", nil), ("1.0.2-dev", nil), ("1.12.0", 0)] as [(String, Int64?)])
    func zeroTasksMeanNoLimitBefore13(version: String, limit: Int64?) throws {
        let spec = try decode(
            """
            {"ociVersion": "\(version)", "linux": {"resources": {"pids": {"limit": 0}}}}
            """)
        #expect(spec.linux.resources?.pids?.limit == limit)
    }

    /// All stored properties down to scalars, with one element of each list and map.
    private func leaves(of value: Any, path: String = "") -> [(String, Any)] {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct:
            return mirror.children.flatMap { leaves(of: $0.value, path: path + "/" + ($0.label ?? "")) }
        case .optional:
            guard let some = mirror.children.first else { return [(path, value)] }
            return leaves(of: some.value, path: path)
        case .collection, .dictionary:
            guard let first = mirror.children.first else { return [(path, value)] }
            return leaves(of: first.value, path: path + "/0")
        case .tuple:
            return mirror.children.dropFirst().flatMap { leaves(of: $0.value, path: path) }
        default: return [(path, value)]
        }
    }

    private func isDefault(_ value: Any) -> Bool {
        if let text = value as? String { return text.isEmpty }
        if let flag = value as? Bool { return !flag }
        if let number = value as? any BinaryInteger { return number.isEqual(toZero: ()) }
        return true
    }

    @Test func errorsAreNotLostAmongWarnings() {
        let unknown = (0..<2000).map { "\"x\($0)\": 1" }.joined(separator: ", ")
        let found = findings("{\"root\": {\(unknown)}, \"linux\": 1}")
        #expect(found.count { $0.hasPrefix("warning") } == 1000)
        #expect(found.filter { $0.hasPrefix("error") }.count == 3)
    }

    @Test(arguments: [Fixture.everything, Fixture.runcSpec, Fixture.crunSpec])
    func nothingUnknown(_ text: String) {
        #expect(findings(text) == [])
    }

    @Test func absentNullAndEmpty() throws {
        let spec = try decode(
            #"{"ociVersion":"1.0.0","hostname":"","process":null,"linux":{"cgroupsPath":null,"namespaces":[{"type":"pid","path":""}]},"#
                + #""annotations":{"a":null,"b":""},"hooks":{"poststop":[{"path":"/x","args":[]},{"path":"/y"}]}}"#
        )
        #expect(spec.hostname == nil)
        #expect(spec.process == nil)
        #expect(spec.linux.cgroupsPath == nil)
        #expect(spec.linux.namespaces.first?.path == nil)
        #expect(spec.annotations == ["b": ""])
        #expect(spec.hooks?.poststop.map(\.args) == [[], nil])
    }

    @Test func partsDecodeAlone() throws {
        #expect(try Process(json: Array(#"{"cwd":"/","args":["x"]}"#.utf8)).args == ["x"])
        #expect(try Resources(json: Array(#"{"pids":{"limit":5}}"#.utf8)).pids?.limit == 5)
        let document = try JSONDocument(parsing: Array(#"{"r":{"pids":{"limit":"x"}}}"#.utf8))
        let error = #expect(throws: SpecError.self) {
            try document.withRoot { root throws(SpecError) in
                _ = try root["r"].map { value throws(SpecError) in try Resources(json: value) }
            }
        }
        #expect(error?.description == "/r/pids/limit: expected an integer, found a string")
    }

    @Test func allProblemsInOneRun() {
        #expect(
            findings(
                #"{"ociVersion":1,"root":{"pth":"x"},"process":{"args":["a",2,{}],"cwd":"/","arg":1,"terminal":"no"},"#
                    + #""linux":{"namespaces":{},"devices":[{"path":"/dev/x","type":"c","minor":-1}],"x-vendor":{}},"mount":[]}"#
            ).sorted() == [
                "error /linux/devices/0/major: is required but missing",
                "error /linux/namespaces: expected an array, found an object",
                "error /ociVersion: expected a string, found a number",
                "error /process/args/1: expected a string, found a number",
                "error /process/args/2: expected a string, found an object",
                "error /process/terminal: expected a boolean, found a string",
                "error /root/path: is required but missing",
                #"warning /linux/x-vendor: unknown property "x-vendor" is ignored"#,
                #"warning /mount: unknown property "mount" is ignored; did you mean "mounts"?"#,
                #"warning /process/arg: unknown property "arg" is ignored; did you mean "args"?"#,
                #"warning /root/pth: unknown property "pth" is ignored; did you mean "path"?"#,
            ])
    }

    @Test func notJSONAtAll() {
        #expect(findings("{\"a\":") == ["error invalid JSON at line 1, column 6: the text ends too early"])
    }
}

extension BinaryInteger {
    func isEqual(toZero: Void) -> Bool { self == 0 }
}
