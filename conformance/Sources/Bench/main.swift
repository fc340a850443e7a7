// Measures runtimes against each other, interleaved, so that all of them meet the same moods of the machine.
import Foundation

func progress(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}

func times(_ options: Options, _ contestants: [Contestant]) throws {
    let cases = try Cases(options)
    try cases.withCreated(contestants) { created in
        let all = cases.all(created)
        for round in 0..<options.rounds {
            for `case` in all {
                // Whoever comes after a big one finds cold caches: all orders in turn.
                let first = round % contestants.count
                var order = Array(contestants[first...] + contestants[..<first])
                if round / contestants.count % 2 == 1 { order.reverse() }
                for who in order where who.troubles[`case`.title] == nil {
                    do {
                        try `case`.prepare(who)
                        who.samples[`case`.title, default: []].append(try `case`.run(who))
                    } catch let trouble as Trouble {
                        who.troubles[`case`.title] = trouble.message
                        progress("\(who.name): \(`case`.title): \(trouble.message)")
                    }
                }
            }
            if (round + 1) % 10 == 0 { progress("\(round + 1) of \(options.rounds) rounds") }
        }
        let table = Table(contestants: contestants)
        table.printHeader()
        for `case` in all { table.print(`case`) }
    }
}

func limits(_ options: Options, _ contestants: [Contestant]) throws {
    let cases = try Cases(options)
    for who in contestants { try SmallestLimit(cases: cases, options: options).measure(who) }
    Table(contestants: contestants).printLimits()
}

do {
    let options = try Options(CommandLine.arguments.dropFirst())
    let contestants = try options.contestants.map {
        try Contestant(name: $0.name, binary: $0.binary, work: options.work)
    }
    if options.part == "times" {
        for who in contestants { progress("\(who.name): \(who.binary): \(who.version())") }
        try times(options, contestants)
    } else {
        try limits(options, contestants)
    }
} catch {
    progress("bench: \((error as? Trouble)?.message ?? "\(error)")")
    exit(1)
}
