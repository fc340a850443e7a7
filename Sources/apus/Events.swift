// ps, events and stats: what containers do, printed.
import Cgroups
import JSON
import Lifecycle
import Linux

func listProcesses(
    _ id: String, _ arguments: [String], _ flags: GivenFlags, _ options: RuntimeOptions
) throws(Failure) {
    guard flags.value(.format) == "json" else {
        return try Output.write(try Verb.processTable(id, arguments: arguments, options))
    }
    var json = JSONWriter()
    let pids = try Verb.processes(id, options)
    json.array { json in for pid in pids { json.value(pid) } }
    json.endLine()
    try Output.write(json.bytes)
}

func events(_ id: String, _ flags: GivenFlags, _ options: RuntimeOptions) throws(Failure) {
    if flags.isOn(.stats) {
        return try Output.write(eventLine(.statistics(try Verb.statistics(id, options)), id))
    }
    try Verb.events(id, interval: try interval(flags) ?? 5000, options) { event throws(Failure) in
        try Output.write(eventLine(event, id))
    }
}

private func interval(_ flags: GivenFlags) throws(Failure) -> Int? {
    guard let text = flags.text(.interval) else { return nil }
    guard let interval = Quantity.duration(text) else {
        throw Failure("invalid value \"\(text)\" for flag --interval: want a duration such as 500ms or 5s")
    }
    return interval
}

/// Shows the table once, or on a terminal again and again until all containers have ended.
func showStatistics(
    _ ids: [String], _ flags: GivenFlags, _ options: RuntimeOptions
) throws(Failure) {
    let interval = try interval(flags) ?? 1000
    if interval <= 0 { throw Failure("duration interval must be greater than 0") }
    let isTerminal = Syscall.isTerminal(1)
    var before = try sample(ids, options)
    repeat {
        Syscall.sleep(milliseconds: interval)
        let now = try sample(ids, options)
        let table = statisticsTable(before, now)
        try Output.write(isTerminal ? "\u{1b}[H\u{1b}[2J" + table : table)
        before = now
    } while isTerminal && !before.isEmpty
}

/// The statistics of one container at one moment of the monotonic clock, in milliseconds.
struct Sample {
    var id: String
    var time: Int
    var statistics: CgroupStatistics
}

/// Of the containers named, or of all that run. One that ends meanwhile is left out, one that was never there is not.
private func sample(_ ids: [String], _ options: RuntimeOptions) throws(Failure) -> [Sample] {
    var samples: [Sample] = []
    for id in ids.isEmpty ? try Verb.list(options).filter({ $0.pid > 0 }).map(\.id) : ids {
        do throws(Failure) {
            let statistics = try Verb.statistics(id, options)
            samples.append(Sample(id: id, time: Syscall.uptime(), statistics: statistics))
        } catch {
            if !ids.isEmpty { throw error }
        }
    }
    return samples
}
