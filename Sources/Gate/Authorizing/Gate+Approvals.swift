package import Accounts
import Audit
package import Core
import Vault

extension Gate {
    /// What waits for an answer in the tenant, or to be carried out: the request as its approver reads it.
    package func requests(for caller: Caller) throws -> [(approval: Approval, request: JSON)] {
        _ = try authorize(.approve, by: caller, viewing: true)
        return try approvals.live(of: tenant.id, at: now())
    }

    /// Answers somebody else's request.
    ///
    /// - Throws: `denied`; `accounts.approval_unknown`, `accounts.approval_over`, `accounts.approval_own`.
    @discardableResult
    package func answer(_ request: UniqueID, approving: Bool, by caller: Caller) throws -> Approval {
        let authorization = try authorize(.approve, by: caller)
        return try audit.mutate(authorization) { try approvals.answer(request, approving: approving, in: $0) }
    }
}
