// Formats that engines parse.
enum Contract {
    /// True for a time as RFC 3339 writes it, with or without fractions.
    static func isRFC3339(_ text: String) -> Bool {
        let pattern = #/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/#
        return text.wholeMatch(of: pattern) != nil
    }
}
