import Audit
import Core
import Secrets
import Vault

/// What `doctor --repair` may do by itself: none of it can lose data or hide what somebody did.
package enum Repair: String, Sendable {
    case closedFiles = "close files to others than their owner"
    case epochHolders = "put lost epoch holders back"
    case lookupIndex = "make the look-up index again"
}

extension OpenVault {
    /// The program's own authorization, for what leads to no value: mending what is left of work that was cut short.
    func maintenance() -> Authorization {
        let time = max(clock.now(), audit.lastTime)
        return Authorization(
            principal: IndexRebuild.caller.principal, action: .maintain, tenant: TenantID(0), purpose: nil,
            decision: UniqueID(at: time, random: Random.words()), time: time)
    }

    /// Writes into the log that something was repaired, and how many pieces of it.
    package func note(_ repair: Repair, items: Int) throws {
        try audit.mutate(maintenance()) { mutation in
            mutation.note("work", JSON(repair.rawValue))
            mutation.note("items", JSON(items))
        }
    }

    /// Puts the epoch key back where a holder is missing, torn or of an epoch that has ended, and gives the names of these.
    ///
    /// A file that is no holder of this vault is left alone.
    package func restoreEpochHolders() throws -> [String] {
        let restored = try epochs.restore()
        if !restored.isEmpty { try note(.epochHolders, items: restored.count) }
        return restored
    }

    /// Makes the look-up index again, whatever state it is in.
    package func rebuildIndex() throws {
        try IndexRebuild(self).run()
        try note(.lookupIndex, items: lookup.count())
    }
}
