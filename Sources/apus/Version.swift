// What `--version` prints: the first line is what engines parse. The commit comes from the RecordCommit plugin.
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
}
