import Core

/// One time at which a person answered, and all their answers as they stood then.
struct ConsentMoment: Sendable {
    let time: Timestamp
    /// In the order of `ConsentAnswer.purposes`.
    let answers: [ConsentAnswer]

    private static let counts = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4]

    /// What a person said over time, the oldest first: at sign-up, and whenever they saved their settings since.
    ///
    /// - Parameters:
    ///   - newest: where they have come to.
    ///   - shopping: nobody shops before they have signed up.
    ///   - offset: the hours of the person's clock before UTC.
    ///   - dice: the person's.
    /// - Returns: one to four moments, the last of them with `newest`.
    static func drawn(
        upTo newest: [ConsentAnswer], _ shopping: Shopping, offset: Int, by dice: inout SplitMix
    ) -> [ConsentMoment] {
        // From the end backwards, since the end is known.
        var answers = [newest]
        for _ in 1..<dice.pick(counts) {
            // Some save what stands already.
            answers.append(dice.chance(200) ? answers[answers.count - 1] : before(answers[answers.count - 1], &dice))
        }
        let first = shopping.happenings.first?.time ?? Shopping.time(offset, &dice)
        let signUp = first.adding(seconds: -Int64(120 + dice.below(90 * 86_400)))
        let span = Int(Shopping.end.milliseconds - signUp.milliseconds) / 1000 - 3600
        let later = (1..<answers.count).map { _ in dice.below(span) }.sorted()
        return zip([0] + later, answers.reversed()).enumerated().map { place, moment in
            // Apart by a minute at least.
            ConsentMoment(time: signUp.adding(seconds: Int64(moment.0 + place * 60)), answers: moment.1)
        }
    }

    /// What may have stood before: what is blank now was never answered.
    private static func before(_ answers: [ConsentAnswer], _ dice: inout SplitMix) -> [ConsentAnswer] {
        answers.map { answer in
            guard answer != .blank, dice.chance(450) else { return answer }
            if dice.chance(250) { return .blank }
            return answer == .yes ? .no : .yes
        }
    }
}
