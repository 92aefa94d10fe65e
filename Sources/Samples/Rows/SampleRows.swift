/// Synthetic customers, row by row: of many countries, some of them twice, some of it dirt.
///
/// The same seed gives the same rows on every machine. People are made one at a time from the seed and their place in
/// the order, so memory does not grow, and a smaller sample is the beginning of a larger one.
package struct SampleRows: Sequence, IteratorProtocol, Sendable {
    /// More people would have telephone numbers and addresses of others.
    package static let mostProfiles = 10_000_000

    private let profiles: Int
    private let seed: UInt64
    private var index = 0
    /// Draws what belongs to rows and not to people.
    private var dice: SplitMix
    private var pending: SampleRow?

    /// After 87 of a thousand first rows comes another row of somebody: 8 % of all rows.
    private static let duplicates = 87

    /// - Parameters:
    ///   - profiles: how many people; the further rows of some come on top.
    ///   - seed: any number.
    package init(profiles: Int, seed: UInt64) {
        precondition((0...Self.mostProfiles).contains(profiles), "so many people have no numbers of their own")
        self.profiles = profiles
        self.seed = seed
        dice = SplitMix(seed: seed, stream: .max)
    }

    package mutating func next() -> SampleRow? {
        if let row = pending {
            pending = nil
            return row
        }
        guard index < profiles else { return nil }
        // Every row's dice start from the place of its person, so that nothing depends on rows before.
        dice = SplitMix(seed: seed, stream: UInt64(index) << 1 | 1)
        let person = Person(index, seed: seed)
        var row = SampleRow(person, index: index, isDuplicate: false, by: &dice)
        row.consents = person.consents.map { SampleConsent($0, of: person) }
        row.events = person.shopping.happenings.map { SampleEvent($0, of: person) }
        row.soil(by: &dice)
        if dice.chance(Self.duplicates) { pending = duplicate(after: index) }
        index += 1
        return row
    }

    /// Half of the second rows follow soon, of somebody who pressed the button twice; the others come any time later.
    private mutating func duplicate(after index: Int) -> SampleRow {
        let back = dice.chance(500) ? Swift.min(index + 1, 40) : index + 1
        let earlier = index - dice.below(back)
        let person = earlier == index ? Person(index, seed: seed) : Person(earlier, seed: seed)
        var row = SampleRow(person, index: earlier, isDuplicate: true, by: &dice)
        row.vary(person, by: &dice)
        row.soil(by: &dice)
        return row
    }
}
