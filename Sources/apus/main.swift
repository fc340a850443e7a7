// The process: its arguments go in, its exit status comes out.
import Linux

Syscall.exit(Program.run(Array(CommandLine.arguments.dropFirst())))
