import Testing

@testable import Samples

@Suite("The dice")
struct SplitMixTests {
    @Test("are SplitMix64: they give the numbers of the reference implementation")
    func published() {
        var dice = SplitMix(state: 1_234_567)
        let numbers = (0..<5).map { _ in dice.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("have streams of one seed that share nothing")
    func streams() {
        var numbers: Set<UInt64> = []
        for stream in 0..<100 as Range<UInt64> {
            var dice = SplitMix(seed: 7, stream: stream)
            for _ in 0..<100 { numbers.insert(dice.next()) }
        }
        #expect(numbers.count == 10_000)
    }

    @Test("fall on every side, about as often")
    func fairness() {
        var dice = SplitMix(seed: 1, stream: 1)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[dice.below(7)] += 1 }
        #expect(counts.allSatisfy { (9_600...10_400).contains($0) }, "\(counts)")
    }
}
