import Secrets

/// A password nobody chose: a hundred random bits in letters and digits that are not mistaken for each other.
struct GeneratedPassword {
    /// Crockford's alphabet, in lower case.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    let text: String

    init() {
        let digits = Random.bytes(20).map { Self.alphabet[Int($0 & 31)] }
        text = stride(from: 0, to: 20, by: 4).map { String(digits[$0..<($0 + 4)]) }.joined(separator: "-")
    }
}
