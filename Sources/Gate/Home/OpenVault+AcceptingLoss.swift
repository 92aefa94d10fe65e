package import Accounts
import Audit
package import Core
import Secrets
import Storage
package import Vault

/// How somebody shows who they are while the log cannot be opened.
package enum LossProof {
    /// A session from before, and the client that it is used at.
    case session(SessionToken, Client)
    /// The password and a second factor, proved at the gate's time. What it takes is used up once there is a log again.
    case password((AccountRegister, Timestamp) throws -> Proven)
}

extension OpenVault {
    /// Opens a vault whose log cannot be opened because entries on their way into it are lost or were tampered with.
    ///
    /// Who accepts that must be an operator whom the policies allow `audit.accept_loss`. A refusal leaves no entry, since
    /// there is no log to write, and nothing is accepted.
    ///
    /// - Throws: `audit.nothing_lost`; `denied`; what keeps the operator out.
    package static func acceptingLoss(
        _ folder: HomeFolder, unlock: RootUnlock, tenant: String, reason: String, proof: LossProof,
        clock: Clock = .system
    ) throws -> OpenVault {
        var used: (proven: Proven, authorization: Authorization)?
        let vault = try OpenVault(folder, unlock: unlock, clock: clock) { header, stores, tree in
            let outlook = try AuditLog.look(
                database: stores.data, spoolPath: folder.spool, keys: auditKeys(tree), origin: origin(of: header),
                durability: durability(of: header))
            guard outlook.problem != nil else {
                throw AuditError(
                    AuditError.nothingLost, "the log can be opened as it is: there is no loss to accept",
                    remedy: "`profilevault audit verify` says whether the log is whole")
            }
            let now = try GateTime.now(clock, logged: outlook.lastTime)
            let accounts = AccountRegister(
                database: stores.data, key: try tree.accountRowKey(), box: try tree.accountBoxKey()
            ) { kind, _ in outlook.counts[kind] }
            let caller: Caller
            var shown: Proven?
            let denials = try DenialLedger(tree: tree, database: stores.data)
            switch proof {
            case .session(let token, let client):
                caller = Caller(try accounts.session(of: token, from: client, at: now))
            case .password(let prove):
                let proven = try prove(accounts, now)
                let denied = [.operatorAccount(proven.account.id)] + proven.used
                guard !denied.contains(where: { denials.denies($0.credential) }) else { throw AccountsError.rejected }
                caller = Caller(proven)
                shown = proven
            }
            let authorization = try authorize(caller, tenant: tenant, outlook.counts, stores, tree, at: now)
            used = shown.map { ($0, authorization) }
            return LossAcceptance(authorization, reason: reason)
        }
        if let used { try vault.useUp(used.proven, under: used.authorization) }
        return vault
    }

    /// A code is good once, also where it opens no session that lasts.
    private func useUp(_ proven: Proven, under authorization: Authorization) throws {
        try audit.mutate(authorization, action: Action.login.rawValue) { mutation in
            let opened = try accounts.openSession(for: proven, in: mutation)
            for denied in opened.denied { try denials.deny(denied.credential, in: mutation) }
            try accounts.closeSession(opened.token, in: mutation)
            mutation.note("way", "accepted loss")
        }
        try denials.remember()
    }

    private static func authorize(
        _ caller: Caller, tenant name: String, _ counts: RowCounts, _ stores: Stores, _ tree: KeyTree,
        at now: Timestamp
    ) throws -> Authorization {
        let tenant = try Tenants(tree: tree, database: stores.data).named(name)
        let archive = try PolicyArchive(tree: tree)
        let policies = try stores.data.read { connection in
            try archive.requireNewest(counts, on: connection)
            return try archive.newest(on: connection)
        }
        let question = TenantQuestion(.acceptLoss, by: caller, on: tenant.name).shown(at: now)
        let decider = Decider(cedar: policies.cedar, schema: policies.schema)
        let ruling = try decider.allows(question)
        // The log is the whole vault's.
        guard caller.tenant == nil else { throw AccountsError.elsewhere(caller.principal, tenant.name) }
        guard ruling.allowed else {
            throw GateError(
                GateError.denied,
                "no policy lets \(caller.principal) do `\(Action.acceptLoss.rawValue)` on tenant `\(tenant.name)`",
                remedy: try decider.allows(question.withFreshMfa()).allowed
                    ? "it takes a second factor, too: give --operator with a one-time code; nothing was changed"
                    : "ask an administrator; nothing was changed")
        }
        return Authorization(
            principal: caller.principal, action: .acceptLoss, tenant: tenant.id, purpose: nil,
            decision: UniqueID(at: now, random: Random.words()), time: now)
    }
}
