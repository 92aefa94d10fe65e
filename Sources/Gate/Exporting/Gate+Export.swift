import Audit
import Core
import Secrets
import Vault

extension Gate {
    /// Begins an export of everybody in the tenant for one purpose; the log has it before the first value is opened.
    ///
    /// The policies are asked for `export` on the tenant with the purpose. What comes out of each person is what a `read`
    /// for the same purpose would give. `format` is a word for the log.
    ///
    /// - Throws: `unknownPurpose` and `denied`, both logged; `unknownField`. `denied` also when the policies allow nobody's
    ///   value of any field that is asked for.
    package func export(
        _ request: ReadRequest, as format: String, by delivery: Export.Delivery
    ) throws -> Export {
        let now = try now()
        let rules = rules
        let decision = UniqueID(at: now, random: Random.words())
        let plan = try plan(for: request, under: rules)
        func record(_ outcome: AuditEntry.Outcome, _ facts: [(name: String, value: JSON)]) throws {
            try audit.record(
                AuditEntry(
                    time: now, principal: request.caller.principal, action: Action.export.rawValue, tenant: tenant.id,
                    purpose: request.purpose, outcome: outcome, decision: decision, facts: AuditFacts(facts)))
        }
        guard let definition = plan.purpose else {
            try record(.denied, [("reason", JSON(WithheldReason.unknownPurpose.rawValue))])
            throw unknownPurpose(request.purpose)
        }
        let ruled = try rule(
            .export, by: request.caller, for: request.purpose,
            about: Act.Particulars(
                people: profiles.count(of: tenant.id),
                facts: [
                    ("fields", request.fields.map { JSON($0.map { JSON($0) }) } ?? .null), ("format", JSON(format)),
                    ("delivery", JSON(delivery.rawValue)), ("policy_set", JSON(hex(rules.active.hash))),
                ]), at: now)
        guard ruled.ruling.allowed else {
            try record(.denied, ruled.facts)
            throw try refusal(ruled, decision: decision, at: now)
        }
        guard !plan.columns.isEmpty else {
            try record(
                .denied,
                [
                    ("reason", JSON(WithheldReason.policyDenied.rawValue)),
                    ("denied", JSON(plan.denied.map { JSON($0) })),
                ]
                    + Judgement.facts(broken: plan.broken))
            throw nothingAllowed(plan, decision: decision)
        }
        try takeApproval(ruled, decision: decision, at: now)
        let export = Export(
            gate: self, rules: rules, plan: plan, purpose: definition, format: format, delivery: delivery,
            decision: decision)
        try record(.allowed, [("stage", "begun")] + export.constants + ruled.facts)
        return export
    }

    /// Why an export for a purpose would be empty whoever agrees to it.
    private func nothingAllowed(_ plan: ReadPlan, decision: UniqueID) -> GateError {
        let request = plan.request
        let broken = plan.broken.first.map { "; policy `\($0)` cannot be evaluated" } ?? ""
        return GateError(
            GateError.denied,
            "no policy allows \(request.caller.principal) any field asked for, for purpose `\(request.purpose)`\(broken)",
            remedy: "the policies for `read` say which fields a purpose opens; the decision is \(decision) in the log")
    }
}
