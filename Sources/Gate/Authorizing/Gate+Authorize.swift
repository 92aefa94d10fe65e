import Accounts
import Audit
package import Core
import Secrets
import Vault

extension Gate {
    /// Asks whether the caller may change or see something of the tenant as a whole.
    ///
    /// A refusal is logged here. What is allowed is logged by the change itself, in its own transaction; `viewing` logs
    /// here too, because a view changes nothing. An approval that it took is used up before this returns.
    ///
    /// - Throws: `denied` when no policy allows it; `mfaRequired` and `approvalRequired` when one would with these;
    ///   `accounts.other_tenant` when the caller works for another tenant alone.
    package func authorize(
        _ action: Action, by caller: Caller, for purpose: String? = nil, subject: ProfileID? = nil,
        viewing: Bool = false, facts: [(name: String, value: JSON)] = [], about particulars: Act.Particulars = .init()
    ) throws -> Authorization {
        let now = try now()
        let decision = UniqueID(at: now, random: Random.words())
        let ruled = try rule(action, by: caller, for: purpose, subject: subject, about: particulars, at: now)
        if !ruled.ruling.allowed || viewing {
            try audit.record([
                AuditEntry(
                    time: now, principal: caller.principal, action: action.rawValue, tenant: tenant.id,
                    purpose: purpose, subject: subject, outcome: ruled.ruling.allowed ? .allowed : .denied,
                    decision: decision, facts: AuditFacts(facts + ruled.facts), detail: nil)
            ])
        }
        guard ruled.ruling.allowed else { throw try refusal(ruled, decision: decision, at: now) }
        try takeApproval(ruled, decision: decision, at: now)
        return Authorization(
            principal: caller.principal, action: action, tenant: tenant.id, purpose: purpose, decision: decision,
            time: now)
    }

    /// The policies' answer about one act.
    struct Ruled {
        let act: Act
        let ruling: TenantRuling
        /// What the answer rests on besides the policies; it is used up by carrying the act out.
        let approval: Approval?
        /// What would make the policies allow it.
        let lacking: Level?

        /// What the log tells of the answer.
        var facts: [(name: String, value: JSON)] {
            ruling.facts + (lacking.map { [("lacks", JSON($0.word))] } ?? [])
                + (approval?.approver.map { [("approver", JSON($0.logName))] } ?? [])
        }
    }

    /// Asks the policies, and asks again with the approval of another operator where there is one for this very request.
    func rule(
        _ action: Action, by caller: Caller, for purpose: String?, subject: ProfileID? = nil,
        about particulars: Act.Particulars, at now: Timestamp
    ) throws -> Ruled {
        try requireWork(of: caller.tenant, caller.principal, action)
        let decider = rules.decider
        var question = TenantQuestion(action, by: caller, for: purpose, on: tenant.name).shown(at: now)
        question.people = particulars.people
        question.changes = particulars.changes
        let act = Act(question: question, subject: subject, particulars: particulars)
        let ruling = try decider.allows(question)
        guard !ruling.allowed, ruling.broken.isEmpty else {
            return Ruled(act: act, ruling: ruling, approval: nil, lacking: nil)
        }
        if try decider.allows(question.withApproval()).allowed {
            if let approval = try approvals.live(act.digest, of: caller.principal, at: now),
                approval.state == .approved,
                let approver = approval.approver
            {
                question.approvals = [approver]
                let approved = try decider.allows(question)
                if approved.allowed { return Ruled(act: act, ruling: approved, approval: approval, lacking: nil) }
            }
            return Ruled(act: act, ruling: ruling, approval: nil, lacking: .approval)
        }
        let fresh = question.withFreshMfa()
        let isLacking = try decider.allows(fresh).allowed || decider.allows(fresh.withApproval()).allowed
        return Ruled(act: act, ruling: ruling, approval: nil, lacking: isLacking ? .mfa : nil)
    }

    /// Uses up the approval that the answer rests on: the log has it before anything is done.
    ///
    /// - Throws: `accounts.approval_over` when another process was first.
    func takeApproval(_ ruled: Ruled, decision: UniqueID, at now: Timestamp) throws {
        guard let approval = ruled.approval else { return }
        let question = ruled.act.question
        let authorization = Authorization(
            principal: question.caller.principal, action: question.action, tenant: tenant.id, purpose: question.purpose,
            decision: decision, time: now)
        try audit.mutate(authorization, action: "approval.use") { try approvals.use(approval.id, in: $0) }
    }

    /// Why an act is refused. Where another operator's approval is all that lacks, the request is filed for them.
    func refusal(_ ruled: Ruled, decision: UniqueID, at now: Timestamp) throws -> any Error {
        let question = ruled.act.question
        let action = question.action.rawValue
        if let broken = ruled.ruling.broken.first {
            return GateError(
                GateError.denied, "policy `\(broken)` cannot be evaluated, so `\(action)` is refused",
                remedy: "mend the policy and activate the set again; the decision is \(decision) in the log")
        }
        switch ruled.lacking {
        case .mfa:
            return GateError(
                GateError.mfaRequired, "`\(action)` takes a second factor that was shown a moment ago",
                remedy: "run `profilevault login` with a one-time code, then this again")
        case .approval:
            let id = try request(ruled.act, decision: decision, at: now)
            return GateError(
                GateError.approvalRequired,
                "`\(action)` takes another operator's approval; the request is \(id)",
                remedy: "another operator runs `profilevault approve \(id)`; then run this again, as it is")
        case .session, nil:
            return GateError(
                GateError.denied,
                "no policy lets \(question.caller.principal) do `\(action)` on tenant `\(tenant.name)`",
                remedy: "ask a privacy officer; the decision is \(decision) in the log")
        }
    }

    /// Writes down a refusal that comes after the policies said yes; `reason` is a word for the log.
    func refusal(
        of action: Action, by caller: Caller, because reason: String, _ error: GateError
    ) throws -> GateError {
        try recordRefusal(of: action, by: caller.principal, because: reason)
        return error
    }

    /// Writes down a refusal that no policy spoke.
    func recordRefusal(of action: Action, by principal: Principal?, because reason: String) throws {
        let now = try now()
        try audit.record(
            AuditEntry(
                time: now, principal: principal, action: action.rawValue, tenant: tenant.id, outcome: .denied,
                decision: UniqueID(at: now, random: Random.words()), facts: [("reason", JSON(reason))]))
    }

    /// Files a request for approval unless this one waits already.
    private func request(_ act: Act, decision: UniqueID, at now: Timestamp) throws -> UniqueID {
        let question = act.question
        if let known = try approvals.live(act.digest, of: question.caller.principal, at: now) { return known.id }
        let authorization = Authorization(
            principal: question.caller.principal, action: question.action, tenant: tenant.id, purpose: question.purpose,
            decision: decision, time: now)
        return try audit.mutate(authorization, action: "approval.request", outcome: .allowed) { mutation in
            try approvals.file(act.shown, digest: act.digest, in: mutation).id
        }
    }
}
