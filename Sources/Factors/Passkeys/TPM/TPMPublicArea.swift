import Core

/// A key as its TPM describes it: TPMT_PUBLIC (TPM 2.0 Library, Part 2 §12.2.4), of those that passkeys have.
struct TPMPublicArea {
    private enum Constant {
        static let rsa: UInt16 = 0x0001
        static let ecc: UInt16 = 0x0023
        static let null: UInt16 = 0x0010
        static let rsassa: UInt16 = 0x0014
        static let ecdsa: UInt16 = 0x0018
        static let p256: UInt16 = 0x0003
        /// What an exponent of 0 stands for (§12.2.3.5).
        static let usualExponent: UInt32 = 65537
    }

    /// By which the TPM names the key; never SHA-1.
    let nameAlgorithm: HashAlgorithm
    let key: Passkeys.PublicKey

    /// `nil` for what is cut, goes on, or is no key of a passkey.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let type = reader.read(UInt16.self),
            let hash = reader.read(UInt16.self).flatMap(HashAlgorithm.init), hash != .sha1,
            // The object's attributes and its policy are between it and its TPM.
            reader.read(UInt32.self) != nil, reader.readSized() != nil,
            // A key that signs has no symmetric cipher.
            reader.read(UInt16.self) == Constant.null
        else { return nil }
        let read: Passkeys.PublicKey? =
            switch type {
            case Constant.rsa: Self.rsa(&reader)
            case Constant.ecc: Self.ecc(&reader)
            default: nil
            }
        guard let read, reader.atEnd else { return nil }
        nameAlgorithm = hash
        key = read
    }

    /// TPMS_RSA_PARMS (§12.2.3.5), then TPM2B_PUBLIC_KEY_RSA (§11.2.4.5).
    private static func rsa(_ reader: inout ByteReader) -> Passkeys.PublicKey? {
        guard isScheme(Constant.rsassa, &reader), let bits = reader.read(UInt16.self),
            let exponent = reader.read(UInt32.self), let modulus = reader.readSized()
        else { return nil }
        var writer = ByteWriter()
        writer.write(exponent == 0 ? Constant.usualExponent : exponent)
        guard
            let numbers = RSANumbers(modulus: Array(modulus), exponent: Array(writer.bytes.drop { $0 == 0 })),
            numbers.bitWidth == Int(bits)
        else { return nil }
        return Passkeys.PublicKey(numbers)
    }

    /// TPMS_ECC_PARMS (§12.2.3.6), then TPMS_ECC_POINT (§11.2.5.2), whose coordinates may lack leading zeros.
    private static func ecc(_ reader: inout ByteReader) -> Passkeys.PublicKey? {
        guard isScheme(Constant.ecdsa, &reader), reader.read(UInt16.self) == Constant.p256,
            // The scheme by which further keys would be derived.
            reader.read(UInt16.self) == Constant.null,
            let x = reader.readSized(), let y = reader.readSized(), x.count <= 32, y.count <= 32
        else { return nil }
        let point = [x, y].flatMap { [UInt8](repeating: 0, count: 32 - $0.count) + $0 }
        return Passkeys.PublicKey(algorithm: .es256, bytes: point)
    }

    /// Whether the key signs in this way with SHA-256, or leaves to its use how it signs (§11.2.1.5).
    private static func isScheme(_ scheme: UInt16, _ reader: inout ByteReader) -> Bool {
        switch reader.read(UInt16.self) {
        case Constant.null: true
        case scheme: reader.read(UInt16.self) == HashAlgorithm.sha256.rawValue
        default: false
        }
    }
}

extension ByteReader {
    /// The bytes of a TPM2B: a 16-bit length, then so many (§10.4).
    mutating func readSized() -> ArraySlice<UInt8>? { read(UInt16.self).flatMap { read(count: Int($0)) } }
}
