// The table, as Markdown: minimum and median of each, and the ratios of the minima.
import Foundation

struct Table {
    let contestants: [Contestant]

    private struct Column: Sendable {
        let title: String
        let unit: String
        let value: @Sendable (Sample) -> Double
    }

    private static let columns = [
        Column(title: "CPU", unit: "ms") { $0.cpu },
        Column(title: "wall", unit: "ms") { $0.wall },
        Column(title: "peak RSS", unit: "MiB") { $0.peak / 1024 },
    ]

    func printHeader() {
        let names = contestants.map(\.name)
        let ratios = names.dropFirst().map { "\(names[0]) ÷ \($0)" }
        let titles = ["", "min (median)"] + names + ratios
        Swift.print("| " + titles.joined(separator: " | ") + " |")
        Swift.print("|" + String(repeating: "---|", count: titles.count))
    }

    func print(_ case: Case) {
        for column in Self.columns {
            // The peak of the other commands says nothing that that of `run` does not.
            if column.title == "peak RSS", `case`.title != "`run`, minimal" { continue }
            let values = contestants.map { who in
                (who.samples[`case`.title] ?? []).map(column.value).sorted()
            }
            let cells = values.map { values in
                values.isEmpty ? "–" : format(values[0]) + " (" + format(values[values.count / 2]) + ")"
            }
            row(`case`.title, "\(column.title), \(column.unit)", cells, values.map(\.first))
        }
    }

    func printLimits() {
        let limits = contestants.map { $0.smallestLimit.map { Double($0) / 1024 } }
        let cells = limits.map { $0.map { "\(Int($0))" } ?? "–" }
        row("smallest memory limit that starts 5 of 5", "KiB", cells, limits)
    }

    private func row(_ title: String, _ unit: String, _ cells: [String], _ minima: [Double?]) {
        let ratios = minima.dropFirst().map { other in
            guard let other, let own = minima[0], other > 0 else { return "–" }
            return String(format: "%.2f", own / other)
        }
        Swift.print("| " + ([title, unit] + cells + ratios).joined(separator: " | ") + " |")
    }

    private func format(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }
}
