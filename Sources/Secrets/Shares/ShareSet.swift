/// Shares of one set, sorted by group, from which its encrypted secret comes (SLIP-0039, *Combining the shares*).
struct ShareSet {
    let parameters: ShareParameters
    /// The members of each group, each once; the first index is the smallest.
    private let groups: [(index: Int, members: [Share])]

    /// - Throws: `sharesMixed` where they are of different sets, `shareIndexTwice` where two of them say that they are
    ///   the same one, `shareGroupsTooFew` for none.
    init(_ shares: [Share]) throws(SecretsError) {
        guard let first = shares.first else { throw .tooFewGroups(0, of: 1) }
        parameters = first.parameters
        var groups: [Int: [Share]] = [:]
        for share in shares {
            if let difference = parameters.difference(from: share.parameters) { throw .mixedShares(difference) }
            guard share.value.count == first.value.count else { throw .mixedShares("their length") }
            let members = groups[share.groupIndex] ?? []
            if let member = members.first, member.memberThreshold != share.memberThreshold {
                throw .mixedShares("how many shares of a group it takes")
            }
            if let twin = members.first(where: { $0.memberIndex == share.memberIndex }) {
                guard twin.value.equals(share.value) else {
                    throw .shareTwice(share.memberIndex, group: share.groupIndex)
                }
            } else {
                groups[share.groupIndex] = members + [share]
            }
        }
        self.groups = groups.sorted { $0.key < $1.key }.map { (index: $0.key, members: $0.value) }
    }

    /// What the shares give, still encrypted.
    ///
    /// The standard combines as many as it takes, and no more. Here more may be given: as many as it takes are
    /// combined, and the others must fit them. A group that has too few does no harm where others suffice.
    ///
    /// - Throws: `shareGroupsTooFew`, `sharesTooFew`, or `shareDigestWrong` where they do not fit each other.
    func encryptedSecret() throws(SecretsError) -> ShareValue {
        guard groups.count >= parameters.groupThreshold else {
            throw .tooFewGroups(groups.count, of: parameters.groupThreshold)
        }
        let complete = groups.filter { $0.members.count >= $0.members[0].memberThreshold }
        if complete.count < parameters.groupThreshold,
            let group = groups.first(where: { $0.members.count < $0.members[0].memberThreshold })
        {
            throw .tooFewShares(group.members.count, of: group.members[0].memberThreshold, group: group.index)
        }
        var points: [SecretSharing.Point] = []
        for group in complete { points.append(try point(of: group.members, group: group.index)) }
        guard let secret = try SecretSharing.recover(from: points, threshold: parameters.groupThreshold) else {
            throw .shareDigest("the groups")
        }
        return secret
    }

    private func point(of members: [Share], group: Int) throws(SecretsError) -> SecretSharing.Point {
        let secret = try SecretSharing.recover(
            from: members.map(\.point), threshold: members[0].memberThreshold)
        guard let secret else { throw .shareDigest("the shares of group \(group + 1)") }
        return SecretSharing.Point(index: UInt8(group), value: secret)
    }
}
