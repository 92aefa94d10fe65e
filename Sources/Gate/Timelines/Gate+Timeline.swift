import Audit
import Consent
import Core
import Secrets
import Storage
package import Vault

extension Gate {
    /// Shows what happened to one person: what they did, what they said, what was read and changed.
    ///
    /// What they did is shown by type, time and source, and only while the purpose holds for them. An erased person is
    /// known by their random id, or by an identifier that is suppressed; what is provable of them remains.
    ///
    /// The policies are asked before the person is looked up, and the look is in the log before anything is opened.
    ///
    /// - Throws: `denied`, `unknownPurpose`, `unknownSubject`.
    package func timeline(
        of reference: SubjectReference, for purpose: String, by caller: Caller, events: Events,
        through erasure: Erasure
    ) throws -> Timeline {
        _ = try authorize(.timeline, by: caller, for: purpose)
        let definition = try self.purpose(purpose)
        let traced = try trace(reference)
        let person = traced.subject
        let authorization = try authorize(.timeline, by: caller, for: purpose, subject: person.id, viewing: true)
        var items: [Timeline.Item] = []
        var withheld: WithheldReason?
        if case .living(let found) = traced {
            if case .closed(let reason) = found.head.standing(for: definition, at: authorization.time) {
                withheld = reason
            } else {
                items += try opened(events, of: found)
            }
        }
        items += try said(by: traced)
        var filter = AuditFilter()
        filter.subject = person.id
        items += try audit.show(filter, limit: .max).reversed().compactMap { entry in
            entry.time.map { Timeline.Item(time: $0, content: .entry(entry)) }
        }
        // Equal times keep their order: what was done, as the log has it, comes last.
        let ordered = items.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return Timeline(
            profile: person.id, stores: try erasure.describe(person), items: ordered.map(\.element),
            eventsWithheld: withheld, erasure: traced.erasure)
    }

    /// A person as they are known: whole, or by what remains of them.
    private enum Traced {
        case living(Found)
        case erased(ErasureRecord)

        var subject: Subject {
            switch self {
            case .living(let found): found.row.subject
            case .erased(let record): record.order.subject
            }
        }

        var erasure: ErasureRecord? {
            if case .erased(let record) = self { record } else { nil }
        }
    }

    private func trace(_ reference: SubjectReference) throws -> Traced {
        do {
            return .living(try find(reference))
        } catch let error as VaultError where error.code == VaultError.unknownSubject {
            guard let record = try erasureRecord(of: reference) else { throw error }
            return .erased(record)
        }
    }

    private func erasureRecord(of reference: SubjectReference) throws -> ErasureRecord? {
        switch reference {
        case .profile(let id):
            return try profiles.denials.record(of: id, tenant: tenant.id)
        case .identifier(let name, let value):
            let field = try schema.require(name)
            let form = try SubjectReference.lookupForm(of: value, field: field, region: tenant.region)
            return try profiles.denials.record(
                suppressing: form, field: field.number, of: tenant.id, at: now())
        }
    }

    private func opened(_ events: Events, of found: Found) throws -> [Timeline.Item] {
        let opener = Opener(found.key.key)
        let person = found.row.subject
        var items: [Timeline.Item] = []
        var last: Int64 = 0
        var sealed: [Events.Stored] = []
        while let reached = try events.rows(of: person, after: last, limit: 1000, { sealed.append($0) }) {
            last = reached
            for stored in sealed {
                let event = try opener.event(stored, of: person)
                items.append(
                    Timeline.Item(
                        time: event.time,
                        content: .event(type: event.type, source: event.source, received: !event.isTimeGiven)))
            }
            sealed.removeAll(keepingCapacity: true)
        }
        return items
    }

    private func said(by traced: Traced) throws -> [Timeline.Item] {
        let records = try data.read { connection in
            try ledger.history(of: traced.subject, erased: traced.erasure != nil, on: connection)
        }
        return records.flatMap { record in
            record.changes.map { change in
                Timeline.Item(time: record.recorded, content: .consent(record, change))
            }
        }
    }
}
