// The systemd driver's pure part: names of units and slices, limits and devices as properties, annotations, requests.

import OCI
import Testing

@testable import Cgroups

@Suite struct SystemdTests {
    static let unified = CgroupLayout.unified(mount: "/sys/fs/cgroup")

    private func unit(
        _ cgroupsPath: String?, _ resources: Resources = Resources(), annotations: [String: String] = [:],
        instance: SystemdInstance = .system
    ) throws -> SystemdUnit {
        let place = try UnitPlace(cgroupsPath: cgroupsPath, id: "c1", instance: instance)
        let plan = try CgroupPlan(
            layout: Self.unified, cgroupsPath: place.cgroup, id: "c1", resources: resources)
        return try SystemdUnit(place, id: "c1", plan: plan, resources: resources, annotations: annotations)
    }

    private func property(_ unit: SystemdUnit, _ name: String) -> UnitValue? {
        unit.properties.first { $0.name == name }?.value
    }

    @Test(arguments: [
        ("a-b.slice:docker:c1", "/a.slice/a-b.slice/docker-c1.scope"),
        ("system.slice:crio:c1", "/system.slice/crio-c1.scope"),
        ("::c1", "/system.slice/c1.scope"),
        (":pre:c1", "/system.slice/pre-c1.scope"),
        ("-.slice:pre:c1", "/pre-c1.scope"),
        ("ignored.slice::a-b.slice", "/a.slice/a-b.slice"),
        ("a.slice:p:x+y z", "/a.slice/p-x\\x2by\\x20z.scope"),
        ("", "/system.slice/apus-c1.scope"),
    ])
    func places(path: String, cgroup: String) throws {
        #expect(try unit(path).cgroup == cgroup)
    }

    @Test(arguments: [
        "/a/b", "c1", "a:b", "a:b:c:d", "a:b:", "a-.slice:b:c", "-a.slice:b:c", "a--b.slice:b:c",
        "a/b.slice:b:c",
        "a:b:c", ".slice:b:c", "a:b:-.slice",
    ])
    func refusedPaths(path: String) {
        #expect {
            try unit(path)
        } throws: {
            ($0 as? CgroupError)?.pointer == "/linux/cgroupsPath"
        }
    }

    @Test func namesAreEscapedAsSystemdDoes() {
        #expect(UnitPath.escaped("a.b_c:d-e@f") == "a.b_c:d-e@f")
        #expect(UnitPath.escaped(".a/\n\\") == "\\x2ea\\x2f\\x0a\\x5c")
        #expect(throws: CgroupError.self) { try unit("a.slice:p:" + String(repeating: "n", count: 250)) }
    }

    /// systemd adds to DeviceAllow until it is told an empty one.
    @Test func replacedDeviceRulesBeginAnew() throws {
        var rule = DeviceRule()
        (rule.allow, rule.type, rule.major, rule.minor, rule.access) = (true, "c", 1, 11, "r")
        let properties = try UnitProperty.replacing(try DevicePolicy(rules: [rule]))
        let lists = properties.filter { $0.name == "DeviceAllow" }.map(\.value)
        #expect(lists.count == 2)
        #expect(lists.first == .array(of: "(ss)", []))
    }

    @Test func usersUnitsAreBelowTheUsersManager() throws {
        let unit = try unit(":p:c1", instance: .user(1000))
        #expect(unit.cgroup == "/user.slice/user-1000.slice/user@1000.service/user.slice/p-c1.scope")
        #expect(unit.name.recorded == "user p-c1.scope")
        #expect(UnitName(recorded: unit.name.recorded) == unit.name)
        #expect(UnitName(recorded: "p-c1.scope") == nil)
    }

    @Test func scopesAndSlices() throws {
        let scope = try unit("a.slice:p:c1")
        #expect(property(scope, "Slice") == .string("a.slice"))
        #expect(property(scope, "Delegate") == .bool(true))
        #expect(property(scope, "DefaultDependencies") == .bool(false))
        let slice = try unit("::a-b.slice")
        #expect(property(slice, "Slice") == nil)
        #expect(property(slice, "Delegate") == nil)
        #expect(slice.name.isSlice)
    }

    @Test func limits() throws {
        var resources = Resources()
        resources.memory = Memory()
        resources.memory?.limit = 1 << 20
        resources.memory?.swap = -1
        resources.cpu = CPU()
        resources.cpu?.shares = 1024
        resources.cpu?.quota = 12345
        resources.cpu?.period = 100_000
        resources.cpu?.cpus = "0-2,9"
        resources.pids = Pids()
        resources.pids?.limit = 10
        resources.blockIO = BlockIO()
        var throttle = ThrottleDevice()
        throttle.major = 8
        throttle.rate = 100
        resources.blockIO?.throttleReadBpsDevice = [throttle]
        throttle.minor = 16
        resources.blockIO?.throttleReadBpsDevice.append(throttle)
        resources.unified = ["memory.high": "900000", "pids.max": "11"]
        let unit = try unit("", resources)
        #expect(property(unit, "MemoryMax") == .uint64(1 << 20))
        #expect(property(unit, "MemorySwapMax") == .uint64(.max))
        #expect(property(unit, "MemoryHigh") == .uint64(900_000))
        #expect(property(unit, "CPUWeight") == .uint64(100))
        // Never less than was asked for.
        #expect(property(unit, "CPUQuotaPerSecUSec") == .uint64(130_000))
        #expect(property(unit, "CPUQuotaPeriodUSec") == .uint64(100_000))
        #expect(property(unit, "AllowedCPUs") == .array(of: "y", [.byte(7), .byte(2)]))
        // `unified` wins.
        #expect(property(unit, "TasksMax") == .uint64(11))
        #expect(
            property(unit, "IOReadBandwidthMax")
                == .array(
                    of: "(st)",
                    [
                        .structure([.string("/dev/block/8:0"), .uint64(100)]),
                        .structure([.string("/dev/block/8:16"), .uint64(100)]),
                    ]))
    }

    @Test func devicesThatSystemdCanTell() throws {
        var rule = DeviceRule()
        var resources = Resources()
        resources.devices = [rule]
        rule.allow = true
        rule.type = "c"
        rule.major = 10
        rule.minor = 229
        rule.access = "rw"
        resources.devices.append(rule)
        let unit = try unit("", resources)
        #expect(property(unit, "DevicePolicy") == .string("strict"))
        guard case .array("(ss)", let list) = property(unit, "DeviceAllow") else {
            Issue.record("no list")
            return
        }
        #expect(list.contains(.structure([.string("/dev/char/10:229"), .string("rw")])))
        #expect(list.contains(.structure([.string("char-pts"), .string("rwm")])))
        #expect(list.contains(.structure([.string("block-*"), .string("m")])))
    }

    /// systemd must never be the stricter of the two filters.
    @Test func devicesThatSystemdCannotTell() throws {
        var rule = DeviceRule()
        rule.allow = true
        rule.type = "c"
        rule.major = 4711
        var resources = Resources()
        resources.devices = [rule]
        #expect(property(try unit("", resources), "DevicePolicy") == .string("auto"))
        rule.type = "a"
        resources.devices = [rule]
        #expect(property(try unit("", resources), "DevicePolicy") == .string("auto"))
        #expect(property(try unit("", resources), "DeviceAllow") == .array(of: "(ss)", []))
    }

    @Test(arguments: [
        ("KillSignal", "15", "KillSignal", UnitValue.int32(15)),
        ("TimeoutStopUSec", "uint64 10000000", "TimeoutStopUSec", .uint64(10_000_000)),
        ("TimeoutStopSec", "1.5", "TimeoutStopUSec", .uint64(1_500_000)),
        ("TimeoutStopSec", "uint64 7", "TimeoutStopUSec", .uint64(7_000_000)),
        ("DefaultDependencies", "true", "DefaultDependencies", .bool(true)),
        ("After", "['a.service', \"b.service\"]", "After", .strings(["a.service", "b.service"])),
        ("After", "@as []", "After", .strings([])),
        ("CollectMode", "'inactive-or-failed'", "CollectMode", .string("inactive-or-failed")),
        ("Description", "'it\\'s'", "Description", .string("it's")),
        ("MemoryMax", "@t 5", "MemoryMax", .uint64(5)),
        ("Pairs", "[('a', 1)]", "Pairs", .array(of: "(si)", [.structure([.string("a"), .int32(1)])])),
    ])
    func annotations(name: String, text: String, told: String, value: UnitValue) throws {
        let unit = try unit("", annotations: ["org.systemd.property." + name: text])
        #expect(property(unit, told) == value)
    }

    @Test(arguments: [
        ("Kill-Signal", "15"), ("killSignal", "15"), ("", "15"), ("X1y", "15"), ("ExecStart", "'x'"),
        ("Slice", "'a.slice'"), ("PIDs", "[1]"), ("Delegate", "false"), ("DeviceAllow", "@a(ss) []"),
        ("KillSignal", ""), ("KillSignal", "15 16"), ("KillSignal", "9999999999"), ("KillSignal", "byte 256"),
        ("After", "['a'"), ("After", "['a', 1]"), ("After", "[]"), ("After", "'a"), ("After", "a"),
        ("TimeoutStopSec", "-1"), ("TimeoutStopSec", "1.2.3"), ("After", "()"), ("After", "uint64 uint64 1"),
    ])
    func refusedAnnotations(name: String, text: String) {
        let key = "org.systemd.property." + name
        #expect {
            try unit("", annotations: [key: text])
        } throws: {
            ($0 as? CgroupError)?.pointer == "/annotations/" + key
        }
    }

    @Test func subgroups() throws {
        let inner = try unit("", annotations: ["run.oci.systemd.subgroup": "inner"])
        #expect(inner.subgroup == "inner" && inner.delegatedPath == nil)
        let both = ["run.oci.systemd.subgroup": "inner", "run.oci.delegate-cgroup": "own"]
        #expect(try unit("", annotations: both).delegatedPath == "inner/own")
        #expect(try unit("", annotations: ["run.oci.systemd.subgroup": ""]).subgroup == nil)
        for name in ["..", "a/b", ".", "a\nb"] {
            #expect(throws: CgroupError.self) {
                try unit("", annotations: ["run.oci.systemd.subgroup": name])
            }
        }
        #expect(throws: CgroupError.self) { try unit("", annotations: ["run.oci.delegate-cgroup": "own"]) }
    }

    @Test func requestsAreWords() throws {
        let name = UnitName("p-c1.scope", isUsers: true)
        let list = UnitValue.array(of: "(st)", [.structure([.string("/d"), .uint64(1)])])
        let request = UnitRequest.set(unit: name, [.init("Some", list), .init("Flag", .bool(true))])
        #expect(
            request.encoded
                == Array("set\0user\0p-c1.scope\0Some\0a(st)\01\0/d\01\0Flag\0b\01\0".utf8))
        #expect(UnitRequest.stop(unit: name).encoded == Array("stop\0user\0p-c1.scope\0".utf8))
        let inner = try #require(UnitGroup(name, own: "/a/p", path: "/a/p/in/ner"))
        #expect(
            UnitRequest.attach(inner, pid: 7).encoded
                == Array("attach\0user\0p-c1.scope\0/in/ner\07\0".utf8))
        #expect(UnitGroup(name, own: "/a/p", path: "/a/p")?.below == "")
        #expect(UnitGroup(name, own: "/a/p", path: "/a/pq") == nil)
        let start = UnitRequest.start(try unit("a.slice:p:c1"), pid: 7).encoded
        #expect(String(decoding: start, as: UTF8.self).hasSuffix("PIDs\0au\01\07\0"))
        let slice = UnitRequest.start(try unit("::a.slice"), pid: 7).encoded
        #expect(!String(decoding: slice, as: UTF8.self).contains("PIDs"))
    }
}
