// poll(2) with several descriptors and directions.
import CLinux

public struct PollEvents: OptionSet, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let input = PollEvents(rawValue: 1)
    public static let output = PollEvents(rawValue: 4)
}

/// `struct pollfd`; a negative descriptor is left out.
public struct PollTarget: Sendable {
    private var descriptor: Int32
    private var asked: UInt16
    private var found: UInt16 = 0

    public init(_ descriptor: Int32, _ events: PollEvents) {
        self.descriptor = descriptor
        asked = events.rawValue
    }

    public var isReady: Bool { found != 0 }
    public var hasInput: Bool { found & 1 != 0 }
    public var hasOutput: Bool { found & 4 != 0 }
    /// POLLERR, POLLHUP or POLLNVAL.
    public var hasHungUp: Bool { found & (8 | 16 | 32) != 0 }
}

extension Syscall {
    /// ppoll(2): how many are ready; 0 after `milliseconds` (-1: no limit). The list must not be empty.
    public static func poll(_ entries: inout [PollTarget], milliseconds: Int) throws(Errno) -> Int {
        var timeout = (milliseconds / 1000, milliseconds % 1000 * 1_000_000)
        let count = entries.count
        return try withAddress(of: &timeout) { (timeout) throws(Errno) -> Int in
            try withAddress(of: &entries[0]) { (entries) throws(Errno) -> Int in
                try call(.ppoll, entries, count, milliseconds < 0 ? 0 : timeout, 0, 8)
            }
        }
    }

    /// One write(2): how many bytes it took.
    public static func writeSome(_ descriptor: Int32, _ bytes: [UInt8]) throws(Errno) -> Int {
        try withAddress(of: bytes) { (start) throws(Errno) -> Int in
            try call(.write, Int(descriptor), start, min(bytes.count, 4096))
        }
    }
}
