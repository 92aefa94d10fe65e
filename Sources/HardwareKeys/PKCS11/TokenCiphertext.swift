/// What a key in a token sealed with AES-256-GCM (PKCS#11 mechanisms 2.40 §2.11).
struct TokenCiphertext: Equatable {
    static let nonceLength = 12
    static let tagLength = 16

    let nonce: [UInt8]
    /// The ciphertext and the tag of 16 bytes.
    let bytes: [UInt8]
}
