import Consent
import Core
import Secrets
import Vault

/// Counts, person by person, what a comparison of two policy sets comes to.
struct EffectCount {
    private struct Tally {
        var people = 0
        /// In the order of the comparison's fields.
        var fields: [Int]
        var examples: [String] = []
    }

    private let comparison: PolicyComparison
    private let limit: Int
    /// Thrown away with the count: the names that people have in it lead nowhere afterwards.
    private let key: AuthenticationKey
    /// For each case of the comparison one of each kind.
    private var tallies: [Tally]
    private(set) var people = 0

    /// `limit` is how many people at most are named as examples of one effect.
    init(_ comparison: PolicyComparison, examples limit: Int) throws {
        self.comparison = comparison
        self.limit = limit
        key = try AuthenticationKey.random()
        let none = Tally(fields: [Int](repeating: 0, count: comparison.fields.count))
        tallies = [Tally](repeating: none, count: comparison.cases.count * Simulation.Kind.allCases.count)
    }

    /// Counts one person in, whose consents and fields these are.
    mutating func add(_ row: ProfileRow, _ head: ConsentHead, at time: Timestamp) {
        people += 1
        let standings = comparison.purposes.map { purpose in
            (
                old: purpose.old.map { head.standing(for: $0, at: time).holds } ?? false,
                new: purpose.new.map { head.standing(for: $0, at: time).holds } ?? false
            )
        }
        let present = comparison.fields.map { row.record.cell($0.number) != nil }
        var name: String?
        for (number, item) in comparison.cases.enumerated() {
            let changes =
                switch standings[item.purpose] {
                case (true, true): item.ofBoth
                case (false, true): item.ofNew
                case (true, false): item.ofOld
                case (false, false): [PolicyComparison.FieldChange]()
                }
            var touched: Set<Int> = []
            for change in changes where present[change.field] {
                let tally = place(of: change.kind, in: number)
                tallies[tally].fields[change.field] += 1
                touched.insert(tally)
            }
            guard !touched.isEmpty else { continue }
            let pseudonym = name ?? pseudonym(of: row.subject.id)
            name = pseudonym
            for tally in touched { Self.count(pseudonym, &tallies[tally], limit: limit) }
        }
    }

    /// The smallest names are kept: they say nothing about who came first.
    private static func count(_ pseudonym: String, _ tally: inout Tally, limit: Int) {
        tally.people += 1
        guard tally.examples.count < limit || tally.examples.last.map({ pseudonym < $0 }) == true else { return }
        tally.examples.insert(pseudonym, at: tally.examples.firstIndex { $0 > pseudonym } ?? tally.examples.count)
        if tally.examples.count > limit { tally.examples.removeLast() }
    }

    private func place(of kind: Simulation.Kind, in number: Int) -> Int {
        number * Simulation.Kind.allCases.count + kind.place
    }

    private func pseudonym(of id: ProfileID) -> String {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault simulation pseudonym v1")
        hash.update(id.bytes)
        return "person-" + hex(Array(hash.finish().prefix(6)))
    }

    /// What was counted, in the order of the comparison.
    var effects: [Simulation.Effect] {
        comparison.cases.enumerated().flatMap { number, item in
            Simulation.Kind.allCases.compactMap { kind -> Simulation.Effect? in
                let tally = tallies[place(of: kind, in: number)]
                guard tally.people > 0 else { return nil }
                return Simulation.Effect(
                    asker: item.asker, purpose: comparison.purposes[item.purpose].name, kind: kind,
                    people: tally.people,
                    fields: zip(comparison.fields, tally.fields).filter { $0.1 > 0 }.map {
                        Simulation.FieldCount(field: $0.name, people: $1)
                    },
                    examples: tally.examples)
            }
        }
    }
}

extension Simulation.Kind {
    /// Where it stands among all kinds.
    fileprivate var place: Int {
        switch self {
        case .gained: 0
        case .lost: 1
        case .unmasked: 2
        case .masked: 3
        }
    }
}
