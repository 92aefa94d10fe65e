import Core
package import Vault

extension Gate {
    /// Erases one person: afterwards nothing here can be read of them, and nothing brings them back.
    ///
    /// The policies are asked before the person is looked up. A permit given before still opens its own copy. `after` is
    /// told after each step; what it throws cuts the erasure short, as a crash would.
    ///
    /// - Throws: `denied`; `unknownSubject`, also of somebody who is erased already; `erasureUnfinished` when a store
    ///   could not be cleaned, which the next opening does.
    package func erase(
        _ reference: SubjectReference, reason: ErasureReason = .request, suppressing term: SuppressionTerm = .forever,
        by caller: Caller, through erasure: Erasure, after: (ErasureStep) throws -> Void = { _ in }
    ) throws -> ErasureRecord {
        let authorization = try authorize(.erase, by: caller)
        let found = try find(reference)
        return try erasure.run(
            found.row, found.key, identifiers: schema.identifiers, reason: reason, suppressing: term,
            under: authorization, after: after)
    }
}
