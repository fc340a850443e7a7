// The six kinds of hooks: order, arguments, environment, descriptors, time-outs, failures.
import Foundation

let hookCases: [Case] =
    [
        Case(
            "hooks.order", "all six kinds run, each at its verb, in the order of the spec",
            "config.md Hooks",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(probe: ["pause"], allHooks(t))
            try c.create()
            try equal(t.records().map(\.tag), Array(hookKinds[0..<3]), "after create")
            try c.start()
            try equal(Set(t.records().map(\.tag)), Set(hookKinds[0..<5]), "after start")
            try equal(Array(t.records().map(\.tag).prefix(4)), Array(hookKinds[0..<4]), "order")
            try c.must(["kill", c.id, "KILL"])
            try c.waitFor("stopped")
            try equal(t.records().count, 5, "hooks before delete")
            try c.delete()
            try equal(t.records().map(\.tag), hookKinds, "after delete")
        },
        Case(
            "hooks.order-within", "hooks of one kind run in the order listed", "config.md Hooks",
            tags: [.hooks]
        ) { t in
            var hooks: JSON = [:]
            for kind in hookKinds {
                hooks[kind] = .array((1...3).map { t.hook("\(kind)\($0)", inside: kind == "startContainer") })
            }
            let c = try t.hooked(hooks)
            try equal(try c.run().status, 0, "exit code")
            for kind in hookKinds {
                let tags = t.records().map(\.tag).filter { $0.hasPrefix(kind) }
                try equal(tags, ["\(kind)1", "\(kind)2", "\(kind)3"], kind)
            }
        },
        Case("hooks.run", "a foreground run runs all of them", "config.md Hooks", tags: [.hooks]) { t in
            let c = try t.hooked(allHooks(t))
            try equal(try c.run().status, 0, "exit code")
            try equal(t.records().map(\.tag), hookKinds, "hooks")
        },
        Case(
            "hooks.delete-force", "poststop hooks run with delete --force too", "config.md Poststop",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(probe: ["pause"], ["poststop": [t.hook("poststop")]])
            try c.create()
            try c.start()
            try c.delete(force: true)
            try equal(t.records().map(\.tag), ["poststop"], "hooks")
        },
        Case(
            "hooks.arguments", "args reach the hook exactly, also argv[0]", "config.md Hooks", tags: [.hooks]
        ) { t in
            let c = try t.hooked(["createRuntime": [t.hook("it")]])
            try equal(try c.run().status, 0, "exit code")
            try equal(try t.record("it").section.all("arg"), ["hook", t.hookLog, "it"], "args")
        },
        Case("hooks.environment", "env is the hook's whole environment", "config.md Hooks", tags: [.hooks]) {
            t in
            let c = try t.hooked([
                "createRuntime": [t.hook("with", ["env": ["A=1", "B=two words"]])],
                "poststop": [t.hook("stop", ["env": ["C=3"]])],
            ])
            c.environment = ["LEAK": "yes"]
            try equal(try c.run().status, 0, "exit code")
            try equal(
                try t.record("with").section.all("env").sorted(), ["A=1", "B=two words"], "environment")
            try equal(try t.record("stop").section.all("env"), ["C=3"], "environment of poststop")
        },
        Case(
            "hooks.no-environment", "without env the runtime's variables do not leak in", "config.md Hooks",
            tags: [.hooks, .contract]
        ) { t in
            let c = try t.hooked(["createRuntime": [t.hook("without", ["env": []])]])
            c.environment = ["LEAK": "yes"]
            try equal(try c.run().status, 0, "exit code")
            try check(!(try t.record("without").section.all("env").contains("LEAK=yes")), "LEAK is there")
        },
        Case(
            "hooks.startcontainer-path", "startContainer's path is looked up in the container",
            "config.md StartContainer Hooks", tags: [.hooks]
        ) { t in
            let c = try t.hooked(
                probe: ["args"], ["startContainer": [["path": .string(t.probe), "args": ["x", "args"]]]])
            try c.create()
            _ = try c.attempt(["start", c.id])
            try c.waitFor("stopped")
            try lacks(c.log, "arg=args", "output")
        },
        Case(
            "hooks.descriptors", "hooks get no descriptors of the runtime", "CVE-2024-21626",
            tags: [.hooks, .security]
        ) { t in
            let c = try t.hooked(allHooks(t))
            try equal(try c.run().status, 0, "exit code")
            for record in t.records() {
                try equal(record.section.all("fd"), [], "descriptors of \(record.tag) above 2")
            }
        },
        Case(
            "hooks.big-state",
            "a state larger than a pipe reaches a hook that reads it, and one that does not",
            "config.md Hooks", tags: [.hooks]
        ) { t in
            let c = try t.hooked(["createRuntime": [["path": "/bin/true"], t.hook("reader")]]) {
                for index in 0..<50 {
                    $0.annotations["key\(index)"] = .string(String(repeating: "v", count: 1000))
                }
            }
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
            try equal(try t.record("reader").state.annotations.names.count, 50, "annotations")
        },
        Case(
            "hooks.huge-state-unread", "a hook that ignores 200 KB of state and leaves does no harm",
            "config.md Hooks", tags: [.hooks]
        ) { t in
            let c = try t.hooked(["createRuntime": [["path": "/bin/true"]]]) {
                $0.annotations["key"] = .string(String(repeating: "v", count: 200_000))
            }
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
        },
        Case(
            "hooks.container-root",
            "createContainer hooks run in the container's mount namespace before the pivot",
            "config.md CreateContainer Hooks", tags: [.hooks]
        ) { t in
            // What it mounts in the rootfs is there for the container and not for the host.
            let c = try t.hooked(
                probe: ["ls", "/made"],
                ["createContainer": [["path": "/bin/sh", "args": ["sh", "-c", "ROOT"]]]])
            try Files.makeDirectory(c.inside("made"))
            let script = "mount -t tmpfs hook \(c.inside("made")) && : > \(c.inside("made"))/by-hook"
            c.config.hooks.createContainer = [
                [
                    "path": "/bin/sh", "args": ["sh", "-c", .string(script)],
                    "env": ["PATH=/usr/bin:/bin:/usr/sbin:/sbin"],
                ]
            ]
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
            try equal(ProbeOutput(outcome.out)["ls"].lines, ["by-hook"], "names in /made")
        },
        Case(
            "hooks.runtime-root",
            "createRuntime hooks can reach the container's namespaces through the state's pid",
            "config.md CreateRuntime Hooks", tags: [.hooks]
        ) { t in
            let script =
                "pid=$(tr -d '\\n' | sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/') && ip=$(readlink /proc/$pid/ns/net) && echo \"$ip\" > \(t.directory)/netns"
            let c = try t.hooked(
                probe: ["ns"],
                [
                    "createRuntime": [
                        [
                            "path": "/bin/sh", "args": ["sh", "-c", .string(script)],
                            "env": ["PATH=/usr/bin:/bin"],
                        ]
                    ]
                ])
            let outcome = try c.run()
            try check(outcome.status == 0, outcome.description)
            try equal(
                Files.read(t.directory + "/netns")?.trimmed, ProbeOutput(outcome.out)["ns"]["net"],
                "network namespace")
        },
        Case(
            "hooks.stdout", "hooks' output does not come out of create on standard output", "peers.md 1.4",
            tags: [.hooks, .contract]
        ) { t in
            let c = try t.hooked(
                probe: ["pause"], ["createRuntime": [["path": "/bin/echo", "args": ["echo", "noise"]]]])
            try equal(try c.create().out, "", "stdout of create")
        },
        Case(
            "hooks.relative-path", "a path that is not absolute is refused", "config.md Hooks", tags: [.hooks]
        ) { t in
            try t.hooked(["createRuntime": [["path": "bin/true"]]]).refusedCreate()
        },
        Case(
            "hooks.missing-program", "a hook that does not exist makes create fail", "config.md Hooks",
            tags: [.hooks]
        ) { t in
            try t.hooked(["createRuntime": [["path": "/no/such/hook"]]]).refusedCreate()
        },
        Case(
            "hooks.timeout", "a createRuntime hook past its time-out is killed, create fails",
            "config.md Hooks", tags: [.hooks, .slow]
        ) { t in
            let c = try t.hooked(["createRuntime": [t.hook("slow", sleep: 30, ["timeout": 1])]])
            let began = Date()
            try c.refusedCreate()
            try check(Date().timeIntervalSince(began) < 8, "it took \(Date().timeIntervalSince(began)) s")
        },
        Case(
            "hooks.timeout-enough", "a hook within its time-out is left alone", "config.md Hooks",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(["createRuntime": [t.hook("quick", ["timeout": 5])]])
            try equal(try c.run().status, 0, "exit code")
        },
        Case(
            "hooks.timeout-zero", "a time-out that is not above zero is refused", "config.md Hooks",
            tags: [.hooks, .contract]
        ) { t in
            for value in [0, -1] {
                try t.hooked(["createRuntime": [t.hook("quick", ["timeout": .int(value)])]]).refusedCreate()
            }
        },
        Case(
            "hooks.failed-startcontainer",
            "a failing startContainer hook: the process does not run, the container stops",
            "runtime.md Lifecycle", tags: [.hooks]
        ) { t in
            let c = try t.hooked(
                probe: ["args"], ["startContainer": [t.hook("fails", code: 3, inside: true)]])
            try c.create()
            _ = try c.attempt(["start", c.id])
            try c.waitFor("stopped")
            try lacks(c.log, "arg=args", "output")
        },
        Case(
            "hooks.failed-startcontainer-told", "start itself reports the failing startContainer hook",
            "runtime.md Lifecycle", tags: [.hooks, .contract]
        ) { t in
            let c = try t.hooked(
                probe: ["args"], ["startContainer": [t.hook("fails", code: 3, inside: true)]])
            try c.create()
            let outcome = try c.attempt(["start", c.id])
            try equal(outcome.status, 1, "exit code of start")
            try check(!outcome.err.trimmed.isEmpty, "no message")
        },
        Case(
            "hooks.slashes", "slashes in the state are not escaped", "peers.md 1.5",
            tags: [.hooks, .contract]
        ) { t in
            let c = try t.hooked(["createRuntime": [t.hook("it")]])
            try equal(try c.run().status, 0, "exit code")
            try lacks(try t.record("it")["stdin"], "\\/", "state")
        },
        Case(
            "hooks.failed-poststart", "a failing poststart hook: start fails and the container is stopped",
            "runtime.md Lifecycle", tags: [.hooks]
        ) { t in
            let c = try t.hooked(
                probe: ["pause"], ["poststart": [t.hook("fails", code: 3)], "poststop": [t.hook("poststop")]])
            try c.create()
            try check(try c.attempt(["start", c.id]).status != 0, "start succeeded")
            let gone = try eventually {
                let outcome = try c.attempt(["state", c.id])
                if outcome.status != 0 { return true }
                return try JSON.parse(outcome.out).status.text == "stopped"
            }
            try check(gone, "the container still runs")
        },
        Case(
            "hooks.failed-poststop", "a failing poststop hook does not stop delete nor the later hooks",
            "config.md Poststop", tags: [.hooks]
        ) { t in
            let c = try t.hooked(["poststop": [t.hook("fails", code: 3), t.hook("next")]])
            try c.create()
            try c.start()
            try c.waitFor("stopped")
            let outcome = try c.attempt(["delete", c.id])
            try equal(outcome.status, 0, "exit code of delete (\(outcome.err.trimmed))")
            c.isPresent = false
            try equal(t.records().map(\.tag), ["fails", "next"], "hooks")
            try c.nothingLeft("after delete")
        },
    ]
