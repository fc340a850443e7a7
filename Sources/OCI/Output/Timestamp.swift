// A moment as RFC 3339 writes it, in UTC.

/// A moment since 1970 (CLOCK_REALTIME).
public struct Timestamp: Sendable, Equatable, CustomStringConvertible {
    public var seconds: Int64
    /// 0 to 999999999.
    public var nanoseconds: Int64

    public init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// `2026-11-23T17:13:16Z`, with as many decimals as needed for the nanoseconds.
    public var description: String {
        let (days, time) = Timestamp.floorDivide(seconds, by: 86400)
        let (year, month, day) = Timestamp.date(ofDay: days)
        // As bytes: each start writes one of these, and a dozen small strings cost more than all else in it.
        var text: [UInt8] = []
        text.reserveCapacity(40)
        Timestamp.append(year, 4, UInt8(ascii: "-"), to: &text)
        Timestamp.append(month, 2, UInt8(ascii: "-"), to: &text)
        Timestamp.append(day, 2, UInt8(ascii: "T"), to: &text)
        Timestamp.append(time / 3600, 2, UInt8(ascii: ":"), to: &text)
        Timestamp.append(time / 60 % 60, 2, UInt8(ascii: ":"), to: &text)
        Timestamp.append(time % 60, 2, UInt8(ascii: "."), to: &text)
        Timestamp.append(nanoseconds, 9, UInt8(ascii: "0"), to: &text)
        while text.last == UInt8(ascii: "0") { text.removeLast() }
        if text.last == UInt8(ascii: ".") { text.removeLast() }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends `number`, at least `width` digits long, and `mark`.
    private static func append(_ number: Int64, _ width: Int, _ mark: UInt8, to text: inout [UInt8]) {
        var unit: Int64 = 1
        for _ in 1..<width { unit *= 10 }
        while number / unit > 9 { unit *= 10 }
        while unit > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
            unit /= 10
        }
        text.append(mark)
    }

    private static func floorDivide(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
        let remainder = (number % divisor + divisor) % divisor
        return ((number - remainder) / divisor, remainder)
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is the
    /// last of its year and 400 years are a whole number of days.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
