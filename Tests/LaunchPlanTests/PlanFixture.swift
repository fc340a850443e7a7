// A directory of spec-fixtures: config.json, the host that host.json describes, and the plan that comes out.
import Cgroups
import Foundation
import JSON
import LaunchPlan
import Linux
import OCI
import Testing

/// One case of spec-fixtures.
struct PlanFixture: CustomTestStringConvertible, Sendable {
    let name: String

    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("spec-fixtures")

    /// All directories with a host.json, in the order of their names.
    static let all: [PlanFixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.sorted().map(PlanFixture.init).filter {
            FileManager.default.fileExists(atPath: $0.file("host.json").path)
        }
    }()

    var testDescription: String { name }

    func file(_ name: String) -> URL { Self.directory.appendingPathComponent(self.name + "/" + name) }

    private func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: file(name))) }

    /// Decodes, applies the rules and plans, as `create` does up to the first effect.
    func plan() throws -> LaunchPlan {
        let host = try Host(parsing: bytes("host.json"))
        let spec = try Spec(json: bytes("config.json"))
        if host.appliesRules { try spec.validate() }
        return try LaunchPlan(creating: spec, on: host.facts, host.options)
    }
}

/// host.json: what HostProbe would have found, and what the command line says. All members may be absent.
struct Host {
    var facts = HostFacts(cgroups: Self.layouts["hybrid"] ?? .none)
    var options = LaunchOptions(id: "c1", bundle: "/bundle")
    /// false: plans what the rules refuse, to see that the plan alone is safe too.
    var appliesRules = true

    static let layouts = CgroupLayout.named

    init() {}

    init(parsing text: [UInt8]) throws {
        try JSONDocument(parsing: text).withRoot { root in
            try root.forEachMember { name, value in try read(name, value) }
        }
    }

    mutating func read(_ name: String, _ value: JSONValue) throws {
        switch name {
        case "cgroups":
            guard let layout = try Self.layouts[value.string()] else { throw value.error("no such layout") }
            facts.cgroups = layout
        case "uid": facts.effectiveUserID = try value.integer()
        case "gid": facts.effectiveGroupID = try value.integer()
        case "capabilities":
            facts.capabilities = []
            for name in try Self.strings(value) {
                guard let capability = Capability(name: name) else { throw value.error("no such capability") }
                facts.capabilities.insert(CapabilitySet(capability))
            }
        case "sources":
            try value.forEachMember { path, kind in
                switch try kind.string() {
                case "directory": facts.sources[path] = .directory
                case "file": facts.sources[path] = .file
                case "proc": facts.sources[path] = .procDirectory
                default: throw kind.error("no such kind")
                }
            }
        case "kernelMounts": facts.kernelMounts = try Self.strings(value)
        case "sourceLinks":
            try value.forEachMember { link, target in facts.sourceLinks[link] = try target.string() }
        case "danglingLinks":
            try value.forEachMember { link, target in facts.danglingLinks[link] = try target.string() }
        case "hiddenPaths": facts.hiddenPaths = Set(try Self.strings(value))
        case "isInUserNamespace": facts.isInUserNamespace = try value.bool()
        case "ownCgroup": facts.ownCgroup = try value.string()
        case "cgroupsAreClosed": facts.cgroupsAreClosed = try value.bool()
        case "home": facts.home = try value.string()
        case "appArmorAttribute": facts.appArmorAttribute = try value.string()
        case "selinux": facts.hasSELinux = try value.bool()
        case "runtimeNamespaces":
            facts.runtimeNamespaces = try Self.strings(value).compactMap { NamespaceKind(specName: $0) }
        case "resctrl": facts.resctrl = try value.string()
        case "rootfsMountPoint": facts.rootfsMountPoint = try value.string()
        case "ownableStandardDescriptors":
            facts.ownableStandardDescriptors = try (0..<value.elementCount()).map {
                try value.element($0).integer()
            }
        default: try readOption(name, value)
        }
    }

    private mutating func readOption(_ name: String, _ value: JSONValue) throws {
        switch name {
        case "rootless": options.rootless = try value.bool()
        case "rules": appliesRules = try value.bool()
        case "id": options.id = try value.string()
        case "bundle": options.bundle = try value.string()
        case "noPivot": options.noPivot = try value.bool()
        case "noNewKeyring": options.noNewKeyring = try value.bool()
        case "startsAtOnce": options.startsAtOnce = try value.bool()
        case "listenDescriptors": options.listenDescriptors = try value.integer()
        case "preservedDescriptors": options.preservedDescriptors = try value.integer()
        case "manager":
            guard let manager = try CgroupDriver(rawValue: value.string()) else {
                throw value.error("no such")
            }
            options.manager = manager
        case "filterInstructions":
            options.filter = CompiledFilter(
                program: [UInt8](repeating: 6, count: try 8 * value.integer(Int.self)),
                flags: options.filter?.flags ?? 0)
        case "filterFlags":
            options.filter = CompiledFilter(
                program: options.filter?.program ?? [], flags: try value.integer())
        default: throw value.error("unknown member \(name)")
        }
    }

    static func strings(_ value: JSONValue) throws -> [String] {
        try (0..<value.elementCount()).map { try value.element($0).string() }
    }
}
