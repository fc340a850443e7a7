// Runs a program of the host to its end and keeps what it printed.
import LaunchPlan
import Linux

enum HostCommand {
    /// Looks `name` up in PATH and runs it with no input; standard error is the caller's.
    static func run(_ name: String, _ arguments: [String]) throws(Failure) -> (
        status: ExitStatus, output: String
    ) {
        guard let path = path(of: name) else {
            throw Failure("exec: \"\(name)\": executable file not found in $PATH", errno: .noEntry)
        }
        return try calls(path) { () throws(Errno) in
            let output = try Syscall.scratchFile("output")
            var launch = InitLaunch(program: try program(path, [name] + arguments, output.raw))
            launch.inherited = [output.raw]
            let process = try launch.start()
            if let report = try InitReport.next(on: process.channel.raw) {
                _ = try? Syscall.wait(process.pid)
                throw report.error
            }
            let status = try Syscall.wait(process.pid)?.status ?? .exited(0)
            let size = try Syscall.status("", at: output.raw).size
            let bytes = size == 0 ? [] : try Syscall.read(output.raw, count: Int(size), offset: 0)
            return (status, String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func path(of name: String) -> String? {
        let directories = Environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        for directory in directories.split(separator: ":") where directory.hasPrefix("/") {
            let path = directory + "/" + name
            if let status = try? Syscall.status(path), status.isRegular { return path }
        }
        return nil
    }

    private static func program(
        _ path: String, _ arguments: [String], _ output: Int32
    ) throws(Errno) -> Program {
        var program = Program()
        program.unblockSignals()
        program.takeStreams([(output, 1)])
        program.syscall(
            .execve, program.string(path), program.stringArray(arguments),
            program.stringArray(Environment.all))
        return program
    }
}
