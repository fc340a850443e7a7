// A directory of spec-fixtures for exec: the container's config.json, the process, and what exec.json says was found.
import Cgroups
import Foundation
import JSON
import LaunchPlan
import OCI
import Testing

/// One case `spec-fixtures/exec-*`.
struct ExecFixture: CustomTestStringConvertible, Sendable {
    let name: String

    static let all: [ExecFixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: PlanFixture.directory.path)) ?? []
        return names.sorted().map(ExecFixture.init).filter {
            FileManager.default.fileExists(atPath: $0.file("exec.json").path)
        }
    }()

    var testDescription: String { name }

    func file(_ name: String) -> URL {
        PlanFixture.directory.appendingPathComponent(self.name + "/" + name)
    }

    /// Decodes, applies the rules of the process and plans, as `exec` does up to the first effect.
    func plan() throws -> LaunchPlan {
        func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: file(name))) }
        var spec = try Spec(json: bytes("config.json"))
        let process = try Process(json: bytes("process.json"))
        spec.process = process
        try spec.validateProcess()
        var container = JoinedContainer(spec: spec)
        var host = Host()
        try JSONDocument(parsing: bytes("exec.json")).withRoot { root in
            try root.forEachMember { name, value in
                switch name {
                case "cgroup": container.cgroup = try value.string()
                case "unit":
                    container.unit = UnitGroup(
                        UnitName(try value.string(), isUsers: true), own: "/a", path: "/a/inner")
                case "cgroupFiles": container.cgroupFiles = try Host.strings(value)
                default: try host.read(name, value)
                }
            }
        }
        host.options.startsAtOnce = true
        return try LaunchPlan(executing: process, in: container, on: host.facts, host.options)
    }
}
