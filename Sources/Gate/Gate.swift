package import Accounts
package import Audit
package import Consent
package import Core
import Secrets
package import Storage
import Synchronization
package import Vault

/// The only door: request → decision → permit → plaintext.
///
/// A field comes out when both say yes: the consent ledger (the purpose's legal basis holds for this person now) and
/// the Cedar policies. The decision is in the log, out of reach of `kill -9`, before a permit exists.
package final class Gate: Sendable {
    /// The policy set in force and what it has already been asked.
    final class Rules: Sendable {
        let active: ActivePolicies
        let decider: Decider
        private let plans = Mutex<(all: [ReadRequest: ReadPlan], last: ReadPlan?)>(([:], nil))
        /// Requests are few kinds; beyond this their plans are forgotten at once.
        private static let capacity = 1024

        init(_ policies: ActivePolicies) {
            active = policies
            decider = Decider(cedar: policies.cedar, schema: policies.schema)
        }

        func plan(for request: ReadRequest, tenant: String) throws -> ReadPlan {
            let known = plans.withLock { plans -> ReadPlan? in
                // Callers ask the same of one person after another: comparing costs less than hashing.
                if let last = plans.last, last.request == request { return last }
                plans.last = plans.all[request]
                return plans.last
            }
            if let known { return known }
            let made = try ReadPlan(for: request, rules: self, tenant: tenant)
            plans.withLock { plans in
                if plans.all.count >= Self.capacity { plans.all.removeAll() }
                plans.all[request] = made
            }
            return made
        }
    }

    package let tenant: Tenant
    let profiles: Profiles
    let lookup: LookupIndex
    let ledger: ConsentLedger
    let approvals: ApprovalRegister
    let audit: AuditLog
    let data: any Database
    let time: GateTime
    private let inForce: PoliciesInForce
    private let current: Mutex<Rules>

    package init(
        tenant: Tenant, policies: PoliciesInForce, profiles: Profiles, lookup: LookupIndex, ledger: ConsentLedger,
        approvals: ApprovalRegister, audit: AuditLog, data: any Database, clock: Clock
    ) {
        self.tenant = tenant
        self.profiles = profiles
        self.lookup = lookup
        self.ledger = ledger
        self.approvals = approvals
        self.audit = audit
        self.data = data
        time = GateTime(clock: clock, audit: audit)
        inForce = policies
        current = Mutex(Rules(policies.policies))
    }

    /// What a request comes to under a policy set.
    ///
    /// - Throws: `unknownField`; `accounts.other_tenant` when the caller works for another tenant alone.
    func plan(for request: ReadRequest, under rules: Rules) throws -> ReadPlan {
        try requireWork(of: request.caller.tenant, request.caller.principal, .read)
        return try rules.plan(for: request, tenant: tenant.name)
    }

    /// The rules of the set in force, which another gate may have changed.
    var rules: Rules {
        let version = inForce.version
        return current.withLock { rules in
            if rules.active.version < version { rules = Rules(inForce.policies) }
            return rules
        }
    }

    /// The policy set in force.
    package var policies: ActivePolicies { rules.active }
    package var schema: ProfileSchema { rules.active.schema }

    /// Every gate of the vault decides by this set from now on, unless a later one is in force.
    func adopt(_ policies: ActivePolicies) { inForce.adopt(policies) }

    /// Gate time, or an error when the clock cannot be trusted.
    package func now() throws(GateError) -> Timestamp { try time.now() }
}
