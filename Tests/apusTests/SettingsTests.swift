// Global flags as settings: the state directory, the cgroup driver, the log.
import Lifecycle
import Testing

@testable import apus

private func globals(_ flags: (FlagName, String)...) -> GivenFlags {
    GivenFlags(flags.map { GivenFlag($0.0, $0.1) })
}

@Suite struct SettingsTests {
    @Test(arguments: [
        ("/run/x", "/run/x"), ("/run//x/", "/run/x"), ("/run/./x/../y", "/run/y"), ("/../x", "/x"),
    ])
    func root(given: String, expected: String) throws {
        #expect(try Settings(globals((.root, given))).options.root == expected)
    }

    @Test func relativeRoot() throws {
        let root = try Settings(globals((.root, "x/y"))).options.root
        #expect(root.hasPrefix("/"))
        #expect(root.hasSuffix("/x/y"))
    }

    @Test(arguments: ["/", "//", "/.", "/run/..", ""])
    func refusedRoot(given: String) {
        #expect(throws: Failure.self) { try Settings(globals((.root, given))) }
    }

    @Test func lastRootCounts() throws {
        #expect(try Settings(globals((.root, "/"), (.root, "/run/x"))).options.root == "/run/x")
    }

    @Test func driver() {
        #expect(Settings.driver(globals()) == .cgroupfs)
        #expect(Settings.driver(globals((.systemdCgroup, "true"))) == .systemd)
        #expect(Settings.driver(globals((.systemdCgroup, "false"))) == .cgroupfs)
        #expect(Settings.driver(globals((.cgroupManager, "disabled"))) == .disabled)
        #expect(
            Settings.driver(globals((.cgroupManager, "systemd"), (.cgroupManager, "cgroupfs"))) == .cgroupfs)
    }

    @Test func logLevels() {
        #expect(Log(globals()).level == .warning)
        #expect(Log(globals((.log, "/l"))).level == .error)
        #expect(Log(globals((.log, "/l"), (.logLevel, "warn"))).level == .warning)
        #expect(Log(globals((.debug, "true"))).level == .debug)
        #expect(Log(globals((.debug, "true"), (.logLevel, "info"))).level == .info)
        #expect(Log(globals((.log, ""))).file == nil)
        #expect(Log(globals((.logFormat, "json"))).format == .json)
        #expect(Log(globals((.logFormat, "json"), (.logFormat, "text"))).format == .text)
    }
}
