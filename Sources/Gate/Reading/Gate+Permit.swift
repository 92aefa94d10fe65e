import Audit
import Consent
import Core
import Secrets
import Storage
package import Vault

extension Gate {
    /// Decides about one person, records the decision and gives a permit for what is allowed.
    ///
    /// - Returns: the verdict, and a permit when any field is allowed and present.
    /// - Throws: `vault.unknown_subject` when nobody is known so; whatever keeps the decision out of the log.
    package func permit(_ request: ReadRequest, subject reference: SubjectReference) throws -> Answer {
        let now = try now()
        let rules = rules
        let found = try find(reference)
        return try permit(request, found, rules: rules, at: now)
    }

    /// What a request about one person leads to.
    package struct Answer: ~Copyable {
        package let verdict: Verdict
        package var permit: Permit?
    }

    /// A person as the stores have them, whole and unopened.
    struct Found {
        let row: ProfileRow
        let head: ConsentHead
        let key: ProfileKeyring.Entry
    }

    private func permit(_ request: ReadRequest, _ found: Found, rules: Rules, at now: Timestamp) throws -> Answer {
        let subject = found.row.subject
        let decision = UniqueID(at: now, random: Random.words())
        let outcome = try plan(for: request, under: rules).outcome(
            for: found.row.record, found.head, at: now)
        let verdict = Verdict(
            decision: decision, profile: subject.id, allowed: outcome.allowed, withheld: outcome.withheld)
        let sealed = Sealer(found.key.key).seal(
            outcome.inputs(found.head),
            binding: CellBinding(
                tenant: subject.tenant, profile: subject.id, kind: .decision, record: decision, field: 0, revision: 1,
                keyID: found.key.keyID, schemaVersion: UInt32(rules.active.schema.version)))
        try audit.record(
            AuditEntry(
                time: now, principal: request.caller.principal, action: request.action.rawValue, tenant: tenant.id,
                purpose: request.purpose, subject: subject.id, outcome: verdict.allows ? .allowed : .denied,
                decision: decision, facts: outcome.facts, detail: sealed))
        guard !outcome.grants.isEmpty else { return Answer(verdict: verdict, permit: nil) }
        return Answer(
            verdict: verdict,
            permit: Permit(verdict: verdict, time: now, row: found.row, key: found.key, grants: outcome.grants))
    }

    /// Opens what a permit allows; the permit is spent.
    ///
    /// - Throws: `permitExpired` when the decision is older than `Permit.lifetimeSeconds`.
    package func read(with permit: consuming Permit) throws -> [Reading] {
        try requireFresh(permit.time)
        return try open(permit.grants, of: permit.row, with: permit.key)
    }

    /// - Throws: `permitExpired` when what was decided at `time` must be decided anew.
    func requireFresh(_ time: Timestamp) throws {
        guard try now() <= time.adding(seconds: Permit.lifetimeSeconds) else {
            throw GateError(
                GateError.permitExpired,
                "the permit is older than \(Permit.lifetimeSeconds) seconds, in which a consent may have ended",
                remedy: "ask again")
        }
    }

    func open(
        _ grants: [Permit.Grant], of row: ProfileRow, with key: ProfileKeyring.Entry
    ) throws(SecretsError) -> [Reading] {
        let opener = Opener(key.key)
        var readings: [Reading] = []
        readings.reserveCapacity(grants.count)
        for grant in grants {
            guard let cell = row.record.cell(grant.field.number) else { continue }
            let value = try opener.open(row.record.sealed(cell), binding: row.record.binding(of: cell, in: row.subject))
            readings.append(
                Reading(
                    field: grant.field.name, form: grant.field.definition.form.rawValue, masked: grant.masked,
                    value: grant.masked ? try value.masked(by: grant.field.definition.mask) : value))
        }
        return readings
    }

    /// Looks a person up; an identifier is confirmed by opening the field.
    ///
    /// - Throws: `unknownSubject`, or `ambiguousSubject` when several people have the identifier.
    func find(_ reference: SubjectReference) throws -> Found {
        switch reference {
        case .profile(let id):
            let stored = try data.read { connection -> (ProfileRow, ConsentHead)? in
                guard let row = try profiles.row(id, of: tenant.id, on: connection) else { return nil }
                return (row, try ledger.head(of: row.subject, on: connection))
            }
            guard let (row, head) = stored else { throw Self.unknown }
            return Found(row: row, head: head, key: try profiles.keyring.entry(of: row.subject))
        case .identifier(let name, let value):
            let field = try rules.active.schema.require(name)
            let form = try SubjectReference.lookupForm(of: value, field: field, region: tenant.region)
            let entry = try profiles.tree.keys(of: tenant.id).index(ofField: field.number).entry(form)
            let numbers = try lookup.numbers(entry)
            guard !numbers.isEmpty else { throw Self.unknown }
            let stored = try data.read { connection in
                try numbers.compactMap { number -> (ProfileRow, ConsentHead)? in
                    guard let row = try profiles.row(number, of: tenant.id, on: connection) else { return nil }
                    return (row, try ledger.head(of: row.subject, on: connection))
                }
            }
            let confirmed = try stored.compactMap { row, head -> Found? in
                let key = try profiles.keyring.entry(of: row.subject)
                guard try confirms(row, key, field: field, lookupForm: form) else { return nil }
                return Found(row: row, head: head, key: key)
            }
            guard let found = confirmed.first else { throw Self.unknown }
            guard confirmed.count == 1 else {
                // The ids are random and say nothing about the people.
                let ids = confirmed.prefix(10).map { "`profile:\($0.row.subject.id)`" }.joined(separator: ", ")
                throw VaultError(
                    VaultError.ambiguousSubject,
                    "\(confirmed.count) profiles have this `\(name)`: \(ids)\(confirmed.count > 10 ? ", …" : "")",
                    remedy: "name the person by another identifier, or by one of these ids")
            }
            return found
        }
    }

    /// Whether a profile's field has this look-up form: what the index says is only a hint.
    func confirms(
        _ row: ProfileRow, _ key: ProfileKeyring.Entry, field: ProfileSchema.Field, lookupForm: String
    ) throws(SecretsError) -> Bool {
        guard let cell = row.record.cell(field.number) else { return false }
        let value = try Opener(key.key).open(
            row.record.sealed(cell), binding: row.record.binding(of: cell, in: row.subject))
        return Array(field.definition.form.lookupForm(of: value.text).utf8) == Array(lookupForm.utf8)
    }

    static var unknown: VaultError {
        VaultError(
            VaultError.unknownSubject, "nobody in this tenant is known by that",
            remedy: "check the spelling, or try another identifier; an erased person is unknown, too")
    }
}
