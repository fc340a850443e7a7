// Chance that can be repeated: SplitMix64, and choices made with it.

/// Numbers that are the same for the same seed.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

    mutating func one<T>(of list: [T]) -> T { list[below(list.count)] }

    mutating func some<T>(of list: [T], percent: Int = 40) -> [T] {
        var chosen: [T] = []
        for element in list where happens(percent) { chosen.append(element) }
        return chosen
    }
}
