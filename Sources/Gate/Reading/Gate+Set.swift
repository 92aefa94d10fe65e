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
        let decision = UniqueID(at: now, random: (Random.word(), Random.word()))
        let stored = try data.read { connection in
            try profiles.compactMap { id in
                try self.profiles.row(id, of: tenant.id, on: connection).map { row in
                    (row, try ledger.head(of: row.subject, on: connection))
                }
            }
        }
        let keys = try self.profiles.keyring.entries(of: stored.map(\.0.subject))
        var members: [SetPermit.Member] = []
        members.reserveCapacity(stored.count)
        var released: [ProfileID] = []
        for ((row, head), key) in zip(stored, keys) {
            let judged = try judge(request, row, head, rules: rules, at: now)
            let verdict = Verdict(
                decision: decision, profile: row.subject.id, allowed: judged.grants.map(\.field.name) + judged.absent,
                withheld: judged.withheld)
            if verdict.allows { released.append(row.subject.id) }
            members.append(SetPermit.Member(row: row, key: key, verdict: verdict, grants: judged.grants))
        }
        let fields = request.fields ?? rules.active.schema.fields.map(\.name)
        try audit.record(
            AuditEntry(
                time: now, principal: request.caller.principal, action: request.action.rawValue, tenant: tenant.id,
                purpose: request.purpose, outcome: released.isEmpty ? .denied : .allowed, decision: decision,
                facts: [
                    ("people", JSON(members.count)), ("released", JSON(released.count)),
                    (
                        "released_root",
                        JSON(hex(MerkleTree.root(ofLeafHashes: released.map { MerkleTree.leaf($0.bytes) })))
                    ),
                    ("fields", JSON(fields.map { JSON($0) })), ("policy_set", JSON(hex(rules.active.hash))),
                ],
                detail: decisionBox.seal(released.flatMap(\.bytes), label: Array("set decision \(decision)".utf8))))
        return SetPermit(decision: decision, members: members)
    }

    /// Opens what a permit allows, person by person; the permit is spent.
    package func read(with permit: consuming SetPermit, _ body: (Verdict, [Reading]) throws -> Void) throws {
        for member in permit.members {
            try body(member.verdict, try open(member.grants, of: member.row, with: member.key))
        }
    }
}
