// The smallest memory limit at which a container still starts: five times of five, halving until it never does.
import Foundation

struct SmallestLimit {
    let cases: Cases
    let options: Options
    static let greatest = 16 << 20
    static let least = 32 << 10
    static let tries = 5

    func measure(_ who: Contestant) throws {
        var limit = Self.greatest
        while limit >= Self.least {
            let bundle = try Bundle(
                path: "\(options.work)/limit-\(who.name)-\(limit)", program: options.program
            ) { config in
                edit(&config, "linux") { linux in
                    edit(&linux, "resources") { $0["memory"] = ["limit": limit] }
                }
            }
            var started = 0
            for _ in 0..<Self.tries {
                do {
                    _ = try cases.run(who, bundle)
                    started += 1
                } catch let trouble as Trouble {
                    who.troubles["limit"] = trouble.message
                }
            }
            progress("\(who.name): \(limit >> 10) KiB: \(started) of \(Self.tries) start")
            if started == Self.tries { who.smallestLimit = limit }
            if started == 0 { return }
            limit /= 2
        }
    }
}
