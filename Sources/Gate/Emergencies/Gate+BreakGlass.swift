import Audit
import Core
package import Vault

extension Gate {
    /// The longest reason, in bytes.
    package static let longestReason = 500

    /// Decides about one person in an emergency: the policies are asked what somebody may see behind the glass, beyond what
    /// their role may; the purpose's legal basis has to hold all the same.
    ///
    /// Two entries in the log say who broke it, why and for whom, who agreed, and which fields came out.
    ///
    /// - Parameters:
    ///   - request: what is wanted; its action is not asked.
    ///   - reference: the person.
    ///   - reason: a sentence that stays in the log.
    /// - Returns: the verdict, and a permit where anything may be seen.
    /// - Throws: `mfaRequired`, `approvalRequired`, `denied`; `vault.unknown_subject`.
    package func breakGlass(
        _ request: ReadRequest, subject reference: SubjectReference, reason: String
    ) throws -> Answer {
        let person = try find(reference).row.subject.id
        _ = try authorize(
            .breakGlass, by: request.caller, for: request.purpose, subject: person, viewing: true,
            facts: [("reason", JSON(reason))],
            about: Act.Particulars(facts: [
                ("fields", request.fields.map { JSON($0.sorted().map { JSON($0) }) } ?? .null),
                ("reason", JSON(reason)),
            ]))
        return try permit(
            ReadRequest(
                caller: request.caller, action: .readBehindGlass, purpose: request.purpose, fields: request.fields),
            subject: .profile(person))
    }

    /// How often the glass was broken since somebody who may read the log was here last; 0 for everybody else.
    ///
    /// - Parameter caller: who has just logged in.
    /// - Returns: how often.
    /// - Throws: when the log cannot be read.
    package func brokenGlass(tell caller: Caller) throws -> Int {
        guard try rules.decider.allows(TenantQuestion(.viewAudit, by: caller, on: tenant.name)).allowed else {
            return 0
        }
        var visits = AuditFilter()
        visits.principal = caller.principal
        visits.action = Action.login.rawValue
        visits.outcome = .done
        // The newest is the log-in that asks.
        let last = try audit.show(visits, limit: 2).dropFirst().first?.time
        var broken = AuditFilter()
        broken.tenant = tenant.id
        broken.action = Action.breakGlass.rawValue
        broken.outcome = .allowed
        broken.since = last
        return try audit.show(broken, limit: .max).count
    }
}
