// Configurations of real engines pass (spec-fixtures/*/config.json).
import Foundation
import Testing

@testable import OCI

@Suite struct EngineFixtureTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "spec-fixtures")

    @Test(arguments: ["docker-20.10", "podman-4.3"]) func engines(_ name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.fixtures.appending(path: "\(name)/config.json")))
        let (spec, problems) = Spec.check(json: bytes)
        #expect(problems.map(\.description) == [])
        #expect(spec?.linux.seccomp?.syscalls.isEmpty == false)
        #expect(spec?.process?.args.isEmpty == false)
    }
}
