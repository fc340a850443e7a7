// The record keeps what later commands need.
import OCI
import Testing

@testable import Lifecycle

@Suite struct RecordTests {
    @Test func theSeccompListenerAndTheGroupsComeBack() throws {
        var record = ContainerRecord()
        record.id = "c1"
        record.rdtGroups = ["/sys/fs/resctrl/c1", "/sys/fs/resctrl/c1/mon_groups/c1"]
        for metadata in [nil, "a \"b\""] {
            record.seccompListener = SeccompListener(path: "/run/agent.sock", metadata: metadata)
            let read = try ContainerRecord(json: record.encoded())
            #expect(read.seccompListener == record.seccompListener)
            #expect(read.rdtGroups == record.rdtGroups)
        }
        record.seccompListener = nil
        record.rdtGroups = []
        let text = String(decoding: record.encoded(), as: UTF8.self)
        #expect(!text.contains("seccompListener") && !text.contains("rdtGroups"))
        #expect(try ContainerRecord(json: record.encoded()).seccompListener == nil)
    }
}
