// Plain file work for rootfs trees and for looking at /proc and /sys.
import Foundation

enum Files {
    /// The text of a file, also of /proc files that report no size; nil when it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ path: String, _ text: String, mode: mode_t = 0o644) throws {
        try makeDirectory((path as NSString).deletingLastPathComponent)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw problem("write", path) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)
        let count = bytes.count
        guard Glibc.write(descriptor, &bytes, count) == count else { throw problem("write", path) }
        fchmod(descriptor, mode)
    }

    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws {
        if mkdir(path, mode) == 0 {
            chmod(path, mode)
            return
        }
        if errno == ENOENT {
            try makeDirectory((path as NSString).deletingLastPathComponent)
            try makeDirectory(path, mode: mode)
        } else if errno != EEXIST {
            throw problem("mkdir", path)
        }
    }

    static func symlink(_ path: String, to target: String) throws {
        try makeDirectory((path as NSString).deletingLastPathComponent)
        guard Glibc.symlink(target, path) == 0 else { throw problem("symlink", path) }
    }

    static func link(_ path: String, to existing: String) throws {
        try makeDirectory((path as NSString).deletingLastPathComponent)
        guard Glibc.link(existing, path) == 0 else { throw problem("link", path) }
    }

    static func copy(_ source: String, to path: String, mode: mode_t = 0o755) throws {
        try makeDirectory((path as NSString).deletingLastPathComponent)
        try FileManager.default.copyItem(atPath: source, toPath: path)
        chmod(path, mode)
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func readLink(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count - 1)
        return count < 0
            ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func names(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }

    static func problem(_ call: String, _ path: String) -> Failure {
        Failure("the test itself: \(call) \(path): \(String(cString: strerror(errno)))")
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
    var lines: [String] { split(separator: "\n", omittingEmptySubsequences: true).map(String.init) }
    var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }
}
