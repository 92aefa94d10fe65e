import Consent
import Core
import Secrets
import Vault

/// Counts, person by person, what a comparison of two policy sets comes to.
struct EffectCount {
    private struct Key: Hashable {
        /// Places in the comparison's cases, and of the kind.
        let number: Int
        let kind: Simulation.Kind
    }

    private struct Tally {
        var people = 0
        var fields: [Int: Int] = [:]
        var examples: [String] = []
    }

    private let comparison: PolicyComparison
    private let limit: Int
    /// Thrown away with the count: the names that people have in it lead nowhere afterwards.
    private let key: AuthenticationKey
    private var tallies: [Key: Tally] = [:]
    private(set) var people = 0

    /// `limit` is how many people at most are named as examples of one effect.
    init(_ comparison: PolicyComparison, examples limit: Int) throws {
        self.comparison = comparison
        self.limit = limit
        key = try AuthenticationKey.random()
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
            var touched: Set<Simulation.Kind> = []
            for change in changes where present[change.field] {
                tallies[Key(number: number, kind: change.kind), default: Tally()].fields[change.field, default: 0] += 1
                touched.insert(change.kind)
            }
            guard !touched.isEmpty else { continue }
            let pseudonym = name ?? pseudonym(of: row.subject.id)
            name = pseudonym
            for kind in touched { count(pseudonym, Key(number: number, kind: kind)) }
        }
    }

    /// The smallest names are kept: they say nothing about who came first.
    private mutating func count(_ pseudonym: String, _ key: Key) {
        tallies[key]?.people += 1
        let place = tallies[key]?.examples.firstIndex { $0 > pseudonym } ?? tallies[key]?.examples.count ?? 0
        tallies[key]?.examples.insert(pseudonym, at: place)
        if let count = tallies[key]?.examples.count, count > limit { tallies[key]?.examples.removeLast() }
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
                guard let tally = tallies[Key(number: number, kind: kind)] else { return nil }
                return Simulation.Effect(
                    asker: item.asker, purpose: comparison.purposes[item.purpose].name, kind: kind,
                    people: tally.people,
                    fields: tally.fields.sorted { $0.key < $1.key }.map {
                        Simulation.FieldCount(field: comparison.fields[$0.key].name, people: $0.value)
                    },
                    examples: tally.examples)
            }
        }
    }
}
