public import Core
import Secrets

/// The codes on paper that let somebody in who has lost everything else.
public enum RecoveryCodes {
    public static let count = 10

    /// Ten fresh codes, each good for one use; they are shown once and only their digests are kept.
    public static func make() -> [RecoveryCode] {
        (0..<count).map { _ in RecoveryCode(bytes: Random.bytes(RecoveryCode.length)) }
    }
}

/// Eighty random bits in a form that people can type.
///
/// Nobody can try enough of so many for a slow hash to be needed: its digest can be compared at once.
public struct RecoveryCode: Sendable, CustomStringConvertible, CustomReflectable {
    /// In bytes.
    static let length = 10
    private static let groupLength = 4

    private let bytes: [UInt8]

    init(bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "a recovery code has ten bytes")
        self.bytes = bytes
    }

    /// Reads a code as it was typed: in either case, with dashes and blanks anywhere, `o` for 0, `i` and `l` for 1.
    ///
    /// `nil` for what is no code at all.
    public init?(parsing text: String) {
        let symbols = text.unicodeScalars.lazy.filter {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .dashPunctuation
        }
        guard let bytes = CrockfordBase32.decode(symbols), bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// The code in the open, for the one time it is shown: `0123-4567-89ab-cdef`.
    public var text: String {
        let symbols = Array(CrockfordBase32.encode(bytes))
        return stride(from: 0, to: symbols.count, by: Self.groupLength).map {
            String(symbols[$0..<min($0 + Self.groupLength, symbols.count)])
        }.joined(separator: "-")
    }

    /// What is kept: BLAKE2b-256 of a label, the account's id and the code.
    ///
    /// The id keeps the same code of two accounts from having one digest, and a digest from being moved to another account.
    public func digest(for account: UniqueID) -> [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault recovery code v1")
        hash.update(account.bytes)
        hash.update(bytes)
        return hash.finish()
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
