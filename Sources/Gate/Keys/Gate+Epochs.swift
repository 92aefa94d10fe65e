import Audit
import Core
package import Vault

extension Gate {
    /// Turns the epoch of the whole vault, or goes on with a turn that was cut short: after it, nothing that is left of a key
    /// that was destroyed before opens anything.
    ///
    /// The log has its beginning and its end. `progress` is told how many keys were wrapped anew, and says whether to go on.
    ///
    /// - Returns: `nil` where it was asked to stop; the next call goes on.
    /// - Throws: `denied`, also to who works for one tenant alone; a key that does not open.
    package func turnEpoch(
        of vault: OpenVault, by caller: Caller, progress: (Int) -> Bool = { _ in true }
    ) throws -> EpochTurn.Outcome? {
        let authorization = try authorize(.rotateEpoch, by: caller)
        guard caller.tenant == nil else { throw try beyondReach(caller, .rotateEpoch) }
        let turn = vault.epochTurn
        try audit.mutate(authorization, outcome: .allowed) { mutation in
            mutation.note("to_epoch", JSON(Int(turn.goal ?? vault.tree.epoch + 1)))
            mutation.note("resumed", JSON(turn.goal != nil))
        }
        let outcome = try turn.run(at: authorization.time, progress: progress)
        guard let outcome else { return nil }
        try audit.mutate(authorization) { mutation in
            mutation.note("epoch", JSON(Int(outcome.epoch)))
            mutation.note("rewrapped", JSON(outcome.rewrapped))
            if !outcome.failures.isEmpty { mutation.note("holders_left", JSON(outcome.failures.count)) }
        }
        return outcome
    }
}
