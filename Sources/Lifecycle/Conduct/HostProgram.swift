// A program of the host, run to its end with a clean environment.
import CLinux
import LaunchPlan
import Linux

struct HostProgram {
    /// The first is its absolute path.
    let arguments: [String]

    init(_ arguments: [String]) { self.arguments = arguments }

    /// How it ended, and what it printed. It inherits nothing: no descriptor, no variable but PATH.
    func run() throws(Errno) -> (status: ExitStatus, output: String) {
        let input = try Syscall.open("/dev/null", .readWrite)
        let output = try Syscall.scratchFile("output")
        var program = Program()
        program.unblockSignals()
        program.takeStreams([(input.raw, 0), (output.raw, 1), (output.raw, 2)])
        program.syscall(
            .execve, program.string(arguments[0]), program.stringArray(arguments),
            program.stringArray(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]))
        var launch = InitLaunch(program: program)
        launch.inherited = [input.raw, output.raw]
        let process = try launch.start()
        let report = try InitReport.next(on: process.channel.raw)
        let ended = try Syscall.wait(process.pid)?.status ?? .exited(0)
        if let report { throw report.error }
        let size = Int(min(try Syscall.status("", at: output.raw).size, 4096))
        let bytes = size == 0 ? [] : try Syscall.read(output.raw, count: size, offset: 0)
        var text = String(decoding: bytes, as: UTF8.self)
        while text.utf8.last == UInt8(ascii: "\n") { text.removeLast() }
        return (ended, text)
    }
}
