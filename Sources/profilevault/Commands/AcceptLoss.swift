import Accounts
import Audit
import Core
import Gate
import Vault

extension OptionSpec {
    fileprivate static let reason = OptionSpec(
        "reason", value: "TEXT", "why the loss is accepted: it stays in the log, so name no customer")
}

extension CommandSpec {
    static let acceptLoss = CommandSpec(
        "audit", "accept-loss", summary: "go on without entries of the log that are lost, and say why",
        notes: [
            "Only where the vault does not open because `audit.spool` is missing, broken, another vault's or newer than the "
                + "database. The spool that was refused is kept as `audit.spool.lost-<time>`; the first entry of the log after "
                + "it says who accepted the loss, why, and what is known to be missing.",
            "It needs a session with a fresh second factor, or an operator's password and code, since nobody can log in while the vault does not open. "
                + "See \"Accepting a loss\" in SECURITY.md before.",
        ],
        options: [.reason] + OptionSpec.proving
    ) { context in
        let reason = try context.arguments.sentence(context.arguments.required(.reason), of: .reason)
        let vault = try OpenVault.acceptingLoss(
            context.folder, unlock: context.unlock, tenant: context.tenantName, reason: reason,
            proof: AcceptLoss.proof(context))
        let lost = vault.audit.recovery.lostSpool
        try vault.close()
        if let lost { AcceptLoss.report(lost, to: context) }
        return .done
    }
}

/// `audit accept-loss`.
private enum AcceptLoss {
    static func proof(_ context: Context) throws -> LossProof {
        let arguments = context.arguments
        guard arguments.has(.operatorName) || SecretLine.isPasswordGiven(arguments) else {
            let file = try SessionFile(of: context.header().vault, environment: context.environment)
            return .session(try file.read(), context.client)
        }
        return .password { accounts, now in
            let name = try arguments[.operatorName] ?? Proving.onlyOperator(accounts)
            let password = try SecretLine.password(arguments, askingFor: "password of \(name)")
            return try accounts.prove(
                name, password: password, factor: Proving.factor(context),
                from: context.client, at: now)
        }
    }

    static func report(_ lost: LostSpool, to context: Context) {
        let output = context.output
        guard !context.json else {
            return output.json([
                "problem": JSON(lost.problem.name), "last_kept": JSON(lost.lastKept),
                "last_time": JSON(lost.lastTime.description), "claimed_entries": lost.claimed.map { JSON($0) } ?? .null,
                "missing_entries": JSON(lost.missing), "evidence": lost.evidence.map { JSON($0) } ?? .null,
            ])
        }
        output.line("The loss is accepted, and the log says so")
        output.line()
        var table = Table()
        table.add("problem", Table.Cell(lost.problem.name))
        table.add("kept", Table.Cell("entries up to \(lost.lastTime)"))
        if lost.missing > 0 {
            table.add(
                "older", Table.Cell("the database lacks \(lost.missing) entries, and the changes that they tell of"))
        }
        table.add("missing", Table.Cell(lost.claimed.map { "\($0) by what the spool says, unproven" } ?? "unknown"))
        table.add("evidence", Table.Cell(lost.evidence ?? "none: there was no spool"))
        output.table(table)
        output.line()
        output.line("Next: `profilevault audit verify`")
    }
}
