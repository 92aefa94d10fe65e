import Audit
import Consent
package import Core
import Secrets
import Storage
import Synchronization
import Vault

/// The steps of an erasure; cut short after any of them, it is completed at the next opening.
package enum ErasureStep: Int, Sendable, CaseIterable {
    /// The order is in the denial ledger, on disk: the person is not there any more.
    case denied
    /// Nothing in the look-up index leads to them, on disk: later nobody could say what did.
    case unindexed
    /// Their key is destroyed, and with it whatever is sealed under it, wherever it lies.
    case keyless
    /// Their rows are gone, and the ledger says what was done.
    case gone
    /// No log of a store holds an older page of theirs.
    case clean
}

/// Erases one person at a time: denial, index, key, data, and nothing left in the stores' logs.
package final class Erasure: Sendable {
    private let profiles: Profiles
    private let events: Events
    private let lookup: LookupIndex
    private let archive: PolicyArchive
    private let audit: AuditLog
    private let stores: Stores
    private let clock: Clock
    private let turn = Mutex(())

    init(
        profiles: Profiles, events: Events, lookup: LookupIndex, archive: PolicyArchive, audit: AuditLog,
        stores: Stores, clock: Clock
    ) {
        self.profiles = profiles
        self.events = events
        self.lookup = lookup
        self.archive = archive
        self.audit = audit
        self.stores = stores
        self.clock = clock
    }

    private var denials: DenialLedger { profiles.denials }

    /// The stores of `data.db` that hold something of a person; they change in one transaction.
    private var dataStores: [any PersonalStore<Mutation>] {
        [profiles, events, PersonalConsents(database: stores.data), audit, denials]
    }

    /// What every store holds of one person, without values.
    package func describe(_ person: Subject) throws -> [StoreReport] {
        try [profiles.keyring.describe(person), lookup.describe(person)].flatMap { $0 }
            + dataStores.flatMap { try $0.describe(person) }
    }

    /// Erases a person who was found and whose erasure is allowed.
    func run(
        _ row: ProfileRow, _ key: ProfileKeyring.Entry, identifiers: [ProfileSchema.Field], reason: ErasureReason,
        suppressing term: SuppressionTerm, under authorization: Authorization, after: (ErasureStep) throws -> Void
    ) throws -> ErasureRecord {
        try turn.withLock { _ in
            try complete(after: { _ in })
            let person = row.subject
            guard !denials.isErased(person.number) else { throw Gate.unknown }
            let trace = try ErasureTrace(
                of: row, key, identifiers: identifiers, events: events, keys: profiles.tree.keys(of: person.tenant))
            let suppressed = term.suppresses ? trace.suppressions : []
            let order = ErasureOrder(
                request: UniqueID(at: authorization.time, random: Random.words()), subject: person,
                received: authorization.time, decision: authorization.decision, principal: authorization.principal,
                reason: reason,
                suppression: SuppressionSeal(suppressed, expires: term.end(from: authorization.time)))
            let number = try audit.mutate(authorization, outcome: .allowed) { mutation in
                mutation.setSubject(person.id)
                mutation.note("request", JSON(order.request.description))
                mutation.note("reason", JSON(reason.description))
                mutation.note("suppressed", JSON(suppressed.count))
                return try denials.deny(order, suppressing: suppressed, in: mutation)
            }
            try denials.remember(order, number: number, suppressing: suppressed)
            try empty(.data)
            try after(.denied)
            return ErasureRecord(order: order, outcome: try complete(order, number, trace, after: after))
        }
    }

    /// Completes what was cut short, and what a store that was put back has again.
    func resume() throws {
        try turn.withLock { _ in
            let isWhole = try stores.data.read { try audit.rowCounts(on: $0) }
            // A ledger that is not whole cannot be followed; the gate stays closed, and `doctor` says why.
            guard (try? denials.requireWhole(isWhole)) != nil else { return }
            try complete(after: { _ in })
            _ = try profiles.keyring.destroyReturned(denials)
            for store in [Store.data, .index] where try stores[store].statistics().logBytes > 0 {
                // Best effort where nothing is erased: the log is emptied when the store is closed, too.
                _ = try stores[store].checkpoint(.truncate)
            }
        }
    }

    private func complete(after: (ErasureStep) throws -> Void) throws {
        guard let (number, order) = denials.pending else { return }
        _ = try complete(order, number, trace(of: order), after: after)
    }

    /// What can still be traced of somebody whose erasure was cut short.
    private func trace(of order: ErasureOrder) throws -> ErasureTrace {
        guard let row = try profiles.rowToErase(order.subject) else { return ErasureTrace() }
        let key: ProfileKeyring.Entry
        do {
            key = try profiles.keyring.entry(of: order.subject)
        } catch let error as VaultError where error.code == VaultError.keyMissing {
            return ErasureTrace()
        }
        let identifiers = try stores.data.read { try archive.newest(on: $0) }.schema.identifiers
        return try ErasureTrace(
            of: row, key, identifiers: identifiers, events: events,
            keys: profiles.tree.keys(of: order.subject.tenant))
    }

    private func complete(
        _ order: ErasureOrder, _ number: Int64, _ trace: ErasureTrace, after: (ErasureStep) throws -> Void
    ) throws -> ErasureOutcome {
        let person = order.subject
        let change = try profiles.change() + 1
        var reports = try lookup.erase(
            person,
            in: LookupIndex.Removal(
                entries: trace.entries, events: trace.events, change: change, isPartial: trace.isPartial))
        try empty(.index)
        try after(.unindexed)
        reports += try profiles.keyring.erase(person, in: number)
        try after(.keyless)
        let time = max(clock.now(), audit.lastTime)
        let authorization = Authorization(
            principal: order.principal, action: .erase, tenant: person.tenant, purpose: nil, decision: order.decision,
            time: time)
        let outcome = try audit.mutate(authorization) { mutation in
            mutation.setSubject(person.id)
            try profiles.setChange(change, in: mutation)
            for store in dataStores { reports += try store.erase(person, in: mutation) }
            mutation.note("request", JSON(order.request.description))
            mutation.note(
                "stores",
                .object(
                    reports.filter { $0.act == .erased }.reduce(into: JSONObject()) { counts, report in
                        counts[report.store] = report.items.map { JSON($0) } ?? .null
                    }))
            let outcome = ErasureOutcome(
                request: order.request, profile: person.id, finished: time, stores: reports)
            try denials.finish(outcome, in: mutation)
            return outcome
        }
        try denials.remember()
        try after(.gone)
        try empty(.data)
        try after(.clean)
        return outcome
    }

    /// Brings a store's log to disk and leaves nothing in it; readers that last too long are ended.
    private func empty(_ store: Store) throws {
        guard try stores[store].checkpoint(.truncate).complete else { throw Self.unfinished }
    }

    private static let unfinished = VaultError(
        VaultError.erasureUnfinished, "the person is denied, but a store is not clean yet",
        remedy: "the next command completes it; run `profilevault doctor` and erase again only if it finds them")
}

/// How long the identifiers of an erased person are refused when they come again.
package enum SuppressionTerm: Sendable, Equatable {
    case forever
    case days(Int)
    /// They may come back at once: the person wants to, or their source is known to be clean.
    case never

    var suppresses: Bool { self != .never }

    func end(from time: Timestamp) -> Timestamp? {
        if case .days(let days) = self { time.adding(seconds: Int64(days) * 86_400) } else { nil }
    }
}
