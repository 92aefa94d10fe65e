import Audit
public import Core
import Secrets

/// A person who works with the vault.
public struct OperatorAccount: Sendable, Equatable {
    /// 1 when it was made, one more with every change.
    public internal(set) var revision: UInt32
    /// Random: another account that is given the same name later is still another.
    public let id: UniqueID
    public let name: String
    /// What policies know the person as, in alphabetical order.
    public let roles: [String]
    public let created: Timestamp
    public internal(set) var disabled: Timestamp?

    public var principal: Principal { Principal(.operator, name) }

    /// Lower-case letters, digits, `.`, `-` and `_`, a letter or digit first, at most 64.
    static func check(name: String) throws(AccountsError) {
        guard isWord(name, allowing: [0x2D, 0x2E, 0x5F]) else {
            throw AccountsError(
                AccountsError.nameInvalid, "`\(name)` is not a name for an operator",
                remedy: "use lower-case letters, digits, `.`, `-` and `_`, at most 64, a letter or digit first")
        }
    }

    /// Lower-case letters, digits, `-` and `_`; the same role once, in order.
    static func check(roles: [String]) throws(AccountsError) -> [String] {
        guard !roles.isEmpty, roles.allSatisfy({ isWord($0, allowing: [0x2D, 0x5F]) }) else {
            throw AccountsError(
                AccountsError.roleInvalid, "an operator needs roles of lower-case letters, digits, `-` and `_`",
                remedy: "name at least one role that the policies know")
        }
        return Set(roles).sorted()
    }

    private static func isWord(_ text: String, allowing others: Set<UInt8>) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 }
        return text.utf8.count <= 64 && text.utf8.first.map(isPlain) == true
            && text.utf8.allSatisfy { isPlain($0) || others.contains($0) }
    }

    /// What a password box is bound to.
    static func passwordLabel(_ id: UniqueID) -> [UInt8] { Array("profilevault operator password v1".utf8) + id.bytes }

    /// How the log knows this state of the row.
    func head(code: [UInt8]) -> HeadChange { .row(.account, id, sequence: UInt64(revision), digest: code) }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault operator v1"`, revision 4, id 16, name, roles and password box (each a
    /// length of 4 and its bytes), created 8, disabled 1 (0 or 1) and 8.
    func code(password: [UInt8], key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.write(revision)
        writer.write(id.high)
        writer.write(id.low)
        writer.writeCounted(name)
        writer.writeCounted(roles.joined(separator: " "))
        writer.writeCounted(password)
        writer.write(created.milliseconds)
        writer.write(disabled == nil ? 0 : 1 as UInt8)
        writer.write(disabled?.milliseconds ?? 0)
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault operator v1")
        hash.update(writer.bytes)
        return hash.finish()
    }
}
