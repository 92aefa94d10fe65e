import Audit
import Consent
package import Core
import Secrets
import Storage
package import Vault

/// One export under way: proof that the gate said yes to it, made by the gate alone.
///
/// It goes through the people of the tenant in order, a batch at a time. Each batch is a snapshot of its own, decided at
/// the gate time of that moment. For one thread.
package final class Export {
    /// People who are decided about at once: whoever withdraws is in none of the batches that begin later.
    package static let batchSize = 512

    /// How what is exported gets out.
    package enum Delivery: String, Sendable {
        /// A file that nobody sees before the end: whoever withdraws until then is taken out of it again.
        case file
        /// A stream that nothing is taken back from: each batch is in the log, with its people, before it leaves.
        case stream
    }

    /// A field that the policies let out.
    package struct Column: Sendable {
        package let name: String
        package let form: StandardForm
        /// In outline only.
        package let masked: Bool
    }

    package let decision: UniqueID
    package let columns: [Column]
    /// Names of the fields asked for that the policies let out of nobody's profile.
    package let denied: [String]
    package let delivery: Delivery
    let gate: Gate
    let rules: Gate.Rules
    let purpose: PurposeDefinition
    let request: ReadRequest
    private let plan: ReadPlan
    private let format: String
    /// The row numbers of those in `released`, in its order.
    var numbers: [Int64] = []
    var released = ReleaseList()
    /// People of whom nothing came out, by the reason.
    package internal(set) var withheld: [WithheldReason: Int] = [:]
    private var last: Int64 = 0

    /// People whose row was made so far, and not taken back since.
    package var people: Int { released.count }

    /// People who were asked about so far.
    package var asked: Int { withheld.values.reduce(released.count, +) }

    init(
        gate: Gate, rules: Gate.Rules, plan: ReadPlan, purpose: PurposeDefinition, format: String, delivery: Delivery,
        decision: UniqueID
    ) {
        self.gate = gate
        self.rules = rules
        self.plan = plan
        self.purpose = purpose
        self.format = format
        self.delivery = delivery
        self.decision = decision
        request = plan.request
        columns = plan.columns.map { Column(name: $0.name, form: $0.definition.form, masked: $1) }
        denied = plan.denied
    }

    /// What all entries of the export say.
    var constants: [(name: String, value: JSON)] {
        [
            ("fields", JSON(columns.map { JSON($0.masked ? $0.name + ":masked" : $0.name) })),
            ("format", JSON(format)), ("delivery", JSON(delivery.rawValue)),
            ("policy_set", JSON(hex(rules.active.hash))),
        ]
    }

    private struct Member: Sendable {
        let row: ProfileRow
        let outcome: Outcome
    }

    /// The rows of the next batch, as `encode` makes them of what may be seen; `nil` when everybody was asked about.
    ///
    /// A batch that nobody's row is in is empty. `encode` runs on several threads.
    ///
    /// - Throws: `policiesReplaced`, since nobody was asked what the new set allows; whatever is not whole.
    package func next<Encoded: Sendable>(
        _ encode: @Sendable (ProfileID, [Reading]) throws -> Encoded
    ) throws -> [Encoded]? {
        let now = try now()
        var rows: [UncheckedProfileRow] = []
        var heads: [UncheckedConsentHead] = []
        let reached = try gate.data.read { connection in
            let reached = try gate.profiles.uncheckedRows(
                after: last, of: gate.tenant.id, limit: Self.batchSize, on: connection
            ) { rows.append($0) }
            heads = try rows.map { try gate.ledger.uncheckedHead(of: $0.subject, on: connection) }
            return reached
        }
        guard let reached else { return nil }
        let judged = try Array(zip(rows, heads)).mapInParallel { [gate, plan] row, head in
            let row = try gate.profiles.checked(row)
            return Member(row: row, outcome: plan.outcome(for: row.record, try gate.ledger.checked(head), at: now))
        }
        let granted = judged.filter { !$0.outcome.grants.isEmpty }
        let keys = try gate.profiles.keyring.entries(of: granted.map(\.row.subject))
        let encoded = try Array(zip(granted, keys)).mapInParallel { [gate] member, key in
            try encode(member.row.subject.id, gate.open(member.outcome.grants, of: member.row, with: key))
        }
        if delivery == .stream, !granted.isEmpty { try recordBatch(granted.map(\.row.subject.id), at: now) }
        last = reached
        for member in judged where member.outcome.grants.isEmpty {
            // What holds for every field is the reason; without it, the policies allow some that are not there.
            let reasons = member.outcome.withheld.map(\.reason)
            withheld[reasons.contains(.absent) ? .absent : reasons.first ?? .policyDenied, default: 0] += 1
        }
        for member in granted {
            numbers.append(member.row.subject.number)
            released.append(member.row.subject.id)
        }
        return encoded
    }

    /// Gate time, as long as the policies that were asked are those in force.
    func now() throws -> Timestamp {
        guard gate.rules === rules else {
            throw GateError(
                GateError.policiesReplaced, "another policy set came in force while the export was under way",
                remedy: "run it again: the new set decides then")
        }
        return try gate.now()
    }

    private func recordBatch(_ people: [ProfileID], at time: Timestamp) throws {
        let list = ReleaseList(people)
        try gate.audit.record(
            entry(
                .allowed, at: time, detail: gate.audit.seal(list, of: decision),
                facts: [
                    ("stage", "batch"), ("released", JSON(list.count)), ("released_root", JSON(hex(list.root))),
                ] + constants))
    }

    func entry(
        _ outcome: AuditEntry.Outcome, at time: Timestamp, detail: [UInt8]? = nil,
        facts: [(name: String, value: JSON)]
    ) -> AuditEntry {
        AuditEntry(
            time: time, principal: request.caller.principal, action: Action.export.rawValue, tenant: gate.tenant.id,
            purpose: request.purpose, outcome: outcome, decision: decision, facts: AuditFacts(facts), detail: detail)
    }
}
