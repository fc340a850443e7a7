// The runtime's own capabilities (capget(2)).
import CLinux

extension Syscall {
    /// The permitted set of this process.
    public static func permittedCapabilities() -> CapabilitySet {
        // Version 3: a header, and two 32-bit halves of effective, permitted, inheritable.
        var header: (UInt32, Int32) = (0x2008_0522, 0)
        var data: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0, 0)
        _ = try? withAddress(of: &header) { (header) throws(Errno) in
            try withAddress(of: &data) { (data) throws(Errno) in _ = try call(.capget, header, data) }
        }
        return CapabilitySet(rawValue: UInt64(data.1) | UInt64(data.4) << 32)
    }
}
