import Core
import Testing

@testable import Secrets

/// The bytes of a secret, which only a test may see.
func exposed(_ secret: borrowing SecretBytes) -> [UInt8] { secret.withUnsafeBytes { Array($0) } }

extension Share {
    /// Its words as text, which only a test may make.
    var text: String { get throws { String(decoding: exposed(try words()), as: UTF8.self) } }

    /// A share like this one with another part.
    func with(
        group: Int? = nil, member: Int? = nil, threshold: Int? = nil, value: ShareValue? = nil,
        groupThreshold: Int? = nil, groupCount: Int? = nil
    ) -> Share {
        Share(
            parameters: ShareParameters(
                identifier: parameters.identifier, isExtendable: parameters.isExtendable,
                iterationExponent: parameters.iterationExponent,
                groupThreshold: groupThreshold ?? parameters.groupThreshold,
                groupCount: groupCount ?? parameters.groupCount),
            groupIndex: group ?? groupIndex, memberIndex: member ?? memberIndex,
            memberThreshold: threshold ?? memberThreshold, value: value ?? self.value)
    }
}

extension ShareValue {
    static func of(_ bytes: [UInt8]) throws -> ShareValue { try ShareValue(copying: SecretBytes(copying: bytes)) }

    var array: [UInt8] { withBytes { Array($0) } }

    /// With one bit of one byte turned.
    func flipped(at place: Int) throws -> ShareValue {
        var bytes = array
        bytes[place] ^= 1
        return try .of(bytes)
    }
}

func passphrase(_ text: String) throws -> SharePassphrase {
    text.isEmpty ? .none : try SharePassphrase(SecretBytes(copying: Array(text.utf8)))
}

/// Splits with as little work as the standard allows, since what is tested is not how long it takes.
func split(
    _ secret: [UInt8], _ groups: [(threshold: Int, count: Int)], groupThreshold: Int = 1,
    passphrase: SharePassphrase = .none, exponent: Int = 0, extendable: Bool = true
) throws -> [[Share]] {
    try Shares.split(
        SecretBytes(copying: secret), groups: groups.map { ShareGroup(memberThreshold: $0, memberCount: $1) },
        groupThreshold: groupThreshold, passphrase: passphrase, iterationExponent: exponent, isExtendable: extendable)
}

func combine(_ shares: [Share], passphrase: SharePassphrase = .none) throws -> [UInt8] {
    exposed(try Shares.combine(shares, passphrase: passphrase))
}

/// The name of the error that `body` ends with, which always says what to do next.
func refusal(of body: () throws -> Void) -> ErrorCode? {
    let error = #expect(throws: SecretsError.self) { try body() }
    #expect(error?.remedy != nil)
    return error?.code
}
