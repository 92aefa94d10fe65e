import Core
import Testing

@testable import Secrets

@Suite("Published shares")
struct ShareVectorTests {
    /// One entry of the standard's `vectors.json`: a sentence, words, the master secret (empty: there is none), and a
    /// key that is derived from it.
    struct Vector: Decodable {
        let title: String
        let mnemonics: [String]
        let masterSecret: Hex

        init(from decoder: any Decoder) throws {
            var entry = try decoder.unkeyedContainer()
            title = try entry.decode(String.self)
            mnemonics = try entry.decode([String].self)
            masterSecret = try entry.decode(Hex.self)
        }
    }

    /// What each kind of wrong shares is called, by words of its sentence.
    static let refusals: [(words: String, code: ErrorCode)] = [
        ("invalid checksum", SecretsError.shareChecksumWrong), ("invalid padding", SecretsError.sharePaddingWrong),
        ("Basic sharing 2-of-3", SecretsError.sharesTooFew), ("different identifiers", SecretsError.sharesMixed),
        ("different iteration exponents", SecretsError.sharesMixed),
        ("mismatching group thresholds", SecretsError.sharesMixed),
        ("mismatching group counts", SecretsError.sharesMixed),
        ("greater group threshold", SecretsError.shareParametersWrong),
        ("duplicate member indices", SecretsError.shareIndexTwice),
        ("mismatching member thresholds", SecretsError.sharesMixed),
        ("invalid digest", SecretsError.shareDigestWrong),
        ("Insufficient number of groups", SecretsError.shareGroupsTooFew),
        ("insufficient number of members", SecretsError.sharesTooFew),
        ("insufficient length", SecretsError.shareLengthWrong),
        ("invalid master secret length", SecretsError.shareLengthWrong),
    ]

    @Test("of SLIP-0039 give their secret, or are refused by the name of what is wrong")
    func slip39() throws {
        guard let vectors = try PublishedVectors.read("slip39/vectors.json", as: [Vector].self) else { return }
        var count = VectorCount()
        let passphrase = try passphrase("TREZOR")
        for vector in vectors {
            if vector.masterSecret.bytes.isEmpty {
                let error = #expect(throws: SecretsError.self, "\(vector.title)") {
                    _ = try combine(vector.mnemonics.map { try Share(words: $0) }, passphrase: passphrase)
                }
                let expected = Self.refusals.first { vector.title.contains($0.words) }?.code
                #expect(error?.code == expected && error?.remedy != nil, "\(vector.title)")
                count.passed(.invalid)
            } else {
                let shares = try vector.mnemonics.map { try Share(words: $0) }
                #expect(try combine(shares, passphrase: passphrase) == vector.masterSecret.bytes, "\(vector.title)")
                for (share, words) in zip(shares, vector.mnemonics) { #expect(try share.text == words) }
                count.passed(.valid)
            }
        }
        #expect(count.valid + count.invalid == vectors.count)
        count.report("SLIP-0039")
    }
}
