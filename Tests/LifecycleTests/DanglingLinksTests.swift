// Dangling links of an image: found where the image is seen, not below an earlier mount.
import Foundation
import OCI
import Testing

@testable import Lifecycle

struct DanglingLinksTests {
    @Test func onlyWhereTheImageIsSeen() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "apus-links-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        for directory in ["dev", "etc", "device"] {
            try FileManager.default.createDirectory(
                atPath: root + "/" + directory, withIntermediateDirectories: true)
        }
        for link in ["dev/shm", "etc/resolv.conf", "device/x"] {
            try FileManager.default.createSymbolicLink(
                atPath: root + "/" + link, withDestinationPath: "/run/there")
        }
        func mount(_ destination: String, _ options: [String] = []) -> Mount {
            var mount = Mount()
            mount.destination = destination
            mount.options = options
            return mount
        }
        func found(_ mounts: [Mount]) -> [String: String] { DanglingLinks.among(mounts, below: root) }

        #expect(found([mount("/etc/resolv.conf")]) == ["/etc/resolv.conf": "run/there"])
        #expect(found([mount("/dev"), mount("/dev/shm")]).isEmpty)
        #expect(found([mount("/dev/shm"), mount("/dev")]) == ["/dev/shm": "run/there"])
        #expect(found([mount("/dev"), mount("/device/x")]) == ["/device/x": "run/there"])
        #expect(found([mount("/dev"), mount("/dev/../etc/resolv.conf")]).count == 1)
        // A remount covers nothing.
        #expect(found([mount("/dev", ["remount"]), mount("/dev/shm")]).count == 1)
    }
}
