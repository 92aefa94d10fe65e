extension Shares {
    /// How many quorums of each group, and of groups, are tried on fresh shares.
    private static let triedQuorums = 256

    static func split(
        _ masterSecret: ShareValue, groups: [ShareGroup], parameters: ShareParameters, passphrase: SharePassphrase
    ) throws(SecretsError) -> [[Share]] {
        let cipher = MasterSecretCipher(parameters: parameters, passphrase: passphrase)
        let encrypted = try cipher.encrypt(masterSecret)
        let groupSecrets = try SecretSharing.split(
            encrypted, threshold: parameters.groupThreshold, count: groups.count)
        var shares: [[Share]] = []
        for (group, groupSecret) in zip(groups, groupSecrets) {
            let members = try SecretSharing.split(
                groupSecret.value, threshold: group.memberThreshold, count: group.memberCount)
            shares.append(
                members.map { member in
                    Share(
                        parameters: parameters, groupIndex: Int(groupSecret.index), memberIndex: Int(member.index),
                        memberThreshold: group.memberThreshold, value: member.value)
                })
        }
        try verify(shares, of: masterSecret, passphrase: passphrase)
        return shares
    }

    /// Reads the shares from their words again and compares what they give, in constant time: every quorum of a group
    /// its secret, every quorum of groups the encrypted one, and a random quorum of all the secret itself.
    ///
    /// Where there are more than 256 quorums, as many random ones stand for them.
    ///
    /// - Throws: `sharesUnverified` where anything is not the same.
    static func verify(
        _ shares: [[Share]], of masterSecret: ShareValue, passphrase: SharePassphrase
    ) throws(SecretsError) {
        var groups: [[Share]] = []
        for group in shares {
            var members: [Share] = []
            for share in group { members.append(try Share(words: try share.words())) }
            groups.append(members)
        }
        var secrets: [SecretSharing.Point] = []
        for members in groups {
            let secret = try agreed(members.map(\.point), threshold: members[0].memberThreshold)
            secrets.append(SecretSharing.Point(index: UInt8(members[0].groupIndex), value: secret))
        }
        let threshold = groups[0][0].parameters.groupThreshold
        let encrypted = try agreed(secrets, threshold: threshold)
        let set = try ShareSet(
            groups.shuffled().prefix(threshold).flatMap { $0.shuffled().prefix($0[0].memberThreshold) })
        let cipher = MasterSecretCipher(parameters: set.parameters, passphrase: passphrase)
        guard try set.encryptedSecret().equals(encrypted), try cipher.decrypt(encrypted).equals(masterSecret) else {
            throw unverified
        }
    }

    /// The secret that every quorum of the points gives.
    private static func agreed(
        _ points: [SecretSharing.Point], threshold: Int
    ) throws(SecretsError) -> ShareValue {
        var agreed: ShareValue?
        for quorum in ShareQuorums.sets(of: threshold, among: points.count, atMost: triedQuorums) {
            let secret = try SecretSharing.recover(from: quorum.map { points[$0] }, threshold: threshold)
            guard let secret, agreed?.equals(secret) ?? true else { throw unverified }
            agreed = secret
        }
        guard let agreed else { throw unverified }
        return agreed
    }

    private static let unverified = SecretsError(
        SecretsError.sharesUnverified, "the shares that were made do not give the secret back",
        remedy: "nothing was given out: try again, and if it comes again, on another machine")
}
