package import Core

/// What a service may be let do at the most: policies can only narrow it.
package struct ServiceScope: Sendable, Hashable {
    /// Purposes it may name; `nil` for any.
    package let purposes: [String]?
    /// Actions it may ask for; `nil` for any.
    package let actions: [Action]?
    /// Fields it may read; `nil` for any.
    package let fields: [String]?

    /// A list that is empty allows nothing; the order of a list does not count.
    package init(purposes: [String]? = nil, actions: [Action]? = nil, fields: [String]? = nil) {
        self.purposes = purposes.map { Set($0).sorted() }
        self.actions = actions.map { Set($0).sorted { $0.rawValue < $1.rawValue } }
        self.fields = fields.map { Set($0).sorted() }
    }

    /// Who may bring people in may have them compared with those that are there.
    package func allows(action: Action) -> Bool {
        guard let actions else { return true }
        return actions.contains(action) || action == .maintain && actions.contains(.import)
    }
    package func allows(purpose: String) -> Bool { purposes?.contains(purpose) ?? true }
    package func allows(field: String) -> Bool { fields?.contains(field) ?? true }
}

/// A program that works with the vault.
package struct ServiceAccount: Sendable, Equatable {
    /// A key as the vault knows it.
    package struct Key: Sendable, Equatable {
        /// BLAKE2b-256 of the key.
        package let digest: [UInt8]
        package let created: Timestamp
        package internal(set) var expires: Timestamp

        /// What people call it: the first eight digits of the digest, which lead to no key.
        package var name: String { hex(digest.prefix(4)) }
    }

    /// 1 when it was made, one more with every change.
    package internal(set) var revision: UInt32
    /// Random: another service that is given the same name later is still another.
    package let id: UniqueID
    package let name: String
    /// What policies know it as, in alphabetical order.
    package let roles: [String]
    /// The only tenant it works for; `nil` for all of them.
    package let tenant: TenantID?
    package let scope: ServiceScope
    package let created: Timestamp
    package internal(set) var disabled: Timestamp?
    /// The oldest first; those that ran out go at the next change.
    package internal(set) var keys: [Key]

    package var principal: Principal { Principal(.service, name) }

    /// The name under which this program works by itself, and no service else.
    package static let ourselves = "profilevault"
}
