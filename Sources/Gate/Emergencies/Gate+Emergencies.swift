import Audit
package import Core
import Vault

/// What happens rarely and weighs so much that it is told at a log-in.
package struct Emergencies: Sendable, Equatable {
    /// The log's word for a session that came to another client.
    static let otherClient = "other_client"

    /// When somebody was here last; `nil` at their first log-in, which is told everything.
    package let since: Timestamp?
    /// How often the glass was broken; for who may read the log.
    package let brokenGlass: Int
    /// How often a quorum of the root key's shares gave an operator new factors; for who may read the log.
    package let recoveries: Int
    /// How often a session came to another client than it was opened at: one's own, and for who may read the log everybody's.
    package let strayedSessions: Int
}

extension Gate {
    /// What happened since somebody was here last.
    ///
    /// - Parameter caller: who has just logged in.
    /// - Returns: how often what happened.
    /// - Throws: when the log cannot be read.
    package func emergencies(tell caller: Caller) throws -> Emergencies {
        var visits = AuditFilter()
        visits.principal = caller.principal
        visits.action = Action.login.rawValue
        visits.outcome = .done
        // The newest is the log-in that asks.
        let last = try audit.show(visits, limit: 2).dropFirst().first?.time
        func entries(
            _ action: Action, _ outcome: AuditEntry.Outcome, of principal: Principal? = nil
        ) throws -> [LoggedEntry] {
            var filter = AuditFilter()
            filter.tenant = tenant.id
            filter.principal = principal
            filter.action = action.rawValue
            filter.outcome = outcome
            filter.since = last
            return try audit.show(filter, limit: .max)
        }
        let isWatcher = try rules.decider.allows(TenantQuestion(.viewAudit, by: caller, on: tenant.name)).allowed
        let strayed = try entries(.login, .denied, of: isWatcher ? nil : caller.principal)
        return Emergencies(
            since: last, brokenGlass: isWatcher ? try entries(.breakGlass, .allowed).count : 0,
            recoveries: isWatcher ? try entries(.recoverOperator, .done).count : 0,
            strayedSessions: strayed.count { $0.facts["reason"] == JSON(Emergencies.otherClient) })
    }
}
