package import Secrets

/// The three keys of the log, each for one thing.
package struct AuditKeys: Sendable {
    /// Signs checkpoints; random, wrapped by the root key.
    package let signing: SigningKey
    /// Seals the head changes beside the entries.
    package let box: BoxKey
    /// Authenticates the spool and the row of the log's state.
    package let spool: AuthenticationKey

    package init(signing: SigningKey, box: BoxKey, spool: AuthenticationKey) {
        self.signing = signing
        self.box = box
        self.spool = spool
    }
}
