import Foundation

/// SplitMix64: the same numbers for the same seed on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// A seed of `PROFILEVAULT_SEED`, else a fresh one; printed, so that a failure can be played again.
    public static func announced(_ test: String) -> SeededGenerator {
        let given = ProcessInfo.processInfo.environment["PROFILEVAULT_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...(.max))
        print("\(test): PROFILEVAULT_SEED=\(seed)")
        return SeededGenerator(seed: seed)
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `input` with a few bytes changed, dropped, doubled or moved: what a parser must survive.
    ///
    /// Half of the new bytes are `interesting` ones, which mean something to the parser.
    public mutating func mutate(_ input: [UInt8], interesting: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...6, using: &self) {
            let fresh =
                Bool.random(using: &self)
                ? interesting.randomElement(using: &self) ?? 0 : UInt8.random(in: 0...255, using: &self)
            let place = Int.random(in: 0...bytes.count, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes.insert(fresh, at: place)
            case 1 where place < bytes.count: bytes[place] = fresh
            case 2 where place < bytes.count: bytes.remove(at: place)
            case 3:
                let end = min(bytes.count, place + Int.random(in: 0...12, using: &self))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &self))
            default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...8, using: &self)))
            }
        }
        return bytes
    }

    /// How many inputs a mutation test tries: `PROFILEVAULT_SOAK=1` asks for the long run.
    public static func rounds(quick: Int, soak: Int) -> Int {
        ProcessInfo.processInfo.environment["PROFILEVAULT_SOAK"] == "1" ? soak : quick
    }
}
