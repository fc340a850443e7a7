// What apus does not do yet: one row for each feature. Take a row away when the feature works.
import JSON
import Linux

/// A feature of the schema that apus parses and refuses. A value that asks for nothing is fine.
struct Unsupported {
    /// What is refused, as the message names it.
    let feature: String
    /// Pointers to where the configuration asks for it.
    let requests: @Sendable (Spec) -> [String]

    private init(_ feature: String, _ requests: @escaping @Sendable (Spec) -> [String]) {
        self.feature = feature
        self.requests = requests
    }

    static let rules: [Rule] = [
        Rule("unsupported", "CHANGELOG.md") { spec, report in
            for row in table {
                for pointer in row.requests(spec) {
                    report.error(pointer, "\(row.feature) is not supported yet")
                }
            }
        }
    ]

    /// The pointer when the condition holds.
    private static func at(_ pointer: String, when asked: Bool) -> [String] { asked ? [pointer] : [] }

    private static let table: [Unsupported] = processTable

    private static let processTable: [Unsupported] = [
        Unsupported("a container without a process") { at("/process", when: $0.process == nil) }
    ]
}
