package import Core
import Secrets

/// A turn of the epoch: every living key comes under keys of another epoch, and those of the one before are destroyed.
///
/// Whatever is left of a key that was destroyed before, on a disk, in a copy of the key store or of the holders, opens
/// nothing afterwards. Readers and writers go on meanwhile. Cut short at any point it goes on where it was: what is read opens
/// under either epoch until the holders have the new one alone.
package struct EpochTurn: Sendable {
    /// What came of a turn.
    package struct Outcome: Sendable {
        /// The epoch that holds now.
        package let epoch: UInt32
        /// Keys that were wrapped anew.
        package let rewrapped: Int
        /// Holders that could not be changed: what they have opens nothing any more, and `doctor --repair` mends them.
        package let failures: [HolderFailure]
    }

    private let tree: KeyTree
    private let keyring: ProfileKeyring
    private let store: EpochStore

    package init(tree: KeyTree, keyring: ProfileKeyring, store: EpochStore) {
        self.tree = tree
        self.keyring = keyring
        self.store = store
    }

    /// The epoch that a turn has begun to go to; `nil` where none is under way.
    package var goal: UInt32? { tree.turning?.key.number }

    /// Turns the epoch, or goes on with a turn that was cut short.
    ///
    /// `progress` is told how many keys were wrapped anew, and says whether to go on.
    ///
    /// - Returns: `nil` where it was asked to stop; the next call goes on.
    /// - Throws: `keyChanged` at a key that does not open, and then the epoch before still holds; what is wrong with the holders
    ///   when none of them can be changed.
    package func run(at time: Timestamp, progress: (Int) -> Bool) throws -> Outcome? {
        try tree.beginTurn(at: time)
        let (count, isWhole) = try keyring.rewrap(progress: progress)
        guard isWhole, let (next, counterpart) = tree.turning else { return nil }
        let failures = try store.turn(to: next, counterpart)
        try tree.endTurn()
        return Outcome(epoch: next.number, rewrapped: count, failures: failures)
    }

    /// Finishes a turn that was cut short after the holders had begun to change, and nothing else.
    package func settle() throws {
        // Where a turn is to go on, the epoch before still holds.
        guard goal == nil else { return }
        if try store.settle() || tree.holdsEnded() { try tree.endTurn() }
    }
}
