package import Secrets

/// A secret in guarded memory that requests hold: they may be copied, and it stays where it is.
package final class HeldSecret: Sendable, CustomStringConvertible, CustomReflectable {
    package let bytes: SecretBytes

    package init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

    /// - Throws: `emptySecret` when there is nothing in `text`.
    package convenience init(_ text: String) throws(SecretsError) {
        var copy = Array(text.utf8)
        defer { wipe(&copy) }
        self.init(try SecretBytes(copying: copy))
    }

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
