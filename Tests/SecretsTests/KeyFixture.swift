import Core

@testable import Secrets

/// Keys of known bytes.
func key<Role>(_ bytes: [UInt8], as: Role.Type = Role.self) throws -> Key<Role> {
    try Key(copying: SecretBytes(copying: bytes))
}

/// The bytes of a key, which only a test may see.
func exposed<Role>(_ key: Key<Role>) -> [UInt8] {
    key.secret.withPointer { Array(UnsafeBufferPointer(start: $0, count: KeyArena.slotSize)) }
}

func password(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }

func isPassword(_ text: String, _ hash: String) throws -> Bool {
    PasswordHash.verify(try password(text), against: hash)
}

extension Plaintext {
    var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension VaultID {
    static let first = VaultID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001)
    static let second = VaultID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0002)
}

extension CellBinding {
    /// A binding whose every part differs from the others'.
    static let sample = CellBinding(
        tenant: TenantID(3), profile: ProfileID(high: 5, low: 6), kind: .event, record: UniqueID(high: 7, low: 8),
        field: 9, revision: 10, keyID: 11, schemaVersion: 12)
}
