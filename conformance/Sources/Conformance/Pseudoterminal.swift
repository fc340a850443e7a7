// Terminals as a test holds them: one for the runtime to run on, or one that a runtime sends to a console socket.
import Foundation
import Launch

/// The multiplexer end of a pseudoterminal.
final class Terminal {
    let descriptor: Int32
    /// The peer's path; empty for a received one.
    let path: String
    private var bytes: [UInt8] = []
    /// What came so far, with plain ends of lines.
    var text: String { String(decoding: bytes.filter { $0 != 13 }, as: UTF8.self) }

    /// A new one on this host.
    init() throws {
        var name = [CChar](repeating: 0, count: 64)
        descriptor = open_terminal(&name, 64)
        guard descriptor >= 0 else { throw Failure("the test itself: no pseudoterminal") }
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    init(received descriptor: Int32) {
        self.descriptor = descriptor
        path = ""
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    func type(_ text: String) {
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
    }

    /// Waits until `part` was printed.
    func expect(_ part: String, within limit: Double = 5) throws {
        let found = eventually(within: limit) {
            collect()
            return text.contains(part)
        }
        try check(found, "the terminal never showed \"\(part)\", only \"\(text.suffix(300))\"")
    }

    func collect() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, 4096)
            if count <= 0 { return }
            bytes += buffer[..<count]
        }
    }

    func resize(_ rows: Int32, _ columns: Int32) { _ = set_terminal_size(descriptor, rows, columns) }
    var isRaw: Bool { terminal_is_raw(descriptor) == 1 }
    var size: String {
        var columns: Int32 = 0
        let rows = terminal_size(descriptor, &columns)
        return "\(rows)x\(columns)"
    }
}

/// A socket that waits for a descriptor.
final class Receiver {
    let path: String
    private let listener: Int32
    private(set) var payload = ""

    init(_ trial: Trial, packets: Bool = false, datagrams: Bool = false) throws {
        // Paths of sockets are short.
        let kind = datagrams ? SOCK_DGRAM : packets ? SOCK_SEQPACKET : SOCK_STREAM
        path = "/run/\(trial.mark).\(UInt32.random(in: 0...999_999))"
        listener = listen_at(path, Int32(kind.rawValue))
        guard listener >= 0 else { throw Failure("the test itself: cannot listen at \(path)") }
    }

    deinit {
        close(listener)
        unlink(path)
    }

    /// The descriptor that somebody sends.
    func receive() throws -> Int32 {
        var buffer = [CChar](repeating: 0, count: 4096)
        let descriptor = receive_descriptor(listener, &buffer, 4096)
        guard descriptor >= 0 else { throw Failure("no descriptor came to \(path)") }
        payload = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return descriptor
    }

    /// The next datagram.
    func receiveText() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard receive_datagram(listener, &buffer, 4096) >= 0 else {
            throw Failure("no datagram came to \(path)")
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
