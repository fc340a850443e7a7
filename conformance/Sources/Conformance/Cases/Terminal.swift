// terminal.*, foreground.*: pseudoterminals of the container, sent to an engine or served in the foreground.
import Foundation

extension JSON {
    /// A process with a terminal, and the devpts for it.
    mutating func addTerminal() {
        self.process.terminal = true
        self.mounts.append([
            "destination": "/dev/pts", "type": "devpts", "source": "devpts",
            "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
        ])
    }
}

extension Container {
    /// Starts the runtime on a terminal of its own; wait with `Command.wait`.
    func start(_ arguments: [String], on terminal: Terminal) throws -> pid_t {
        try writeConfigOnce()
        var command = command(arguments)
        command.input = terminal.path
        command.output = terminal.path
        command.errors = terminal.path
        command.newSession = true
        return try command.start()
    }

    /// Creates with a console socket; the container's terminal.
    func createWithTerminal(packets: Bool = false, _ options: [String] = []) throws -> Terminal {
        let receiver = try Receiver(trial, packets: packets)
        try create(["--console-socket", receiver.path] + options)
        let terminal = Terminal(received: try receiver.receive())
        try check(!receiver.payload.isEmpty, "an empty payload")
        return terminal
    }
}

let terminalCases: [Case] = [
    Case("terminal.create", "the terminal goes to the console socket, 0 to 2 are its peer", "peers.md 1.5") {
        t in
        let c = try t.container(["tty", "+", "terminal", "+", "pid"]) { $0.addTerminal() }
        let terminal = try c.createWithTerminal()
        try c.start()
        try terminal.expect("@ pid")
        try terminal.expect("sid=")
        let out = ProbeOutput(terminal.text)
        try equal(out["tty"]["tty0"], "1", "standard input")
        try equal(out["tty"]["tty1"], "1", "standard output")
        try equal(out["tty"]["ctty"], "ok", "the controlling terminal")
        try equal(out["terminal"]["foreground"], "1", "in the foreground")
        try equal(out["terminal"]["major"], "136", "a pseudoterminal")
        try equal(out["terminal"]["console"], "same", "/dev/console")
        try equal(out["terminal"]["name"], "/dev/pts/0", "of the container's own devpts")
        try equal(out["pid"]["sid"], out["pid"]["pid"], "leader of the session")
    },
    Case(
        "terminal.seqpacket", "a console socket that keeps messages apart", "peers.md 1.5, runc",
        tags: [.contract]
    ) { t in
        let c = try t.container(["tty"]) { $0.addTerminal() }
        let terminal = try c.createWithTerminal(packets: true)
        try c.start()
        try terminal.expect("tty0=1")
    },
    Case("terminal.size", "consoleSize is there before the process runs", "config.md, consoleSize") { t in
        let c = try t.container(["terminal"]) {
            $0.addTerminal()
            $0.process.consoleSize = ["height": 21, "width": 87]
        }
        let terminal = try c.createWithTerminal()
        try c.start()
        try terminal.expect("name=")
        let out = ProbeOutput(terminal.text)["terminal"]
        try equal("\(out["rows"])x\(out["columns"])", "21x87", "size")
    },
    Case("terminal.owner", "the terminal belongs to the container's user", "peers.md 3.5") { t in
        let c = try t.container(["terminal"]) {
            $0.addTerminal()
            $0.process.user = ["uid": 1234, "gid": 1234]
        }
        let terminal = try c.createWithTerminal()
        try c.start()
        try terminal.expect("name=")
        let out = ProbeOutput(terminal.text)["terminal"]
        try equal(out["owner"], "1234", "owner")
        try equal(out["mode"], "0620", "mode")
    },
    Case("terminal.input", "bytes go in and come out", "peers.md 1.5") { t in
        let c = try t.container(["lines"]) { $0.addTerminal() }
        let terminal = try c.createWithTerminal()
        try c.start()
        try terminal.expect("reading=1")
        terminal.type("hello\n")
        try terminal.expect("line=hello")
        terminal.type("quit\n")
        try c.waitFor("stopped")
    },
    Case("terminal.interrupt", "Ctrl-C of the terminal is SIGINT", "peers.md 1.5") { t in
        let c = try t.container(["trap", "2", "3", "+", "pause"]) { $0.addTerminal() }
        let terminal = try c.createWithTerminal()
        try c.start()
        try terminal.expect("trap=ok")
        terminal.type("\u{3}")
        try c.waitFor("stopped")
    },
    Case("terminal.exec", "exec --tty --detach sends its terminal too", "peers.md 1.5") { t in
        let c = try t.container(["pause"]) { config in
            config.addTerminal()
            config.process.terminal = false
        }
        try c.create()
        try c.start()
        let receiver = try Receiver(t)
        try c.must(
            [
                "exec", "--tty", "--detach", "--console-socket", receiver.path, c.id, "/probe", "tty", "+",
                "terminal",
            ])
        let terminal = Terminal(received: try receiver.receive())
        try terminal.expect("name=")
        let out = ProbeOutput(terminal.text)
        try equal(out["tty"]["tty0"], "1", "standard input")
        try equal(out["tty"]["ctty"], "ok", "the controlling terminal")
        try equal(out["terminal"]["name"], "/dev/pts/0", "of the container's own devpts")
    },
    Case("terminal.exec-process", "terminal and consoleSize of a process file", "peers.md 1.5") { t in
        let c = try t.container(["pause"]) { config in
            config.addTerminal()
            config.process.terminal = false
        }
        try c.create()
        try c.start()
        let receiver = try Receiver(t)
        var process = Container.process(["terminal"])
        process.terminal = true
        process.consoleSize = ["height": 31, "width": 97]
        process.user = ["uid": 7, "gid": 7]
        let outcome = try c.attemptExec(process: process, ["-d", "--console-socket", receiver.path])
        try check(outcome.status == 0, outcome.description)
        let terminal = Terminal(received: try receiver.receive())
        try terminal.expect("name=")
        let out = ProbeOutput(terminal.text)["terminal"]
        try equal("\(out["rows"])x\(out["columns"])", "31x97", "size")
        try equal(out["owner"], "7", "owner")
    },
    Case("terminal.rules", "a terminal and a console socket go together", "peers.md 3.5", tags: [.contract]) {
        t in
        let c = try t.container(["pid"])
        let receiver = try Receiver(t)
        try c.refusedCreate(["--console-socket", receiver.path])
        let other = try t.container(["pid"]) { $0.addTerminal() }
        try other.refusedCreate()
        try equal(try t.paused().attempt(["exec", "-t", "-d", "x", "/probe"]).status, 255, "exec -t -d")
    },
    Case("terminal.dead-receiver", "a console socket where nobody listens", "peers.md 1.5") { t in
        let c = try t.container(["pid"]) { $0.addTerminal() }
        try c.refusedCreate(["--console-socket", "/run/\(t.mark).nobody"])
    },
    Case(
        "terminal.console-link", "an image's /dev/console that leads elsewhere", "CVE-2025-52565",
        tags: [.security]
    ) { t in
        let c = try t.container(["terminal"]) {
            $0.addTerminal()
            $0.removeMount("/dev")
        }
        let victim = "\(t.directory)/victim"
        try Files.write(victim, "untouched")
        try Files.symlink(c.inside("dev/console"), to: victim)
        let receiver = try Receiver(t)
        _ = try c.attemptCreate(["--console-socket", receiver.path])
        try equal(Files.read(victim), "untouched", "the file on the host")
        try check(!Outside.mounts(below: t.directory).contains(victim), "a mount on the host's file")
    },
    Case("terminal.pts-link", "an image's /dev/pts that leads elsewhere", "CVE-2025-52565", tags: [.security])
    { t in
        let c = try t.container(["terminal"]) {
            $0.process.terminal = true
            $0.removeMount("/dev")
        }
        try Files.makeDirectory(c.inside("dev/pts"))
        try Files.symlink(c.inside("dev/pts/ptmx"), to: "/proc/kcore")
        let receiver = try Receiver(t)
        try c.refusedCreate(["--console-socket", receiver.path])
    },
    Case("terminal.pidfd-socket", "--pidfd-socket gets a pidfd of the process", "peers.md 1.5, runc") { t in
        let receiver = try Receiver(t)
        let c = try t.container(["pause"])
        try c.create(["--pidfd-socket", receiver.path])
        let descriptor = try receiver.receive()
        defer { close(descriptor) }
        let info = Files.read("/proc/self/fdinfo/\(descriptor)") ?? ""
        try contains(info, "Pid:\t\(try c.pid())\n", "fdinfo")
        try c.start()
        let second = try Receiver(t)
        let file = t.fresh("pid")
        try c.must(
            ["exec", "-d", "--pid-file", file, "--pidfd-socket", second.path, c.id, "/probe", "pause"])
        let other = try second.receive()
        defer { close(other) }
        try contains(
            Files.read("/proc/self/fdinfo/\(other)") ?? "", "Pid:\t\(Files.read(file) ?? "")\n",
            "fdinfo of exec")
    },
]

let foregroundCases: [Case] = [
    Case("foreground.run", "run with a terminal on a terminal", "peers.md 3.5") { t in
        let c = try t.container(["terminal", "+", "lines"]) { $0.addTerminal() }
        let terminal = try Terminal()
        terminal.resize(33, 99)
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try terminal.expect("reading=1")
        try check(terminal.isRaw, "the host's terminal is not raw")
        let out = ProbeOutput(terminal.text)["terminal"]
        try equal("\(out["rows"])x\(out["columns"])", "33x99", "size")
        terminal.type("hello\r")
        try terminal.expect("line=hello")
        terminal.type("quit\r")
        try equal(Command.wait(pid, limit: 10).status, 0, "exit status")
        try terminal.expect("lines=end")
        try check(!terminal.isRaw, "the host's terminal stays raw")
    },
    Case("foreground.exec", "exec --tty on a terminal", "peers.md 3.5") { t in
        let c = try t.container(["pause"]) { config in
            config.addTerminal()
            config.process.terminal = false
        }
        try c.create()
        try c.start()
        let terminal = try Terminal()
        terminal.resize(34, 98)
        let pid = try c.start(
            ["exec", "-t", c.id, "/probe", "terminal", "+", "lines", "+", "exit", "9"], on: terminal)
        try terminal.expect("reading=1")
        try check(terminal.isRaw, "the host's terminal is not raw")
        let out = ProbeOutput(terminal.text)["terminal"]
        try equal("\(out["rows"])x\(out["columns"])", "34x98", "size")
        terminal.type("quit\r")
        try equal(Command.wait(pid, limit: 10).status, 9, "exit status")
        try check(!terminal.isRaw, "the host's terminal stays raw")
    },
    Case("foreground.resize", "a change of size reaches the container", "peers.md 3.5") { t in
        let c = try t.container(["resizes"]) { $0.addTerminal() }
        let terminal = try Terminal()
        terminal.resize(24, 80)
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try terminal.expect("watching=1")
        terminal.resize(40, 120)
        try terminal.expect("resized=40x120")
        try c.must(["kill", c.id, "KILL"])
        try equal(Command.wait(pid, limit: 10).status, 137, "exit status")
        try check(!terminal.isRaw, "the host's terminal stays raw")
    },
    Case("foreground.interrupt", "Ctrl-C goes to the container, not to the runtime", "peers.md 3.5") { t in
        let c = try t.container(["trap", "2", "5", "+", "pause"]) { $0.addTerminal() }
        let terminal = try Terminal()
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try terminal.expect("trap=ok")
        terminal.type("\u{3}")
        try equal(Command.wait(pid, limit: 10).status, 5, "exit status")
        try check(!terminal.isRaw, "the host's terminal stays raw")
    },
    Case("foreground.output", "a megabyte of output comes whole, to its last byte", "peers.md 3.5") { t in
        let c = try t.container(["cat", "/big"]) { $0.addTerminal() }
        try Files.write(c.inside("big"), String(repeating: "0123456789abcde\n", count: 65536) + "the end")
        let terminal = try Terminal()
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try terminal.expect("the end", within: 120)
        try equal(Command.wait(pid, limit: 10).status, 0, "exit status")
        let count = terminal.text.split(separator: "\n").count { $0 == "0123456789abcde" }
        try equal(count, 65536, "lines")
    },
    Case("foreground.error", "a failed run leaves the terminal as it was", "peers.md 3.5") { t in
        let c = try t.container([]) {
            $0.addTerminal()
            $0.process.args = ["/nope"]
        }
        let terminal = try Terminal()
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try check(Command.wait(pid, limit: 10).status != 0, "run succeeds")
        try check(!terminal.isRaw, "the host's terminal stays raw")
    },
    Case(
        "foreground.stop", "SIGTSTP gives the terminal back, SIGCONT takes it again", "peers.md 3.5",
        tags: [.contract]
    ) { t in
        let c = try t.container(["lines"]) { $0.addTerminal() }
        let terminal = try Terminal()
        let pid = try c.start(["run", "--bundle", c.bundle, c.id], on: terminal)
        try terminal.expect("reading=1")
        kill(pid, SIGTSTP)
        let stopped = eventually { Outside.status(Int(pid), "State").contains("T") && !terminal.isRaw }
        try check(stopped, "State \(Outside.status(Int(pid), "State")), raw \(terminal.isRaw)")
        kill(pid, SIGCONT)
        try check(eventually { terminal.isRaw }, "not raw after SIGCONT")
        terminal.type("quit\r")
        try equal(Command.wait(pid, limit: 10).status, 0, "exit status")
    },
    Case("foreground.pipe", "run with a terminal, but on pipes", "crun", tags: [.contract]) { t in
        let c = try t.container(["tty"]) { $0.addTerminal() }
        let outcome = try c.run()
        try check(outcome.status == 0, outcome.description)
        try contains(outcome.out, "tty0=1", "output")
    },
    Case(
        "foreground.half-close", "an end of input reaches the process, its output still comes", "peers.md 3.1"
    ) { t in
        let c = try t.container(["lines", "+", "pid"])
        let file = t.fresh("input")
        try Files.write(file, "one\ntwo\n")
        let outcome = try c.run(input: file)
        try contains(outcome.out, "line=two\nlines=end\n@ pid\npid=1\n", "output")
    },
    Case(
        "foreground.notify", "what the container says to be ready goes to NOTIFY_SOCKET", "peers.md 1.5",
        tags: [.contract]
    ) { t in
        for detached in [true, false] {
            let receiver = try Receiver(t, datagrams: true)
            let c = try t.container(["notify", "STATUS=x\nREADY=1", "+", "pause"])
            try Files.makeDirectory(c.inside("run"))
            c.environment["NOTIFY_SOCKET"] = receiver.path
            if detached {
                try c.create()
                // Ends when the host has taken all three.
                let command = c.command(["start", c.id])
                let pid = try command.start()
                t.atEnd { _ = Command.wait(pid, limit: 5) }
            } else {
                let pid = try c.startRun().pid
                t.atEnd { _ = Command.wait(pid, limit: 5) }
            }
            try equal(try receiver.receiveText().trimmed, "READY=1", "first message")
            try contains(try receiver.receiveText(), "MAINPID=", "second message")
            try equal(try receiver.receiveText().trimmed, "BARRIER=1", "third message")
            try c.must(["kill", c.id, "KILL"])
        }
    },
]
