// What list, state and check print.
import OCI
import Testing

@testable import apus

@Suite struct PagesTests {
    private let short = State(
        id: "c1", status: .running, pid: 17, bundle: "/b", created: "2026-11-23T17:13:16Z", owner: "root")
    private let long = State(
        id: "a-name-of-some-length", status: .stopped, pid: 0, bundle: "/srv/bundles/one",
        created: "2026-11-23T17:13:16.5Z", owner: "ann")

    @Test func emptyTable() {
        #expect(
            listTable([])
                == "ID          PID         STATUS      BUNDLE      CREATED     OWNER\n")
    }

    @Test func table() {
        #expect(
            listTable([short, long]) == """
                ID                      PID         STATUS      BUNDLE             CREATED                  OWNER
                c1                      17          running     /b                 2026-11-23T17:13:16Z     root
                a-name-of-some-length   0           stopped     /srv/bundles/one   2026-11-23T17:13:16.5Z   ann

                """)
    }

    @Test func listIsOneLine() {
        #expect(String(decoding: listPage([]), as: UTF8.self) == "[]\n")
        let text = String(decoding: listPage([short, long]), as: UTF8.self)
        #expect(text.hasPrefix(#"[{"ociVersion":"1.3.0","id":"c1","pid":17,"status":"running""#))
        #expect(text.filter { $0 == "\n" }.count == 1)
    }

    @Test func stateIsIndented() {
        let lines = String(decoding: short.page, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(3) == ["{", #"  "ociVersion": "1.3.0","#, #"  "id": "c1","#])
        #expect(lines.suffix(2) == ["}", ""])
    }

    private let problems = [
        Problem(
            severity: .error, pointer: "/process/args", message: "must not be empty", hint: "name a program",
            rule: "process-args"),
        Problem(severity: .warning, pointer: "", message: "unknown property", rule: "unknown-property"),
    ]

    @Test func checkAsText() {
        #expect(
            checkText(problems) == """
                error /process/args: must not be empty
                  hint: name a program
                warning config.json: unknown property

                """)
        #expect(checkText([]) == "no problems\n")
    }

    @Test func checkAsJSON() {
        #expect(String(decoding: checkPage([]), as: UTF8.self) == "[]\n")
        #expect(
            String(decoding: checkPage(Array(problems.prefix(1))), as: UTF8.self) == """
                [
                  {
                    "severity": "error",
                    "pointer": "/process/args",
                    "message": "must not be empty",
                    "hint": "name a program",
                    "rule": "process-args"
                  }
                ]

                """)
    }
}
