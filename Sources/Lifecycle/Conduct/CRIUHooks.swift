// Hooks in the middle of a restoration: criu calls a script when the namespaces are there, and the script asks us.
import LaunchPlan
import Linux

/// The two ends of a conversation with a script that criu runs (criu(8), --action-script).
///
/// The script is a file in memory, since state directories may be mounted noexec; it finds its pipes by way of this
/// process, so that they need no names either.
struct CRIUHooks {
    private let script: FileDescriptorBox
    /// The script writes the pid of the container's init here...
    private let question: (read: FileDescriptorBox, write: FileDescriptorBox)
    /// ... and reads here whether to go on.
    private let answer: (read: FileDescriptorBox, write: FileDescriptorBox)

    init() throws(Errno) {
        question = try Self.pipe()
        answer = try Self.pipe()
        let text = Self.script(
            question: Self.path(question.write.raw), answer: Self.path(answer.read.raw))
        let file = try Syscall.scratchFile("criu-script")
        try Syscall.write(file.raw, Array(text.utf8))
        try Syscall.changeMode(file.raw, 0o700)
        // What is open for writing cannot be executed (execve(2), ETXTBSY).
        script = FileDescriptorBox(try Syscall.open("/proc/self/fd/\(file.raw)"))
    }

    /// For `--action-script`.
    var path: String { Self.path(script.raw) }

    static func script(question: String, answer: String) -> String {
        """
        #!/bin/sh
        [ "$CRTOOLS_SCRIPT_ACTION" = setup-namespaces ] || exit 0
        echo "$CRTOOLS_INIT_PID" >\(question) && read -r word <\(answer) && [ "$word" = go ]

        """
    }

    private static func path(_ descriptor: Int32) -> String {
        "/proc/\(Syscall.processID())/fd/\(descriptor)"
    }

    private static func pipe() throws(Errno) -> (read: FileDescriptorBox, write: FileDescriptorBox) {
        let ends = try Syscall.pipe()
        return (
            read: FileDescriptorBox(FileDescriptor(owning: ends.reading)),
            write: FileDescriptorBox(FileDescriptor(owning: ends.writing))
        )
    }

    /// Waits until criu asks, and runs `body` with the pid of the container's init; returns at once when criu ends. If
    /// `body` fails, criu fails too.
    func serve(_ criu: RunningCRIU, _ body: (Int32) throws(Failure) -> Void) throws(Failure) {
        let ready = try calls("wait for criu") { () throws(Errno) in
            try Syscall.poll([question.read.raw, criu.process.pidfd.raw], milliseconds: -1)
        }
        guard ready == 0 else { return }
        var word = "stop\n"
        defer { try? Syscall.write(answer.write.raw, Array(word.utf8)) }
        let text = try calls("question of criu") { () throws(Errno) in
            String(decoding: try Syscall.read(question.read.raw, count: 32), as: UTF8.self)
        }
        guard let pid = Int32(text.prefix { $0 != "\n" }), pid > 0 else {
            throw Failure("criu told no pid of the container: \"\(text)\"")
        }
        try body(pid)
        word = "go\n"
    }
}
