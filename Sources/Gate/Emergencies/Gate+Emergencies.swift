import Audit
import Core
import Vault

/// What happens rarely and weighs so much that it is told to everybody who may read the log, when they log in.
package struct Emergencies: Sendable, Equatable {
    /// How often the glass was broken.
    package var brokenGlass = 0
    /// How often a quorum of the root key's shares gave an operator new factors.
    package var recoveries = 0
}

extension Gate {
    /// What happened since somebody who may read the log was here last; nothing for everybody else.
    ///
    /// - Parameter caller: who has just logged in.
    /// - Returns: how often what happened.
    /// - Throws: when the log cannot be read.
    package func emergencies(tell caller: Caller) throws -> Emergencies {
        guard try rules.decider.allows(TenantQuestion(.viewAudit, by: caller, on: tenant.name)).allowed else {
            return Emergencies()
        }
        var visits = AuditFilter()
        visits.principal = caller.principal
        visits.action = Action.login.rawValue
        visits.outcome = .done
        // The newest is the log-in that asks.
        let last = try audit.show(visits, limit: 2).dropFirst().first?.time
        func count(_ action: Action, _ outcome: AuditEntry.Outcome) throws -> Int {
            var filter = AuditFilter()
            filter.tenant = tenant.id
            filter.action = action.rawValue
            filter.outcome = outcome
            filter.since = last
            return try audit.show(filter, limit: .max).count
        }
        return Emergencies(
            brokenGlass: try count(.breakGlass, .allowed), recoveries: try count(.recoverOperator, .done))
    }
}
