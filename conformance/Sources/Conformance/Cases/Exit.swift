// Exit codes of a foreground run, and the signals on their way in.
import Foundation

let exitCases: [Case] = [
    Case("exit.codes", "run exits with the container's code", "peers.md 1.4") { t in
        for code in [0, 1, 2, 63, 64, 125, 126, 127, 128, 129, 137, 143, 200, 254, 255] {
            let outcome = try t.container(["exit", "\(code)"]).run()
            try equal(outcome.status, Int32(code), "exit code")
        }
    },
    Case("exit.codes-all", "all 256 exit codes", "peers.md 1.4", tags: [.slow]) { t in
        let c = try t.container([])
        for code in 0...255 {
            c.config.process.args = ["/probe", "exit", "\(code)"]
            try c.writeConfig()
            try equal(try c.run().status, Int32(code), "exit code")
        }
    },
    Case("exit.signals", "a process that a signal killed gives 128 + its number", "peers.md 1.4") { t in
        for number in [1, 2, 6, 9, 11, 13, 15, 34] {
            let c = try t.container(["killself", "\(number)"]) { $0.removeNamespace("pid") }
            try equal(try c.run().status, Int32(128 + number), "exit code for signal \(number)")
        }
    },
    Case("exit.killed", "run exits with 137 when the container is killed", "peers.md 1.4") { t in
        let c = try t.container(["write", "/ready", "1", "+", "pause"])
        let (command, pid) = try c.startRun()
        try check(eventually { Files.exists(c.inside("ready")) }, "the container never ran")
        try c.must(["kill", c.id, "KILL"])
        try equal(command.finish(pid).status, 137, "exit code")
    },
    Case("exit.forward", "run passes signals on to the container", "peers.md 3.1") { t in
        for number in [SIGTERM, SIGHUP, SIGUSR1, SIGINT] {
            let c = try t.container(["write", "/ready", "1", "+", "sigwait"])
            let (command, pid) = try c.startRun()
            try check(eventually { (Files.read(c.outputPath) ?? "").contains("waiting=1") }, "never ran")
            kill(pid, number)
            let outcome = command.finish(pid)
            try equal(ProbeOutput(outcome.out)["sigwait"]["caught"], "\(number)", "caught signal")
            try equal(outcome.status, 0, "exit code")
        }
    },
    Case("exit.output", "standard output and error are the container's, separately", "peers.md 1.3") { t in
        let outcome = try t.container(["fdwrite", "1", "to-out\n", "+", "fdwrite", "2", "to-err\n"]).run()
        try contains(outcome.out, "to-out", "stdout")
        try equal(outcome.err, "to-err\n", "stderr")
    },
    Case("exit.input", "standard input reaches the container", "peers.md 1.3") { t in
        let input = t.directory + "/input"
        try Files.write(input, "hello from outside")
        let outcome = try t.container(["fdread", "0"]).run(input: input)
        try equal(ProbeOutput(outcome.out)["fdread"]["fdread"], "hello from outside", "stdin")
    },
    Case("exit.children", "a foreground run ends with its process and kills what it left", "peers.md 3.1") {
        t in
        let outcome = try t.container(["children", "2", "+", "exit", "4"]).run()
        try equal(outcome.status, 4, "exit code")
    },
    Case("exit.children-shared-pid", "also in the host's pid namespace nothing survives", "peers.md 3.1") {
        t in
        let c = try t.container(["children", "2", "+", "exit", "4"]) { $0.removeNamespace("pid") }
        try equal(try c.run().status, 4, "exit code")
    },
    Case("exit.run-failure", "run of a missing program exits 1 and leaves nothing", "peers.md 1.4") { t in
        let c = try t.container([]) { $0.process.args = ["/nope"] }
        let outcome = try c.run()
        try equal(outcome.status, 1, "exit code (\(outcome.err.trimmed))")
        try c.nothingLeft("after the failed run")
    },
]
