// Maps in mount options.
import Testing

@testable import OCI

@Suite struct IDMapOptionTests {
    private static let container: LinuxConfig = {
        var linux = LinuxConfig()
        linux.uidMappings = [range(0, 100_000, 10), range(10, 4_294_967_290, 20)]
        linux.gidMappings = [range(0, 200_000, 10)]
        return linux
    }()

    private static func range(_ inside: UInt32, _ outside: UInt32, _ size: UInt32) -> IDMapping {
        var range = IDMapping()
        (range.containerID, range.hostID, range.size) = (inside, outside, size)
        return range
    }

    @Test func absolute() throws {
        let maps = try IDMapOption("idmap=uids=0-1-10#10-11-10;gids=0-100-10", in: LinuxConfig())
        #expect(maps.uids == [Self.range(0, 1, 10), Self.range(10, 11, 10)])
        #expect(maps.gids == [Self.range(0, 100, 10)])
    }

    /// `@` counts for its own range alone.
    @Test func relative() throws {
        let maps = try IDMapOption("ridmap=gids=@5-3-7;uids=1-2-3#@9-0-10", in: Self.container)
        #expect(maps.uids == [Self.range(1, 2, 3), Self.range(9, 100_000, 10)])
        #expect(maps.gids == [Self.range(5, 200_003, 7)])
    }

    @Test(arguments: [
        "idmap=", "idmap=uids=0-1-1", "idmap=gids=0-1-1", "idmap=uids=;gids=0-1-1",
        "idmap=uids=0-1-0;gids=0-1-1",
        "idmap=uids=0-1;gids=0-1-1", "idmap=uids=0-1-1-1;gids=0-1-1", "idmap=uids=0--1-1;gids=0-1-1",
        "idmap=uids=0-1-4294967296;gids=0-1-1", "idmap=uids=0-1-1;uids=0-1-1;gids=0-1-1",
        "idmap=uids=0-1-1;gids=0-1-1;", "idmap=uids=0-1-1,gids=0-1-1", "idmap=uids=@0-5-6;gids=0-1-1",
        "idmap=uids=@0-16-1;gids=0-1-1", "idmap=uids=@0-4294967295-2;gids=0-1-1",
        "idmap=uids=0-1-1#;gids=0-1-1",
    ])
    func refused(option: String) {
        #expect(throws: IDMapOption.Refusal.self) { try IDMapOption(option, in: Self.container) }
    }
}
