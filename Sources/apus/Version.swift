// What `--version` prints: the first line is what engines parse.
import OCI
import Seccomp

enum Version {
    static let number = "0.1.0"

    static var text: String {
        """
        apus version \(number)
        commit: \(commit)
        spec: \(State.ociVersion)
        libseccomp: \(SeccompNames.libraryVersion)

        """
    }

    static let commit = "unknown"
}
