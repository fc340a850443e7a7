// System calls whose failure becomes a verb's failure.
import Linux

/// Runs system calls; when one fails, `subject` says what they were for.
@inline(__always)
func calls<R: ~Copyable>(
    _ subject: @autoclosure () -> String, _ body: () throws(Errno) -> R
) throws(Failure) -> R {
    do throws(Errno) {
        return try body()
    } catch {
        throw Failure("\(subject()): \(error)", errno: error)
    }
}
