// What holds for each kind of hook: its state, its namespaces, what its failure does.
import Foundation

let hookStateCases: [Case] =
    zip(hookKinds, hookStatuses).map { kind, status in
        Case(
            "hooks.state-\(kind)", "\(kind) hooks get the state on standard input, status \(status)",
            "config.md Hooks", tags: [.hooks]
        ) { t in
            let c = try t.hooked([kind: .array([t.hook("it", inside: kind == "startContainer")])]) {
                $0.annotations = ["org.example/path": "a/b"]
            }
            try c.create()
            let pid = try c.pid()
            try c.start()
            try c.waitFor("stopped")
            try c.delete()
            let state = try t.record("it").state
            try equal(state.id.text, c.id, "id")
            try equal(state.bundle.text, c.bundle, "bundle")
            try check(state.ociVersion.text?.hasPrefix("1.") == true, "ociVersion")
            try equal(state.annotations["org.example/path"].text, "a/b", "annotation")
            try check(
                status.split(separator: "|").contains { $0 == state.status.text ?? "" },
                "status is \(state.status)")
            switch kind {
            case "poststop": break
            case "createContainer", "startContainer":
                try equal(state.pid.number, 1, "pid as the container sees it")
            default: try equal(state.pid.number, pid, "pid")
            }
        }
    }

let hookNamespaceCases: [Case] =
    ["prestart", "createRuntime", "poststart", "poststop"].map { kind in
        Case(
            "hooks.namespaces-\(kind)",
            "\(kind) hooks run in the runtime's namespaces, with its root and user", "config.md Hooks",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(probe: ["sleep", "0.05"], [kind: .array([t.hook("it")])]) {
                $0.process.user = ["uid": 1000, "gid": 1000]
            }
            try equal(try c.run().status, 0, "exit code")
            let record = try t.record("it")
            for name in ["mnt", "net", "ipc", "uts", "pid"] {
                try equal(record["ns.\(name)"], Outside.namespace("self", name), "\(name) namespace")
            }
            try equal(record["uid"], "0", "uid")
        }
    }
    + ["createContainer", "startContainer"].map { kind in
        Case(
            "hooks.namespaces-\(kind)", "\(kind) hooks run in the container's namespaces", "config.md Hooks",
            tags: [.hooks]
        ) { t in
            let c = try t.hooked(
                probe: ["pause"], [kind: .array([t.hook("it", inside: kind == "startContainer")])])
            try c.create()
            try c.start()
            let pid = try c.pid()
            let record = try t.record("it")
            // createContainer runs before the pivot: /proc is still the host's, where a pid namespace's member
            // has no "self"; what cannot be read is not compared.
            for name in ["mnt", "net", "ipc", "uts"] where !record["ns.\(name)"].isEmpty {
                try equal(record["ns.\(name)"], Outside.namespace("\(pid)", name), "\(name) namespace")
            }
            try check(
                record["ns.mnt"] != Outside.namespace("self", "mnt"), "the mount namespace is the runtime's")
            if kind == "startContainer" {
                try equal(record["nodename"], "probed", "hostname that the hook sees")
            }
        }
    }

let hookFailureCases: [Case] =
    ["prestart", "createRuntime", "createContainer"].map { kind in
        Case(
            "hooks.failed-\(kind)",
            "a failing \(kind) hook: create fails, later hooks do not run, nothing is left",
            "runtime.md Lifecycle", tags: [.hooks]
        ) { t in
            let c = try t.hooked(
                probe: ["args"], [kind: .array([t.hook("fails", code: 3), t.hook("never")])])
            try c.refusedCreate()
            try check(!t.records().map(\.tag).contains("never"), "the hook after it ran")
        }
    }
