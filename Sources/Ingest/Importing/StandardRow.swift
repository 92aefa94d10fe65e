import Core
import Vault

/// One row in standard form: what the vault can compare, seal and look up.
struct StandardRow: Sendable {
    struct Value: Sendable {
        let field: ProfileSchema.Field
        let value: String
    }

    /// An identifier of the row, in the order of rank.
    struct Identifier: Sendable {
        let field: ProfileSchema.Field
        let lookupForm: String
        /// What the blind index has of it.
        let entry: Int64
    }

    struct Consent: Sendable {
        let purpose: String
        let granted: Bool
    }

    let line: Int
    let values: [Value]
    let identifiers: [Identifier]
    let consents: [Consent]
    /// When the person gave those answers; `nil` when nobody knows.
    let consentTime: Timestamp?
    let event: Event?
}

/// Rows that are read, resolved and committed together.
struct RowBatch: Sendable {
    var rows: [StandardRow] = []
    var rejections: [Rejection] = []
    /// How far in the input it ends, in bytes of the file.
    var position = 0

    var read: Int { rows.count + rejections.count }
}
