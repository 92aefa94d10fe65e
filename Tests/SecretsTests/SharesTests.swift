import Core
import TestSupport
import Testing

@testable import Secrets

@Suite("Shares of a secret")
struct SharesTests {
    @Test("give it back from any quorum, for every length, in random groups, with exponents and passphrases")
    func roundTrips() throws {
        var random = SeededGenerator.announced("round trips of shares")
        for round in 0..<SeededGenerator.rounds(quick: 18, soak: 500) {
            let length = 16 + 2 * (round % 9)
            let secret = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let groups = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                let threshold = Int.random(in: 1...5, using: &random)
                return (
                    threshold: threshold, count: threshold == 1 ? 1 : threshold + Int.random(in: 0...3, using: &random)
                )
            }
            let groupThreshold = Int.random(in: 1...groups.count, using: &random)
            let passphrase = try passphrase(["", "TREZOR", "~ correct horse !"][round % 3])
            let sets = try split(
                secret, groups, groupThreshold: groupThreshold, passphrase: passphrase,
                exponent: round % 9 == 8 ? 1 : 0,
                extendable: round % 2 == 0)
            #expect(sets.map(\.count) == groups.map(\.count))
            let quorum = sets.shuffled(using: &random).prefix(groupThreshold).flatMap {
                $0.shuffled(using: &random).prefix($0[0].memberThreshold)
            }.shuffled(using: &random)
            let read = try quorum.map { try Share(words: try $0.text) }
            #expect(try combine(read, passphrase: passphrase) == secret, "\(groups), \(groupThreshold) of them")
        }
    }

    @Test("of a root key give the key back from any three of five, and are refused as too few with two")
    func rootKey() throws {
        let root = try RootKey.random()
        let shares = try #require(
            try Shares.split(
                root, groups: [ShareGroup(memberThreshold: 3, memberCount: 5)], groupThreshold: 1, iterationExponent: 0
            ).first)
        #expect(shares.allSatisfy { $0.parameters.isExtendable && $0.memberThreshold == 3 })
        let words = try shares.map { try $0.text.split(separator: " ") }
        #expect(Set(words.map(\.count)) == [33] && Set(words.map { $0.prefix(2) }).count == 1)
        for quorum in ShareQuorums.sets(of: 3, among: 5, atMost: 10) {
            let secret = try Shares.combine(quorum.map { shares[$0] })
            #expect(exposed(try RootKey(copying: secret)) == exposed(root))
        }
        for few in ShareQuorums.sets(of: 2, among: 5, atMost: 10) {
            let error = #expect(throws: SecretsError.self) { _ = try combine(few.map { shares[$0] }) }
            #expect(error?.code == SecretsError.sharesTooFew)
            #expect(error?.message == "group 1 has 2 of the 3 shares that it takes")
            #expect(error?.remedy == "add 1 of this group")
        }
    }

    @Test("may be more than it takes, in any order and twice, as long as all fit")
    func more() throws {
        let secret = Array(100..<132 as Range<UInt8>)
        let sets = try split(secret, [(2, 4), (3, 5), (2, 2)], groupThreshold: 2)
        let all = sets.flatMap(\.self)
        #expect(try combine(all.reversed()) == secret)
        #expect(try combine(all + all) == secret)
        // A group with too few does no harm where others suffice.
        #expect(try combine(sets[0] + sets[1] + [sets[2][0]]) == secret)
        for place in sets[0].indices {
            var spoilt = sets[0]
            spoilt[place] = spoilt[place].with(value: try spoilt[place].value.flipped(at: place))
            #expect(refusal { _ = try combine(spoilt + sets[1]) } == SecretsError.shareDigestWrong)
        }
    }

    @Test("that are too few for a group, or of too few groups, are refused by name and with what is missing")
    func tooFew() throws {
        let sets = try split(Array(0..<16), [(2, 3), (3, 3), (1, 1)], groupThreshold: 2)
        let groups = #expect(throws: SecretsError.self) { _ = try combine(sets[0]) }
        #expect(groups?.code == SecretsError.shareGroupsTooFew)
        #expect(groups?.message == "there are shares of 1 of the 2 groups that it takes")
        let members = #expect(throws: SecretsError.self) { _ = try combine(sets[0] + sets[1].dropLast(2)) }
        #expect(members?.code == SecretsError.sharesTooFew)
        #expect(members?.message == "group 2 has 1 of the 3 shares that it takes")
        #expect(members?.remedy == "add 2 of this group")
        #expect(refusal { _ = try combine([]) } == SecretsError.shareGroupsTooFew)
        #expect(try combine(sets[1] + sets[2]) == Array(0..<16))
    }

    @Test("of different sets are refused by name, whatever they differ in")
    func mixed() throws {
        let parameters = ShareParameters(
            identifier: 7, isExtendable: true, iterationExponent: 0, groupThreshold: 1, groupCount: 2)
        let value = try ShareValue.random(count: 16)
        let share = Share(parameters: parameters, groupIndex: 0, memberIndex: 0, memberThreshold: 2, value: value)
        func other(identifier: UInt16 = 7, isExtendable: Bool = true, exponent: Int = 0) -> Share {
            Share(
                parameters: ShareParameters(
                    identifier: identifier, isExtendable: isExtendable, iterationExponent: exponent, groupThreshold: 1,
                    groupCount: 2), groupIndex: 0, memberIndex: 1, memberThreshold: 2, value: value)
        }
        let longer = share.with(member: 1, value: try .random(count: 32))
        for (mixed, difference) in [
            (other(identifier: 8), "the identifier"), (other(isExtendable: false), "whether they can be extended"),
            (other(exponent: 1), "the iteration exponent"),
            (share.with(member: 1, groupThreshold: 2), "how many groups it takes"),
            (share.with(member: 1, groupCount: 3), "how many groups there are"), (longer, "their length"),
            (share.with(member: 1, threshold: 3), "how many shares of a group it takes"),
        ] {
            for shares in [[share, mixed], [mixed, share]] {
                let error = #expect(throws: SecretsError.self) { _ = try combine(shares) }
                #expect(error?.code == SecretsError.sharesMixed && error?.remedy != nil)
                #expect(error?.message == "the shares are not of one set: they differ in \(difference)")
            }
        }
    }

    @Test("that say they are the same one and are not, are refused by name")
    func sameIndex() throws {
        let shares = try #require(try split(Array(0..<16), [(2, 3)]).first)
        let twin = shares[1].with(value: try shares[1].value.flipped(at: 0))
        let error = #expect(throws: SecretsError.self) { _ = try combine([shares[0], shares[1], twin]) }
        #expect(error?.code == SecretsError.shareIndexTwice && error?.remedy != nil)
        #expect(error?.message == "two different shares say that they are share 2 of group 1")
    }

    @Test("that were made up are refused by their digest, members and groups")
    func digest() throws {
        let sets = try split(Array(0..<32), [(2, 3), (2, 2), (1, 1)], groupThreshold: 2)
        let madeUp = sets[0][1].with(value: try sets[0][1].value.flipped(at: 31))
        let members = #expect(throws: SecretsError.self) { _ = try combine([sets[0][0], madeUp] + sets[1]) }
        #expect(members?.code == SecretsError.shareDigestWrong)
        #expect(members?.message == "the shares of group 1 do not give what they were made from")
        let alone = sets[2][0].with(value: try sets[2][0].value.flipped(at: 0))
        let groups = #expect(throws: SecretsError.self) { _ = try combine([sets[0][0], sets[0][1], alone]) }
        #expect(groups?.code == SecretsError.shareDigestWrong && groups?.remedy != nil)
        #expect(groups?.message == "the groups do not give what they were made from")
    }

    @Test("give another secret under another passphrase, of which nothing tells that it is wrong")
    func otherPassphrase() throws {
        let secret = Array(0..<32 as Range<UInt8>)
        let shares = try #require(try split(secret, [(2, 2)], passphrase: passphrase("right")).first)
        #expect(try combine(shares, passphrase: passphrase("right")) == secret)
        let other = try combine(shares, passphrase: passphrase("wrong"))
        #expect(other.count == 32 && other != secret)
        #expect(try combine(shares) != secret)
    }

    @Test(
        "of one secret under one passphrase are the same behind the sharing where sets can be extended, and only there")
    func extendable() throws {
        func encrypted(extendable: Bool, identifier: UInt16) throws -> [UInt8] {
            let parameters = ShareParameters(
                identifier: identifier, isExtendable: extendable, iterationExponent: 0, groupThreshold: 1, groupCount: 1
            )
            let cipher = MasterSecretCipher(parameters: parameters, passphrase: try passphrase("TREZOR"))
            let secret = try ShareValue.of(Array(0..<20))
            let encrypted = try cipher.encrypt(secret)
            #expect(try cipher.decrypt(encrypted).equals(secret))
            return encrypted.array
        }
        #expect(try encrypted(extendable: true, identifier: 1) == encrypted(extendable: true, identifier: 32767))
        #expect(try encrypted(extendable: false, identifier: 1) != encrypted(extendable: false, identifier: 32767))
    }

    @Test(
        "are refused where a passphrase has letters that not every keyboard has",
        arguments: ["pässword", "a\nb", "\u{7F}"])
    func passphraseLetters(_ text: String) throws {
        let error = #expect(throws: SecretsError.self) { _ = try passphrase(text) }
        #expect(error?.code == SecretsError.sharePassphraseInvalid && error?.remedy != nil)
        #expect(error?.message.contains(text) == false)
    }

    @Test("cannot be made of what is no key, or for what nobody could bring together")
    func impossible() throws {
        let secret = [UInt8](repeating: 7, count: 16)
        func scheme(_ body: () throws -> Void) { #expect(refusal(of: body) == SecretsError.shareSchemeInvalid) }
        for length in [1, 14, 15, 17, 31, 33, 34, 64] {
            scheme { _ = try split([UInt8](repeating: 7, count: length), [(2, 3)]) }
        }
        scheme { _ = try split(secret, []) }
        scheme { _ = try split(secret, Array(repeating: (1, 1), count: 17)) }
        for threshold in [0, 2, -1] { scheme { _ = try split(secret, [(2, 3)], groupThreshold: threshold) } }
        for (threshold, count) in [(0, 3), (4, 3), (2, 17), (1, 2), (0, 0), (-1, 3)] {
            scheme { _ = try split(secret, [(threshold, count)]) }
        }
        for exponent in [-1, 16] { scheme { _ = try split(secret, [(2, 3)], exponent: exponent) } }
        #expect(throws: Never.self) { try split(secret, Array(repeating: (2, 2), count: 16), groupThreshold: 16) }
    }

    @Test("are not given out before every quorum that is tried gives the secret back")
    func verified() throws {
        let secret = try ShareValue.of(Array(0..<32))
        let sets = try split(Array(0..<32), [(3, 5), (5, 11), (1, 1)], groupThreshold: 2)
        try Shares.verify(sets, of: secret, passphrase: .none)
        for (group, member) in [(0, 4), (1, 10), (2, 0)] {
            var spoilt = sets
            let share = sets[group][member]
            spoilt[group][member] = share.with(value: try share.value.flipped(at: 17))
            #expect(
                refusal { try Shares.verify(spoilt, of: secret, passphrase: .none) } == SecretsError.sharesUnverified)
        }
        let other = try secret.flipped(at: 0)
        #expect(refusal { try Shares.verify(sets, of: other, passphrase: .none) } == SecretsError.sharesUnverified)
        #expect(
            refusal { try Shares.verify(sets, of: secret, passphrase: passphrase("x")) }
                == SecretsError.sharesUnverified)
    }

    @Test("show nothing of themselves when printed, interpolated or dumped, and neither does their passphrase")
    func silent() throws {
        let share = try #require(try split([UInt8](repeating: 0x41, count: 16), [(1, 1)]).first?.first)
        let passphrase = try passphrase("open sesame")
        var dumped = ""
        dump([share], to: &dumped)
        dump([passphrase], to: &dumped)
        for text in [
            "\(share)", String(reflecting: share), "\([share])", "\(passphrase)", String(reflecting: passphrase),
            dumped,
        ] {
            #expect(text.contains("(secret)"))
            #expect(!text.contains("sesame") && !text.contains("0x"))
            for word in try share.text.split(separator: " ") { #expect(!text.contains(word)) }
        }
    }
}
