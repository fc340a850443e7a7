// resctrl groups, against a plain directory that stands in for the file system.
import Foundation
import Testing

@testable import LaunchPlan
@testable import Lifecycle

@Suite struct IntelRdtTests {
    /// A directory with the files that resctrl has in each group; made anew for each test.
    private final class Root {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.path + "/rdt-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try group("", schemata: "")
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func group(_ name: String, schemata: String) throws {
            let directory = path + "/" + name
            try FileManager.default.createDirectory(
                atPath: directory + "/mon_groups", withIntermediateDirectories: true)
            try schemata.write(toFile: directory + "/schemata", atomically: false, encoding: .utf8)
            try "".write(toFile: directory + "/tasks", atomically: false, encoding: .utf8)
        }

        func read(_ file: String) -> String? {
            try? String(contentsOfFile: path + "/" + file, encoding: .utf8)
        }
        func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    }

    private func plan(
        _ root: Root, _ name: String, _ origin: IntelRdtPlan.Origin, l3: String? = nil, mb: String? = nil,
        schemata: [String] = [], monitor: String? = nil
    ) -> IntelRdtPlan {
        IntelRdtPlan(
            group: root.path + "/" + name, origin: origin, l3CacheSchema: l3, memBwSchema: mb,
            schemata: schemata,
            monitor: monitor.map { root.path + "/" + $0 })
    }

    @Test func anOwnGroupIsMadeAndRemoved() throws {
        let root = try Root()
        var groups = IntelRdtGroups(plan(root, "c1", .own))
        try groups.prepare()
        #expect(root.exists("c1"))
        #expect(groups.removedWithContainer == [root.path + "/c1"])
        IntelRdtGroups.remove(groups.removedWithContainer)
        #expect(!root.exists("c1"))
    }

    /// "The runtime has not created the sub-directory": it stays.
    @Test func anOwnGroupThatWasThereStays() throws {
        let root = try Root()
        try root.group("c1", schemata: "")
        var groups = IntelRdtGroups(plan(root, "c1", .own))
        try groups.prepare()
        #expect(groups.removedWithContainer.isEmpty)
    }

    @Test func schemataAreWrittenInTheOrderOfTheSpecification() throws {
        let root = try Root()
        // A plain directory has no schemata in a new group: it is there before, and must match.
        try root.group("gold", schemata: "    MB:0=20;1=70\n    L3:0=ff;1=c0\n")
        var groups = IntelRdtGroups(
            plan(
                root, "gold", .shared, l3: "L3:0=ff;1=c0", mb: "MB:0=20;1=70", schemata: ["L2:0=f", "L2:1=f"])
        )
        try groups.prepare()
        #expect(groups.made.isEmpty)
        // Each write starts at the beginning of a plain file.
        #expect(root.read("gold/schemata")?.hasPrefix("L2:0=f\nL2:1=f\n") == true)
    }

    @Test func aGroupWithOtherSchemataIsRefused() throws {
        let root = try Root()
        try root.group("gold", schemata: "L3:0=ff;1=c0\n")
        var groups = IntelRdtGroups(plan(root, "gold", .shared, l3: "L3:0=f;1=f"))
        let error = #expect(throws: Failure.self) { try groups.prepare() }
        #expect(error?.pointer == "/linux/intelRdt/l3CacheSchema")
        #expect(root.read("gold/schemata") == "L3:0=ff;1=c0\n")
    }

    @Test func aMissingSharedGroupIsMadeAndStays() throws {
        let root = try Root()
        var groups = IntelRdtGroups(plan(root, "gold", .shared))
        try groups.prepare()
        #expect(groups.made == [root.path + "/gold"])
        #expect(groups.removedWithContainer.isEmpty)
    }

    /// A new group whose schemata cannot be written goes again.
    @Test func whatFailsLeavesNothing() throws {
        let root = try Root()
        var groups = IntelRdtGroups(plan(root, "gold", .shared, schemata: ["L2:0=f"]))
        let error = #expect(throws: Failure.self) { try groups.prepare() }
        #expect(error?.pointer == "/linux/intelRdt/schemata")
        #expect(!root.exists("gold"))
        #expect(groups.made.isEmpty)
    }

    @Test func anExistingGroupMustBeThere() throws {
        let root = try Root()
        var missing = IntelRdtGroups(plan(root, "gold", .existing))
        let error = #expect(throws: Failure.self) { try missing.prepare() }
        #expect(error?.pointer == "/linux/intelRdt/closID")
        try root.group("gold", schemata: "")
        var groups = IntelRdtGroups(plan(root, "gold", .existing))
        try groups.prepare()
        try groups.join(42)
        #expect(root.read("gold/tasks") == "42")
    }

    @Test func theMonitoringGroupIsTheContainersOwn() throws {
        let root = try Root()
        try root.group("gold", schemata: "")
        var groups = IntelRdtGroups(plan(root, "gold", .existing, monitor: "gold/mon_groups/c1"))
        try groups.prepare()
        #expect(root.exists("gold/mon_groups/c1"))
        #expect(groups.removedWithContainer == [root.path + "/gold/mon_groups/c1"])
        // The kernel refuses a second one of that name.
        var again = IntelRdtGroups(plan(root, "gold", .existing, monitor: "gold/mon_groups/c1"))
        let error = #expect(throws: Failure.self) { try again.prepare() }
        #expect(error?.pointer == "/linux/intelRdt/enableMonitoring")
        #expect(root.exists("gold/mon_groups/c1"))
    }
}
