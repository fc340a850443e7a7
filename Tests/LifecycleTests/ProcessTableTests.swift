// The rows of ps that belong to a container.
import Testing

@testable import Lifecycle

@Suite struct ProcessTableTests {
    @Test func rows() throws {
        let table = """
            UID        PID  PPID  C STIME TTY          TIME CMD
            root        17     1  0 18:18 ?        00:00:00 /probe pause
            root       170     1  0 18:18 ?        00:00:00 17

            """
        #expect(
            try Verb.filtered(table, [17]) == """
                UID        PID  PPID  C STIME TTY          TIME CMD
                root        17     1  0 18:18 ?        00:00:00 /probe pause

                """)
    }

    @Test func noColumn() {
        let error = #expect(throws: Failure.self) { try Verb.filtered("CMD\n/x\n", [17]) }
        #expect(error?.message == "couldn't find PID field in ps output")
    }

    @Test func exitCodeOfAZombie() {
        // Not the status of a process that runs.
        #expect(ProcessStatus(pid: 1)?.exitCode == nil)
    }
}
