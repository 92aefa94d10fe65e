public import Core

/// A person who works with the vault.
public struct OperatorAccount: Sendable, Equatable {
    /// 1 when it was made, one more with every change.
    public internal(set) var revision: UInt32
    /// Random: another account that is given the same name later is still another.
    public let id: UniqueID
    public let name: String
    /// What policies know the person as, in alphabetical order.
    public internal(set) var roles: [String]
    /// The only tenant they work for; `nil` for all of them.
    public let tenant: TenantID?
    public let created: Timestamp
    public internal(set) var disabled: Timestamp?
    /// How often all their sessions were ended at once.
    var generation: UInt32 = 0

    public var principal: Principal { Principal(.operator, name) }
}

/// What names of accounts and roles are made of.
enum AccountWord {
    /// Lower-case letters, digits, `.`, `-` and `_`, a letter or digit first, at most 64.
    static func check(name: String) throws(AccountsError) {
        guard isWord(name, allowing: [0x2D, 0x2E, 0x5F]) else {
            throw AccountsError(
                AccountsError.nameInvalid, "`\(name)` is not a name for an account",
                remedy: "use lower-case letters, digits, `.`, `-` and `_`, at most 64, a letter or digit first")
        }
    }

    /// Lower-case letters, digits, `-` and `_`; the same role once, in order.
    static func check(roles: [String]) throws(AccountsError) -> [String] {
        guard !roles.isEmpty, roles.allSatisfy({ isWord($0, allowing: [0x2D, 0x5F]) }) else {
            throw AccountsError(
                AccountsError.roleInvalid, "an account needs roles of lower-case letters, digits, `-` and `_`",
                remedy: "name at least one role that the policies know")
        }
        return Set(roles).sorted()
    }

    private static func isWord(_ text: String, allowing others: Set<UInt8>) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 }
        return text.utf8.count <= 64 && text.utf8.first.map(isPlain) == true
            && text.utf8.allSatisfy { isPlain($0) || others.contains($0) }
    }
}
