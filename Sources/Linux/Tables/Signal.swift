// Signals by name and number (signal(7)); the numbers are those of x86-64 and arm64.

/// A signal, known by its number.
public struct Signal: Sendable, Equatable {
    public let number: Int32

    public static let kill = Signal(number: 9)
    public static let term = Signal(number: 15)

    /// The last one, SIGRTMAX.
    public static let last: Int32 = 64

    public init(number: Int32) {
        self.number = number
    }

    /// Reads what `kill ID SIGNAL` accepts: a number from 0 to 64, or a name in either case, with or without `SIG`;
    /// real-time signals as `RTMIN`, `RTMIN+n`, `RTMAX`, `RTMAX-n`, where RTMIN is the C library's 34.
    public init?(parsing text: String) {
        if let number = Self.decimal(text) {
            guard number <= Self.last else { return nil }
            self.number = number
            return
        }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if name.isEmpty { return nil }
        if let index = position(of: name, in: Self.names) {
            number = Int32(index)
        } else if let alias = Self.aliases.first(where: { $0.name == name }) {
            number = alias.number
        } else if let realTime = Self.realTime(name) {
            number = realTime
        } else {
            return nil
        }
    }

    /// The name with `SIG`, or the number of a signal without a name.
    public var name: String {
        if number > 0, number < Self.names.count { return "SIG" + Self.names[Int(number)] }
        if number >= Self.realTimeFirst, number <= Self.last {
            return number == Self.realTimeFirst ? "SIGRTMIN" : "SIGRTMIN+\(number - Self.realTimeFirst)"
        }
        return String(number)
    }

    /// Names without `SIG`; the index is the number. 0 is no signal, and the empty name is refused before the search.
    static let names: [String] = [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
        "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ]

    private static let aliases: [(name: String, number: Int32)] = [("IOT", 6), ("CLD", 17), ("POLL", 29)]

    private static let realTimeFirst: Int32 = 34

    private static func realTime(_ name: String) -> Int32? {
        if name == "RTMIN" { return realTimeFirst }
        if name == "RTMAX" { return last }
        let count = last - realTimeFirst
        guard let offset = decimal(name.dropFirst(6)), offset <= count else { return nil }
        if name.hasPrefix("RTMIN+") { return realTimeFirst + offset }
        if name.hasPrefix("RTMAX-") { return last - offset }
        return nil
    }

    /// One to three digits and nothing else: no sign, no blanks.
    private static func decimal(_ text: some StringProtocol) -> Int32? {
        var value: Int32 = 0
        var digits = 0
        for byte in text.utf8 {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 3 else { return nil }
            value = value * 10 + Int32(byte - UInt8(ascii: "0"))
            digits += 1
        }
        return digits > 0 ? value : nil
    }
}
