// process.*: what the container's first process is started with.
import Foundation

let processCases: [Case] = [
    Case("process.args", "args reach the process unchanged", "config.md Process") { t in
        let words = ["args", "", "two words", "tab\there", "ünïcode", "-x", "--", "quote\"'\\"]
        let out = try t.output(words)
        try equal(out.sections[0].all("arg"), words, "args")
    },
    Case("process.env", "env reaches the process, in order, with nothing lost", "config.md Process") { t in
        let out = try t.output(["env"]) {
            $0.process.env = ["PATH=/bin", "HOME=/somewhere", "EMPTY=", "WITH=a=b c", "ÜML=ü"]
        }
        try equal(
            out["env"].lines, ["PATH=/bin", "HOME=/somewhere", "EMPTY=", "WITH=a=b c", "ÜML=ü"], "environment"
        )
    },
    Case("process.cwd", "cwd is the working directory", "config.md Process") { t in
        let c = try t.container(["cwd"])
        try Files.makeDirectory(c.inside("some/where"))
        c.config.process.cwd = "/some/where"
        try equal(try c.output()["cwd"]["cwd"], "/some/where", "cwd")
    },
]
