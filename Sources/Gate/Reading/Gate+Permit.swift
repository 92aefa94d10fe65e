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
        let decision = UniqueID(at: now, random: (Random.word(), Random.word()))
        let judged = try judge(request, found.row, found.head, rules: rules, at: now)
        let verdict = Verdict(
            decision: decision, profile: subject.id, allowed: judged.grants.map(\.field.name) + judged.absent,
            withheld: judged.withheld)
        let inputs = decisionInputs(request, judged, found.head, rules: rules)
        let sealed = Sealer(found.key.key).seal(
            inputs,
            binding: CellBinding(
                tenant: subject.tenant, profile: subject.id, kind: .decision, record: decision, field: 0, revision: 1,
                keyID: found.key.keyID, schemaVersion: UInt32(rules.active.schema.version)))
        try audit.record([
            AuditEntry(
                time: now, principal: request.caller.principal, action: request.action.rawValue, tenant: tenant.id,
                purpose: request.purpose, subject: subject.id, outcome: verdict.allows ? .allowed : .denied,
                decision: decision, facts: judged.facts, detail: sealed)
        ])
        guard !judged.grants.isEmpty else { return Answer(verdict: verdict, permit: nil) }
        return Answer(
            verdict: verdict,
            permit: Permit(verdict: verdict, row: found.row, key: found.key, grants: judged.grants))
    }

    /// Opens what a permit allows; the permit is spent.
    package func read(with permit: consuming Permit) throws -> [Reading] {
        try open(permit.grants, of: permit.row, with: permit.key)
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

    /// What consent and policies say about every field that is asked for.
    struct Judgement {
        var grants: [Permit.Grant] = []
        /// Allowed, but the profile has no such value.
        var absent: [String] = []
        var withheld: [Withheld] = []
        var standing: String

        /// Names and reasons only.
        var facts: [(name: String, value: JSON)] {
            var reasons = JSONObject()
            for item in withheld { reasons[item.field] = JSON(item.reason.rawValue) }
            return [
                ("fields", JSON(grants.map { JSON($0.masked ? $0.field.name + ":masked" : $0.field.name) })),
                ("withheld", .object(reasons)),
            ]
        }
    }

    func judge(
        _ request: ReadRequest, _ row: ProfileRow, _ head: ConsentHead, rules: Rules, at now: Timestamp
    ) throws -> Judgement {
        let schema = rules.active.schema
        let wanted = try request.fields?.map { try schema.require($0) } ?? schema.fields
        func withhold(_ reason: WithheldReason) -> Judgement {
            Judgement(withheld: wanted.map { Withheld(field: $0.name, reason: reason) }, standing: reason.rawValue)
        }
        guard let purpose = rules.active.purposes[request.purpose] else { return withhold(.unknownPurpose) }
        switch head.standing(for: purpose, at: now) {
        case .closed(let reason):
            return withhold(reason)
        case .holds(let basis):
            let rulings = try rules.decider.fields(request.action, by: request.caller, for: purpose, of: tenant.name)
            var judged = Judgement(standing: basis.rawValue)
            for field in wanted {
                let ruling = rulings[schema.position(of: field)]
                if !ruling.allows {
                    judged.withheld.append(Withheld(field: field.name, reason: .policyDenied))
                } else if row.record.cell(field.number) == nil {
                    judged.absent.append(field.name)
                    judged.withheld.append(Withheld(field: field.name, reason: .absent))
                } else {
                    judged.grants.append(Permit.Grant(field: field, masked: ruling == .masked))
                }
            }
            return judged
        }
    }

    /// What a decision rested on, to be sealed under the person's key: enough to decide again and explain.
    private func decisionInputs(
        _ request: ReadRequest, _ judged: Judgement, _ head: ConsentHead, rules: Rules
    ) -> [UInt8] {
        var object = JSONObject()
        object["principal"] = JSON(request.caller.principal.description)
        object["roles"] = JSON(request.caller.roles.map { JSON($0) })
        object["purpose"] = JSON(request.purpose)
        object["standing"] = JSON(judged.standing)
        object["consent_sequence"] = JSON(head.sequence)
        object["consent_code"] = JSON(hex(head.digest))
        object["policy_set"] = JSON(hex(rules.active.hash))
        object["fields"] = request.fields.map { JSON($0.map { JSON($0) }) } ?? .null
        return JSON.object(object).bytes()
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
                throw VaultError(
                    VaultError.ambiguousSubject, "\(confirmed.count) profiles have this `\(name)`",
                    remedy: "name the person by another identifier or by `profile:…`")
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
