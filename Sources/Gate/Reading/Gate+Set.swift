import Audit
import Consent
package import Core
import Secrets
import Storage
import Vault

/// Proof that the gate said yes to reading some fields of a set of people: made by the gate alone, spent once.
///
/// The log has one entry for the set, with the Merkle root of the ids that are released and, sealed, the ids.
package struct SetPermit: ~Copyable, Sendable {
    struct Member: Sendable {
        let row: ProfileRow
        let key: ProfileKeyring.Entry
        let verdict: Verdict
        let grants: [Permit.Grant]
    }

    package let decision: UniqueID
    let time: Timestamp
    let members: [Member]

    /// How many people the set has, allowed or not.
    package var count: Int { members.count }
}

extension Gate {
    /// Decides about many people at once; each distinct question to the policies is asked once.
    ///
    /// People who are not there are left out. The set is read as one snapshot, so keep it to some hundreds.
    package func permit(_ request: ReadRequest, set profiles: [ProfileID]) throws -> SetPermit {
        let now = try now()
        let rules = rules
        let decision = UniqueID(at: now, random: Random.words())
        let plan = try plan(for: request, under: rules)
        let stored = try data.read { connection in
            try profiles.compactMap { id in
                try self.profiles.uncheckedRow(id, of: tenant.id, on: connection).map { row in
                    (row: row, head: try ledger.uncheckedHead(of: row.subject, on: connection))
                }
            }
        }
        let keys = try self.profiles.keyring.entries(of: stored.map(\.row.subject))
        let members = try Array(zip(stored, keys)).mapInParallel { [self] stored, key in
            let row = try self.profiles.checked(stored.row)
            let outcome = plan.outcome(for: row.record, try ledger.checked(stored.head), at: now)
            let verdict = Verdict(
                decision: decision, profile: row.subject.id, allowed: outcome.allowed, withheld: outcome.withheld)
            return SetPermit.Member(row: row, key: key, verdict: verdict, grants: outcome.grants)
        }
        var released = ReleaseList()
        for member in members where member.verdict.allows { released.append(member.verdict.profile) }
        let fields = request.fields ?? rules.active.schema.fields.map(\.name)
        try audit.record(
            AuditEntry(
                time: now, principal: request.caller.principal, action: request.action.rawValue, tenant: tenant.id,
                purpose: request.purpose, outcome: released.count == 0 ? .denied : .allowed, decision: decision,
                facts: AuditFacts(
                    [
                        ("people", JSON(members.count)), ("released", JSON(released.count)),
                        ("released_root", JSON(hex(released.root))),
                        ("fields", JSON(fields.map { JSON($0) })), ("policy_set", JSON(hex(rules.active.hash))),
                    ] + Judgement.facts(broken: plan.broken)),
                detail: audit.seal(released, of: decision)))
        return SetPermit(decision: decision, time: now, members: members)
    }

    /// Opens what a permit allows and lends it person by person, in the order of the set; the permit is spent.
    ///
    /// - Throws: `permitExpired` when the decision is older than `Permit.lifetimeSeconds`.
    package func read(with permit: consuming SetPermit, _ body: (Verdict, [Reading]) throws -> Void) throws {
        try requireFresh(permit.time)
        let members = permit.members
        let opened = try members.mapInParallel { [self] in try open($0.grants, of: $0.row, with: $0.key) }
        for (member, readings) in zip(members, opened) { try body(member.verdict, readings) }
    }
}
