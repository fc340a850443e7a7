// The process: its arguments go in, its exit status comes out.
import Linux

/// What the C library calls as `main` (the package manager gives it this name). Top-level code would have Swift look for
/// the arguments on its own, which reads /proc/self/maps.
@c(apus_main)
public func main(_ count: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>?>) -> Int32 {
    Syscall.exit(Program.run(unsafe Environment.arguments(arguments)))
}
