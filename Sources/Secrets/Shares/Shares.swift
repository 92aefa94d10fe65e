/// A group of people who keep shares, and how many of them it takes.
public struct ShareGroup: Sendable, Equatable {
    public let memberThreshold: Int
    public let memberCount: Int

    public init(memberThreshold: Int, memberCount: Int) {
        self.memberThreshold = memberThreshold
        self.memberCount = memberCount
    }
}

/// A secret split into shares for people in groups, and put together again (SLIP-0039).
///
/// Fewer shares than it takes say nothing of the secret, whoever computes how long.
public enum Shares {
    /// Splits a secret of 16 to 32 bytes, an even number, into shares for groups, of which `groupThreshold` suffice.
    ///
    /// Nothing is returned before the shares gave the secret back from their own words (`verify`). Each step of
    /// `iterationExponent` doubles the time that this, combining, and trying a passphrase take; one passphrase is tried
    /// with 10,000 HMACs at 0.
    ///
    /// - Throws: `shareSchemeInvalid` for what cannot be; `sharesUnverified` where the shares are not right.
    public static func split(
        _ masterSecret: borrowing SecretBytes, groups: [ShareGroup], groupThreshold: Int,
        passphrase: SharePassphrase = .none, iterationExponent: Int = 1, isExtendable: Bool = true
    ) throws(SecretsError) -> [[Share]] {
        let identifier = Random.bytes(2).reduce(0 as UInt16) { $0 << 8 | UInt16($1) } & 0x7FFF
        try check(groups, groupThreshold: groupThreshold, iterationExponent: iterationExponent)
        guard ShareValue.lengths.contains(masterSecret.count) else {
            throw .shareScheme("it has \(masterSecret.count) bytes, and not an even number from 16 to 32")
        }
        return try split(
            ShareValue(copying: masterSecret), groups: groups,
            parameters: ShareParameters(
                identifier: identifier, isExtendable: isExtendable, iterationExponent: iterationExponent,
                groupThreshold: groupThreshold, groupCount: groups.count),
            passphrase: passphrase)
    }

    /// Splits a root key.
    public static func split(
        _ root: RootKey, groups: [ShareGroup], groupThreshold: Int, passphrase: SharePassphrase = .none,
        iterationExponent: Int = 1
    ) throws(SecretsError) -> [[Share]] {
        let masterSecret = try unsafe SecretBytes(count: KeyArena.slotSize) { output throws(SecretsError) in
            unsafe root.secret.withPointer {
                unsafe output.copyMemory(from: UnsafeRawBufferPointer(start: $0, count: KeyArena.slotSize))
            }
        }
        return try split(
            masterSecret, groups: groups, groupThreshold: groupThreshold, passphrase: passphrase,
            iterationExponent: iterationExponent)
    }

    /// The secret of enough shares of one set, in any order.
    ///
    /// Another passphrase than the one they were made with gives another secret, and a share that suffices alone
    /// carries no digest: compare what comes with something that is known.
    ///
    /// - Throws: `sharesMixed`, `shareIndexTwice`, `sharesTooFew`, `shareGroupsTooFew` or `shareDigestWrong`.
    public static func combine(
        _ shares: [Share], passphrase: SharePassphrase = .none
    ) throws(SecretsError) -> SecretBytes {
        let set = try ShareSet(shares)
        let encrypted = try set.encryptedSecret()
        return try MasterSecretCipher(parameters: set.parameters, passphrase: passphrase).decrypt(encrypted)
            .secretBytes()
    }

    private static func check(
        _ groups: [ShareGroup], groupThreshold: Int, iterationExponent: Int
    ) throws(SecretsError) {
        guard (1...16).contains(groups.count) else { throw .shareScheme("into \(groups.count) groups") }
        guard (1...groups.count).contains(groupThreshold) else {
            throw .shareScheme("it would take \(groupThreshold) of \(groups.count) groups")
        }
        for group in groups {
            guard (1...16).contains(group.memberCount), (1...group.memberCount).contains(group.memberThreshold) else {
                throw .shareScheme("it would take \(group.memberThreshold) of a group of \(group.memberCount)")
            }
            guard group.memberThreshold > 1 || group.memberCount == 1 else {
                throw .shareScheme("several shares of which one suffices are all the same: make one, and copy it")
            }
        }
        guard (0...15).contains(iterationExponent) else {
            throw .shareScheme("its iteration exponent is \(iterationExponent), and not 0 to 15")
        }
    }
}
