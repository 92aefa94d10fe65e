import CSodium
import Synchronization

/// What one Argon2id computation may cost (RFC 9106).
public struct PasswordCost: Sendable, Equatable {
    public let operations: UInt64
    /// Bytes.
    public let memory: Int

    public init(operations: UInt64, memory: Int) {
        self.operations = operations
        self.memory = memory
    }

    /// For log-ins: 64 MiB, two passes, about 0.1 s.
    public static let interactive = PasswordCost(operations: 2, memory: 64 << 20)
    /// For a passphrase that guards a root key: 256 MiB, three passes, about 0.6 s.
    public static let moderate = PasswordCost(operations: 3, memory: 256 << 20)

    /// The least that a hash of a log-in's password may cost: 19 MiB, two passes (OWASP, Password Storage Cheat Sheet).
    public static let floor = PasswordCost(operations: 2, memory: 19 << 20)

    /// Whether it is no less than `other` in either respect.
    public func covers(_ other: PasswordCost) -> Bool { operations >= other.operations && memory >= other.memory }

    /// The dearer of both in each respect.
    public func raised(to other: PasswordCost) -> PasswordCost {
        PasswordCost(operations: max(operations, other.operations), memory: max(memory, other.memory))
    }

    /// Whether a cost read from a file or a row may be paid: one that was tampered with must not use up the machine.
    var isAffordable: Bool { (1...16).contains(operations) && (8192...(1 << 30)).contains(memory) }
}

/// Password hashes as PHC strings (`$argon2id$v=19$m=…`), through libsodium.
///
/// Each computation takes the memory that its cost names: who lets many people log in bounds how many run at once.
public enum PasswordHash {
    /// One passphrase at a time in the process, since its cost is high.
    private static let turn = Mutex(())

    /// The PHC string of `password` under a fresh salt.
    public static func make(
        _ password: borrowing SecretBytes, cost: PasswordCost = .interactive
    ) throws(SecretsError) -> String {
        var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = unsafe password.withUnsafeBytes { bytes in
            unsafe crypto_pwhash_str(
                &output, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
                cost.operations, cost.memory)
        }
        guard status == 0 else { throw outOfMemory(cost) }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether `password` is the one `hash` was made of; `false` too for a hash that cannot be read, or that asks for
    /// more than sixteen passes or 1 GiB.
    public static func verify(_ password: borrowing SecretBytes, against hash: String) -> Bool {
        guard let cost = cost(of: hash), cost.isAffordable else { return false }
        return unsafe password.withUnsafeBytes { bytes in
            unsafe crypto_pwhash_str_verify(
                hash, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(bytes.count)) == 0
        }
    }

    /// A hash that no password is known for, so that verifying against it is as much work as against a real one.
    public static func decoy(cost: PasswordCost = .interactive) -> String {
        "$argon2id$v=19$m=\(cost.memory >> 10),t=\(cost.operations),p=1$\(base64(Random.bytes(16)))$\(base64(Random.bytes(32)))"
    }

    /// Base64 without padding (RFC 4648 section 4), as PHC strings have it.
    private static func base64(_ bytes: [UInt8]) -> String {
        let variant = Int32(sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        unsafe sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The cost that a PHC string names, as strictly as libsodium reads it; `nil` when it is no Argon2id string.
    public static func cost(of hash: String) -> PasswordCost? {
        let parts = hash.utf8.split(separator: 0x24, omittingEmptySubsequences: false)
        guard hash.utf8.count < 256, !hash.utf8.contains(0), parts.count == 6, parts[0].isEmpty,
            parts[1].elementsEqual("argon2id".utf8), parts[2].elementsEqual("v=19".utf8)
        else { return nil }
        let numbers = parts[3].split(separator: 0x2C, omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers[0].starts(with: "m=".utf8), numbers[1].starts(with: "t=".utf8),
            numbers[2].starts(with: "p=".utf8), let kibibytes = UInt32(Substring(numbers[0].dropFirst(2))),
            let operations = UInt64(Substring(numbers[1].dropFirst(2)))
        else { return nil }
        return PasswordCost(operations: operations, memory: Int(kibibytes) << 10)
    }

    /// A key from a passphrase and a 16-byte salt.
    static func stretch(
        _ passphrase: borrowing SecretBytes, salt: [UInt8], cost: PasswordCost
    ) throws(SecretsError) -> WrappingKey {
        guard salt.count == Int(crypto_pwhash_SALTBYTES) else {
            throw SecretsError(SecretsError.malformed, "a passphrase's salt has 16 bytes")
        }
        let secret = try unsafe passphrase.withUnsafeBytes { bytes throws(SecretsError) in
            try unsafe SecretKey { slot throws(SecretsError) in
                let status = turn.withLock { _ in
                    unsafe crypto_pwhash(
                        slot.assumingMemoryBound(to: UInt8.self), UInt64(KeyArena.slotSize),
                        bytes.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), salt,
                        cost.operations, cost.memory, crypto_pwhash_ALG_ARGON2ID13)
                }
                guard status == 0 else { throw outOfMemory(cost) }
            }
        }
        return WrappingKey(secret: secret)
    }

    private static func outOfMemory(_ cost: PasswordCost) -> SecretsError {
        SecretsError(
            SecretsError.outOfSecureMemory, "Argon2id could not get \(cost.memory >> 20) MiB of memory",
            remedy: "free memory and try again")
    }
}
