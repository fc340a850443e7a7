// `check` on bundles of this host: what it sees without privileges, and that it touches nothing.
import Foundation
import LaunchPlan
import Lifecycle
import OCI
import Testing

@Suite struct CheckTests {
    /// A bundle whose root has /bin/script, with an interpreter that is not there, and /bin/data, without the bits.
    private final class TestBundle {
        let url = FileManager.default.temporaryDirectory.appending(path: "apus-check-\(UUID().uuidString)")

        init(_ members: String) throws {
            let bin = url.appending(path: "rootfs/bin")
            try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
            try Data("#!/bin/nothing -x\n".utf8).write(to: bin.appending(path: "script"))
            try Data("x".utf8).write(to: bin.appending(path: "data"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: "script").path)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: bin.appending(path: "data").path)
            let text = #"{"ociVersion": "1.3.0", "root": {"path": "rootfs"}, \#(members)}"#
            try Data(text.utf8).write(to: url.appending(path: "config.json"))
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func errors() throws -> [String] {
            let options = RuntimeOptions(root: url.path + "/state", manager: .disabled)
            return try Verb.check(bundle: url.path, options).filter { $0.severity == .error }
                .map { "\($0.rule) \($0)" }
        }
    }

    private static func process(_ file: String) -> String {
        #""process": {"args": ["\#(file)"], "cwd": "/", "env": ["PATH=/bin"]}, "#
            + #""linux": {"namespaces": [{"type": "mount"}]}"#
    }

    @Test(arguments: [
        ("nothing", #""nothing" is not in the root's $PATH"#), ("/bin/nothing", "is not in the root"),
        ("data", "its mode is 0644"), ("/bin", "it is a directory"),
        ("script", "its interpreter /bin/nothing is not in the root"),
    ])
    func executable(_ file: String, _ message: String) throws {
        let errors = try TestBundle(Self.process(file)).errors()
        #expect(errors.count == 1 && errors[0].contains(message), "\(errors)")
        #expect(errors.first?.hasPrefix("host-executable /process/args/0: ") ?? false)
    }

    @Test func allAtOnce() throws {
        let bundle = try TestBundle(
            #""mounts": [{"destination": "/a", "source": "no1", "options": ["bind"]}, "#
                + #"{"destination": "/b", "source": "/no2", "options": ["bind"]}], "#
                + #""hooks": {"poststop": [{"path": "/no3"}]}, "# + Self.process("nothing"))
        #expect(
            try bundle.errors() == [
                "host-mounts /mounts/0/source: bind mount source \(bundle.url.path)/no1: no such file or directory",
                "host-mounts /mounts/1/source: bind mount source /no2: no such file or directory",
                "host-hooks /hooks/poststop/0/path: /no3: no such file or directory",
                #"host-executable /process/args/0: "nothing" is not in the root's $PATH"#,
            ])
        #expect(try FileManager.default.subpathsOfDirectory(atPath: bundle.url.path).count == 5)
    }

    /// Both the rules' errors and the host's, but not two about one value.
    @Test func besidesBrokenRules() throws {
        let bundle = try TestBundle(
            #""hostname": "x", "hooks": {"prestart": [{"path": "no"}], "poststop": [{"path": "/no"}]}, "#
                + Self.process("nothing"))
        #expect(
            try bundle.errors().map { $0.split(separator: ":")[0] } == [
                "hostname-uts /hostname", "hook-path /hooks/prestart/0/path",
                "host-hooks /hooks/poststop/0/path", "host-executable /process/args/0",
            ])
    }

    @Test func namespaceOfAnotherKind() throws {
        let bundle = try TestBundle(
            #""process": {"args": ["script"], "cwd": "/"}, "linux": {"namespaces": "#
                + #"[{"type": "mount"}, {"type": "ipc", "path": "/proc/self/ns/uts"}]}"#)
        #expect(
            try bundle.errors().contains(
                "host-namespaces /linux/namespaces/1/path: /proc/self/ns/uts is a namespace of type uts, not ipc"
            ))
    }

    /// Without its root nothing else of it can be said.
    @Test func noRoot() throws {
        let bundle = try TestBundle(Self.process("x"))
        try FileManager.default.removeItem(at: bundle.url.appending(path: "rootfs"))
        #expect(
            try bundle.errors() == [
                "host-root /root/path: \(bundle.url.path)/rootfs: no such file or directory"
            ])
    }
}
