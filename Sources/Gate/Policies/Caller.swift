package import Accounts
package import Core

/// Who asks, with what the policies may know about them.
package struct Caller: Sendable, Hashable {
    /// A second factor that was shown, and when.
    package struct Proof: Sendable, Hashable {
        /// `otp`, `passkey`, `recovery` or `enrolment`.
        package let method: String
        package let time: Timestamp

        package init(method: String, time: Timestamp) {
            self.method = method
            self.time = time
        }
    }

    package let principal: Principal
    /// Names of roles: `engineer`, `marketer`, `agent`, `dpo` …
    package let roles: [String]
    /// `nil` when nothing but a password was shown, or nothing can be: services have no second factor.
    package let proof: Proof?
    /// The only tenant they work for; `nil` for all.
    package let tenant: TenantID?
    /// What a service may ask for at the most, whatever the policies say; `nil` for no such limit.
    package let scope: ServiceScope?

    package init(
        principal: Principal, roles: [String], proof: Proof? = nil, tenant: TenantID? = nil, scope: ServiceScope? = nil
    ) {
        self.principal = principal
        self.roles = Set(roles).sorted()
        self.proof = proof
        self.tenant = tenant
        self.scope = scope
    }

    /// A quorum of those who keep the shares of the root key, whoever they are.
    package static let custodian = Caller(principal: Principal(.custodian, "shares"), roles: [])

    /// Whether the account is let ask at all for this action, for this purpose.
    func reaches(_ action: Action, for purpose: String?) -> Bool {
        guard let scope else { return true }
        return scope.allows(action: action) && purpose.map { scope.allows(purpose: $0) } ?? true
    }
}
