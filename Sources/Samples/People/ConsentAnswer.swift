/// What a person said when asked for consent.
package enum ConsentAnswer: String, Sendable, CaseIterable {
    case yes
    case blank = ""
    case no

    /// The purposes that are asked for, and how many of a thousand people say yes and nothing.
    package static let purposes: [(name: String, yes: Int, blank: Int)] = [
        ("personalization", 520, 220), ("marketing_email", 380, 260), ("analytics", 580, 200), ("profiling", 240, 300),
    ]

    /// An answer a purpose. Half of the answers follow one attitude, because people tick all the boxes or none.
    static func drawn(by dice: inout SplitMix) -> [ConsentAnswer] {
        let attitude = dice.below(1000)
        return purposes.map { purpose in
            let roll = dice.chance(500) ? attitude : dice.below(1000)
            if roll < purpose.yes { return .yes }
            return roll < purpose.yes + purpose.blank ? .blank : .no
        }
    }
}
