import Audit
import Consent
import Core
import Secrets
import Storage
import Vault

extension Gate {
    /// Goes through everybody in the tenant and counts what would change if a proposal were in force; no value is opened.
    ///
    /// The people's own consents and legal bases count, as each set defines its purposes, at the gate time of the beginning;
    /// what is compared is what `read` gives, of fields that people have. The log has that it was asked for, before, with
    /// the proposal's `hash`. `operators` are those whose roles are looked at together, beside each role alone; at most
    /// `examples` people are named for each effect, by pseudonyms of this simulation.
    ///
    /// - Throws: `denied`; whatever is not whole.
    package func simulate(
        _ proposal: PolicyRules, hash: [UInt8], operators: [Caller], examples: Int, by caller: Caller,
        shouldStop: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
    ) throws -> Simulation {
        let now = try now()
        let active = policies
        let decision = try authorize(
            .simulatePolicy, by: caller, viewing: true,
            facts: [
                ("proposal", JSON(hex(hash))), ("policy_set", JSON(hex(active.hash))),
            ]
        ).decision
        let comparison = try PolicyComparison(active, proposal, operators: operators, tenant: tenant.name)
        var count = try EffectCount(comparison, examples: examples)
        var last: Int64? = 0
        while let place = last, !shouldStop() {
            var rows: [UncheckedProfileRow] = []
            var heads: [UncheckedConsentHead] = []
            last = try data.read { connection in
                let reached = try profiles.uncheckedRows(
                    after: place, of: tenant.id, limit: Export.batchSize, on: connection
                ) { rows.append($0) }
                heads = try rows.map { try ledger.uncheckedHead(of: $0.subject, on: connection) }
                return reached
            }
            let people = try Array(zip(rows, heads)).mapInParallel { [self] row, head in
                (row: try profiles.checked(row), head: try ledger.checked(head))
            }
            for person in people { count.add(person.row, person.head, at: now) }
            progress(count.people)
        }
        return Simulation(
            decision: decision, version: active.version, people: count.people, isWhole: last == nil,
            effects: count.effects, actions: comparison.actions)
    }
}
