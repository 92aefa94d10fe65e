import Audit
import Consent
import Core
import Storage
import Vault

extension Export {
    /// People who are looked at again at once.
    private static let recheckSize = 4096

    /// A row that must not go out any more.
    private struct Lapse {
        let place: Int
        let reason: WithheldReason
    }

    /// What is recorded; it counts once its transaction is committed.
    private struct Ending {
        let places: [Int]
        var list: ReleaseList
        var withheld: [WithheldReason: Int]
    }

    /// Ends the export: its entry is in the log when this returns, and what was made may go out.
    ///
    /// Everybody in a file is asked about once more, in the transaction of the entry, so that no consent can change
    /// between the answer and the entry; other changes wait meanwhile. A stream has left already.
    ///
    /// - Returns: the places of rows that must be taken out first, ascending, counted in the order they were made.
    package func finish() throws -> [Int] {
        let now = try now()
        guard delivery == .file else {
            try gate.audit.record(entry(.done, at: now, facts: totals(released, withheld)))
            return []
        }
        let authorization = Authorization(
            principal: request.caller.principal, action: .export, tenant: gate.tenant.id, purpose: request.purpose,
            decision: decision, time: now)
        let ending = try gate.audit.mutate(authorization) { mutation -> Ending in
            let gone = try lapsed(at: now, on: mutation.connection)
            var ending = Ending(places: gone.map(\.place), list: released, withheld: withheld)
            for lapse in gone { ending.withheld[lapse.reason, default: 0] += 1 }
            if !gone.isEmpty {
                ending.list = released.without(ending.places)
                mutation.note("taken_out", JSON(gone.count))
            }
            for (name, value) in totals(ending.list, ending.withheld) { mutation.note(name, value) }
            mutation.attach(detail: gate.audit.seal(ending.list, of: decision))
            return ending
        }
        released = ending.list
        withheld = ending.withheld
        numbers = []
        return ending.places
    }

    /// Records that the export did not come to its end; `reason` is a word of the program.
    ///
    /// Of a file nothing is left then; what went into a stream is listed.
    package func fail(_ reason: String) throws {
        let time = try gate.now()
        var facts: [(name: String, value: JSON)] = [("stage", "ended"), ("reason", JSON(reason))] + constants
        switch delivery {
        case .file: facts.append(("written", JSON(released.count)))
        case .stream:
            facts += [("released", JSON(released.count)), ("released_root", JSON(hex(released.root)))]
        }
        try gate.audit.record(entry(.failed, at: time, facts: facts))
    }

    private func totals(
        _ list: ReleaseList, _ withheld: [WithheldReason: Int]
    ) -> [(name: String, value: JSON)] {
        var reasons = JSONObject()
        for reason in WithheldReason.allCases { reasons[reason.rawValue] = withheld[reason].map { JSON($0) } }
        return [
            ("stage", "ended"), ("people", JSON(list.count + withheld.values.reduce(0, +))),
            ("released", JSON(list.count)), ("released_root", JSON(hex(list.root))), ("withheld", .object(reasons)),
        ] + constants
    }

    /// Whose row must go: they withdrew, their consent ran out, processing was restricted, or they are gone.
    private func lapsed(at now: Timestamp, on connection: any Connection) throws -> [Lapse] {
        var lapsed: [Lapse] = []
        let reader = try gate.ledger.reader(of: gate.tenant.id, on: connection)
        for start in stride(from: 0, to: numbers.count, by: Self.recheckSize) {
            let places = start..<min(start + Self.recheckSize, numbers.count)
            let ids = released.people[places]
            guard let first = ids.min(), let final = ids.max() else { break }
            let present = try gate.profiles.ids(in: first...final, on: connection)
            var standings: [ProfileID: Standing] = [:]
            try reader.forEach(in: numbers[places.lowerBound]...numbers[places.upperBound - 1]) { subject, head in
                standings[subject.id] = head.standing(for: purpose, at: now)
            }
            for place in places {
                let id = released.people[place]
                guard present.contains(id) else {
                    lapsed.append(Lapse(place: place, reason: .absent))
                    continue
                }
                let subject = Subject(tenant: gate.tenant.id, number: numbers[place], id: id)
                // A head that the walk did not bring is missing or another's: asking for it says which.
                let standing =
                    try standings[id]
                    ?? gate.ledger.head(of: subject, on: connection).standing(for: purpose, at: now)
                if case .closed(let reason) = standing { lapsed.append(Lapse(place: place, reason: reason)) }
            }
        }
        return lapsed
    }
}

extension ReleaseList {
    /// The list without the people at some places, which ascend.
    fileprivate func without(_ places: [Int]) -> ReleaseList {
        var rest = places[...]
        return ReleaseList(
            people.enumerated().filter { place, _ in
                guard rest.first == place else { return true }
                rest.removeFirst()
                return false
            }.map(\.element))
    }
}
