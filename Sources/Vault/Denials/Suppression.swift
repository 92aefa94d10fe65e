package import Core
package import Secrets

/// An identifier of an erased person as a keyed digest: enough to refuse it when it comes again.
package struct SuppressionEntry: Hashable, Sendable {
    /// The version of the key; 1 until suppression keys turn.
    static let version: UInt32 = 1

    let field: UInt16
    let entry: Int64
    let check: Int64

    /// The digest of a look-up form under the tenant's suppression key.
    package init(_ lookupForm: String, field: UInt16, keys: TenantKeys) throws(SecretsError) {
        self.field = field
        (entry, check) = try keys.suppression(ofField: field).pair(Array(lookupForm.utf8))
    }

    init(field: UInt16, entry: Int64, check: Int64) {
        self.field = field
        self.entry = entry
        self.check = check
    }
}

/// What the order of an erasure says about the entries it suppresses, so that none is taken away or put in.
package struct SuppressionSeal: Sendable, Equatable {
    package let count: Int
    /// When the entries end; `nil` for never.
    package let expires: Timestamp?
    let digest: [UInt8]

    package init(_ entries: some Collection<SuppressionEntry>, expires: Timestamp?) {
        self.init(count: entries.count, expires: expires, digest: Self.digest(entries))
    }

    init(count: Int, expires: Timestamp?, digest: [UInt8]) {
        self.count = count
        self.expires = expires
        self.digest = digest
    }

    func seals(_ entries: some Collection<SuppressionEntry>) -> Bool {
        entries.count == count && equalInConstantTime(digest, Self.digest(entries))
    }

    func hasEnded(at time: Timestamp) -> Bool { expires.map { $0 <= time } ?? false }

    private static func digest(_ entries: some Collection<SuppressionEntry>) -> [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault suppression v1")
        for entry in entries.sorted(by: { ($0.field, $0.entry, $0.check) < ($1.field, $1.entry, $1.check) }) {
            hash.update(entry.field)
            hash.update(SuppressionEntry.version)
            hash.update(entry.entry)
            hash.update(entry.check)
        }
        return hash.finish()
    }
}
