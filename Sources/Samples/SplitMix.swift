/// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
///
/// The same numbers for the same seed on every machine and with every release of the standard library, whose own
/// random choices may change. Each person has a stream, so that anybody can be made again without those before.
struct SplitMix: Sendable {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    private var state: UInt64

    /// One of the streams of a seed: streams of one seed have nothing to do with each other.
    init(seed: UInt64, stream: UInt64) { state = Self.mix(Self.mix(seed &+ Self.step) &+ stream &* Self.step) }

    /// The generator as published, from one number.
    init(state: UInt64) { self.state = state }

    mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mix(state)
    }

    /// A whole number from 0, less than `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// Whether it happens, when it happens `part` times in `whole`.
    mutating func chance(_ part: Int, in whole: Int = 1000) -> Bool { below(whole) < part }

    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

    /// Prefers what stands early in the list, as common names are more common.
    mutating func pickCommon<T>(_ list: [T]) -> T { list[min(below(list.count), below(list.count))] }

    private static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
