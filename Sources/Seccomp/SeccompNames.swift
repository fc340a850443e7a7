// What this libseccomp knows, and flags of the kernel that no profile names.
import CSeccomp
import OCI

public enum SeccompNames {
    /// SECCOMP_FILTER_FLAG_NEW_LISTENER.
    static let newListener: UInt32 = 1 << 3
    /// SECCOMP_FILTER_FLAG_TSYNC_ESRCH: what makes TSYNC go with a listener.
    static let threadsReportError: UInt32 = 1 << 4

    static let architecturePrefix = "SCMP_ARCH_"

    /// libseccomp's token for an architecture of the spec; nil where the library does not know it.
    static func architectureToken(_ name: String) -> UInt32? {
        guard name.utf8.starts(with: architecturePrefix.utf8) else { return nil }
        let own = name.utf8.dropFirst(architecturePrefix.utf8.count).map { byte in
            (65...90).contains(byte) ? byte | 0x20 : byte
        }
        let token = unsafe String(decoding: own, as: UTF8.self).withCString { name in
            unsafe seccomp_arch_resolve_name(name)
        }
        return token == 0 ? nil : token
    }
}

extension SeccompNames {
    /// For `features`: the architectures that this libseccomp knows.
    public static var architectures: [String] {
        SeccompProfile.architectureNames.filter { architectureToken($0) != nil }
    }

    /// libseccomp's version, such as "2.5.4".
    public static var libraryVersion: String {
        guard let version = unsafe seccomp_version() else { return "unknown" }
        return unsafe "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.micro)"
    }
}
