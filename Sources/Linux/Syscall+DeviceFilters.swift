// Device filters that are attached to a cgroup already: finding, replacing and detaching them (bpf(2)).
import CLinux

extension Syscall {
    private static let bpf = SystemCall(__NR_bpf)

    /// The ids of the device filters attached to the cgroup v2 directory `cgroup` itself (BPF_PROG_QUERY).
    public static func deviceFilters(of cgroup: Int32) throws(Errno) -> [UInt32] {
        var ids = [UInt32](repeating: 0, count: 64)
        let count = try withAddress(of: &ids[0]) { (ids) throws(Errno) -> Int in
            // target_fd, attach_type; query_flags, attach_flags; prog_ids; prog_cnt.
            var attributes: [UInt64] = [
                UInt64(UInt32(bitPattern: cgroup)) | UInt64(BPF_CGROUP_DEVICE.rawValue) << 32, 0, UInt64(ids),
                64,
                0, 0, 0, 0,
            ]
            try withAddress(of: &attributes[0]) { (attributes) throws(Errno) in
                _ = try call(bpf, Int(BPF_PROG_QUERY.rawValue), attributes, 64)
            }
            return Int(attributes[3] & 0xffff_ffff)
        }
        return Array(ids.prefix(count))
    }

    /// A loaded program by its id (BPF_PROG_GET_FD_BY_ID).
    public static func deviceFilter(id: UInt32) throws(Errno) -> FileDescriptor {
        var attributes: [UInt64] = [UInt64(id), 0]
        let raw = try withAddress(of: &attributes[0]) { (attributes) throws(Errno) -> Int in
            try call(bpf, Int(BPF_PROG_GET_FD_BY_ID.rawValue), attributes, 16)
        }
        return FileDescriptor(owning: Int32(raw))
    }

    /// The name that a program was loaded with (BPF_OBJ_GET_INFO_BY_FD).
    public static func nameOfDeviceFilter(_ program: Int32) throws(Errno) -> String {
        // struct bpf_prog_info has the name at 64, 16 bytes long.
        var info = [UInt8](repeating: 0, count: 80)
        try withAddress(of: &info[0]) { (info) throws(Errno) in
            var attributes: [UInt64] = [UInt64(UInt32(bitPattern: program)) | 80 << 32, UInt64(info)]
            try withAddress(of: &attributes[0]) { (attributes) throws(Errno) in
                _ = try call(bpf, Int(BPF_OBJ_GET_INFO_BY_FD.rawValue), attributes, 16)
            }
        }
        return String(decoding: info[64..<80].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The name of all filters that `loadDeviceFilter` loads.
    public static let deviceFilterName = "apus_dev"

    /// Puts `program` in the place of `old` at once: no device access sees neither of them (BPF_F_REPLACE, Linux 5.6).
    public static func replaceDeviceFilter(
        _ old: Int32, by program: Int32, at cgroup: Int32
    ) throws(Errno) {
        var attributes: [UInt32] = [
            UInt32(bitPattern: cgroup), UInt32(bitPattern: program), UInt32(BPF_CGROUP_DEVICE.rawValue),
            UInt32(BPF_F_ALLOW_MULTI) | 1 << 2, UInt32(bitPattern: old), 0,
        ]
        try withAddress(of: &attributes[0]) { (attributes) throws(Errno) in
            _ = try call(bpf, Int(BPF_PROG_ATTACH.rawValue), attributes, 24)
        }
    }

    /// Takes a filter away from a cgroup (BPF_PROG_DETACH).
    public static func detachDeviceFilter(_ program: Int32, from cgroup: Int32) throws(Errno) {
        var attributes: [UInt32] = [
            UInt32(bitPattern: cgroup), UInt32(bitPattern: program), UInt32(BPF_CGROUP_DEVICE.rawValue), 0,
        ]
        try withAddress(of: &attributes[0]) { (attributes) throws(Errno) in
            _ = try call(bpf, Int(BPF_PROG_DETACH.rawValue), attributes, 16)
        }
    }
}
