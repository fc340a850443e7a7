// Walks below a root by hand: they find what openat2(2) finds, and nothing outside.
import CLinux
import Foundation
import Testing

@testable import Linux

@Suite struct RootWalkTests {
    /// A tree with links of all sorts; "outside" lies beside the root.
    private static let base: String = {
        let base = NSTemporaryDirectory() + "apus-rootwalk-\(ProcessInfo.processInfo.processIdentifier)"
        let files = FileManager.default
        try? files.removeItem(atPath: base)
        for directory in ["root/a/b", "root/etc", "outside"] {
            try? files.createDirectory(atPath: base + "/" + directory, withIntermediateDirectories: true)
        }
        for file in ["root/etc/passwd", "root/a/b/file", "outside/secret"] {
            _ = files.createFile(atPath: base + "/" + file, contents: Data(file.utf8))
        }
        for (link, target) in [
            ("absolute", "/etc"), ("relative", "a/b"), ("up", "../../../outside"), ("out", base + "/outside"),
            ("a/back", "../etc"), ("loop", "loop"), ("dangling", "nowhere"), ("chain", "relative/../back"),
        ] {
            try? files.createSymbolicLink(atPath: base + "/root/" + link, withDestinationPath: target)
        }
        return base
    }()

    private func both(_ path: String, _ flags: OpenFlags) throws -> (walk: String, call: String) {
        let root = try Syscall.open(Self.base + "/root", [.pathOnly, .directory])
        func outcome(_ open: () throws(Errno) -> FileDescriptor) -> String {
            do throws(Errno) {
                let file = try open()
                let status = try Syscall.status("", at: file.raw)
                return "\(status.inode)"
            } catch {
                return error.name
            }
        }
        let resolve = UInt64(RESOLVE_IN_ROOT) | UInt64(RESOLVE_NO_MAGICLINKS)
        return (
            outcome { () throws(Errno) in try RootWalk.open(path, flags, below: root.raw) },
            outcome { () throws(Errno) in try Syscall.open(path, flags, resolve: resolve, at: root.raw) }
        )
    }

    @Test(arguments: [
        "etc/passwd", "/etc/passwd", "absolute/passwd", "relative/file", "a/back/passwd", "chain", "up",
        "up/secret",
        "out", "out/secret", "../outside/secret", "../../../../etc/passwd", "loop", "loop/x", "dangling",
        "dangling/x", "etc/passwd/x", "nothing", ".", "", "a/./b/../b/file", "relative",
    ])
    func findsWhatTheKernelFinds(_ path: String) throws {
        for flags: OpenFlags in [.pathOnly, .readOnly, [.pathOnly, .directory], [.pathOnly, .noFollow]] {
            // The kernel opens no empty path.
            let asked = path.isEmpty ? "." : path
            let (walk, call) = try both(asked, flags)
            #expect(walk == call, "\(asked) with \(flags.rawValue)")
        }
    }

    @Test func leadsNowhereOutside() throws {
        let secret = try Syscall.status(Self.base + "/outside/secret").inode
        for path in ["up/secret", "out/secret", "../outside/secret", "../../outside/secret"] {
            #expect(try both(path, .pathOnly).walk != "\(secret)")
        }
    }
}
